"""sums: what a day's answers come to. Pure."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from footnote.app.core.types import Answer

_STEP = 1.05  # a latency is kept as one of these steps: right by 2.5 %, and few numbers a day
_LEAST_MS = 0.1


class AnswerKey(NamedTuple):
    """Answers of one kind; `outcome` is `answered`, or what refused. `day` is as in 2026-11-27, UTC."""

    day: str
    mode: str
    model: str
    outcome: str
    from_cache: bool


class Cited(NamedTuple):
    """A page that answers of a generation cite."""

    day: str
    path: str
    generation: int


@dataclass(slots=True)
class Spent:
    """How many answers, and what language models took for them; `unpriced` took tokens without a known price."""

    answers: int = 0
    prompt: int = 0
    completion: int = 0
    reasoning: int = 0
    cost_usd: float = 0.0
    unpriced: int = 0

    def add(self, other: "Spent") -> None:
        """Add what others took."""
        self.answers += other.answers
        self.prompt += other.prompt
        self.completion += other.completion
        self.reasoning += other.reasoning
        self.cost_usd += other.cost_usd
        self.unpriced += other.unpriced


@dataclass(slots=True)
class Sums:
    """Sums by day; `latencies` counts answers by day and step, those given from the cache left out."""

    answers: dict[AnswerKey, Spent] = field(default_factory=dict)
    latencies: Counter[tuple[str, int]] = field(default_factory=Counter)
    cited: Counter[Cited] = field(default_factory=Counter)

    def count(self, answer: Answer, from_cache: bool, day: str) -> None:
        """Add one answer that somebody got; from the cache it cost nothing."""
        key = AnswerKey(day, answer.mode, answer.model, answer.refused_by or "answered", from_cache)
        spent = Spent(1)
        if not from_cache:
            self.latencies[day, step_of(answer.timings.total)] += 1
            if used := answer.tokens:
                spent = Spent(1, used.prompt, used.completion, used.reasoning, used.cost_usd or 0.0)
                spent.unpriced = int(used.cost_usd is None)
        self.answers.setdefault(key, Spent()).add(spent)
        self.cited.update({Cited(day, citation.path, answer.generation) for citation in answer.citations})

    def __bool__(self) -> bool:
        return bool(self.answers)


def step_of(ms: float) -> int:
    """The step that a latency is kept as."""
    return round(math.log(max(ms, _LEAST_MS), _STEP))


def percentile_ms(steps: Mapping[int, int], share: float) -> float | None:
    """What a share of the answers does not exceed, in milliseconds, right by 2.5 %; None without answers."""
    wanted, seen = math.ceil(share * sum(steps.values())), 0
    for step in sorted(steps):
        seen += steps[step]
        if seen >= wanted:
            return float(f"{_STEP**step:.3g}")
    return None
