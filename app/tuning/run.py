"""run: a team's questions asked of its index, and the weights that rank their answers best."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from footnote.app.core.errors import NothingToEvaluateError, SettingsError
from footnote.app.core.progress import OnProgress
from footnote.app.core.settings import Settings
from footnote.app.engine.engine import Engine
from footnote.app.evaluation.scoring.labels import Labels, Target
from footnote.app.evaluation.scoring.ranking import reciprocal_rank
from footnote.app.evaluation.scoring.relevance import Relevance, relevance
from footnote.app.evaluation.types import Question
from footnote.app.retrieval.retrieve import depths
from footnote.app.retrieval.weights import Weights
from footnote.app.tuning.asked import Asked, ask
from footnote.app.tuning.fit import FUSIONS, GRID, MIN_QUESTIONS, Fit, fit


@dataclass(frozen=True, slots=True)
class Tuned:
    """A fit, the weights that were set before it, and how many questions have labels that match nothing any more."""

    fit: Fit[Weights]
    set: Weights
    stale: int


def tune(
    engine: Engine, questions: Sequence[Question], settings: Settings, on_progress: OnProgress, seed: int = 0
) -> Tuned:
    """Fit the weights to questions with labels: MRR@10 at the finest level that all labels of a question have.

    `settings` has the weights that count as set: those of an earlier tuning are not among them.

    Raises:
        SettingsError: there is no reranker, whose logits are what is weighed.
        NothingToEvaluateError: too few questions have labels that match the docs.
    """
    reranker = engine.models.reranker
    if reranker is None:
        raise SettingsError("FOOTNOTE_RERANKER=none: there is nothing to weigh without a reranker")
    set_now = Weights.of(settings.search)
    choices = (set_now, *(one for one in GRID if one != set_now))
    depth = depths(settings.search, settings.search.top_k)
    labels = Labels(engine.index)
    rows, stale = [], 0
    for done, question in enumerate(questions):
        on_progress("ask", done, len(questions))
        targets = [labels.resolve(label) for label in question.gold]
        found = [one for one in targets if isinstance(one, Target)]
        if len(found) < len(targets):
            stale += 1
        elif found:
            asked = ask(question.text, engine.index, engine.models.embedder, reranker, (set_now, *FUSIONS), *depth)
            rows.append(scores(asked, depth.reranked, relevance(found)[-1], choices))
    on_progress("ask", len(questions), len(questions))
    if len(rows) < MIN_QUESTIONS:
        raise NothingToEvaluateError(
            f"{len(rows)} questions have labels that match the docs: with fewer than {MIN_QUESTIONS} a gain cannot be "
            "told from noise; `footnote eval --generate` drafts some, and `footnote gaps` says what is asked"
        )
    return Tuned(fit(choices, np.array(rows), seed), set_now, stale)


def scores(asked: Asked, rerank_depth: int, relevant: Relevance, choices: Sequence[Weights]) -> list[float]:
    """The reciprocal rank of the first that is right among ten, with each of the weights."""
    return [reciprocal_rank(relevant.ranked(chunks)) for chunks in asked.ranked(choices, rerank_depth)]
