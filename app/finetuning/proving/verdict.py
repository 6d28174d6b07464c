"""verdict: better, no difference or worse, by a few measures that were chosen before anything was asked.

A measure decides where the whole interval of its difference is on one side. Several of them on several sets of docs
would find something by chance, so the intervals are widened (Bonferroni) until all of them together err in one of
twenty comparisons of equal models. What is worse anywhere outweighs what is better elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from footnote.app.evaluation.comparing.against import FEWEST, Against, Measure, Row
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
    """All sets; `confidence` is that of the intervals that decide, `reasons` what they decided, `notes` what not."""

    base: str
    tuned: str
    sets: tuple[SetProof, ...]
    confidence: float
    verdict: Word
    reasons: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def is_too_small(self) -> bool:
        """Whether no measure of a set could have decided anything, so that not being worse says nothing."""
        return any(all(row.questions < FEWEST for row in one.deciding) for one in self.sets)


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


def notes_of(sets: Sequence[SetProof], judged: bool) -> tuple[str, ...]:
    """Which measures could not decide, and why; `judged`: a judge was asked for."""
    notes = []
    for one in sets:
        few = [f"{row.name} ({row.questions})" for row in one.deciding if row.questions < FEWEST]
        if few:
            rest = f"a measure decides from {FEWEST} questions on"
            notes.append(f"too few questions on {one.name}, {_seen(one)}, for {', '.join(few)}: {rest}")
        if judged and not any(row.name == JUDGED.name for row in one.deciding):
            notes.append(
                f"nothing was judged on {one.name}, {_seen(one)}: no question that was answered has a reference "
                "(`answer` in the question file)"
            )
    return tuple(notes)


def _seen(one: SetProof) -> str:
    return "never seen" if one.is_unseen else "held out"


def _said(row: Row, of: SetProof, how: str) -> str:
    assert row.a is not None and row.b is not None and row.low is not None and row.high is not None
    return (
        f"{how}: {row.name} {row.a:.2f} -> {row.b:.2f} ({row.low:+.2f} to {row.high:+.2f}, {row.questions} questions) "
        f"on {of.name}, {_seen(of)}"
    )
