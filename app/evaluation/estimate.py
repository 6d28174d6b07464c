"""Means over questions with bootstrap intervals, and how long the stages took."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footnote.app.evaluation.types import QuestionResult

SAMPLES = 2000
CONFIDENCE = 0.95

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A metric's mean over the `questions` that it applies to, and its 95% interval."""

    metric: str
    value: float
    low: float
    high: float
    questions: int


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds a question: median, 95th percentile and mean."""

    stage: str
    p50: float
    p95: float
    mean: float


def estimates(results: Sequence[QuestionResult], seed: int = 0, samples: int = SAMPLES) -> dict[str, Estimate]:
    """Each metric that applies to any of the questions, by name, in the order of the scores.

    The interval is the percentile bootstrap: questions are drawn with replacement, as many as there are; the same
    draws serve all metrics.

    Source: Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, section 13.3.
    """
    scored = [one for one in results if one.scores]
    if not scored:
        return {}
    metrics = metric_names(scored)
    table = score_table(scored, metrics)
    drawn = resampled_means(table, draws(len(scored), seed, samples))
    low, high = interval(drawn)
    return {
        name: Estimate(
            name,
            float(np.nanmean(table[:, column])),
            float(low[column]),
            float(high[column]),
            int((~np.isnan(table[:, column])).sum()),
        )
        for column, name in enumerate(metrics)
    }


def slices(results: Sequence[QuestionResult], seed: int = 0) -> dict[str, dict[str, Estimate]]:
    """The estimates of the questions of each tag, by tag."""
    tags = sorted({tag for one in results for tag in one.question.tags})
    by_tag = {tag: estimates([one for one in results if tag in one.question.tags], seed) for tag in tags}
    return {tag: found for tag, found in by_tag.items() if found}


def latencies(results: Sequence[QuestionResult]) -> list[Latency]:
    """How long each stage took; empty where nothing was asked."""
    taken: dict[str, list[float]] = {}
    for one in results:
        for time in one.times:
            taken.setdefault(time.stage, []).append(time.ms)
    return [
        Latency(stage, float(np.median(ms)), float(np.quantile(ms, 0.95)), float(np.mean(ms)))
        for stage, ms in taken.items()
    ]


def metric_names(results: Sequence[QuestionResult]) -> list[str]:
    """The metrics that apply to any of the questions; those of one stage or part stand together."""
    return list(dict.fromkeys(score.metric for one in results for score in one.scores))


def score_table(results: Sequence[QuestionResult], metrics: Sequence[str]) -> Floats:
    """`(questions, metrics) float64`; NaN where a metric does not apply to a question."""
    return table_of([{score.metric: score.value for score in one.scores} for one in results], metrics)


def table_of(rows: Sequence[Mapping[str, float]], metrics: Sequence[str]) -> Floats:
    """The same of scores by metric."""
    return np.array([[row.get(name, np.nan) for name in metrics] for row in rows], dtype=np.float64)


def draws(questions: int, seed: int, samples: int = SAMPLES) -> Floats:
    """`(samples, questions) float64`: how often each question is drawn, with replacement, in each sample."""
    generator = np.random.default_rng(seed)
    return generator.multinomial(questions, np.full(questions, 1 / questions), size=samples).astype(np.float64)


def resampled_means(table: Floats, drawn: Floats) -> Floats:
    """`(samples, metrics) float64`: the mean over the drawn questions; NaN where a metric applies to none of them."""
    applies = ~np.isnan(table)
    counts = drawn @ applies
    sums = drawn @ np.where(applies, table, 0.0)
    return np.divide(sums, counts, out=np.full_like(sums, np.nan), where=counts > 0)


def difference_of_means(
    old: Floats, new: Floats, seed: int = 0, confidence: float = CONFIDENCE
) -> tuple[Floats, Floats]:
    """The interval of each column's mean in `new` - that in `old`, tables of the same questions.

    Paired bootstrap: in each sample the same questions are drawn for both, and the difference of the two means is
    taken, each over the drawn questions to which the metric applies there.
    """
    drawn = draws(len(old), seed, samples_for(confidence))
    return interval(resampled_means(new, drawn) - resampled_means(old, drawn), confidence)


def samples_for(confidence: float) -> int:
    """How many samples an interval takes, so that as many lie outside of it as of one of 95%."""
    return round(SAMPLES * (1 - CONFIDENCE) / (1 - confidence))


def difference_of_quantiles(old: Floats, new: Floats, at: float, seed: int = 0) -> tuple[float, float]:
    """The same of a quantile of values that all questions have, `(questions,) float64`."""
    every = np.arange(len(old))
    places = np.array([np.repeat(every, counts) for counts in draws(len(old), seed).astype(np.int64)])
    low, high = interval(np.quantile(new[places], at, axis=1) - np.quantile(old[places], at, axis=1))
    return float(low), float(high)


def interval(drawn: Floats, confidence: float = CONFIDENCE) -> tuple[Floats, Floats]:
    """The ends of the middle part of each column, over the samples that are not NaN; 2.5th and 97.5th percentile."""
    tail = (1 - confidence) / 2
    low, high = np.nanquantile(drawn, [tail, 1 - tail], axis=0)
    return low, high
