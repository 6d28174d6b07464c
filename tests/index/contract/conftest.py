"""The stores that the contract is held against; those that need a server are marked `scale`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from footnote.app.core.settings import Settings, load_settings
from footnote.app.index.seam import Store
from footnote.app.index.store import make_store
from footnote.app.models.embedder import Embedder
from tests.index.chroma_server.server import ChromaServer
from tests.index.postgres.server import PostgresServer
from tests.ingest.contents import Memoised


@pytest.fixture(
    params=["embedded", "chroma", *(pytest.param(name, marks=pytest.mark.scale) for name in ("milvus", "postgres"))]
)
def store_name(request: pytest.FixtureRequest) -> str:
    """FOOTNOTE_STORE, of a store that is ready."""
    name = str(request.param)
    return name if name == "embedded" else str(request.getfixturevalue(f"{name}_store"))


@pytest.fixture(scope="session")
def chroma_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with ChromaServer(tmp_path_factory.mktemp("chroma-server")) as server:
        yield f"chroma:{server.address}"


@pytest.fixture(scope="session")
def milvus_store(milvus_url: str) -> str:
    return f"milvus:{milvus_url}"


@pytest.fixture(scope="session")
def postgres_store() -> Iterator[str]:
    with PostgresServer() as server:
        yield f"postgres:{server.address}"


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
