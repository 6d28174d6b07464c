"""Writing a generation whose vectors go to a Chroma server."""

import secrets
from collections.abc import Callable, Collection
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from footnote.app.core.types import Chunk
from footnote.app.index.chroma_server.connection import Connection
from footnote.app.index.chroma_server.store import collection_prefix
from footnote.app.index.chroma_server.vectors import ServerVectors
from footnote.app.index.embedded.chroma_store import PAGE
from footnote.app.index.embedded.lexical_part import LexicalPart
from footnote.app.index.manifest import read_files
from footnote.app.index.owner import owner_of
from footnote.app.index.seam import BaseGeneration, Changes, Written

if TYPE_CHECKING:
    from footnote.app.index.seam import VectorsOf


class ChromaServerWriter:
    """Writes a collection of its own: the base's vectors, and the new ones.

    A collection that no published generation names is removed by the next ingest.
    """

    def __init__(
        self, folder: Path, generation: int, base: BaseGeneration | None, connect: Callable[[], Connection]
    ) -> None:
        self._base = base
        self._connect = connect
        self._lexical = LexicalPart(folder, base)
        # Drawn, as the number of a generation that failed is given again.
        self._name = f"{collection_prefix(owner_of(folder.parent))}{generation}-{secrets.token_hex(4)}"

    def stored(self, chunk_ids: Collection[str]) -> dict[str, Chunk]:
        return self._lexical.stored(chunk_ids)

    def write(self, changes: Changes, vectors_of: "VectorsOf", on_written: Callable[[int], None]) -> Written:
        chunks = self._lexical.write(changes)
        with closing(self._connect()) as connection:
            vectors = ServerVectors.create(connection, self._name)
            dimension = self._take_over(connection, vectors, changes)
            for first in range(0, len(changes.embedded), PAGE):
                page = changes.embedded[first : first + PAGE]
                embeddings = vectors_of(page)
                dimension = embeddings.shape[1]
                vectors.add(page, embeddings)
                on_written(first + len(page))
            return Written(dimension, vectors.count(), chunks, collection=self._name)

    def _take_over(self, connection: Connection, vectors: ServerVectors, changes: Changes) -> int:
        """The dimension of the base's vectors, of which those that stay are in the new collection then."""
        if self._base is None:
            return 0
        stale = set(changes.stale_vectors)
        paths = {
            chunk_id: file.path
            for file in read_files(self._base.folder)
            for chunk_id in file.chunk_ids
            if chunk_id not in stale
        }
        source = ServerVectors.open(connection, self._base.manifest.collection)
        vectors.copy_from(source, paths)
        return self._base.manifest.dimension
