"""A run against an earlier one: what counts as a fall."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnote.app.core.errors import NothingToEvaluateError, SettingsError
from footnote.app.evaluation.comparing.compare import TOLERANCE, ScoredQuestion, Tolerances, compare
from footnote.app.evaluation.types import Label
from tests.evaluation.builders import make_question, make_result

EXACT = Tolerances.parse(["0"])


def scored(values, metric="m"):
    return [ScoredQuestion(str(place), "f", {metric: value}) for place, value in enumerate(values)]


def change(before, now, tolerances=None):
    (found,) = compare("b", scored(before), scored(now), tolerances or Tolerances()).changes
    return found


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_the_same_scores_are_no_change(values):
    found = change(values, values, EXACT)
    assert (found.difference, found.low, found.high, found.fell) == (0, 0, 0, False)


def test_a_fall_of_many_questions_is_a_fall():
    found = change([1.0] * 20, [1.0] * 12 + [0.0] * 8)
    assert (found.before, found.now, found.questions, found.fell) == (1.0, 0.6, 20, True)
    assert found.low < -0.4 < found.high < 0


def test_a_fall_that_chance_explains_is_none():
    found = change([1.0] * 20, [1.0] * 18 + [0.0] * 2)
    assert found.difference == pytest.approx(-0.1)
    assert found.high == 0  # one sample in eight draws neither of the two
    assert not found.fell


def test_what_rises_elsewhere_makes_a_fall_less_sure():
    assert not change([1.0] * 8 + [0.0] * 6 + [1.0] * 6, [0.0] * 8 + [1.0] * 6 + [1.0] * 6).fell


def test_a_fall_within_the_tolerance_is_none():
    before, now = [0.5] * 20, [0.48] * 20
    assert not change(before, now).fell
    assert change(before, now, Tolerances.parse(["0.019"])).fell


def test_a_rise_is_no_fall():
    found = change([0.0] * 20, [1.0] * 20)
    assert (found.difference, found.fell) == (1.0, False)


def test_pairs_matter_more_than_means():
    # Each question falls a little; drawn apart, the spread between questions would hide it.
    before = [place / 20 for place in range(20)]
    assert change(before, [value - 0.03 for value in before]).fell


def test_the_last_tolerance_that_fits_counts():
    found = Tolerances.parse(["0.1", "lexical/*=0.5", "lexical/page/*=0"])
    metrics = ("refusal/recall", "lexical/section/hit@1", "lexical/page/hit@1")
    assert [found.of(metric) for metric in metrics] == [0.1, 0.5, 0]
    assert Tolerances.parse([]).of("any") == TOLERANCE


@pytest.mark.parametrize("given", ["much", "-0.1", "nan", "inf", "=0.1", "m="])
def test_a_tolerance_that_is_none_is_refused(given):
    with pytest.raises(SettingsError, match=f"--tolerance {given}: give a number"):
        Tolerances.parse([given])


def test_only_equal_questions_are_compared():
    result = make_result("q", {"m": 1.0})
    question = make_question("q")
    changed = [
        replace(question, text="Else?"),
        replace(question, gold=(Label("b.md"),)),
        replace(question, answer="x"),
        replace(question, answerable=False, gold=()),
    ]
    same = replace(question, tags=("other",), origin="elsewhere:9", generated=True)
    before = [ScoredQuestion.of(result)]
    assert compare("b", before, [ScoredQuestion.of(replace(result, question=same))], EXACT).questions == 1
    for one in changed:
        with pytest.raises(NothingToEvaluateError, match="no question of b is scored now with the same labels"):
            compare("b", before, [ScoredQuestion.of(replace(result, question=one))], EXACT)


def test_what_is_not_compared_is_counted():
    before = [ScoredQuestion("a", "f", {"m": 1.0, "old": 1.0}), ScoredQuestion("gone", "f", {"m": 0.0})]
    now = [ScoredQuestion("a", "f", {"m": 1.0, "new": 1.0}), ScoredQuestion("b", "f", {"m": 1.0})]
    found = compare("b", before, now, EXACT)
    assert (found.questions, found.left_out, found.not_compared) == (1, 2, ("new", "old"))
    assert [one.metric for one in found.changes] == ["m"]
    assert found.summary == (
        "no metric fell by more than its tolerance, on 1 questions of b; "
        "2 scored in one run alone or with other labels; not compared, as only one run has them: new, old"
    )


def test_a_metric_may_apply_to_other_questions_now():
    # Refusal precision: before, two of two refusals were right, now two of four.
    before = [ScoredQuestion(str(n), "f", {"p": 1.0} if n < 2 else {"m": 1.0}) for n in range(10)]
    now = [ScoredQuestion(str(n), "f", {"p": float(n < 2)} if n < 4 else {"m": 1.0}) for n in range(10)]
    found = {one.metric: one for one in compare("b", before, now, EXACT).changes}["p"]
    assert (found.before, found.now, found.questions) == (1.0, 0.5, 4)
    assert found.low < -0.5 < found.high
