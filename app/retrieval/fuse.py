"""fuse: two ranked lists into one, by a weighted sum of calibrated scores.

By score and not by rank: a rank does not say that the first hit is far ahead of the second, and every chunk that
both searches returned, however low, would come before one that a single search is sure of.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from footnote.app.core.types import StageScore
from footnote.app.index.seam import LexicalHit, VectorHit


class FusedHit(NamedTuple):
    chunk_id: str
    lexical: StageScore | None
    vector: StageScore | None
    fused: StageScore


def fuse(
    lexical: Sequence[LexicalHit],
    vector: Sequence[VectorHit],
    depth: int,
    lexical_weight: float = 0.5,
    vector_weight: float = 0.5,
    cosine_span: float = 0.2,
) -> list[FusedHit]:
    """Every chunk that either search returned, best first, ties by similarity and then by id.

    score(c) = weighted mean of bm25(c) / best bm25 and 1 - (best cosine - cosine(c)) / `cosine_span`, each in [0, 1].
    `depth` is how many hits each search was asked for: a chunk that a full list lacks counts there as the last of the
    list, since no better is known of it; one that a shorter list lacks has nothing in common with the question.
    Fused by chunk id, never by text: equal texts in two files stay two hits.

    Source: Bruch, Gai and Ingber, "An analysis of fusion functions for hybrid retrieval", TOIS 2023.
    """
    lexical_best = max((hit.score for hit in lexical), default=1.0)
    vector_best = max((hit.similarity for hit in vector), default=1.0)
    parts = (
        (lexical_weight, {hit.chunk_id: hit.score / lexical_best for hit in lexical}),
        (vector_weight, {hit.chunk_id: _nearness(vector_best - hit.similarity, cosine_span) for hit in vector}),
    )
    scores = dict.fromkeys([*(hit.chunk_id for hit in lexical), *(hit.chunk_id for hit in vector)], 0.0)
    for weight, part in parts:
        missing = min(part.values()) if len(part) >= depth else 0.0
        for chunk_id in scores:
            scores[chunk_id] += weight / (lexical_weight + vector_weight) * part.get(chunk_id, missing)
    similarity = {hit.chunk_id: hit.similarity for hit in vector}
    order = sorted(scores, key=lambda chunk_id: (-scores[chunk_id], -similarity.get(chunk_id, -1.0), chunk_id))
    by_lexical = _ranked({hit.chunk_id: hit.score for hit in lexical})
    by_vector = _ranked(similarity)
    return [
        FusedHit(chunk_id, by_lexical.get(chunk_id), by_vector.get(chunk_id), StageScore(rank, scores[chunk_id]))
        for rank, chunk_id in enumerate(order, 1)
    ]


def _nearness(below_best: float, span: float) -> float:
    return max(0.0, 1.0 - below_best / span)


def _ranked(scores: Mapping[str, float]) -> dict[str, StageScore]:
    return {chunk_id: StageScore(rank, score) for rank, (chunk_id, score) in enumerate(scores.items(), 1)}
