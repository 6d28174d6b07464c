"""Settings on a small docs folder, before and after the first ingest."""

from pathlib import Path

import pytest

from app.core.embedder import Embedder
from app.core.settings import Settings, load_settings
from ingest import cache
from tests.conftest import WriteDocs
from tests.unit.ingesting import PAGES, run


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
