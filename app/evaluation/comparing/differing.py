"""differing: the questions on which two language models differ most, and in what."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from footnote.app.evaluation.types import QuestionResult

# Of shares in [0, 1], from what on a difference is worth a look: a guess.
MUCH = 0.3
_ONE_FAILED, _ONE_REFUSED = 3.0, 2.0
_COMPARED = ("answers/judged", "answers/token_f1", "checks/supported")


@dataclass(frozen=True, slots=True)
class Differing:
    """One question, what two models made of it, and why that differs; `gap` orders such questions."""

    a: QuestionResult
    b: QuestionResult
    why: str
    gap: float


def differing(pairs: Sequence[tuple[QuestionResult, QuestionResult]]) -> list[Differing]:
    """Those of the pairs that differ much, the widest gap first, else in the order they were asked."""
    return sorted((one for pair in pairs for one in _differing(*pair)), key=lambda one: -one.gap)


def _differing(a: QuestionResult, b: QuestionResult) -> Iterator[Differing]:
    if "failed" in (a.status, b.status):
        if a.status != b.status:
            who, failed = ("A", a) if a.status == "failed" else ("B", b)
            yield Differing(a, b, f"{who} failed: {failed.problem}", _ONE_FAILED)
    elif a.answer and b.answer and a.answer.refused != b.answer.refused:
        who, refused, other = ("A", a, "B") if a.answer.refused else ("B", b, "A")
        reason = refused.answer.refusal_reason if refused.answer else ""
        yield Differing(a, b, f"{who} refused, as {reason}; {other} answered", _ONE_REFUSED)
    else:
        first, second = ({score.metric: score.value for score in one.scores} for one in (a, b))
        shared = [name for name in _COMPARED if name in first and name in second]
        gaps = {name: abs(second[name] - first[name]) for name in shared}
        widest = max(gaps, key=lambda name: gaps[name], default=None)
        if widest and gaps[widest] >= MUCH:
            yield Differing(a, b, f"{widest} {first[widest]:.2f} and {second[widest]:.2f}", gaps[widest])
