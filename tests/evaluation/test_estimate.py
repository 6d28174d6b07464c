"""Means and their bootstrap intervals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnote.app.evaluation.estimate import estimates, latencies, slices
from footnote.app.evaluation.types import StageTime
from tests.evaluation.builders import make_question, make_result

VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=30)


def results_of(values, metric="m"):
    return [make_result(str(place), {metric: value}) for place, value in enumerate(values)]


@given(VALUES)
def test_the_mean_lies_in_its_interval_and_that_among_the_values(values):
    found = estimates(results_of(values))["m"]
    assert found.questions == len(values)
    assert found.value == pytest.approx(np.mean(values))
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9
    assert found.low - 1e-9 <= found.value <= found.high + 1e-9 or len(set(values)) > 1


def test_the_interval_is_that_of_a_proportion():
    # Source: the normal approximation, 0.5 +- 1.96 * sqrt(0.25 / 400) = 0.5 +- 0.049.
    found = estimates(results_of([0.0, 1.0] * 200))["m"]
    assert (found.low, found.high) == (pytest.approx(0.451, abs=0.01), pytest.approx(0.549, abs=0.01))


def test_it_is_that_of_drawing_questions_one_by_one():
    values = np.array([0.0, 0.1, 0.4, 0.4, 0.9, 1.0, 1.0])
    generator = np.random.default_rng(5)
    means = [values[generator.integers(0, 7, 7)].mean() for _ in range(20_000)]
    found = estimates(results_of(values), samples=20_000)["m"]
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(means, [0.025, 0.975])), abs=0.02)


def test_the_seed_decides_the_draws():
    every = results_of([0.0, 0.2, 0.3, 0.7, 1.0, 0.1])
    assert estimates(every, seed=1, samples=50) == estimates(every, seed=1, samples=50)
    assert estimates(every, seed=1, samples=50) != estimates(every, seed=2, samples=50)


def test_a_metric_counts_the_questions_that_it_applies_to():
    every = [make_result("a", {"m": 1.0}), make_result("b", {"m": 0.0, "n": 0.25}), make_result("c", status="stale")]
    found = estimates(every)
    assert (found["m"].value, found["m"].questions) == (0.5, 2)
    assert (found["n"].value, found["n"].low, found["n"].high, found["n"].questions) == (0.25, 0.25, 0.25, 1)


def test_without_scores_there_is_nothing():
    assert estimates([make_result(status="failed")]) == {}
    assert estimates([]) == {}


def test_a_slice_has_the_questions_of_its_tag():
    every = [
        make_result(scores={"m": 1.0}, question=make_question("a", tags=("x", "y"))),
        make_result(scores={"m": 0.0}, question=make_question("b", tags=("y",))),
        make_result(status="stale", question=make_question("c", tags=("z",))),
    ]
    found = slices(every)
    assert list(found) == ["x", "y"]
    assert (found["x"]["m"].value, found["y"]["m"].value, found["y"]["m"].questions) == (1.0, 0.5, 2)


def test_times_are_summed_up_by_stage():
    every = [
        make_result(str(ms), times=(StageTime("embed", ms), StageTime("total", 10 * ms))) for ms in (1.0, 2.0, 6.0)
    ]
    embed, total = latencies(every)
    assert (embed.stage, embed.p50, embed.mean, embed.p95) == ("embed", 2.0, 3.0, pytest.approx(5.6))
    assert (total.stage, total.p50) == ("total", 20.0)
