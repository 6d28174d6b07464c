"""A small docs folder before and after its first ingest, a quick folder, an embedder that is asked once a text."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from footnote.app.core.settings import Settings, load_settings
from footnote.app.models.embedder import Embedder
from footnote.ingest import cache
from tests.conftest import WriteDocs
from tests.ingest.contents import Memoised, memory_folder
from tests.ingest.ingesting import PAGES, run


@pytest.fixture
def quick_path(tmp_path: Path) -> Iterator[Path]:
    """As `tmp_path`, in memory where that is possible: an ingest waits for the disk dozens of times."""
    folder = Path(tempfile.mkdtemp(prefix="footnote-", dir=memory_folder() or tmp_path))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def memoised(embedder: Embedder) -> Memoised:
    return Memoised(embedder)


@pytest.fixture
def settings(tmp_path: Path, write_docs: WriteDocs) -> Settings:
    docs_dir = write_docs(tmp_path / "docs", PAGES)
    return load_settings(docs_dir=docs_dir, index_dir=tmp_path / "index")


@pytest.fixture
def ingested(settings: Settings, embedder: Embedder) -> Settings:
    """The same settings, after a first ingest."""
    run(settings, embedder)
    return settings


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file's size and times vouch for it at once: a test need not wait until they are 2 s old."""
    monkeypatch.setattr(cache, "_SETTLED_NS", -3_600_000_000_000)
