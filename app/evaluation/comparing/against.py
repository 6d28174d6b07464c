"""against: two language models on the same questions: how they differ, and how sure that is.

Means and quantiles are over the questions that both could be asked, so that a model that fails the hard ones gains
nothing by it; how often each failed stands beside them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from footnote.app.evaluation.comparing.differing import Differing, differing
from footnote.app.evaluation.comparing.use import seconds_of, was_written, with_use
from footnote.app.evaluation.estimate import (
    CONFIDENCE,
    Floats,
    difference_of_means,
    difference_of_quantiles,
    table_of,
)
from footnote.app.evaluation.types import QuestionResult, Run

Unit = Literal["share", "tokens", "usd", "seconds"]
Better = Literal["more", "less", ""]
Results = Sequence[QuestionResult]
Values = Sequence[Mapping[str, float]]

# Of fewer questions all may agree by chance: of six in 3 of 100 cases (sign test).
FEWEST = 6


class Measure(NamedTuple):
    """A mean over questions, and what of it is better; "" where neither is."""

    name: str
    unit: Unit
    better: Better


_QUALITY = (
    Measure("refusal/answered", "share", "more"),
    Measure("refusal/recall", "share", "more"),
    Measure("refusal/precision", "share", "more"),
    Measure("answers/token_f1", "share", "more"),
    Measure("answers/token_recall", "share", "more"),
    Measure("answers/judged", "share", "more"),
    Measure("ragas/faithfulness", "share", "more"),
    Measure("ragas/answer_relevancy", "share", "more"),
    Measure("ragas/context_precision", "share", "more"),
    Measure("ragas/context_utilization", "share", "more"),
    Measure("citations/validity", "share", "more"),
    Measure("citations/precision", "share", "more"),
    Measure("citations/recall", "share", "more"),
    Measure("checks/supported", "share", "more"),
    Measure("checks/unverified", "share", "less"),
    Measure("checks/left_out", "share", "less"),
    Measure("checks/uncited", "share", "less"),
)
_FAILED = Measure("failed", "share", "less")
_USE = (
    Measure("tokens/prompt", "tokens", ""),
    Measure("tokens/completion", "tokens", ""),
    Measure("tokens/reasoning", "tokens", ""),
    Measure("cost/question", "usd", "less"),
)
_QUANTILES = {"p50": 0.5, "p95": 0.95}


@dataclass(frozen=True, slots=True)
class Row:
    """One measure of both models.

    Attributes:
        a, b: its value; None where it applies to no question of that model, or is not known.
        low, high: interval of b - a, of 95% unless another is asked for; None where there is none.
        questions: on how many it rests, of the model with fewer.
    """

    name: str
    unit: Unit
    better: Better
    a: float | None
    b: float | None
    low: float | None
    high: float | None
    questions: int

    @property
    def difference(self) -> float | None:
        """B - a."""
        return None if self.a is None or self.b is None else self.b - self.a

    @property
    def winner(self) -> Literal["A", "B", ""]:
        """Which is better beyond chance: the whole interval is on its side."""
        if not self.better or self.low is None or self.high is None or self.questions < FEWEST:
            return ""
        if self.low <= 0 <= self.high:
            return ""
        return "B" if (self.low > 0) == (self.better == "more") else "A"


@dataclass(frozen=True, slots=True)
class Against:
    """Two runs of the same questions.

    Attributes:
        questions: how many both could be asked.
        differing: those on which the two differ much, the widest gap first.
    """

    a: Run
    b: Run
    questions: int
    rows: tuple[Row, ...]
    differing: tuple[Differing, ...]

    @property
    def names(self) -> tuple[str, str]:
        """The two language models."""
        return self.a.setup.llm or "", self.b.setup.llm or ""

    @property
    def failed(self) -> tuple[int, int]:
        """How many questions of each could not be asked."""
        first, second = (sum(one.status == "failed" for one in run.results) for run in (self.a, self.b))
        return first, second


def against(a: Run, b: Run, seed: int = 0) -> Against:
    """The two runs, which are of the same questions in the same order, measure by measure."""
    asked = [pair for pair in zip(a.results, b.results, strict=True) if pair[0].status != "stale"]
    pairs = [pair for pair in asked if all(one.status == "scored" for one in pair)]
    first, second = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    values_a, values_b = [with_use(one, a.setup) for one in first], [with_use(one, b.setup) for one in second]
    failed_a, failed_b = ([{_FAILED.name: float(pair[side].status == "failed")} for pair in asked] for side in (0, 1))
    rows = (
        *means_of(_QUALITY, values_a, values_b, seed),
        *means_of((_FAILED,), failed_a, failed_b, seed),
        *_with_all(means_of(_USE, values_a, values_b, seed), len(pairs)),
        *_times(first, second, seed),
    )
    return Against(a, b, len(pairs), rows, tuple(differing(asked)))


def means_of(
    measures: Sequence[Measure], a: Values, b: Values, seed: int, confidence: float = CONFIDENCE
) -> Iterator[Row]:
    """A row for each measure, of the same questions of both; none for a share that applies to no question of either."""
    for one in measures:
        first, second = table_of(a, [one.name]), table_of(b, [one.name])
        mean_a, mean_b = (_mean(side, one.unit) for side in (first, second))
        low = high = None
        if mean_a is not None and mean_b is not None:
            (low,), (high,) = (ends.tolist() for ends in difference_of_means(first, second, seed, confidence))
        if one.unit != "share" or mean_a is not None or mean_b is not None:
            is_known = mean_a is not None and mean_b is not None
            questions = min(int((~np.isnan(side)).sum()) for side in (first, second)) if is_known else 0
            yield Row(one.name, one.unit, one.better, mean_a, mean_b, low, high, questions)


def _mean(column: Floats, unit: Unit) -> float | None:
    """The mean over the questions that have a value; None where none has, or of a cost not all."""
    known = ~np.isnan(column)
    enough = known.all() and known.size if unit == "usd" else known.any()
    return float(np.nanmean(column)) if enough else None


def _with_all(rows: Iterator[Row], questions: int) -> Iterator[Row]:
    """The rows, and behind the cost of a question that of all."""
    for row in rows:
        yield row
        if row.unit == "usd":
            a, b = (None if value is None else value * questions for value in (row.a, row.b))
            yield Row("cost/all", "usd", "", a, b, None, None, row.questions)


def _times(a: Results, b: Results, seed: int) -> Iterator[Row]:
    """Quantiles of the seconds of writing, over what was written by both, and of all."""
    written = [place for place, pair in enumerate(zip(a, b, strict=True)) if all(map(was_written, pair))]
    every = range(len(a))
    for name, stage, places in (("writing", "answer", written), ("question", "total", every)):
        first, second = (_seconds(side, stage, places) for side in (a, b))
        for quantile, at in _QUANTILES.items():
            if len(first):
                low, high = difference_of_quantiles(first, second, at, seed)
                values = float(np.quantile(first, at)), float(np.quantile(second, at))
                yield Row(f"seconds/{name} {quantile}", "seconds", "less", *values, low, high, len(first))


def _seconds(results: Results, stage: str, places: Sequence[int]) -> Floats:
    return np.array([seconds_of(results[place], stage) for place in places], dtype=np.float64)
