"""compare: two arms measure by measure, and a verdict.

A measure decides where the whole interval of its difference is on one side. The intervals of those that decide are
widened (Bonferroni), so that all of them together err in one of twenty comparisons of equal models.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from footnote.app.core.types import Arm
from footnote.app.evaluation.estimate import CONFIDENCE
from footnote.app.evaluation.unpaired import difference_of_shares, difference_of_statistics, questions_needed
from footnote.app.finetuning.ab.experiment import ArmAnswers, Experiment
from footnote.app.finetuning.ab.measures import LIKED, MEASURES, RATED, Better, Measure

Verdict = Literal["A is better", "B is better", "each is better in something", "no difference yet"]
# In each arm; below, an interval of drawn questions is too narrow to decide. A guess.
FEWEST = 20
DECIDING_CONFIDENCE = 1 - (1 - CONFIDENCE) / sum(one.decides for one in MEASURES)


@dataclass(frozen=True, slots=True)
class Compared:
    """A measure in both arms.

    Attributes:
        a, b: the means over questions, or the medians; None where it applies to none.
        low, high: of `b - a`; None where there is nothing to compare.
        winner: the arm that is better beyond the interval.
        questions_a, questions_b: on how many it rests.
        needed: how many questions are missing until a difference of the size that was named would show; None where
            it does not decide, or cannot be told.
    """

    name: str
    meaning: str
    better: Better
    decides: bool
    a: float | None
    b: float | None
    low: float | None
    high: float | None
    winner: Arm | None
    questions_a: int
    questions_b: int
    needed: int | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both arms, the measures that decide first; `confidence` is of the intervals of these, `reasons` what decided."""

    a: ArmAnswers
    b: ArmAnswers
    since_s: float
    rows: tuple[Compared, ...]
    confidence: float
    difference: float
    verdict: Verdict
    reasons: tuple[str, ...]


def compare(found: Experiment, difference: float, seed: int = 0) -> Comparison:
    """The comparison; `difference` is the smallest that would matter, for what is still needed to see it."""
    share_b = _share(len(found.a.by_question), len(found.b.by_question))
    rows = tuple(_compared(one, found, share_b, difference, seed) for one in MEASURES)
    winners = [row for row in rows if row.decides and row.winner]
    arms = {row.winner for row in winners}
    verdict: Verdict = "no difference yet"
    if len(arms) == 2:
        verdict = "each is better in something"
    elif arms:
        verdict = "B is better" if "B" in arms else "A is better"
    reasons = tuple(_reason(row) for row in winners)
    return Comparison(found.a, found.b, found.since_s, rows, DECIDING_CONFIDENCE, difference, verdict, reasons)


def _compared(measure: Measure, found: Experiment, share_b: float | None, difference: float, seed: int) -> Compared:
    a, b = (measure.values(arm.by_question) for arm in (found.a, found.b))
    statistic = np.median if measure.kind == "median" else np.mean
    confidence = DECIDING_CONFIDENCE if measure.decides else CONFIDENCE
    low = high = None
    winner: Arm | None = None
    needed = None
    if len(a) and len(b):
        if measure.kind == "yes or no":
            low, high = difference_of_shares(a, b, confidence)
        else:
            low, high = difference_of_statistics(a, b, statistic, confidence, seed)
        is_enough = measure.kind == "yes or no" or min(len(a), len(b)) >= FEWEST
        if measure.better and is_enough and (low > 0 or high < 0):
            winner = "B" if (low > 0) == (measure.better == "more") else "A"
        if measure.decides and share_b and not winner:
            in_all = questions_needed(a, b, share_b, difference, confidence)
            needed = _missing(measure, max(0, in_all - len(a) - len(b)), found)
    return Compared(
        measure.name,
        measure.meaning,
        measure.better,
        measure.decides,
        float(statistic(a)) if len(a) else None,
        float(statistic(b)) if len(b) else None,
        low,
        high,
        winner,
        len(a),
        len(b),
        needed,
    )


def _missing(measure: Measure, values: int, found: Experiment) -> int | None:
    """How many questions must be asked for so many values more: readers say something of some answers only."""
    if measure is not LIKED:
        return values
    rated = np.concatenate([RATED.values(arm.by_question) for arm in (found.a, found.b)])
    share = float(np.mean(rated > 0))
    return round(values / share) if share else None


def _share(questions_a: int, questions_b: int) -> float | None:
    """B's share of the questions; None where one arm has none."""
    return questions_b / (questions_a + questions_b) if questions_a and questions_b else None


def _reason(row: Compared) -> str:
    assert row.a is not None and row.b is not None and row.low is not None and row.high is not None
    return (
        f"{row.winner} is better: {row.name} {row.a:.3f} in A, {row.b:.3f} in B "
        f"({row.low:+.3f} to {row.high:+.3f}; {row.questions_a} and {row.questions_b} questions)"
    )
