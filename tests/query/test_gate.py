"""gate: when an answer is refused before it is written."""

import pytest

from app.gate import NOTHING_FITS, NOTHING_FOUND, refusal_reason
from tests.query.builders import make_hit


def test_nothing_retrieved_is_refused():
    assert refusal_reason([], -5.0) == NOTHING_FOUND


@pytest.mark.parametrize(("logit", "reason"), [(-5.01, NOTHING_FITS), (-5.0, None), (3.0, None)])
def test_the_best_hit_must_reach_the_least_score(logit, reason):
    assert refusal_reason([make_hit(logit=logit), make_hit(logit=-11.0)], -5.0) == reason


def test_a_weak_later_hit_refuses_nothing_and_a_strong_one_saves_nothing():
    assert refusal_reason([make_hit(logit=4.0), make_hit(logit=-11.0)], -5.0) is None
    assert refusal_reason([make_hit(logit=-9.0), make_hit(logit=4.0)], -5.0) == NOTHING_FITS


def test_without_a_reranker_only_an_empty_list_is_refused():
    assert refusal_reason([make_hit(logit=None)], 100.0) is None
