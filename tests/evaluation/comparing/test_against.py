"""Two language models on the same questions: what is measured, what differs, and what chance explains."""

from dataclasses import replace

import pytest

from footnote.app.core.types import TokenUse
from footnote.app.evaluation.comparing.against import against
from footnote.app.evaluation.types import Answered, Checked, Run, StageTime
from tests.evaluation.builders import SETUP, make_question, make_result

A_SETUP = replace(SETUP, llm="openai:a")
B_SETUP = replace(SETUP, llm="openai:b")


USED = TokenUse(100, 10, 0, 0.01)


def made(name="q", scores=None, tokens=USED, seconds=1.0, status="scored", **answer):
    """A question as one model answered it."""
    given = {"refused": False, "refusal_reason": None, "answerability": None, "citations": (), **answer}
    answered = None if status == "failed" else Answered(text=f"about {name}", tokens=tokens, **given)
    times = (StageTime("answer", seconds * 900), StageTime("total", seconds * 1000))
    problem = "it is down" if status == "failed" else ""
    return make_result(name, scores, status=status, problem=problem, answer=answered, times=times)


def compared(a, b, a_setup=A_SETUP, b_setup=B_SETUP):
    return against(Run(a_setup, tuple(a)), Run(b_setup, tuple(b)))


def rows(found):
    return {row.name: row for row in found.rows}


def test_a_measure_is_compared_on_the_same_questions():
    names = [f"q{number}" for number in range(8)]
    a = [made(name, {"answers/token_f1": 0.5}) for name in names]
    b = [made(name, {"answers/token_f1": 0.5 + 0.05 * place}) for place, name in enumerate(names)]
    found = compared(a, b)
    assert (found.names, found.questions, found.failed) == (("openai:a", "openai:b"), 8, (0, 0))
    row = rows(found)["answers/token_f1"]
    assert (row.a, row.b, row.difference, row.questions) == (0.5, *[pytest.approx(0.675)], pytest.approx(0.175), 8)
    assert 0 < row.low < row.difference < row.high
    assert row.winner == "B"
    assert "refusal/recall" not in rows(found)  # it applies to no question


def test_where_less_is_better_the_lower_one_wins():
    checked = {"a": Checked(sentences=4, supported=2, unverified=1, left_out=1, uncited=1), "b": Checked(4, 4)}
    a = [made(f"q{number}", {"checks/supported": 0.5}, checked=checked["a"]) for number in range(6)]
    b = [made(f"q{number}", {"checks/supported": 1.0}, checked=checked["b"], seconds=3) for number in range(6)]
    found = rows(compared(a, b))
    shares = {name: (row.a, row.b, row.winner) for name, row in found.items() if name.startswith("checks/")}
    assert shares == {
        "checks/supported": (0.5, 1.0, "B"),
        "checks/unverified": (0.25, 0.0, "B"),
        "checks/left_out": (0.25, 0.0, "B"),
        "checks/uncited": (pytest.approx(1 / 3), 0.0, "B"),
    }
    for name, took in (("seconds/question p50", 3.0), ("seconds/writing p95", 2.7)):
        assert (found[name].a, found[name].b) == (pytest.approx(took / 3), pytest.approx(took))
        assert found[name].winner == "A"


def test_few_questions_or_a_span_that_holds_0_have_no_winner():
    five = [f"q{number}" for number in range(5)]
    few = compared([made(name, {"m/x": 1.0}) for name in five], [made(name, seconds=9) for name in five])
    assert rows(few)["seconds/question p50"].winner == ""
    ten = [f"q{number}" for number in range(10)]
    a = [made(name, {"answers/token_f1": 0.5}) for name in ten]
    b = [made(name, {"answers/token_f1": 1.0 if place % 2 else 0.1}) for place, name in enumerate(ten)]
    row = rows(compared(a, b))["answers/token_f1"]
    assert row.low < 0 < row.high
    assert row.winner == ""


def test_a_question_that_one_failed_is_in_no_mean_but_counted():
    a = [made("q1", {"answers/token_f1": 1.0}), made("q2", {"answers/token_f1": 0.0})]
    b = [made("q1", {"answers/token_f1": 1.0}), made("q2", status="failed")]
    found = compared(a, b)
    assert (found.questions, found.failed) == (1, (0, 1))
    assert (rows(found)["answers/token_f1"].a, rows(found)["answers/token_f1"].b) == (1.0, 1.0)
    assert (rows(found)["failed"].a, rows(found)["failed"].b, rows(found)["failed"].questions) == (0.0, 0.5, 2)
    nothing = compared([made("q1", status="failed")], [made("q1")])
    assert (nothing.questions, rows(nothing)["failed"].a) == (0, 1.0)
    assert rows(nothing)["cost/question"].a is None


