"""Differences of two groups of questions that have none in common, and how many questions would show one."""

import math
from collections.abc import Callable
from statistics import NormalDist

import numpy as np

from footnote.app.evaluation.estimate import CONFIDENCE, Floats, interval, samples_for

POWER = 0.8
_BATCH = 2_000_000  # values that are drawn at once, so that large groups need no large memory


def difference_of_shares(a: Floats, b: Floats, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The interval of b's mean - a's, of `(questions,) float64` that are 0 or 1; good for few questions as well.

    Of values between 0 and 1 it is too wide, as they vary less than that.

    Source: Newcombe, "Interval estimation for the difference between independent proportions", Statistics in Medicine
    17, 1998, method 10: Wilson's interval of each.
    """
    z = _z(confidence)
    (low_a, high_a), (low_b, high_b) = _wilson(a, z), _wilson(b, z)
    mean_a, mean_b = float(a.mean()), float(b.mean())
    below = math.hypot(mean_b - low_b, high_a - mean_a)
    above = math.hypot(high_b - mean_b, mean_a - low_a)
    return mean_b - mean_a - below, mean_b - mean_a + above


def difference_of_statistics(
    a: Floats,
    b: Floats,
    statistic: Callable[..., Floats],
    confidence: float = CONFIDENCE,
    seed: int = 0,
) -> tuple[float, float]:
    """The interval of `statistic(b) - statistic(a)`, such as `np.mean` or `np.median`; it takes an `axis`.

    The percentile bootstrap: each group is drawn from its own questions, as many as it has. With few questions, or
    where all of them are alike, it is too narrow.
    """
    generator = np.random.default_rng(seed)
    samples = samples_for(confidence)
    low, high = interval(
        _drawn(b, statistic, samples, generator) - _drawn(a, statistic, samples, generator), confidence
    )
    return float(low), float(high)


def questions_needed(a: Floats, b: Floats, share_b: float, difference: float, confidence: float = CONFIDENCE) -> int:
    """How many questions in both groups together would show a difference of means of this size in four of five tries.

    `share_b` of them, between 0 and 1, go to b; the values vary as they do so far, or where they do not vary at all, as
    one that is the rarer one in half a question of those there are.

    Source: the normal approximation, Cohen, "Statistical Power Analysis for the Behavioral Sciences", 1988.
    """
    wanted = (_z(confidence) + NormalDist().inv_cdf(POWER)) ** 2
    spread = _variance(a) / (1 - share_b) + _variance(b) / share_b
    return math.ceil(wanted * spread / difference**2)


def _variance(values: Floats) -> float:
    rare = 0.5 / len(values)
    return float(values.var()) or rare * (1 - rare)


def _drawn(values: Floats, statistic: Callable[..., Floats], samples: int, generator: np.random.Generator) -> Floats:
    found, step = [], max(1, _BATCH // len(values))
    for first in range(0, samples, step):
        places = generator.integers(len(values), size=(min(step, samples - first), len(values)))
        found.append(statistic(values[places], axis=1))
    return np.concatenate(found)


def _wilson(values: Floats, z: float) -> tuple[float, float]:
    count, mean = len(values), float(values.mean())
    centre = mean + z**2 / (2 * count)
    half = z * math.sqrt(mean * (1 - mean) / count + z**2 / (4 * count**2))
    return (centre - half) / (1 + z**2 / count), (centre + half) / (1 + z**2 / count)


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf(0.5 + confidence / 2)
