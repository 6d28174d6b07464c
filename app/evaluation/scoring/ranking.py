"""Ranking metrics of one question: hit, recall, reciprocal rank and nDCG over a list of relevant or not.

Relevance is binary, and the list is what remains when each page, section or passage counts once, at its best rank.
"""

import math
from collections.abc import Sequence

DEPTH = 10  # of MRR and nDCG


def hit(relevant: Sequence[bool], k: int) -> float:
    """1.0 where any of the first `k` is relevant, else 0.0."""
    return float(any(relevant[:k]))


def recall(relevant: Sequence[bool], total: int, k: int) -> float:
    """The share of the `total` relevant ones that are among the first `k`, [0, 1]."""
    return sum(relevant[:k]) / total


def reciprocal_rank(relevant: Sequence[bool], k: int = DEPTH) -> float:
    """1 / the rank of the first relevant one; 0.0 where none is among the first `k`."""
    return next((1 / rank for rank, one in enumerate(relevant[:k], 1) if one), 0.0)


def ndcg(relevant: Sequence[bool], total: int, k: int = DEPTH) -> float:
    """Discounted gain by that of the best order, [0, 1].

    Source: Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", TOIS 2002, with the
    discount log2(rank + 1) of trec_eval.
    """
    gain = sum(1 / math.log2(rank + 1) for rank, one in enumerate(relevant[:k], 1) if one)
    return gain / sum(1 / math.log2(rank + 1) for rank in range(1, min(total, k) + 1))
