"""Two arms compared: what counts, by question, and what it takes to call one of them better."""

import json

import pytest
from rich.console import Console

from footnote.app.core.types import TokenUse
from footnote.app.finetuning.ab.compare import DECIDING_CONFIDENCE, FEWEST, compare
from footnote.app.finetuning.ab.experiment import experiment
from footnote.app.finetuning.ab.measures import MEASURES
from footnote.app.finetuning.ab.report import comparison_json, render_comparison


def values(name, *answers):
    (measure,) = (one for one in MEASURES if one.name == name)
    arm = experiment(answers).a
    return measure.values(arm.by_question).tolist()


def rows(comparison):
    return {row.name: row for row in comparison.rows}


def arms(kept, count_a, count_b, a=None, b=None):
    """So many questions of each arm, the fields by the number of the question."""
    fields_a, fields_b = a or (lambda n: {}), b or (lambda n: {})
    return [kept("A", f"a {n}", **fields_a(n)) for n in range(count_a)] + [
        kept("B", f"b {n}", **fields_b(n)) for n in range(count_b)
    ]


def test_a_question_that_is_asked_again_counts_once(kept):
    again = [kept("A", question, liked=liked) for question, liked in (("Q?", True), (" q ", False), ("Other", True))]
    assert values("liked", *again) == [0.5, 1.0]
    assert experiment(again).a.answers == 3


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sentences supported", [0.5]),
        ("sentences unverified", [0.25]),
        ("sentences dropped", [0.25]),
        ("sentences without source", [0.0]),
        ("liked", []),
        ("with a word", [0.0]),
        ("answered", [1.0]),
        ("model failed", [0.0]),
        ("tokens", []),
    ],
)
def test_sentences_are_counted_with_those_that_were_left_out(kept, name, expected):
    assert values(name, kept("A", "q", "n++?", dropped="-")) == expected


def test_sentences_without_a_source_are_counted(kept):
    assert values("sentences without source", kept("A", "q", "+n", cited=False)) == [1.0]


def test_quotes_in_place_of_a_model_say_that_it_failed_and_nothing_of_its_sentences(kept):
    failed = kept("A", "q", "+", mode="extractive", model="extractive")
    assert values("model failed", failed, kept("A", "r", truncated=True), kept("A", "s")) == [1.0, 1.0, 0.0]
    assert values("sentences supported", failed) == []


def test_a_refusal_of_the_model_counts_and_one_of_the_gate_does_not(kept):
    by_model = kept("A", "q", "", refused=True, refused_by="model")
    by_gate = kept("A", "r", "", refused=True, refused_by="gate")
    assert values("answered", by_model, by_gate) == [0.0]
    found = experiment([by_model, by_gate, kept("B", "s")])
    assert (found.a.unasked, len(found.a.by_question), found.b.unasked) == (1, 1, 0)


def test_time_and_tokens_are_those_of_answers_that_a_model_was_asked_for(kept):
    asked = kept("A", "q", tokens=TokenUse(100, 20, cost_usd=0.5), total_ms=900.0)
    again = kept("A", "r", tokens=TokenUse(100, 20), total_ms=900.0, from_cache=True)
    assert values("tokens", asked, again) == [120.0]
    assert values("cost in USD", asked, again) == [0.5]
    assert values("milliseconds", asked, again) == [900.0]


def test_what_was_answered_before_a_model_changed_is_left_out(kept):
    before = [kept("A", "q"), kept("B", "r", model="old"), kept("A", "s")]
    failed = kept("B", "t", mode="extractive", model="extractive")
    found = experiment([*before, failed, kept("A", "u", at_s=5), kept("B", "v", at_s=6)])
    assert [*found.a.by_question] == ["s", "u"] and [*found.b.by_question] == ["t", "v"]
    assert (found.a.model, found.b.model) == ("model A", "model B")
    assert experiment([]).since_s == 0 and experiment([kept(None, "q")]).a.model is None


def test_a_model_that_readers_like_more_beyond_chance_is_better(kept):
    found = compare(
        experiment(arms(kept, 60, 60, a=lambda n: {"liked": n % 2 == 0}, b=lambda n: {"liked": n % 10 != 0})), 0.05
    )
    assert found.verdict == "B is better"
    row = rows(found)["liked"]
    assert (row.a, row.b, row.winner, row.questions_a, row.questions_b) == (0.5, 0.9, "B", 60, 60)
    assert 0 < row.low < 0.4 < row.high and row.needed is None
    assert found.reasons[0].startswith("B is better: liked 0.500 in A, 0.900 in B (+0.")
    assert compare(
        experiment(arms(kept, 8, 8, lambda n: {"liked": n % 2 == 0}, lambda n: {"liked": True})), 0.05
    ).verdict == ("no difference yet")


