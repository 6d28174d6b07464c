"""embed: chunks to vectors, with progress."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from app.core.embedder import Embedder, OnnxEmbedder
from app.core.errors import ModelError
from app.core.types import Chunk

_BATCH = 32  # chunks between two reports of progress, and texts in one call of a remote embedder


def embed_chunks(
    embedder: Embedder, chunks: Sequence[Chunk], on_embedded: Callable[[int], None]
) -> NDArray[np.float32]:
    """One unit vector a chunk, `(n, dim)` float32, in order.

    `on_embedded` is told how many chunks are done, now and then and at the end.

    Raises:
        ModelError: the embedder failed, or is none.
    """
    vectors = []
    for vector in _iter_vectors(embedder, [chunk.index_text for chunk in chunks]):
        vectors.append(vector)
        if len(vectors) % _BATCH == 0 or len(vectors) == len(chunks):
            on_embedded(len(vectors))
    embeddings = np.asarray(vectors, dtype=np.float32)
    if embeddings.ndim != 2:
        name = embedder.fingerprint.name
        raise ModelError(f"{name} gives no vector of each text: is FOOTNOTE_EMBEDDER the folder of an embedder?")
    return embeddings


def _iter_vectors(embedder: Embedder, texts: list[str]) -> Iterator[NDArray[np.float32]]:
    if isinstance(embedder, OnnxEmbedder):
        yield from embedder.iter_embeddings(texts)
        return
    for first in range(0, len(texts), _BATCH):
        yield from np.asarray(embedder.embed_documents(texts[first : first + _BATCH]), dtype=np.float32)
