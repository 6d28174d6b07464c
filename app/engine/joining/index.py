"""index: several open indexes as if they were one."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from footnote.app.core.pages.flavour import PLAIN
from footnote.app.core.text.term_counts import TermCounts
from footnote.app.core.types import Chunk
from footnote.app.engine.joining.names import joined_chunk, joined_path, own_chunk, split_path
from footnote.app.index.filters import FileSelection, QueryFilter
from footnote.app.index.reader import Index


@dataclass(frozen=True, slots=True)
class JoinedManifest:
    """How many files there are in all; the kind of site is that of each page's own collection."""

    files: int
    flavour: str = PLAIN.name


class JoinedChunks:
    """Which chunks hold a term, of all collections together."""

    def __init__(self, indexes: Mapping[str, Index]) -> None:
        self._indexes = indexes

    def count(self) -> int:
        """Chunks in all."""
        return sum(index.chunks.count() for index in self._indexes.values())

    def chunks_with(self, term: str) -> int:
        """Chunks in all that hold the term."""
        return sum(index.chunks.chunks_with(term) for index in self._indexes.values())

    def with_all(self, terms: Collection[str], limit: int) -> list[Chunk] | None:
        """The chunks that hold all the terms; None when they are more than `limit`."""
        found: list[Chunk] = []
        for name, index in self._indexes.items():
            holding = index.chunks.with_all(terms, limit)
            if holding is None or len(found) + len(holding) > limit:
                return None
            found += [joined_chunk(name, chunk) for chunk in holding]
        return found

    def has_near(self, term: str, distance: int) -> bool:
        """Whether any chunk holds a term that at most so many letters make from this one."""
        return any(index.chunks.has_near(term, distance) for index in self._indexes.values())


class JoinedIndex:
    """Their files and chunks under joined names; see `Index`. It opens and closes none of them."""

    generation = 0  # there are several

    def __init__(self, indexes: Mapping[str, Index]) -> None:
        self._indexes = indexes
        self.manifest = JoinedManifest(sum(index.manifest.files for index in indexes.values()))
        self.chunks = JoinedChunks(indexes)

    @property
    def term_counts(self) -> TermCounts:
        """How many of all chunks hold a term."""
        return TermCounts(self.chunks.count(), self.chunks.chunks_with)

    def beside(self, chunks: Sequence[Chunk]) -> list[Chunk]:
        """The chunks right above and below these on their pages."""
        of_each: defaultdict[str, list[Chunk]] = defaultdict(list)
        for chunk in chunks:
            of_each[split_path(chunk.path)[0]].append(own_chunk(chunk))
        return [joined_chunk(name, one) for name, own in of_each.items() for one in self._indexes[name].beside(own)]

    def select(self, query_filter: QueryFilter | None) -> FileSelection | None:
        """The files that a filter allows, each collection for itself; None when there is no filter."""
        if not query_filter:
            return None
        allowed: set[str] = set()
        others: set[str] = set()
        for name, index in self._indexes.items():
            selection = index.select(query_filter)
            assert selection
            allowed |= {joined_path(name, path) for path in selection.allowed}
            others |= {joined_path(name, path) for path in selection.others}
        return FileSelection(frozenset(allowed), frozenset(others))