def test_less_is_better_of_what_should_not_be(kept):
    bad = {"said": "+", "cited": False}
    found = compare(experiment(arms(kept, 40, 40, b=lambda n: bad if n % 2 else {})), 0.05)
    row = rows(found)["sentences without source"]
    assert (found.verdict, row.winner, row.b) == ("A is better", "A", 0.5)


def test_each_may_be_better_in_something(kept):
    found = compare(
        experiment(
            arms(
                kept, 60, 60, a=lambda n: {"liked": n % 3 != 0}, b=lambda n: {"liked": True, "said": "+?"[: 1 + n % 2]}
            )
        ),
        0.05,
    )
    assert found.verdict == "each is better in something"
    assert {row.name: row.winner for row in found.rows if row.decides and row.winner} == {
        "liked": "B",
        "sentences supported": "A",
    }


def test_shares_of_sentences_decide_nothing_on_a_few_questions(kept):
    few = experiment(arms(kept, FEWEST - 1, 100, a=lambda n: {"said": "?"}))
    assert rows(compare(few, 0.05))["sentences supported"].winner is None
    enough = experiment(arms(kept, FEWEST, 100, a=lambda n: {"said": "?"}))
    assert rows(compare(enough, 0.05))["sentences supported"].winner == "B"


def test_more_answers_are_neither_better_nor_worse(kept):
    refused = {"said": "", "refused": True, "refused_by": "model"}
    found = compare(experiment(arms(kept, 60, 60, b=lambda n: refused if n % 2 else {})), 0.05)
    row = rows(found)["answered"]
    assert row.high < 0 and row.winner is None and found.verdict == "no difference yet"


def test_what_is_missing_until_a_difference_would_show(kept):
    mixed = arms(kept, 80, 20, *[lambda n: {"said": "+?"[: 1 + n % 2], "liked": [None, True, None, False][n % 4]}] * 2)
    found = compare(experiment(mixed), 0.05)
    assert found.verdict == "no difference yet"
    of = rows(found)
    # (2.498 + 0.842)^2 x (1/16 / .8 + 1/16 / .2) / .05^2, less those there are.
    assert of["sentences supported"].needed == pytest.approx(1742 - 100, abs=10)
    # Half of the answers have a word: so of every two questions one says something.
    assert of["liked"].needed > of["sentences supported"].needed
    assert rows(compare(experiment(mixed), 0.5))["sentences supported"].needed == 0
    alone = compare(experiment(arms(kept, 5, 0)), 0.05)
    assert rows(alone)["liked"].needed is None and rows(alone)["answered"].b is None


def test_the_intervals_that_decide_are_wider(kept):
    assert pytest.approx(1 - 0.05 / 4) == DECIDING_CONFIDENCE
    assert sum(one.decides for one in MEASURES) == 4


def test_equal_models_are_seldom_told_apart(kept):
    import random

    generator = random.Random(7)

    def fields(n):
        return {"said": "".join(generator.choices("+?", [9, 1], k=4)), "liked": generator.random() < 0.8}

    verdicts = [compare(experiment(arms(kept, 60, 30, fields, fields)), 0.05, seed).verdict for seed in range(12)]
    assert verdicts.count("no difference yet") >= 10


def test_a_report_says_what_it_rests_on(kept):
    found = compare(experiment(arms(kept, 30, 25, b=lambda n: {"liked": n > 2, "total_ms": 1234.5})), 0.05)
    console = Console(width=160)
    with console.capture() as captured:
        console.print(render_comparison(found))
    shown = captured.get()
    assert shown.startswith("no difference yet\n")
    assert "A: model A: 30 questions, 30 answers" in shown and "B: model B: 25 questions" in shown
    assert "liked: nothing to compare yet" in shown
    assert "model failed: a difference of 0.05 would show after about" in shown
    assert "1234" in shown and "98.75%" in shown
    document = json.loads(comparison_json(found))
    assert document["verdict"] == "no difference yet" and document["arms"]["B"]["questions"] == 25
    assert [row["name"] for row in document["measures"]] == [one.name for one in MEASURES]
