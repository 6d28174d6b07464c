"""verdict: better, no difference or worse, by a few measures that were chosen before anything was asked.

A measure decides where the whole interval of its difference is on one side. Several of them on several sets of docs
would find something by chance, so the intervals are widened (Bonferroni) until all of them together err in one of
twenty comparisons of equal models. What is worse anywhere outweighs what is better elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from footnote.app.evaluation.comparing.against import Against, Measure, Row
from footnote.app.evaluation.estimate import CONFIDENCE
from footnote.app.finetuning.proving.measures import ANSWERED, IN_FORM, JUDGED, PROVEN, REFUSED, WORDS

Word = Literal["better", "no difference", "worse"]


@dataclass(frozen=True, slots=True)
class SetProof:
    """Base (A) and tuned model (B) on one set of docs.

    Attributes:
        name: the docs folder.
        is_unseen: whether nothing of these docs was trained on.
        deciding: the measures that the verdict rests on, with its wider intervals.
        written: what else is told of what the models wrote before the check, intervals of 95%.
        against: every other measure, and the questions on which they differ.
    """

    name: str
    is_unseen: bool
    deciding: tuple[Row, ...]
    written: tuple[Row, ...]
    against: Against


@dataclass(frozen=True, slots=True)
class Proof:
    """All sets; `confidence` is that of the intervals that decide, `reasons` what they decided."""

    base: str
    tuned: str
    sets: tuple[SetProof, ...]
    confidence: float
    verdict: Word
    reasons: tuple[str, ...]


def deciding(judged: bool) -> tuple[Measure, ...]:
    """The measures that decide; a judge reads answers better than counted words do.

    A small model learns to refuse sooner than to answer: then it proves less, which few questions do not show beyond
    noise, and answers less, which they do.
    """
    return PROVEN, ANSWERED, REFUSED, JUDGED if judged else WORDS, IN_FORM


def confidence_of(sets: int, judged: bool) -> float:
    """The confidence of each interval, so that all of them together have that of one."""
    return 1 - (1 - CONFIDENCE) / (sets * len(deciding(judged)))


def verdict_of(sets: Sequence[SetProof]) -> tuple[Word, tuple[str, ...]]:
    """The verdict, and by what: a line for each measure that is better or worse, the worse ones first."""
    found = [(row, one) for one in sets for row in one.deciding if row.winner]
    worse = [_said(row, one, "worse") for row, one in found if row.winner == "A"]
    better = [_said(row, one, "better") for row, one in found if row.winner == "B"]
    return "worse" if worse else "better" if better else "no difference", (*worse, *better)


def _said(row: Row, of: SetProof, how: str) -> str:
    assert row.a is not None and row.b is not None and row.low is not None and row.high is not None
    seen = "never seen" if of.is_unseen else "held out"
    return (
        f"{how}: {row.name} {row.a:.2f} -> {row.b:.2f} ({row.low:+.2f} to {row.high:+.2f}, {row.questions} questions) "
        f"on {of.name}, {seen}"
    )
