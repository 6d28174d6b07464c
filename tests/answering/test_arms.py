"""The arm of a question: by the question alone, in the share that was set."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from footnote.app.answering.arms import arm_of

MANY = [f"Question {number}: what about it?" for number in range(4000)]


def test_a_share_of_the_questions_is_for_the_second_model():
    for share in (0.1, 0.5, 0.9):
        second = sum(arm_of(question, share) == "B" for question in MANY) / len(MANY)
        assert abs(second - share) < 0.03
    assert {arm_of(question, 0.0) for question in MANY} == {"A"}
    assert {arm_of(question, 1.0) for question in MANY} == {"B"}


def test_the_arm_is_the_same_in_every_process():
    assert [arm_of(question, 0.5) for question in MANY[:8]] == ["A", "A", "A", "A", "B", "B", "B", "B"]


def test_what_does_not_change_a_question_does_not_change_its_arm():
    for question in MANY[:200]:
        spelled = f"  {question.upper().rstrip('?')} ".replace(" ", "  ")
        assert arm_of(spelled, 0.5) == arm_of(question, 0.5)


@given(st.text(), st.lists(st.floats(0, 1), min_size=2))
def test_a_larger_share_keeps_the_questions_that_the_second_model_had(question, shares):
    arms = [arm_of(question, share) for share in sorted(shares)]
    assert all((one, other) != ("B", "A") for one, other in pairwise(arms))
