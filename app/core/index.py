"""A live generation, opened for questions."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from app.core.errors import IndexDamagedError, IndexMismatchError
from app.core.filters import FileSelection, QueryFilter
from app.core.generations import Generations
from app.core.lexical_index import LexicalIndex, RankBM25Index, TantivyIndex
from app.core.manifest import FileRecord, Manifest, read_files, read_manifest
from app.core.types import Fingerprint
from app.core.vector_store import ChromaStore


class Index:
    """One generation: its chunks with vectors, its lexical index, its files."""

    def __init__(self, folder: Path, manifest: Manifest, chunks: ChromaStore, lexical: LexicalIndex) -> None:
        self._folder = folder
        self.manifest = manifest
        self.chunks = chunks
        self.lexical = lexical

    @property
    def generation(self) -> int:
        return self.manifest.generation

    @cached_property
    def files(self) -> Mapping[str, FileRecord]:
        """The generation's files by path; read on first use, since only filters need them."""
        return {file.path: file for file in read_files(self._folder)}

    def select(self, query_filter: QueryFilter | None) -> FileSelection | None:
        """The files a filter allows; None when there is no filter."""
        return query_filter.select(self.files.values()) if query_filter else None

    def require_embedder(self, embedder: Fingerprint) -> None:
        """Refuse to search vectors of one model with a question embedded by another.

        Raises:
            IndexMismatchError: the index was built by another embedder.
        """
        built_by = self.manifest.embedder
        if built_by != embedder:
            raise IndexMismatchError(
                f"the index was built by {built_by.name} ({built_by.sha256[:12]}), the embedder now is "
                f"{embedder.name} ({embedder.sha256[:12]}): run `footnote ingest`, or set FOOTNOTE_EMBEDDER back"
            )

    def close(self) -> None:
        self.chunks.close()


def open_index(index_dir: Path, lexical_engine: str = "tantivy") -> Index:
    """Open the live generation.

    Raises:
        IndexMissingError: nothing has been ingested yet.
        IndexDamagedError: files are missing, unreadable or of another format.
    """
    generations = Generations(index_dir)
    while True:
        generation = generations.live()
        try:
            return _open(generations.folder(generation), lexical_engine)
        except IndexDamagedError:
            # An ingest may have published, and a later one removed what we were opening.
            if generations.current() == generation:
                raise


def _open(folder: Path, lexical_engine: str) -> Index:
    manifest = read_manifest(folder)
    chunks = ChromaStore.open(folder / "chroma")
    lexical: LexicalIndex
    if lexical_engine == "rank-bm25":
        lexical = RankBM25Index(list(chunks.all_chunks()))
    else:
        try:
            lexical = TantivyIndex.open(folder / "tantivy")
        except IndexDamagedError:
            chunks.close()
            raise
    return Index(folder, manifest, chunks, lexical)
