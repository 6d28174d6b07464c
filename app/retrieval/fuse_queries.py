"""fuse queries: the fused lists of several queries into one."""

from collections.abc import Sequence

from footnote.app.core.types import StageScore
from footnote.app.retrieval.fuse import FusedHit


def fuse_queries(lists: Sequence[Sequence[FusedHit]]) -> list[FusedHit]:
    """Every chunk of any list, best first by its mean fused score, ties by its place in the first list, then by id.

    A list that lacks a chunk gives it 0. The first list is the question's: its places in the two searches are kept,
    so that a similarity is always one with the question itself.
    """
    first, *others = lists
    if not others:
        return list(first)
    own = {hit.chunk_id: hit for hit in first}
    totals = dict.fromkeys((hit.chunk_id for one in lists for hit in one), 0.0)
    for one in lists:
        for hit in one:
            totals[hit.chunk_id] += hit.fused.score / len(lists)
    last = len(first) + 1

    def place(chunk_id: str) -> tuple[float, int, str]:
        return -totals[chunk_id], own[chunk_id].fused.rank if chunk_id in own else last, chunk_id

    return [
        FusedHit(
            chunk_id,
            own[chunk_id].lexical if chunk_id in own else None,
            own[chunk_id].vector if chunk_id in own else None,
            StageScore(rank, totals[chunk_id]),
        )
        for rank, chunk_id in enumerate(sorted(totals, key=place), 1)
    ]
