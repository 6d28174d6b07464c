"""What pages show of other files is for those who may read the file and all pages that show it."""

from contextlib import closing
from pathlib import Path

import pytest

from footnote.app.access.limits import readable_files
from footnote.app.access.types import PathLimits
from footnote.app.core.errors import PageUnknownError
from footnote.app.core.settings import Settings, load_settings
from footnote.app.index.reader import open_index
from footnote.app.index.restricting.restrict import restrict
from footnote.app.models.embedder import Embedder
from footnote.app.reading.library import Library
from footnote.app.schemas.verification import SavedCitation
from footnote.app.verifying.verify import verify
from tests.conftest import WriteDocs
from tests.ingest.ingesting import chunks_of, run

PAGES = {
    "open/a.md": '# Open\n\n--8<-- "code/shared.py"\n--8<-- "code/open.py"\n',
    "secret/b.md": '# Codename Zebra\n\n--8<-- "code/shared.py"\n--8<-- "code/secret.py"\n',
    "code/open.py": "import open_relay\n",
    "code/shared.py": "import shared_relay\n",
    "code/secret.py": "import secret_relay\n",
}


@pytest.fixture
def settings(tmp_path: Path, write_docs: WriteDocs, embedder: Embedder) -> Settings:
    docs_dir = write_docs(tmp_path / "docs", {path: text.encode() for path, text in PAGES.items()})
    settings = load_settings(None, docs_dir=docs_dir, index_dir=tmp_path / "index")
    run(settings, embedder)
    return settings


@pytest.mark.parametrize(
    ("globs", "paths"),
    [
        (["open/"], ["open/a.md"]),
        (["open/", "code/"], ["code/open.py", "open/a.md"]),
        (["code/"], []),
        (["**"], sorted(PAGES)),
    ],
)
def test_which_files_are_readable(settings: Settings, globs: list[str], paths: list[str]) -> None:
    limits = PathLimits(frozenset(globs))
    with closing(open_index(settings.folders.index_dir)) as index:
        may_read = readable_files(limits, index.files)
        assert sorted(may_read) == paths
        with closing(restrict(index, may_read)) as restricted:
            assert (restricted.manifest.files, restricted.manifest.included) == (
                len(paths),
                sum(path.endswith(".py") for path in paths),
            )
            said = "".join(chunk.index_text for chunk in restricted.chunks.all_chunks())
            assert ("Zebra" in said) is ("secret/b.md" in paths)
    library = Library(settings.folders.index_dir).limited(limits)
    for path in PAGES:
        if path in paths:
            assert library.find(path)
        else:
            with pytest.raises(PageUnknownError):
                library.find(path)


def test_verify_opens_nothing_beyond_the_limits(settings: Settings) -> None:
    def verdict(path: str, *globs: str) -> str:
        [chunk] = chunks_of(settings, path)
        place = (chunk.start_line, chunk.end_line, chunk.start, chunk.end)
        names = ("start_line", "end_line", "start", "end")
        citation = SavedCitation(
            path=path, quote=chunk.text, sha256=chunk.sha256, **dict(zip(names, place, strict=True)), included_by=[]
        )
        limits = PathLimits(frozenset(globs))
        with closing(open_index(settings.folders.index_dir)) as index:
            shown = readable_files(limits, index.files)
        return verify([citation], settings.folders.docs_dir, settings.ingest, limits, shown)[0].verdict

    assert verdict("code/open.py", "open/", "code/") == "valid"
    assert verdict("code/open.py", "open/") == "gone"
    assert verdict("code/secret.py", "open/", "code/") == "gone"
    assert verdict("code/shared.py", "open/", "code/") == "gone"
    assert verdict("code/shared.py", "**") == "valid"
