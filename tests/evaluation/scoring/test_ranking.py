"""Ranking metrics: against ir-measures, and by their definitions."""

import math

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, R, ScoredDoc, Success, nDCG
from ir_measures import Qrel as Judged

from footnote.app.evaluation.scoring.ranking import hit, ndcg, recall, reciprocal_rank

RELEVANT = st.lists(st.booleans(), max_size=15)
MISSED = st.integers(0, 3)


@given(ranked=RELEVANT, missed=MISSED, k=st.sampled_from([1, 4, 10]))
def test_they_are_those_of_ir_measures(ranked, missed, k):
    total = sum(ranked) + missed
    if not total or not ranked:
        return
    names = [f"d{place}" for place in range(len(ranked))]
    judged = [Judged("q", name, 1) for name, one in zip(names, ranked, strict=True) if one]
    judged += [Judged("q", f"missed{number}", 1) for number in range(missed)]
    run = [ScoredDoc("q", name, 100.0 - place) for place, name in enumerate(names)]
    wanted = [Success @ k, R @ k, RR @ 10, nDCG @ 10]
    expected = ir_measures.calc_aggregate(wanted, judged, run)
    ours = (hit(ranked, k), recall(ranked, total, k), reciprocal_rank(ranked), ndcg(ranked, total))
    assert ours == pytest.approx(tuple(expected[measure] for measure in wanted))


def test_the_numbers_of_one_ranking():
    ranked = [False, True, False, True]
    assert (hit(ranked, 1), hit(ranked, 2), recall(ranked, 4, 2), recall(ranked, 4, 10)) == (0, 1, 0.25, 0.5)
    assert reciprocal_rank(ranked) == 0.5
    assert reciprocal_rank([False] * 10 + [True]) == 0
    best = 1 + 1 / math.log2(3)
    assert ndcg(ranked, 2) == pytest.approx((1 / math.log2(3) + 1 / math.log2(5)) / best)


def test_an_empty_ranking_scores_nothing():
    assert (hit([], 10), recall([], 2, 10), reciprocal_rank([]), ndcg([], 2)) == (0, 0, 0, 0)


@given(ranked=RELEVANT, missed=MISSED)
def test_they_stay_in_range_and_rise_with_k(ranked, missed):
    total = sum(ranked) + missed
    if not total:
        return
    for metric in (hit, lambda one, k: recall(one, total, k), reciprocal_rank):
        values = [metric(ranked, k) for k in range(1, 16)]
        assert values == sorted(values)
        assert values[0] >= 0 and values[-1] <= 1
    assert 0 <= ndcg(ranked, total) <= 1


@given(relevant=st.integers(1, 12), others=st.integers(0, 5))
def test_the_best_order_has_an_ndcg_of_one(relevant, others):
    best = [True] * relevant + [False] * others
    assert ndcg(best, relevant) == pytest.approx(1)
    if others:
        assert ndcg([False, *best], relevant) < 1
