"""searchable: what an answer is found and written from: an open index, or several as if they were one."""

from collections.abc import Sequence
from typing import Protocol

from footnote.app.core.text.term_counts import TermCounts
from footnote.app.core.types import Chunk
from footnote.app.index.filters import FileSelection, QueryFilter
from footnote.app.index.seam import TermIndex


class Described(Protocol):
    """What a manifest says of the pages."""

    @property
    def files(self) -> int: ...

    @property
    def flavour(self) -> str: ...


class Searchable(Protocol):
    """See `Index`."""

    @property
    def generation(self) -> int: ...

    @property
    def manifest(self) -> Described: ...

    @property
    def chunks(self) -> TermIndex: ...

    @property
    def term_counts(self) -> TermCounts: ...

    def beside(self, chunks: Sequence[Chunk]) -> list[Chunk]: ...

    def select(self, query_filter: QueryFilter | None) -> FileSelection | None: ...
