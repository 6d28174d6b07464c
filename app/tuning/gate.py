"""gate: the strictness at which a team's own questions are answered and refused rightly most often."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from footnote.app.core.errors import NothingToEvaluateError, SettingsError
from footnote.app.core.progress import OnProgress
from footnote.app.core.settings import Settings
from footnote.app.engine.engine import Engine
from footnote.app.evaluation.types import Question
from footnote.app.retrieval.gate import is_calibrated
from footnote.app.tuning.fit import Fit, fit

MIN_EACH = 15
STRICTNESS = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


@dataclass(frozen=True, slots=True)
class FittedGate:
    """A fit by balanced accuracy: the mean of the two shares below, each of which counts alike.

    Attributes:
        set: the strictness that was set.
        answered: of the answerable questions those that are answered, with the strictness that was set and the fitted.
        refused: of the others those that are refused, the same.
    """

    fit: Fit[float]
    set: float
    answered: tuple[float, float]
    refused: tuple[float, float]


def fit_gate(
    engine: Engine, questions: Sequence[Question], settings: Settings, on_progress: OnProgress, seed: int = 0
) -> FittedGate:
    """Choose among `STRICTNESS` by questions that the docs answer and questions that they do not.

    Raises:
        SettingsError: other models than the bundled ones, of whose scores nothing is known.
        NothingToEvaluateError: too few questions of a kind.
    """
    if not is_calibrated(settings.models):
        raise SettingsError(
            "the gate is calibrated on the bundled models alone: unset FOOTNOTE_EMBEDDER, FOOTNOTE_RERANKER and "
            "FOOTNOTE_QUERY_PREFIX, or set FOOTNOTE_MIN_RERANK_SCORE by hand"
        )
    answerable = np.array([one.answerable for one in questions], dtype=bool)
    if min(answerable.sum(), (~answerable).sum()) < MIN_EACH:
        raise NothingToEvaluateError(
            f"{answerable.sum()} questions are answerable and {(~answerable).sum()} are not: a gate is fitted to at "
            f"least {MIN_EACH} of each; mark with `answerable: false` what `footnote gaps` says that nobody documents"
        )
    likely = []
    for done, question in enumerate(questions):
        on_progress("ask", done, len(questions))
        # Where nothing was found there is no probability, and the question is refused.
        likely.append(engine.judge(question.text, settings.search.top_k).answerability or 0.0)
    on_progress("ask", len(questions), len(questions))
    set_now = settings.gate.strictness
    choices = (set_now, *(one for one in STRICTNESS if one != set_now))
    goes_on = np.array(likely)[:, None] >= np.array(choices)[None, :]
    right = np.where(answerable[:, None], goes_on, ~goes_on).astype(np.float64)
    # So that the mean over questions is that of the two kinds.
    weights = np.where(answerable, 0.5 / answerable.mean(), 0.5 / (~answerable).mean())
    found = fit(choices, right * weights[:, None], seed)
    places = (0, choices.index(found.chosen))
    shares = [(float(right[kind, place].mean()) for place in places) for kind in (answerable, ~answerable)]
    (answered, then_answered), (refused, then_refused) = shares
    return FittedGate(found, set_now, (answered, then_answered), (refused, then_refused))
