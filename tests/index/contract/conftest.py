"""The stores that the contract is held against; those that need a server are marked `scale`."""

from pathlib import Path

import pytest

from footnote.app.core.settings import Settings, load_settings
from footnote.app.index.seam import Store
from footnote.app.index.store import make_store
from footnote.app.models.embedder import Embedder
from tests.ingest.contents import Memoised


@pytest.fixture(params=["embedded", pytest.param("milvus", marks=pytest.mark.scale)])
def store_name(request: pytest.FixtureRequest) -> str:
    """FOOTNOTE_STORE, of a store that is ready."""
    if request.param == "milvus":
        return f"milvus:{request.getfixturevalue('milvus_url')}"
    return str(request.param)


@pytest.fixture
def settings(store_name: str, tmp_path: Path) -> Settings:
    (tmp_path / "docs").mkdir()
    return load_settings(None, store=store_name, docs_dir=tmp_path / "docs", index_dir=tmp_path / "index")


@pytest.fixture
def store(settings: Settings) -> Store:
    return make_store(settings.store)


@pytest.fixture(scope="session")
def memoised(embedder: Embedder) -> Memoised:
    return Memoised(embedder)
