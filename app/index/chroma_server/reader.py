"""Reading a generation whose vectors are on a Chroma server."""

from collections.abc import Iterator
from pathlib import Path

from footnote.app.core.errors import FootnoteError
from footnote.app.index.chroma_server.connection import Connection
from footnote.app.index.chroma_server.vectors import ServerVectors
from footnote.app.index.embedded.store import TANTIVY
from footnote.app.index.embedded.tantivy_index import TantivyIndex
from footnote.app.index.manifest import Manifest


class ChromaServerReader:
    """A generation: its collection, and tantivy in its folder."""

    def __init__(self, folder: Path, manifest: Manifest, connection: Connection) -> None:
        self._connection = connection
        try:
            self.chunks = TantivyIndex.open(folder / TANTIVY)
            self.vectors = ServerVectors.open(self._connection, manifest.collection)
        except FootnoteError:
            self._connection.close()
            raise

    def damages(self) -> Iterator[tuple[str, str]]:
        # The server tells nothing of its files; whoever checks compares every row.
        return iter(())

    def close(self) -> None:
        self._connection.close()
