"""A live generation, opened for questions."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path

from footnote.app.core.errors import IndexDamagedError, IndexMismatchError
from footnote.app.core.text.term_counts import TermCounts
from footnote.app.core.types import Chunk, Fingerprint
from footnote.app.index.filters import FileSelection, QueryFilter
from footnote.app.index.generations import Generations
from footnote.app.index.lease import Lease
from footnote.app.index.lexical_index import RankBM25Index
from footnote.app.index.manifest import FileRecord, Manifest, read_files, read_manifest
from footnote.app.index.seam import IndexReader, LexicalIndex, Store
from footnote.app.index.store import EMBEDDED_STORE, require_same_store


class Index:
    """One generation: its chunks, their vectors, its lexical index, its files."""

    def __init__(
        self,
        folder: Path,
        manifest: Manifest,
        reader: IndexReader,
        lexical: LexicalIndex,
        lease: Lease | None = None,
    ) -> None:
        self.folder = folder
        self._lease = lease
        self.manifest = manifest
        self.reader = reader
        self.chunks = reader.chunks
        self.lexical = lexical
        self.vectors = reader.vectors

    @property
    def generation(self) -> int:
        return self.manifest.generation

    @cached_property
    def files(self) -> Mapping[str, FileRecord]:
        """The generation's files by path; read on first use: only filters and what is beside a hit need them."""
        return {file.path: file for file in read_files(self.folder)}

    @property
    def term_counts(self) -> TermCounts:
        """How many of the chunks hold a term."""
        return TermCounts(self.chunks.count(), self.chunks.chunks_with)

    def beside(self, chunks: Sequence[Chunk]) -> list[Chunk]:
        """The chunks right above and below these on their pages."""
        wanted: dict[str, None] = {}
        for chunk in chunks:
            ids = self.files[chunk.path].chunk_ids
            place = ids.index(chunk.id)
            wanted |= dict.fromkeys(ids[max(0, place - 1) : place + 2])
        found = self.chunks.get([one for one in wanted if one not in {chunk.id for chunk in chunks}])
        return [found[one] for one in wanted if one in found]

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
                f"{embedder.name} ({embedder.sha256[:12]}): run `footnote ingest --rebuild`, "
                "or set FOOTNOTE_EMBEDDER back"
            )

    def close(self) -> None:
        self.reader.close()
        if self._lease:
            self._lease.close()


def open_index(index_dir: Path, lexical_engine: str = "tantivy", store: Store = EMBEDDED_STORE) -> Index:
    """Open the live generation; it stays on disk until it is closed, whatever is published meanwhile.

    Raises:
        IndexMissingError: nothing has been ingested yet.
        IndexMismatchError: it was built into another store.
        IndexDamagedError: files are missing, unreadable or of another format.
    """
    generations = Generations(index_dir)
    while True:
        generation = generations.live()
        try:
            return open_generation(generations.folder(generation), lexical_engine, store)
        except IndexDamagedError:
            # An ingest may have published, and a later one removed what we were opening.
            if generations.current() == generation:
                raise


def open_generation(folder: Path, lexical_engine: str = "tantivy", store: Store = EMBEDDED_STORE) -> Index:
    """Open one generation; raises as `open_index`."""
    manifest = read_manifest(folder)
    require_same_store(folder, manifest, store)
    with ExitStack() as undo:
        lease = Lease(folder)
        undo.callback(lease.close)
        reader = store.reader(folder, manifest)
        undo.callback(reader.close)
        chunks = reader.chunks
        lexical = RankBM25Index(list(chunks.all_chunks())) if lexical_engine == "rank-bm25" else chunks
        undo.pop_all()
    return Index(folder, manifest, reader, lexical, lease)
