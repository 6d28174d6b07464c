"""fit: the weights that rank a set of questions best, judged on questions that had no say in them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Generic, TypeVar

import numpy as np

from footnote.app.evaluation.estimate import Floats, draws, interval, resampled_means
from footnote.app.retrieval.weights import Weights

FOLDS = 5
# Fewer questions than this cannot tell a gain from noise: a gain of .05 has an interval of about +-.05 with 60.
MIN_QUESTIONS = 30
LEXICAL_SHARES = (0.3, 0.4, 0.5, 0.6, 0.7)
COSINE_SPANS = (0.1, 0.15, 0.2, 0.3)
FUSED_WEIGHTS = (0.0, 1.0, 2.0, 4.0, 8.0)
FUSIONS = tuple(Weights(share, span, 0.0) for share, span in product(LEXICAL_SHARES, COSINE_SPANS))
GRID = tuple(Weights(fusion.lexical_share, fusion.cosine_span, fused) for fusion in FUSIONS for fused in FUSED_WEIGHTS)


Choice = TypeVar("Choice")


@dataclass(frozen=True, slots=True)
class Fit(Generic[Choice]):
    """What tuning came to.

    Attributes:
        chosen: the best on all questions; what was set, where nothing is better.
        before, after: the mean score with what was set, and of each question with what was chosen on the other folds.
        low, high: 95% interval of after - before, by bootstrap over questions.
    """

    chosen: Choice
    before: float
    after: float
    low: float
    high: float
    questions: int

    @property
    def is_better(self) -> bool:
        """Whether the gain is beyond noise."""
        return self.low > 0


def fit(choices: Sequence[Choice], scores: Floats, seed: int = 0) -> Fit[Choice]:
    """The best of several choices, cross-validated.

    `scores` is `(questions, choices)`; the first choice is what is set.
    """
    count = len(scores)
    order = list(range(count))
    random.Random(seed).shuffle(order)
    chosen = np.empty(count)
    for fold in range(FOLDS):
        held_out = order[fold::FOLDS]
        others = np.delete(scores, held_out, axis=0)
        chosen[held_out] = scores[held_out, _best(others)]
    gains = (chosen - scores[:, 0])[:, None]
    low, high = interval(resampled_means(gains, draws(count, seed)))
    before, after = float(scores[:, 0].mean()), float(chosen.mean())
    return Fit(choices[_best(scores)], before, after, float(low[0]), float(high[0]), count)


def _best(scores: Floats) -> int:
    """The place of the best ranking; the first of equals, so that nothing is changed for nothing."""
    return int(np.argmax(np.round(scores.mean(axis=0), 9)))
