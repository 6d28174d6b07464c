"""vectors: a search among the vectors of some files."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from footnote.app.index.filters import FileSelection
from footnote.app.index.seam import VectorHit, VectorIndex

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class VectorsOfSome:
    """The vectors of some files of an index; every search of the whole one is restricted to them beforehand."""

    def __init__(self, whole: VectorIndex, allowed: frozenset[str], others: frozenset[str], count: int) -> None:
        self._whole = whole
        self._allowed = allowed
        self._others = others
        self._count = count

    def search(self, embedding: Sequence[float], top_k: int, selection: FileSelection | None = None) -> list[VectorHit]:
        chosen = self._allowed & selection.allowed if selection else self._allowed
        return self._whole.search(embedding, top_k, FileSelection(chosen, self._others | (self._allowed - chosen)))

    def count(self) -> int:
        return self._count

    def rows(self) -> Iterator[tuple[str, str, "NDArray[np.float32]"]]:
        return (row for row in self._whole.rows() if row[1] in self._allowed)
