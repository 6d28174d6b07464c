"""A generation's vectors: a collection on the server."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from footnote.app.core.errors import IndexDamagedError
from footnote.app.core.types import Chunk
from footnote.app.index.chroma_server.connection import Connection, UnknownCollectionError
from footnote.app.index.embedded.chroma_store import LOADING, PAGE, nearest_hits, where_path
from footnote.app.index.filters import FileSelection
from footnote.app.index.seam import VectorHit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class ServerVectors:
    """One collection of a server that others use as well, in cosine space."""

    def __init__(self, connection: Connection, name: str, collection_id: str) -> None:
        self._connection = connection
        self._name = name
        self._id = collection_id

    @classmethod
    def create(cls, connection: Connection, name: str) -> "ServerVectors":
        """A new, empty collection."""
        return cls(connection, name, connection.create(name, LOADING))

    @classmethod
    def open(cls, connection: Connection, name: str) -> "ServerVectors":
        """Open a collection.

        Raises:
            IndexDamagedError: the server has none of this name.
            StoreError: it does not answer.
        """
        try:
            return cls(connection, name, connection.find(name))
        except UnknownCollectionError as error:
            raise _missing(connection, name) from error

    def add(self, chunks: Sequence[Chunk], embeddings: "NDArray[np.float32]") -> None:
        """Add chunks with their vectors, `(n, dim)`, at most a page; ids must be new."""
        self._add([chunk.id for chunk in chunks], [chunk.path for chunk in chunks], embeddings)

    def copy_from(self, base: "ServerVectors", paths: Mapping[str, str]) -> None:
        """Take over the base's vectors of these chunks, paths by id.

        The server cannot copy by itself: each vector comes here and goes back.

        Raises:
            IndexDamagedError: the base lacks one of them.
        """
        import numpy as np

        ids = list(paths)
        for first in range(0, len(ids), PAGE):
            wanted = ids[first : first + PAGE]
            page = base._ask("get", {"ids": wanted, "include": ["embeddings"]})
            if len(page["ids"]) != len(wanted):
                raise IndexDamagedError(
                    f"the Chroma server {self._connection.address} lacks vectors of collection {base._name}: "
                    "run `footnote ingest --rebuild`"
                )
            self._add(page["ids"], [paths[i] for i in page["ids"]], np.array(page["embeddings"], np.float32))

    def count(self) -> int:
        try:
            return self._connection.count(self._id)
        except UnknownCollectionError as error:
            raise _missing(self._connection, self._name) from error

    def search(self, embedding: Sequence[float], top_k: int, selection: FileSelection | None = None) -> list[VectorHit]:
        if selection is not None and not selection.allowed:
            return []
        question = {
            "query_embeddings": [[float(value) for value in embedding]],
            "n_results": top_k,
            "where": where_path(selection),
            "include": ["distances"],
        }
        found = self._ask("query", question)
        return nearest_hits(found["ids"][0], found["distances"][0])

    def rows(self) -> Iterator[tuple[str, str, "NDArray[np.float32]"]]:
        import numpy as np

        for first in range(0, self.count(), PAGE):
            page = self._ask("get", {"limit": PAGE, "offset": first, "include": ["metadatas", "embeddings"]})
            for chunk_id, row, vector in zip(page["ids"], page["metadatas"], page["embeddings"], strict=True):
                yield chunk_id, str(row["path"]), np.array(vector, np.float32)

    def _add(self, ids: Sequence[str], paths: Sequence[str], embeddings: "NDArray[np.float32]") -> None:
        # As the bytes of float32: a third of the JSON, and the same to the bit.
        packed = [base64.b64encode(row.astype("<f4").tobytes()).decode() for row in embeddings]
        self._connection.add(
            self._id, {"ids": list(ids), "embeddings": packed, "metadatas": [{"path": path} for path in paths]}
        )

    def _ask(self, what: str, body: object) -> Any:
        try:
            return self._connection.ask(self._id, what, body)
        except UnknownCollectionError as error:
            raise _missing(self._connection, self._name) from error


def _missing(connection: Connection, name: str) -> IndexDamagedError:
    return IndexDamagedError(
        f"the Chroma server {connection.address} has no collection {name!r}: run `footnote ingest --rebuild`"
    )
