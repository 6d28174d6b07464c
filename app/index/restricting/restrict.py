"""restrict: the index of some files, with terms and counts of its own and the vectors of the index it is made from."""

import tempfile
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from footnote.app.core.types import Chunk
from footnote.app.index.embedded.lexical_segments import write_segments
from footnote.app.index.embedded.tantivy_index import TantivyIndex
from footnote.app.index.lexical_index import RankBM25Index
from footnote.app.index.manifest import FileRecord, Manifest
from footnote.app.index.reader import Index
from footnote.app.index.restricting.vectors import VectorsOfSome
from footnote.app.index.seam import IndexReader

_READ_AT_ONCE = 1_000  # chunks by id


class _ReaderOfSome:
    """The reader of the whole index, for some of its files; the whole one is closed by whoever opened it."""

    def __init__(self, whole: IndexReader, chunks: TantivyIndex, vectors: VectorsOfSome, undo: ExitStack) -> None:
        self._whole = whole
        self.chunks = chunks
        self.vectors = vectors
        self._undo = undo

    def damages(self) -> Iterator[tuple[str, str]]:
        return self._whole.damages()

    def close(self) -> None:
        self._undo.close()


class _IndexOfSome(Index):
    """Knows no file but those that it is restricted to."""

    def __init__(self, whole: Index, manifest: Manifest, reader: IndexReader, files: Mapping[str, FileRecord]) -> None:
        lexical = RankBM25Index(list(reader.chunks.all_chunks())) if _is_reference(whole) else reader.chunks
        super().__init__(whole.folder, manifest, reader, lexical)
        # Before anything reads the list of the whole generation.
        self.__dict__["files"] = files


def restrict(whole: Index, paths: Collection[str]) -> Index:
    """The index of these of the files, as if the others had never been ingested.

    Close it before the whole one, whose vectors it searches; its terms lie in a temporary folder until then.

    Raises:
        IndexDamagedError: the whole index cannot be read.
    """
    files = {path: file for path, file in whole.files.items() if path in paths}
    with ExitStack() as undo:
        folder = Path(undo.enter_context(tempfile.TemporaryDirectory(prefix="footnote-restricted-")))
        write_segments(folder / "tantivy", _chunks_of(whole, files))
        chunks = TantivyIndex.open(folder / "tantivy")
        vectors = VectorsOfSome(whole.vectors, frozenset(files), frozenset(whole.files) - files.keys(), chunks.count())
        reader = _ReaderOfSome(whole.reader, chunks, vectors, undo.pop_all())
    return _IndexOfSome(whole, _manifest_of(whole.manifest, files), reader, files)


def _chunks_of(whole: Index, files: Mapping[str, FileRecord]) -> Iterator[Chunk]:
    ids = [chunk_id for file in files.values() for chunk_id in file.chunk_ids]
    for first in range(0, len(ids), _READ_AT_ONCE):
        yield from whole.chunks.get(ids[first : first + _READ_AT_ONCE]).values()


def _manifest_of(whole: Manifest, files: Mapping[str, FileRecord]) -> Manifest:
    """Of what was left out nothing is said: it may be what must not be known."""
    counts = Counter(file.language for file in files.values() if file.chunk_ids)
    return replace(
        whole,
        files=len(files),
        included=sum(bool(file.included_by) for file in files.values()),
        chunks=sum(len(file.chunk_ids) for file in files.values()),
        replaced_chunks=0,
        skipped=(),
        uncommitted=tuple(path for path in whole.uncommitted if path in files),
        languages=dict(sorted(counts.items(), key=lambda one: (-one[1], one[0]))),
    )


def _is_reference(index: Index) -> bool:
    return isinstance(index.lexical, RankBM25Index)
