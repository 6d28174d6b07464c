"""Vector search in an embedded Chroma, which holds each chunk's id, path and vector.

The chunks' texts lie in the lexical index: Chroma would write a text into four tables and an index of
sqlite (10.8 kB for a chunk of 1,000 characters, measured), and all of it is copied for each generation.
"""

import math
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from footnote.app.core.errors import IndexDamagedError
from footnote.app.core.types import Chunk
from footnote.app.index.embedded.chroma_folder import (
    SQLITE,
    blank_unused_slots,
    copy_store,
    damaged_store,
    graph_sha256_of,
    open_client,
    temporary_copy,
)
from footnote.app.index.filters import FileSelection
from footnote.app.index.seam import VectorHit

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection as ChromaCollection
    from numpy.typing import NDArray

COLLECTION = "chunks"
PAGE = 1_000  # rows a call; Chroma takes at most 5,461
# Twice the defaults: of the 20 nearest by exact search, 99.9% are found (1,000 chunks, measured) for 1 ms more.
HNSW: Any = {"space": "cosine", "ef_construction": 200, "ef_search": 200}
_NOT_WRITABLE = ("readonly database", "disk is full", "disk I/O error", "unable to open database file")
_BATCH_ROWS = 100  # of brute force before rows enter the graph; Chroma's default
# Rows that Chroma logs before it writes the graph, while many are added: each time it writes the whole graph.
_LOADING_SYNC_ROWS = 10_000
LOADING: Any = {**HNSW, "sync_threshold": _LOADING_SYNC_ROWS, "batch_size": _BATCH_ROWS}
# The log's pages stay in the database, and so in the copy for every later generation.
_MOST_FREE_SHARE = 0.2


