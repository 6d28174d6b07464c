"""trace: at which rank each stage of a retrieval had one of some chunks, and what stood ahead of it."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from footnote.app.core.types import Chunk
from footnote.app.explaining.target import Target
from footnote.app.explaining.types import RankedPassage, StageTrace, TraceStage
from footnote.app.index.filters import FileSelection, QueryFilter
from footnote.app.retrieval.retrieve import Depths, Retrieval, Retriever

# Passages that a search is asked for where its candidates lack the wanted one: a round number, some 50 ms.
DEEPEST = 2_000
_Scored = tuple[str, float | None]
_Search = Callable[[str, int, FileSelection | None], Sequence[tuple[str, float]]]


class _Place(NamedTuple):
    """`rank` is None where it is beyond all that were looked at."""

    chunk_id: str
    rank: int | None
    score: float | None


class _Trace(NamedTuple):
    stage: TraceStage
    kept: int | None
    best: _Place | None = None
    ahead: _Place | None = None


def trace(
    retriever: Retriever,
    question: str,
    query_filter: QueryFilter | None,
    target: Target,
    retrieval: Retrieval,
    depths: Depths,
    top_k: int,
) -> tuple[StageTrace, ...]:
    """A trace for each stage; where a search did not return the target among its candidates, it is searched deeper."""

    def searched(stage: TraceStage, found: Sequence[tuple[str, float]], search: _Search) -> _Trace:
        place = _placed(found, target.chunk_ids)
        if place:
            return _Trace(stage, depths.searched, place, _ahead(found, place, depths.searched))
        found = search(question, DEEPEST, retriever.index.select(query_filter))
        place = _placed(found, target.chunk_ids) or alone(search)
        return _Trace(stage, depths.searched, place, _ahead(found, place, depths.searched) if place else None)

    def alone(search: _Search) -> _Place | None:
        # The score needs no rank: it is the same when nothing but the page is searched.
        page = retriever.index.select(QueryFilter(path=target.path))
        of_page = len(retriever.index.files[target.path].chunk_ids)
        place = _placed(search(question, of_page, page), target.chunk_ids)
        return place._replace(rank=None) if place else None

    def ordered(stage: TraceStage, order: Sequence[_Scored], kept: int | None) -> _Trace:
        place = _placed(order, target.chunk_ids)
        return _Trace(stage, kept, place, _ahead(order, place, kept) if place else None)

    final = [(hit.chunk.id, hit.reranked.score if hit.reranked else None) for hit in retrieval.candidates]
    by_logit = sorted(((one, score) for one, score in final if score is not None), key=lambda one: -one[1])
    traces = (
        searched("lexical", retrieval.lexical, retriever.by_words),
        searched("vector", retrieval.vector, retriever.by_meaning),
        ordered("fused", [(hit.chunk_id, hit.fused.score) for hit in retrieval.fused], depths.reranked),
        ordered("reranked", by_logit, None),
        ordered("final", final, top_k),
    )
    shown = {place.chunk_id for one in traces for place in (one.best, one.ahead) if place}
    chunks = retriever.index.chunks.get(shown)
    return tuple(
        StageTrace(one.stage, one.kept, *(_passage(place, chunks) for place in (one.best, one.ahead))) for one in traces
    )


def first_rank(order: Sequence[str], wanted: frozenset[str]) -> int | None:
    """The rank of the first that is wanted; None without one."""
    return next((rank for rank, chunk_id in enumerate(order, 1) if chunk_id in wanted), None)


def _placed(order: Sequence[_Scored], wanted: frozenset[str]) -> _Place | None:
    rank = first_rank([chunk_id for chunk_id, _ in order], wanted)
    return _Place(order[rank - 1][0], rank, order[rank - 1][1]) if rank else None


def _ahead(order: Sequence[_Scored], place: _Place, kept: int | None) -> _Place | None:
    before = len(order) if place.rank is None else place.rank - 1
    rank = before if kept is None else min(before, kept)
    return _Place(order[rank - 1][0], rank, order[rank - 1][1]) if rank else None


def _passage(place: _Place | None, chunks: dict[str, Chunk]) -> RankedPassage | None:
    return RankedPassage(chunks[place.chunk_id], place.rank, place.score) if place else None
