"""rerank: fused hits in the order of a cross-encoder that reads question and passage together."""

from collections.abc import Sequence
from dataclasses import replace

from langchain_core.cross_encoders import BaseCrossEncoder

from footnote.app.core.text.term_counts import TermCounts
from footnote.app.core.types import Hit, StageScore
from footnote.app.retrieval.excerpt import excerpt, question_rarities

# As many as an answer is written from by default: a second reading orders these and brings in no other.
READ_TWICE = 4
EXCERPT_CHARS = 350


def rerank(
    question: str,
    hits: Sequence[Hit],
    reranker: BaseCrossEncoder | None,
    counts: TermCounts,
    fused_weight: float = 0.0,
    read_twice: int = READ_TWICE,
) -> list[Hit]:
    """The hits, best first by logit + `fused_weight` x fused score, ties by fused rank; as given without a reranker.

    The fused score has its say because the cross-encoder errs otherwise than the searches do. It reads the first
    `read_twice` again, in the excerpt that is closest to the question, and their logit is the mean of both readings:
    what answers in one sentence of a long passage is judged by that sentence too.
    """
    if reranker is None or not hits:
        return list(hits)

    known: dict[str, float] = {}

    def read(texts: Sequence[str]) -> list[float]:
        # A short passage is its own excerpt, and has its logit already.
        if new := [text for text in dict.fromkeys(texts) if text not in known]:
            known.update(zip(new, reranker.score([(question, text) for text in new]), strict=True))
        return [known[text] for text in texts]

    def ordered(some: Sequence[Hit], logits: Sequence[float]) -> list[tuple[Hit, float]]:
        read = zip(some, logits, strict=True)
        return sorted(read, key=lambda one: (-(one[1] + fused_weight * one[0].fused.score), one[0].fused.rank))

    by_passage = ordered(hits, read([hit.chunk.index_text for hit in hits]))
    first, others = by_passage[:read_twice], by_passage[read_twice:]
    rarities = question_rarities(question, counts)
    chunks = [hit.chunk for hit, _ in first]
    again = read([f"{chunk.breadcrumb}\n\n{excerpt(chunk.read_text, rarities, EXCERPT_CHARS)}" for chunk in chunks])
    means = [(logit + second) / 2 for (_, logit), second in zip(first, again, strict=True)]
    final = ordered([hit for hit, _ in first], means) + others
    return [replace(hit, reranked=StageScore(rank, logit)) for rank, (hit, logit) in enumerate(final, 1)]
