"""write: a complete generation in a folder of its own."""

import datetime
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.core.errors import IndexDamagedError
from app.core.lexical_index import TantivyIndex
from app.core.manifest import FORMAT, FileRecord, Manifest, SkipRecord, write_manifest
from app.core.settings import Settings
from app.core.types import Chunk, Fingerprint
from app.core.vector_store import ChromaStore
from app.core.version import VERSION
from ingest.types import Document, Skip


def write_generation(
    folder: Path,
    generation: int,
    settings: Settings,
    embedder: Fingerprint,
    documents: Sequence[tuple[Document, Sequence[Chunk]]],
    embeddings: NDArray[np.float32],
    skips: Sequence[Skip],
) -> Manifest:
    """Write chunks with vectors, lexical index, file list and manifest; everything is closed on return.

    `embeddings` is `(n, dim)`, one row a chunk, in the order of `documents` and their chunks.

    Raises:
        IndexDamagedError: what was written does not count up.
    """
    chunks = [chunk for _, file_chunks in documents for chunk in file_chunks]
    store = ChromaStore.build(folder / "chroma")
    try:
        store.add(chunks, embeddings)
        stored = store.count()
    finally:
        store.close()
    indexed = TantivyIndex.build(folder / "tantivy", chunks).count()
    if not stored == indexed == len(chunks):
        raise IndexDamagedError(
            f"{len(chunks)} chunks were made, but Chroma holds {stored} and the lexical index {indexed}: "
            "nothing was published; check the disk and run `footnote ingest` again"
        )
    manifest = Manifest(
        format=FORMAT,
        generation=generation,
        created_at=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        tool_version=VERSION,
        docs_dir=str(settings.docs_dir),
        embedder=embedder,
        dimension=int(embeddings.shape[1]),
        chunk_size_chars=settings.chunk_size_chars,
        chunk_overlap_chars=settings.chunk_overlap_chars,
        files=len(documents),
        chunks=len(chunks),
        skipped=tuple(SkipRecord(skip.path, skip.reason, skip.detail) for skip in skips),
    )
    write_manifest(folder, manifest, [_record(document, file_chunks) for document, file_chunks in documents])
    return manifest


def _record(document: Document, chunks: Sequence[Chunk]) -> FileRecord:
    return FileRecord(
        path=document.path,
        sha256=document.sha256,
        size_bytes=len(document.raw),
        mtime_ns=document.mtime_ns,
        title=chunks[0].title if chunks else document.title or "",
        metadata=document.metadata,
        chunk_ids=tuple(chunk.id for chunk in chunks),
    )
