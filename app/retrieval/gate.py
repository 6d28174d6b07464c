"""gate: refuse before answering when what was retrieved does not seem to answer the question."""

from collections.abc import Sequence
from typing import NamedTuple

from footnote.app.core.setting_groups import GateSettings, ModelSettings
from footnote.app.core.text.term_counts import TermCounts
from footnote.app.core.types import Hit
from footnote.app.retrieval.answerability import probability, signals

NOTHING_FOUND = "no passage shares a word or a meaning with the question"
NO_FILE = "no file of the docs passes the filter"
NOTHING_FITS = "no passage of the docs is about this question"
NOT_ANSWERED = "no passage of the docs seems to answer this question"


class GateDecision(NamedTuple):
    """`reason` why the docs do not answer, None to go on; `answerability` in [0, 1], None where it is not known."""

    reason: str | None
    answerability: float | None = None


def is_calibrated(models: ModelSettings) -> bool:
    """Whether the probability that the docs answer is known for these models."""
    return models.embedder == models.reranker == "bundled" and models.query_prefix is None


class Gate:
    """Judges what was retrieved for a question, before anything is written.

    With the bundled models by the probability that the docs answer, against the setting `strictness`; with others by
    the reranker's logit alone, since the probability is calibrated on the bundled ones. Without a reranker only an
    empty list is refused: cosine similarities and BM25 scores have no level that means "unrelated" across corpora.
    """

    def __init__(self, gate: GateSettings, models: ModelSettings, counts: TermCounts) -> None:
        self._min_logit = gate.min_rerank_score
        self._strictness = gate.strictness
        self._counts = counts
        self._calibrated = is_calibrated(models)

    def judge(self, question: str, candidates: Sequence[Hit]) -> GateDecision:
        """Whether to go on; `candidates` are all that were reranked, best first."""
        if not candidates:
            return GateDecision(NOTHING_FOUND)
        best = candidates[0].reranked
        if best is None:
            return GateDecision(None)
        too_low = best.score < self._min_logit
        if not self._calibrated:
            return GateDecision(NOTHING_FITS if too_low else None)
        if too_low:
            return GateDecision(NOTHING_FITS if self._strictness else None, 0.0)
        found = signals(question, candidates, self._counts)
        likely = probability(found)
        if likely >= self._strictness:
            return GateDecision(None, likely)
        names = ", ".join(found.unknown_names[:3])
        return GateDecision(f"{NOT_ANSWERED}; nothing in the docs names {names}" if names else NOT_ANSWERED, likely)
