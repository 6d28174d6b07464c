"""A snippet from the page that shows it to a citation that is verified."""

from contextlib import closing
from pathlib import Path

import pytest

from footnote.app.answering.citations import cite
from footnote.app.core.settings import Settings, load_settings
from footnote.app.core.text.passages import passages
from footnote.app.core.types import Citation
from footnote.app.index.filters import QueryFilter
from footnote.app.index.reader import open_index
from footnote.app.models.embedder import Embedder
from footnote.app.reading.library import Library
from footnote.app.reading.view import Asked, view
from footnote.app.schemas.verification import SavedCitation
from footnote.app.verifying.verify import verify
from footnote.ingest.commands.check import check
from tests.conftest import WriteDocs
from tests.ingest.ingesting import chunks_of, look_ahead, run

CODE = "import relay\n\n\ndef connect(port: int = 7070) -> None:\n    relay.open(port)\n"
PAGE = (
    '# Relay\n\nTalk to the relay.\n\n## Connect\n\nOpen the connection:\n\n```python\n--8<-- "code/connect.py"\n```\n'
)
OTHER = "# Other\n\nA zebra grazes beside the relay.\n"


@pytest.fixture
def settings(tmp_path: Path, write_docs: WriteDocs) -> Settings:
    docs_dir = write_docs(
        tmp_path / "docs", {"relay.md": PAGE.encode(), "other.md": OTHER.encode(), "code/connect.py": CODE.encode()}
    )
    return load_settings(None, docs_dir=docs_dir, index_dir=tmp_path / "index")


def saved(citation: Citation) -> SavedCitation:
    names = ("number", "path", "start_line", "end_line", "start", "end", "quote", "sha256")
    return SavedCitation(**{name: getattr(citation, name) for name in names}, included_by=list(citation.included_by))


def citation_of(settings: Settings, path: str = "code/connect.py") -> Citation:
    [chunk] = chunks_of(settings, path)
    [passage] = passages(chunk)
    return cite(1, chunk, passage, 1)


def test_a_snippet_is_searched_and_cited_as_bytes_of_its_own_file(settings: Settings, embedder: Embedder) -> None:
    report = run(settings, embedder)
    assert (report.manifest.files, report.manifest.included, report.plan.skips) == (3, 1, ())
    citation = citation_of(settings)
    assert (citation.path, citation.start_line, citation.end_line) == ("code/connect.py", 1, 5)
    raw = (settings.folders.docs_dir / citation.path).read_bytes()
    assert raw[citation.start : citation.end].decode() == citation.quote == CODE.rstrip()
    assert (citation.title, citation.heading_path) == ("Relay", ("Relay", "Connect"))
    assert (citation.included_by, citation.fence) == (("relay.md",), "python")
    with closing(open_index(settings.folders.index_dir)) as index:
        [first, *_] = index.lexical.search("def connect port", 3)
        assert index.chunks.get([first.chunk_id])[first.chunk_id].path == "code/connect.py"
        [nearest, *_] = index.vectors.search(embedder.embed_query("python function that connects to a port"), 3)
        assert index.chunks.get([nearest.chunk_id])[nearest.chunk_id].path == "code/connect.py"
        selected = index.select(QueryFilter(path="relay.md"))
        assert selected and selected.allowed == {"relay.md", "code/connect.py"}


def test_it_is_verified_in_its_own_file(settings: Settings, embedder: Embedder) -> None:
    run(settings, embedder)
    citation, file = saved(citation_of(settings)), settings.folders.docs_dir / "code/connect.py"

    def verdict() -> str:
        [checked] = verify([citation], settings.folders.docs_dir, settings.ingest)
        return checked.verdict

    assert verdict() == "valid"
    file.write_text("# A line more.\n" + CODE)
    assert verdict() == "moved"
    file.write_text(CODE.replace("7070", "9090"))
    assert verdict() == "changed"
    file.write_text(CODE)
    (settings.folders.docs_dir / "relay.md").write_text(PAGE.replace("--8<--", "# nothing"))
    assert verdict() == "gone"  # no page shows it: it is not opened


def test_it_is_shown_as_it_was_read(settings: Settings, embedder: Embedder) -> None:
    run(settings, embedder)
    (settings.folders.docs_dir / "code/connect.py").unlink()
    shown = view(Library(settings.folders.index_dir), Asked("code/connect.py"))
    assert "def connect(port: int = 7070)" in shown


def test_a_change_of_the_file_alone_is_ingested(settings: Settings, embedder: Embedder) -> None:
    run(settings, embedder)
    assert look_ahead(settings).nothing_to_do
    (settings.folders.docs_dir / "code/connect.py").write_text(CODE.replace("7070", "9090"))
    report = run(settings, embedder)
    assert report.plan.changed == ("code/connect.py",)
    assert report.embedded == 1
    assert "9090" in citation_of(settings).quote
    assert check(settings, lambda *_: None).drifts == ()