def test_a_stale_question_is_in_neither():
    stale = make_result("s", status="stale")
    found = compared([stale, made("q")], [stale, made("q")])
    assert (found.questions, rows(found)["failed"].questions, found.differing) == (1, 1, ())


def test_tokens_and_cost_are_those_of_a_question_and_of_all():
    a = [made("q1", tokens=TokenUse(100, 10, 0, 0.01)), made("q2", tokens=TokenUse(300, 30, 0, 0.03))]
    b = [made("q1", tokens=TokenUse(100, 50, 40, 0.001)), made("q2", tokens=TokenUse(300, 90, 60, 0.001))]
    found = rows(compared(a, b))
    counts = {name: (row.a, row.b) for name, row in found.items() if name.startswith("tokens/")}
    assert counts == {"tokens/prompt": (200, 200), "tokens/completion": (20, 70), "tokens/reasoning": (0, 50)}
    assert (found["cost/question"].a, found["cost/question"].b) == (pytest.approx(0.02), pytest.approx(0.001))
    assert (found["cost/all"].a, found["cost/all"].b) == (pytest.approx(0.04), pytest.approx(0.002))
    assert found["tokens/completion"].winner == found["cost/all"].winner == ""


def test_what_is_not_known_is_not_taken_for_nothing():
    a = [made("q1", tokens=TokenUse(100, 10, 0, None)), made("q2", tokens=TokenUse(100, 10, 0, 0.01))]
    b = [made("q1", tokens=None), made("q2", tokens=TokenUse(100, 10, 0, 0.01))]
    found = rows(compared(a, b))
    assert [found[f"cost/{of}"].a for of in ("question", "all")] == [None, None]
    assert [found[f"cost/{of}"].questions for of in ("question", "all")] == [0, 0]
    assert (found["cost/question"].b, found["tokens/prompt"].b, found["tokens/prompt"].questions) == (None, 100, 1)


def test_what_asked_no_model_took_nothing():
    gate = {"refused": True, "refused_by": "gate", "refusal_reason": "r", "tokens": None}
    a = [made("q1"), made("q2", **gate)]
    found = rows(compared(a, [made("q1", tokens=None), made("q2", tokens=None)], b_setup=SETUP))
    assert SETUP.llm == "extractive"
    assert (found["tokens/prompt"].a, found["tokens/prompt"].b) == (50, 0)
    assert (found["cost/all"].a, found["cost/all"].b) == (0.01, 0.0)
    assert found["seconds/writing p50"].questions == 1  # the other was refused before anything was written
    assert found["seconds/question p50"].questions == 2
    rewriting = replace(A_SETUP, query_rewrite="multi")
    assert rows(compared(a, a, rewriting, rewriting))["cost/question"].a is None


def test_the_questions_that_differ_most_come_first():
    refused = {"refused": True, "refused_by": "model", "refusal_reason": "the passages do not answer"}
    a = [
        made("same", {"answers/token_f1": 0.5}),
        made("little", {"answers/token_f1": 0.5}),
        made("words", {"answers/token_f1": 0.9, "checks/supported": 1.0}),
        made("support", {"answers/token_f1": 0.5, "checks/supported": 1.0}),
        made("refused", {"answers/token_f1": 0.0}, **refused),
        made("both refused", **refused),
        made("failed"),
        made("both failed", status="failed"),
    ]
    b = [
        made("same", {"answers/token_f1": 0.5}),
        made("little", {"answers/token_f1": 0.3}),
        made("words", {"answers/token_f1": 0.5, "checks/supported": 0.9}),
        made("support", {"answers/token_f1": 0.5, "checks/supported": 0.5}),
        made("refused", {"answers/token_f1": 0.9}),
        made("both refused", **refused),
        made("failed", status="failed"),
        made("both failed", status="failed"),
    ]
    assert [(one.a.question.id, one.why) for one in compared(a, b).differing] == [
        ("failed", "B failed: it is down"),
        ("refused", "A refused, as the passages do not answer; B answered"),
        ("support", "checks/supported 1.00 and 0.50"),
        ("words", "answers/token_f1 0.90 and 0.50"),
    ]


def test_the_same_seed_gives_the_same_intervals():
    a = [made(f"q{number}", {"answers/token_f1": number / 9}, seconds=number) for number in range(10)]
    b = [made(f"q{number}", {"answers/token_f1": (9 - number) / 9}, seconds=9 - number) for number in range(10)]
    runs = Run(A_SETUP, tuple(a)), Run(B_SETUP, tuple(b))
    assert against(*runs, seed=3).rows == against(*runs, seed=3).rows
    assert against(*runs, seed=3).rows != against(*runs, seed=4).rows


def test_a_question_without_a_reference_is_compared_as_well():
    question = make_question("q", gold=(), answer="")
    one = replace(made("q"), question=question)
    assert compared([one], [one]).questions == 1
