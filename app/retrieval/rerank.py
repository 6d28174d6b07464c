"""rerank: fused hits in the order of a cross-encoder that reads question and passage together."""

from collections.abc import Sequence
from dataclasses import replace

from langchain_core.cross_encoders import BaseCrossEncoder

from footnote.app.core.types import Hit, StageScore


def rerank(
    question: str, hits: Sequence[Hit], reranker: BaseCrossEncoder | None, fused_weight: float = 0.0
) -> list[Hit]:
    """The hits, best first by logit + `fused_weight` x fused score, ties by fused rank; as given without a reranker.

    The fused score has its say because the cross-encoder errs otherwise than the searches do.
    """
    if reranker is None or not hits:
        return list(hits)
    texts = [hit.chunk.index_text for hit in hits]
    known = list(dict.fromkeys(texts))
    logits = dict(zip(known, reranker.score([(question, text) for text in known]), strict=True))
    order = sorted(
        zip(hits, map(logits.__getitem__, texts), strict=True),
        key=lambda one: (-(one[1] + fused_weight * one[0].fused.score), one[0].fused.rank),
    )
    return [replace(hit, reranked=StageScore(rank, logit)) for rank, (hit, logit) in enumerate(order, 1)]
