"""embed: vectors for the texts that the cache lacks."""

import time
from collections.abc import Callable, Generator, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from footnote.app.core.errors import ModelError
from footnote.app.core.types import Chunk
from footnote.app.models.embedder import Embedder, OnnxEmbedder
from footnote.ingest.cache import IngestCache

_BATCH = 32  # chunks between two reports of progress, and texts in one call of a remote embedder
_KEEP_EVERY_S = 1.0  # what a killed ingest may lose; a commit costs two waits for the disk
_TEXTS_AT_ONCE = 4_096  # texts are made from chunks as they are needed: all of them would double the memory


def embed_chunks(
    embedder: Embedder, chunks: Sequence[Chunk], cache: IngestCache, on_embedded: Callable[[int], None]
) -> None:
    """Put one unit vector a chunk into the cache, every second: what an ingest that dies had made is kept.

    `on_embedded` is told how many chunks are done.

    Raises:
        ModelError: the embedder failed, or is none.
        IndexWriteError: the cache cannot be written.
    """
    started = kept_at = time.perf_counter()
    kept = done = 0
    rows: list[NDArray[np.float32]] = []
    vectors = _iter_vectors(embedder, chunks)
    try:
        while done < len(chunks):
            rows += islice(vectors, min(_BATCH, len(chunks) - done))
            done = kept + len(rows)
            if time.perf_counter() - kept_at >= _KEEP_EVERY_S:
                cache.add(embedder.fingerprint, chunks[kept:done], np.asarray(rows, dtype=np.float32))
                kept, kept_at, rows = done, time.perf_counter(), []
            on_embedded(done)
    finally:
        vectors.close()
        if rows:
            done = kept + len(rows)
            cache.add(embedder.fingerprint, chunks[kept:done], np.asarray(rows, dtype=np.float32))
    cache.remember_embed_s(embedder.fingerprint, (time.perf_counter() - started) / len(chunks))


def _iter_vectors(embedder: Embedder, chunks: Sequence[Chunk]) -> Generator[NDArray[np.float32], None, None]:
    size = _TEXTS_AT_ONCE if isinstance(embedder, OnnxEmbedder) else _BATCH
    for first in range(0, len(chunks), size):
        texts = [chunk.index_text for chunk in chunks[first : first + size]]
        if isinstance(embedder, OnnxEmbedder):
            for vector in embedder.iter_embeddings(texts):
                if vector.ndim != 1:
                    raise _no_vectors(embedder)
                yield vector
        else:
            # One vector too few would put all that follow under the wrong texts.
            vectors = embedder.embed_documents(texts)
            if len(vectors) != len(texts) or len({len(vector) for vector in vectors}) != 1:
                raise _no_vectors(embedder)
            rows = np.asarray(vectors, dtype=np.float32)
            lengths = np.linalg.norm(rows, axis=1, keepdims=True)
            if not (np.isfinite(lengths).all() and (lengths > 0).all()):
                raise _no_vectors(embedder)
            yield from rows / lengths


def _no_vectors(embedder: Embedder) -> ModelError:
    name = embedder.fingerprint.name
    return ModelError(f"{name} gives no vector of each text: is FOOTNOTE_EMBEDDER the folder of an embedder?")
