"""How rare a term is in the docs: what several stages weigh words by."""

import math
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TermCounts:
    """`chunks` in all, and how many of them hold a term as `footnote.app.core.text.analysis.terms` spells it."""

    chunks: int
    chunks_with: Callable[[str], int]

    def share(self, term: str) -> float:
        """The share of the chunks that hold the term, [0, 1]."""
        return self.chunks_with(term) / max(1, self.chunks)

    def idf(self, term: str) -> float:
        """Inverse document frequency as in BM25, above 0."""
        holding = self.chunks_with(term)
        return math.log(1 + (self.chunks - holding + 0.5) / (holding + 0.5))

    def rarity(self, term: str) -> float:
        """The idf as a share of the highest there can be: near 0 for a term of every chunk, 1 for an unknown one."""
        return self.idf(term) / math.log(2 + 2 * self.chunks)
