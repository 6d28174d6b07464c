"""gate: refuse before answering when nothing retrieved is about the question."""

from collections.abc import Sequence

from app.core.types import Hit

NOTHING_FOUND = "no passage shares a word or a meaning with the question"
NO_FILE = "no file of the docs passes the filter"
NOTHING_FITS = "no passage of the docs is about this question"


def refusal_reason(hits: Sequence[Hit], min_rerank_score: float) -> str | None:
    """Why the docs do not answer, or None when the best hit is good enough.

    `hits` come best first. Without a reranker only an empty list is refused: cosine similarities
    and BM25 scores have no level that means "unrelated" across corpora.
    """
    if not hits:
        return NOTHING_FOUND
    best = hits[0].reranked
    return NOTHING_FITS if best is not None and best.score < min_rerank_score else None
