"""fit: a gain counts only on questions that had no say in it, and only beyond noise."""

import numpy as np
import pytest

from footnote.app.retrieval.weights import Weights
from footnote.app.tuning.fit import fit

CHOICES = tuple(Weights(share, 0.2, 2.0) for share in (0.5, 0.3, 0.4, 0.6, 0.7))


def test_what_is_better_on_all_folds_is_chosen():
    scores = np.full((60, len(CHOICES)), 0.5)
    scores[:, 3] = np.where(np.arange(60) % 3 == 0, 0.5, 1.0)
    found = fit(CHOICES, scores)
    assert (found.chosen, found.questions) == (CHOICES[3], 60)
    assert (found.before, found.after) == (0.5, pytest.approx(5 / 6))
    assert 0 < found.low < found.after - found.before < found.high
    assert found.is_better


def test_the_best_by_chance_is_no_gain():
    generator = np.random.default_rng(3)
    scores = generator.random((60, 101))
    found = fit((CHOICES[0], *(Weights(0.1, 0.2, number) for number in range(100))), scores)
    # On all questions together some column is well above the first, on those left out it is not.
    assert scores.mean(axis=0).max() > found.before + 0.04
    assert not found.is_better


def test_equals_change_nothing():
    found = fit(CHOICES, np.ones((40, len(CHOICES))))
    assert (found.chosen, found.low, found.high) == (CHOICES[0], 0, 0)
    assert not found.is_better
