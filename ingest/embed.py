"""embed: vectors for the texts that the cache lacks."""

import time
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from itertools import islice
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from footnote.app.core.errors import ModelError
from footnote.app.core.types import Chunk, Fingerprint
from footnote.app.models.embedder import Embedder, OnnxEmbedder
from footnote.ingest.cache import IngestCache

_BATCH = 32  # chunks between two reports of progress, and texts in one call of another library
_KEEP_EVERY_S = 1.0  # what a killed ingest may lose; a commit costs two waits for the disk
_TEXTS_AT_ONCE = 4_096  # texts are made from chunks as they are needed: all of them would double the memory

# Of a part of the chunks in a row: the number of the first, and `(n, dim)` unit vectors.
Arrived = tuple[int, NDArray[np.float32]]


@runtime_checkable
class Arriving(Protocol):
    """What embeds elsewhere: vectors come as they are ready, in any order."""

    @property
    def fingerprint(self) -> Fingerprint: ...

    def arriving(self, texts: Iterable[str]) -> Generator[Arrived, None, None]: ...


def embed_chunks(
    embedder: Embedder | Arriving, chunks: Sequence[Chunk], cache: IngestCache, on_embedded: Callable[[int], None]
) -> None:
    """Put one unit vector a chunk into the cache, every second: what an ingest that dies had made is kept.

    `on_embedded` is told how many chunks are done.

    Raises:
        ModelError: the embedder failed, or is none, or its vectors are not as long as those kept of it.
        IndexWriteError: the cache cannot be written.
    """
    started = time.perf_counter()
    done = 0
    with closing(_Keeping(embedder, chunks, cache)) as keeping, closing(_arriving(embedder, chunks)) as arriving:
        for first, vectors in arriving:
            keeping.take(first, vectors)
            done += len(vectors)
            on_embedded(done)
    if done != len(chunks):
        raise _no_vectors(embedder)
    cache.remember_embed_s(embedder.fingerprint, (time.perf_counter() - started) / len(chunks))


class _Keeping:
    """Collects what arrives, in any order, and puts it into the cache; the rest when it is closed."""

    def __init__(self, embedder: Embedder | Arriving, chunks: Sequence[Chunk], cache: IngestCache) -> None:
        self._embedder, self._chunks, self._cache = embedder, chunks, cache
        self._dimension = cache.dimension(embedder.fingerprint)
        self._kept_at = time.perf_counter()
        self._taken: list[Chunk] = []
        self._vectors: list[NDArray[np.float32]] = []

    def take(self, first: int, vectors: NDArray[np.float32]) -> None:
        self._dimension = self._dimension or vectors.shape[1]
        if vectors.shape[1] != self._dimension:
            name = self._embedder.fingerprint.name
            raise ModelError(
                f"{name} gives vectors of {vectors.shape[1]} numbers, but gave some of {self._dimension} before: "
                "another model has its name now. Delete cache.sqlite3 in the index folder and run `footnote ingest "
                "--rebuild`"
            )
        self._taken += self._chunks[first : first + len(vectors)]
        self._vectors.append(vectors)
        if time.perf_counter() - self._kept_at >= _KEEP_EVERY_S:
            self.close()
            self._kept_at = time.perf_counter()

    def close(self) -> None:
        if self._taken:
            taken, vectors = self._taken, np.concatenate(self._vectors)
            self._taken, self._vectors = [], []
            self._cache.add(self._embedder.fingerprint, taken, vectors)


def _arriving(embedder: Embedder | Arriving, chunks: Sequence[Chunk]) -> Generator[Arrived, None, None]:
    if isinstance(embedder, Arriving):
        yield from embedder.arriving(chunk.index_text for chunk in chunks)
        return
    size = _TEXTS_AT_ONCE if isinstance(embedder, OnnxEmbedder) else _BATCH
    for first in range(0, len(chunks), size):
        texts = [chunk.index_text for chunk in chunks[first : first + size]]
        if isinstance(embedder, OnnxEmbedder):
            yield from _of_model(embedder, first, texts)
        else:
            yield first, vectors_of(embedder, texts)


def _of_model(embedder: OnnxEmbedder, first: int, texts: list[str]) -> Generator[Arrived, None, None]:
    vectors = embedder.iter_embeddings(texts)
    while rows := list(islice(vectors, _BATCH)):
        if any(row.ndim != 1 for row in rows):
            raise _no_vectors(embedder)
        yield first, np.asarray(rows, dtype=np.float32)
        first += len(rows)


def vectors_of(embedder: Embedder, texts: list[str]) -> NDArray[np.float32]:
    """`(n, dim)` unit vectors of these texts, at once.

    Raises:
        ModelError: the embedder failed, or is none.
    """
    if isinstance(embedder, OnnxEmbedder):
        return np.concatenate([rows for _, rows in _of_model(embedder, 0, texts)])
    vectors = embedder.embed_documents(texts)
    # One vector too few would put all that follow under the wrong texts.
    if len(vectors) != len(texts) or len({len(vector) for vector in vectors}) != 1:
        raise _no_vectors(embedder)
    rows = np.asarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if not (np.isfinite(lengths).all() and (lengths > 0).all()):
        raise _no_vectors(embedder)
    unit: NDArray[np.float32] = rows / lengths
    return unit


def _no_vectors(embedder: "Embedder | Arriving") -> ModelError:
    name = embedder.fingerprint.name
    return ModelError(f"{name} gives no vector of each text: is FOOTNOTE_EMBEDDER the folder of an embedder?")
