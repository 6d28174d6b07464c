"""An index on a server, small and quickly built."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from footnote.app.core.settings import Settings, load_settings
from footnote.app.models.embedder import Embedder
from tests.ingest.contents import Memoised, quiet_ingest

PAGES = {
    "backup.md": "# Backups\n\nStop the relay, then copy its data folder.\n",
    "ports.md": "# Ports\n\nThe relay listens on port 7070.\n",
    "tied/a.md": "# Tied\n\nThe quagga stands in the meadow.\n",
    "tied/b.md": "# Tied\n\nThe quagga stands in the meadow.\n",
    "tied/c.md": "# Tied\n\nThe quagga stands in the meadow.\n",
}

NewIndex = Callable[..., Settings]


@pytest.fixture(scope="session")
def memoised(embedder: Embedder) -> Memoised:
    return Memoised(embedder)


@pytest.fixture
def new_index(tmp_path: Path, memoised: Memoised) -> NewIndex:
    """Docs and an ingested index of their own, on the server with this address."""

    def make(url: str, name: str = "index", pages: Mapping[str, str] = PAGES, **others: object) -> Settings:
        docs = tmp_path / f"{name}-docs"
        for path, text in pages.items():
            (docs / path).parent.mkdir(parents=True, exist_ok=True)
            (docs / path).write_text(text, "utf-8")
        settings = load_settings(
            None,
            store=f"milvus:{url}",
            docs_dir=docs,
            index_dir=tmp_path / name,
            **others,  # type: ignore[arg-type]
        )
        quiet_ingest(settings, memoised)
        return settings

    return make


@pytest.fixture
def ingested(milvus_url: str, new_index: NewIndex) -> Settings:
    return new_index(milvus_url)
