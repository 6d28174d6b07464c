"""A snippet from the page that shows it to a citation that is verified."""

import json
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from footnote.app.answering.citations import cite
from footnote.app.cli.main import app
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
    assert 'Shown on <a href="/view/relay.md?generation=1">relay.md</a>' in shown


def test_a_change_of_the_file_alone_is_ingested(settings: Settings, embedder: Embedder) -> None:
    run(settings, embedder)
    assert look_ahead(settings).nothing_to_do
    (settings.folders.docs_dir / "code/connect.py").write_text(CODE.replace("7070", "9090"))
    report = run(settings, embedder)
    assert report.plan.changed == ("code/connect.py",)
    assert report.embedded == 1
    assert "9090" in citation_of(settings).quote
    assert check(settings, lambda *_: None).drifts == ()


def test_every_report_counts_it(settings: Settings) -> None:
    docs_dir, index_dir = settings.folders.docs_dir, settings.folders.index_dir
    (docs_dir / "other.md").write_text(OTHER + '\n--8<-- "gone.py"\n--8<-- "gone too.py"\n')

    def invoke(*arguments: object) -> Result:
        result = CliRunner().invoke(app, [*map(str, arguments), "--index-dir", str(index_dir)])
        assert result.exit_code == 0, result.output
        return result

    planned = json.loads(invoke("ingest", docs_dir, "--dry-run", "--json").stdout)
    assert (planned["files"], planned["included"]) == (3, 1)
    first = invoke("ingest", docs_dir)
    assert "3 files (1 of them included by pages), 4 chunks" in first.stdout
    assert "0 skipped, 2 included files not shown" in first.stdout
    assert (
        "included file: missing: other.md, line 5: gone.py, and 1 more; `footnote status --json` lists" in first.stderr
    )
    again = json.loads(invoke("ingest", docs_dir, "--json").stdout)
    assert (again["published"], again["files"], again["included"]) == (False, 3, 1)
    assert [(skip["lost"], skip["detail"]) for skip in again["skipped"]] == [
        ("include", "line 5: gone.py"),
        ("include", "line 6: gone too.py"),
    ]
    status = json.loads(invoke("status", "--json").stdout)
    assert (status["files"], status["included"], status["docs_changes"]) == (
        3,
        1,
        {"added": [], "changed": [], "deleted": []},
    )
    assert "3, 1 of them included by pages" in invoke("status").stdout


def test_an_answer_quotes_it_and_names_the_page(settings: Settings, embedder: Embedder) -> None:
    run(settings, embedder)
    asked = CliRunner().invoke(
        app,
        ["ask", "How do I connect to the relay with a port in python?", "--index-dir", str(settings.folders.index_dir)],
    )
    assert "code/connect.py:" in asked.output and "shown on relay.md" in asked.output


def test_verify_knows_the_folders_of_the_index(settings: Settings, embedder: Embedder) -> None:
    """The folders of an index are those of its docs folder for `verify` as well, without naming them again."""
    beside = settings.folders.docs_dir.parent / "beside"
    beside.mkdir()
    (beside / "connect.py").write_text(CODE)
    (settings.folders.docs_dir / "relay.md").write_text(PAGE.replace("code/", "../beside/"))
    run(settings.changed(include_roots=(str(beside),)), embedder)
    citation = saved(citation_of(settings, "beside/connect.py")).model_dump()
    answer = settings.folders.docs_dir.parent / "answer.json"
    answer.write_text(json.dumps([citation]))
    index_dir = str(settings.folders.index_dir)
    checked = CliRunner().invoke(app, ["verify", str(answer), "--index-dir", index_dir, "--json"])
    assert json.loads(checked.stdout)["counts"]["valid"] == 1