class ChromaStore:
    """One Chroma folder with one collection, in cosine space. Close it before the folder is moved."""

    def __init__(self, client: "Client", collection: "ChromaCollection") -> None:
        self._client = client
        self._collection = collection
        self._closed = False
        self._copy: ExitStack | None = None

    @classmethod
    def build(cls, folder: Path) -> "ChromaStore":
        """Create an empty store in a new folder."""
        client = open_client(folder)
        collection = client.create_collection(COLLECTION, configuration={"hnsw": LOADING}, embedding_function=None)
        return cls(client, collection)

    @classmethod
    def derive(cls, base: Path, folder: Path, graph_sha256: str) -> "ChromaStore":
        """Open a copy of a store for changes, in a new folder. `base` may be open for reading elsewhere.

        Raises:
            IndexDamagedError: `base` is no readable store, or its graph is not the one with this hash.
        """
        copy_store(base, folder)
        # Chroma does not check its graph: damage crashes it, or gives wrong results without a word.
        if graph_sha256_of(folder) != graph_sha256:
            raise IndexDamagedError(f"the graph files of {base} are damaged: run `footnote ingest --rebuild`")
        try:
            store = cls._open_in_place(folder)
        except Exception as error:  # Chroma raises many kinds, bare Exception among them
            if any(sign in str(error) for sign in _NOT_WRITABLE):
                raise
            raise damaged_store(base, f"cannot be read ({error})") from error
        store._sync_after(_LOADING_SYNC_ROWS)
        return store

    @classmethod
    def open(cls, folder: Path) -> "ChromaStore":
        """Open for reading.

        Chroma writes a row whenever it opens a folder; where that cannot be, on a full disk or a read-only one,
        a copy of its small database is opened in a temporary folder.

        Raises:
            IndexDamagedError: the folder holds no readable collection.
            IndexWriteError: the folder cannot be written, and the temporary folder neither.
        """
        # Chroma would create an empty database where none is.
        if not (folder / SQLITE).is_file():
            raise damaged_store(folder, "is missing")
        try:
            return cls._open_in_place(folder)
        except Exception as error:  # Chroma raises many kinds, bare Exception among them
            if any(sign in str(error) for sign in _NOT_WRITABLE):
                return cls._open_copy(folder)
            raise damaged_store(folder, f"cannot be read ({error})") from error

    @classmethod
    def _open_in_place(cls, folder: Path) -> "ChromaStore":
        client = open_client(folder)
        try:
            return cls(client, client.get_collection(COLLECTION, embedding_function=None))
        except Exception:
            client.close()
            raise

    @classmethod
    def _open_copy(cls, folder: Path) -> "ChromaStore":
        with ExitStack() as undo:
            copy = undo.enter_context(temporary_copy(folder))
            store = cls._open_in_place(copy)
            store._copy = undo.pop_all()
        return store

    def close(self) -> None:
        """Let go of the folder; once is enough."""
        if not self._closed:
            self._client.close()
            self._closed = True
            if self._copy:
                self._copy.close()

    def pages_to_add(self, rows: int) -> list[range]:
        """The rows of each call of `add` for so many new ones; ask before anything else is done.

        Chroma writes its graph after the last of them. What it has not written when it is closed, up to all of
        `_LOADING_SYNC_ROWS`, is put into the graph a second time when it is opened.
        """
        if rows == 0:
            return []
        writes = math.ceil(rows / _LOADING_SYNC_ROWS)
        calls = writes * math.ceil(rows / writes / PAGE)
        self._sync_after(max(2, rows // writes))
        return [range(call * rows // calls, (call + 1) * rows // calls) for call in range(calls)]

    def add(self, chunks: Sequence[Chunk], embeddings: "NDArray[np.float32]") -> None:
        """Add chunks with their vectors, `(n, dim)`; ids must be new."""
        for first in range(0, len(chunks), PAGE):
            page = chunks[first : first + PAGE]
            self._collection.add(
                ids=[chunk.id for chunk in page],
                embeddings=embeddings[first : first + PAGE],
                metadatas=[{"path": chunk.path} for chunk in page],
            )

    def delete(self, chunk_ids: Sequence[str]) -> None:
        """Remove chunks; an unknown id is no error."""
        for first in range(0, len(chunk_ids), PAGE):
            self._collection.delete(ids=list(chunk_ids[first : first + PAGE]))

    def settle(self) -> None:
        """Leave so little in Chroma's log that opening is quick, give free pages back, and close.

        A reader then replays at most a hundredth of the rows into its memory, and the graph's files are
        not written by reading: Chroma does that when more is logged than `sync_threshold`, also in a query.
        """
        count = self.count()
        self._sync_after(max(2, min(1_000, count // 100)))
        folder = self._folder
        self.close()
        if count:
            with closing(ChromaStore._open_in_place(folder)) as reopened:
                _, _, vector = next(reopened.rows())
                reopened.search(vector.tolist(), 1)
        blank_unused_slots(folder)
        with closing(sqlite3.connect(folder / SQLITE)) as database:
            [free], [pages] = (
                database.execute(f"PRAGMA {name}").fetchone() for name in ("freelist_count", "page_count")
            )
            if free > _MOST_FREE_SHARE * pages:
                database.execute("VACUUM")

    def count(self) -> int:
        """Chunks in the store."""
        return self._collection.count()

    def search(self, embedding: Sequence[float], top_k: int, selection: FileSelection | None = None) -> list[VectorHit]:
        """At most `top_k` chunks, nearest first, ties by id; `selection` restricts the files searched."""
        if selection is not None and not selection.allowed:
            return []
        with self._reading():
            found = self._collection.query(
                query_embeddings=list(embedding),
                n_results=top_k,
                where=where_path(selection),
                include=["distances"],
            )
        return nearest_hits(found["ids"][0], (found["distances"] or [[]])[0])

    def rows(self) -> Iterator[tuple[str, str, "NDArray[np.float32]"]]:
        """Id, path and vector of every chunk, in no particular order."""
        for first in range(0, self.count(), PAGE):
            with self._reading():
                page: Any = self._collection.get(limit=PAGE, offset=first, include=["metadatas", "embeddings"])
            for chunk_id, row, vector in zip(page["ids"], page["metadatas"], page["embeddings"], strict=True):
                yield chunk_id, str(row["path"]), vector

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # Chroma raises many kinds, bare Exception among them
            raise damaged_store(self._folder, f"cannot be read ({error})") from error

    @property
    def _folder(self) -> Path:
        return Path(self._client.get_settings().persist_directory)

    def _sync_after(self, rows: int) -> None:
        hnsw: Any = {"sync_threshold": rows, "batch_size": min(_BATCH_ROWS, rows)}
        self._collection.modify(configuration={"hnsw": hnsw})


def where_path(selection: FileSelection | None) -> Any:
    """Chroma's filter, by the shorter of the two lists of paths; None where nothing is filtered."""
    if selection is None:
        return None
    if len(selection.allowed) <= len(selection.others):
        return {"path": {"$in": sorted(selection.allowed)}}
    return {"path": {"$nin": sorted(selection.others)}} if selection.others else None


def nearest_hits(chunk_ids: Sequence[str], distances: Sequence[float]) -> list[VectorHit]:
    """What Chroma found, nearest first, ties by id."""
    # Chroma's cosine distance is 1 - cosine.
    hits = [VectorHit(i, 1.0 - float(d)) for i, d in zip(chunk_ids, distances, strict=True)]
    return sorted(hits, key=lambda hit: (-hit.similarity, hit.chunk_id))
