"""Average-linkage clustering of unit vectors, without a matrix of all pairs.

The average cosine of two clusters' pairs is the dot product of their mean vectors. Two clusters that are each
other's nearest may be merged in any order, so all such pairs are merged at once.
Source: Murtagh, A survey of recent advances in hierarchical clustering algorithms, The Computer Journal 26(4),
1983.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

_BLOCK = 256  # clusters compared with all others at once: 10 MB where there are 10,000


def clusters(
    vectors: NDArray[np.float32], least_similarity: float, on_progress: Callable[[int], None] = lambda done: None
) -> list[list[int]]:
    """Rows that belong together, ascending in each cluster, clusters by their first row; empty for no rows.

    Clusters are merged, the most similar ones first, as long as the average cosine similarity of their pairs,
    [-1, 1], is at least `least_similarity`. Nothing is left to chance.

    Args:
        vectors: `(n, dim)`, rows of length 1.
        least_similarity: where to stop.
        on_progress: is told how many of the rows are merged into another or stay alone.
    """
    found: list[list[int]] = []
    members = [[row] for row in range(len(vectors))]
    means = vectors.copy()
    sizes = np.ones(len(means), np.float32)
    nearest = np.zeros(len(means), np.intp)
    similarity = np.zeros(len(means), np.float32)
    stale = np.ones(len(means), bool)
    while members:
        _find_nearest(means, nearest, similarity, stale)
        # Merging makes no two clusters more similar than their parts were: one without a near one is done.
        gone = similarity < least_similarity
        found += [members[done] for done in np.flatnonzero(gone)]
        changed = gone.copy()
        for kept, merged in _pairs(nearest, similarity, gone):
            means[kept] = (sizes[kept] * means[kept] + sizes[merged] * means[merged]) / (sizes[kept] + sizes[merged])
            sizes[kept] += sizes[merged]
            members[kept] += members[merged]
            gone[merged] = True
            changed[[kept, merged]] = True
        left = ~gone
        stale = (changed | changed[nearest])[left]
        nearest = (np.cumsum(left) - 1)[nearest[left]]
        means, sizes, similarity = means[left], sizes[left], similarity[left]
        members = [members[row] for row in np.flatnonzero(left)]
        on_progress(len(vectors) - len(members))
    return sorted(sorted(rows) for rows in found)


def _find_nearest(
    means: NDArray[np.float32], nearest: NDArray[np.intp], similarity: NDArray[np.float32], stale: NDArray[np.bool_]
) -> None:
    """Fill in the nearest other cluster of the stale ones, and how similar it is; -inf where there is none."""
    rows = np.flatnonzero(stale)
    for first in range(0, len(rows), _BLOCK):
        block = rows[first : first + _BLOCK]
        compared = means[block] @ means.T
        compared[np.arange(len(block)), block] = -np.inf
        nearest[block] = compared.argmax(axis=1)
        similarity[block] = compared.max(axis=1)


def _pairs(
    nearest: NDArray[np.intp], similarity: NDArray[np.float32], gone: NDArray[np.bool_]
) -> list[tuple[int, int]]:
    """Clusters that are each other's nearest, the first one first; at least one pair where any is left."""
    rows = np.arange(len(nearest))
    mutual = (nearest[nearest] == rows) & (rows < nearest) & ~gone & ~gone[nearest]
    if not mutual.any() and not gone.all():
        # Rounding can make three that are equally near point at each other in a circle.
        best = int(np.where(gone | gone[nearest], -np.inf, similarity).argmax())
        mutual[best] = not gone[best] and not gone[nearest[best]]
    return [(int(row), int(nearest[row])) for row in np.flatnonzero(mutual)]
