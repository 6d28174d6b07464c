"""Intervals of differences of two groups, against published ones, and how often they miss."""

import numpy as np
import pytest

from footnote.app.evaluation.unpaired import difference_of_shares, difference_of_statistics, questions_needed


def share(of, count):
    return np.array([1.0] * of + [0.0] * (count - of))


# Newcombe 1998, table II, method 10, as first - second.
@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_the_interval_of_two_shares_is_newcombes(first, second, low, high):
    found = difference_of_shares(share(*second), share(*first))
    assert found == pytest.approx((low, high), abs=5e-5)


def test_a_higher_confidence_has_a_wider_interval():
    a, b = share(30, 60), share(45, 60)
    narrow, wide = difference_of_shares(a, b), difference_of_shares(a, b, 0.99)
    assert wide[0] < narrow[0] < 0.25 < narrow[1] < wide[1]


def test_equal_groups_are_found_to_differ_about_as_often_as_the_confidence_says():
    generator = np.random.default_rng(1)
    tries = 200
    outside = 0
    for seed in range(tries):
        a, b = generator.beta(2, 1, 60), generator.beta(2, 1, 40)
        low, high = difference_of_statistics(a, b, np.mean, seed=seed)
        outside += low > 0 or high < 0
    assert 0.01 * tries <= outside <= 0.11 * tries


def test_a_median_is_not_moved_by_a_few_that_are_slow():
    a, b = np.full(50, 100.0), np.append(np.full(49, 90.0), 1e6)
    low, high = difference_of_statistics(a, b, np.median)
    assert low == high == -10.0
    assert difference_of_statistics(a, b, np.mean)[1] > 0


def test_the_same_seed_gives_the_same_interval():
    a, b = np.random.default_rng(2).random(30), np.random.default_rng(3).random(20)
    assert difference_of_statistics(a, b, np.mean, seed=5) == difference_of_statistics(a, b, np.mean, seed=5)


def test_how_many_questions_show_a_difference():
    half = share(50, 100)
    # (1.960 + 0.842)^2 x (.25 + .25) / .1^2 = 392.4 in each.
    assert questions_needed(half, half, 0.5, 0.1) == 785
    assert questions_needed(half, half, 0.5, 0.05) == pytest.approx(4 * 785, abs=4)
    # An uneven split needs more, and what varies less needs fewer.
    assert questions_needed(half, half, 0.1, 0.1) == pytest.approx(785 * 0.25 / (0.1 * 0.9), abs=2)
    assert questions_needed(share(95, 100), share(95, 100), 0.5, 0.1) < 200


def test_a_share_without_exception_so_far_is_not_taken_for_certain():
    assert questions_needed(share(20, 20), share(20, 20), 0.5, 0.05) > 100
