"""experiment: of the kept answers those that compare the two models that are in force. Pure functions."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from footnote.app.core.text.unicode import bare_question
from footnote.app.core.types import Arm
from footnote.app.kept.rows import KeptAnswer

ARMS: tuple[Arm, Arm] = ("A", "B")
_BEFORE_ANY_MODEL = ("gate", "filter")


@dataclass(frozen=True, slots=True)
class ArmAnswers:
    """The answers of one arm.

    Attributes:
        model: as the newest of them names it; None where no model wrote any.
        by_question: those that a model was to write, by question; each has one or more, the oldest first.
        unasked: how many were refused before any model was asked, which says nothing of one.
    """

    model: str | None = None
    by_question: dict[str, list[KeptAnswer]] = field(default_factory=dict)
    unasked: int = 0

    @property
    def answers(self) -> int:
        return sum(map(len, self.by_question.values()))


@dataclass(frozen=True, slots=True)
class Experiment:
    """Both arms, since `since_s`: when the last of the two models came."""

    a: ArmAnswers
    b: ArmAnswers
    since_s: float


def experiment(kept: Iterable[KeptAnswer]) -> Experiment:
    """What of the answers, the oldest first, is of the models that both arms have now."""
    of_arms = [one for one in kept if one.arm]
    models = {arm: _model(of_arms, arm) for arm in ARMS}
    # What was answered while one arm had another model was answered from other docs and by other settings, too.
    since = max((n for n, one in enumerate(of_arms) if _is_other(one, models)), default=-1) + 1
    current = of_arms[since:]
    a, b = (_arm([one for one in current if one.arm == arm], models[arm]) for arm in ARMS)
    return Experiment(a, b, current[0].asked_s if current else 0)


def _model(answers: Sequence[KeptAnswer], arm: Arm) -> str | None:
    """The newest that wrote an answer: of a failed one there are quotes."""
    written = [one.model for one in answers if one.arm == arm and one.mode == "llm"]
    return written[-1] if written else None


def _is_other(one: KeptAnswer, models: dict[Arm, str | None]) -> bool:
    return one.arm is not None and one.mode == "llm" and one.model != models[one.arm]


def _arm(answers: Sequence[KeptAnswer], model: str | None) -> ArmAnswers:
    asked = [one for one in answers if one.refused_by not in _BEFORE_ANY_MODEL]
    by_question: defaultdict[str, list[KeptAnswer]] = defaultdict(list)
    for one in asked:
        by_question[bare_question(one.asked_as or one.question)].append(one)
    return replace(ArmAnswers(model, dict(by_question)), unasked=len(answers) - len(asked))
