"""fuse: two ranked lists into one, by weighted reciprocal rank."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from app.core.lexical_index import LexicalHit
from app.core.types import StageScore
from app.core.vector_store import VectorHit


class FusedHit(NamedTuple):
    chunk_id: str
    lexical: StageScore | None
    vector: StageScore | None
    fused: StageScore


def fuse(
    lexical: Sequence[LexicalHit],
    vector: Sequence[VectorHit],
    lexical_weight: float = 0.4,
    vector_weight: float = 0.6,
    k: int = 60,
) -> list[FusedHit]:
    """Every chunk that either search returned, best first, ties by id.

    score(c) = sum over the searches that returned c of weight / (k + rank), ranks from 1.
    Fused by chunk id, never by text: equal texts in two files stay two hits.

    Source: Cormack, Clarke and Buettcher, "Reciprocal rank fusion", SIGIR 2009; k = 60 is theirs.
    """
    by_lexical = _ranked({hit.chunk_id: hit.score for hit in lexical})
    by_vector = _ranked({hit.chunk_id: hit.similarity for hit in vector})
    scores = {
        chunk_id: sum(
            weight / (k + stage[chunk_id].rank)
            for weight, stage in ((lexical_weight, by_lexical), (vector_weight, by_vector))
            if chunk_id in stage
        )
        for chunk_id in by_lexical | by_vector
    }
    order = sorted(scores, key=lambda chunk_id: (-scores[chunk_id], chunk_id))
    return [
        FusedHit(chunk_id, by_lexical.get(chunk_id), by_vector.get(chunk_id), StageScore(rank, scores[chunk_id]))
        for rank, chunk_id in enumerate(order, 1)
    ]


def _ranked(scores: Mapping[str, float]) -> dict[str, StageScore]:
    return {chunk_id: StageScore(rank, score) for rank, (chunk_id, score) in enumerate(scores.items(), 1)}
