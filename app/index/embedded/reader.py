"""Reading a generation that lies in its folder."""

from collections.abc import Iterator
from pathlib import Path

from footnote.app.core.errors import IndexDamagedError
from footnote.app.index.embedded.chroma_folder import graph_sha256_of
from footnote.app.index.embedded.chroma_store import ChromaStore
from footnote.app.index.embedded.store import CHROMA, TANTIVY
from footnote.app.index.embedded.tantivy_index import TantivyIndex
from footnote.app.index.manifest import Manifest


class EmbeddedReader:
    """A generation in its folder."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self._folder, self._manifest = folder, manifest
        self.vectors = ChromaStore.open(folder / CHROMA)
        try:
            self.chunks = TantivyIndex.open(folder / TANTIVY)
        except IndexDamagedError:
            self.vectors.close()
            raise

    def damages(self) -> Iterator[tuple[str, str]]:
        if graph_sha256_of(self._folder / CHROMA) != self._manifest.graph_sha256:
            yield CHROMA, "the graph files are not those that were published"

    def close(self) -> None:
        self.vectors.close()
