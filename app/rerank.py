"""rerank: fused hits in the order of a cross-encoder that reads question and passage together."""

from collections.abc import Sequence
from dataclasses import replace

from langchain_core.cross_encoders import BaseCrossEncoder

from app.core.types import Hit, StageScore


def rerank(question: str, hits: Sequence[Hit], reranker: BaseCrossEncoder | None) -> list[Hit]:
    """The hits, best first by logit, ties by fused rank; in the order given when there is no reranker."""
    if reranker is None or not hits:
        return list(hits)
    logits = reranker.score([(question, hit.chunk.index_text) for hit in hits])
    order = sorted(range(len(hits)), key=lambda place: (-logits[place], hits[place].fused.rank))
    return [replace(hits[place], reranked=StageScore(rank, logits[place])) for rank, place in enumerate(order, 1)]
