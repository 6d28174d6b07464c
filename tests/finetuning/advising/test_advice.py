"""One advice for each state that a team can be in, and the table behind it."""

from dataclasses import replace
from datetime import date

import pytest

from footnote.app.finetuning.advising.advice import Given, advise
from footnote.app.finetuning.advising.costs import Costs, Volume
from footnote.app.finetuning.advising.figures import AnswerFigures, DocsFigures
from footnote.app.models.llm.lineup.known import Lifetime
from footnote.app.schemas.evaluation import EstimateOut, EvaluationOut

ANSWERS = AnswerFigures(
    answers=600, days=30, written=500, sentences=1500, unproven=300, cut_off=2, liked=90, disliked=10, refused=60,
    examples=80, prompt_tokens=1200, completion_tokens=100,
)  # fmt: skip
GIVEN = Given(
    docs=DocsFigures(100, 12),
    evaluation=None,
    answers=ANSWERS,
    volume=Volume(20, 1200, 100, is_measured=True),
    costs=Costs(alone=100, tuned=10, training=200, break_even=44.4),
    top_k=4,
    others=0,
    ends=None,
    today=date(2026, 12, 1),
)


def evaluated(hit):
    found = EstimateOut(metric="hit@4", about="", value=hit, low=hit - 0.1, high=hit + 0.05, questions=60)
    return EvaluationOut(
        created_at="2026-12-01", generation=1, mode="extractive", summary="", metrics=[found], latencies_ms=[],
        missed=0, misses=[],
    )  # fmt: skip


GOOD = replace(GIVEN, evaluation=evaluated(0.9))
CONTENT = replace(ANSWERS, unproven=30)


@pytest.mark.parametrize(
    ("given", "word", "why"),
    [
        (GIVEN, "measure first", "run `footnote eval`"),
        (replace(GIVEN, evaluation=evaluated(0.6)), "mend retrieval first", "for 60% of the questions"),
        (replace(GOOD, answers=None), "measure first", "FOOTNOTE_KEEP_ANSWERS=true"),
        (replace(GOOD, answers=replace(ANSWERS, written=49)), "measure first", "49 kept answers of a language model"),
        (replace(GOOD, answers=CONTENT), "stay with RAG", "98% of what is written is proven"),
        (replace(GOOD, answers=replace(ANSWERS, examples=49)), "collect first", "49 examples to learn from"),
        (replace(GOOD, answers=replace(ANSWERS, examples=49), others=1), "fine-tune, and keep retrieval", "20%"),
        (GOOD, "fine-tune, and keep retrieval", "20% of what is written is not proven, and there are 80 examples"),
        (
            replace(GOOD, answers=CONTENT, costs=Costs(alone=300, tuned=10, training=200, break_even=14)),
            "fine-tune, and keep retrieval",
            "the tuned model is cheaper",
        ),
        (replace(GOOD, answers=CONTENT, costs=Costs(300, 10, None, None)), "stay with RAG", "would not be cheaper"),
    ],
)
def test_the_first_reason_that_applies_decides(given, word, why):
    found = advise(given)
    assert found.word == word
    assert why in found.why


@pytest.mark.parametrize(
    ("tuned", "costs", "said"),
    [
        ("openai:ft:small", Costs(100, None, None, None), "no price is known of openai:ft:small: name it in the file"),
        (None, Costs(100, None, None, None), "name the tuned model with --tuned"),
        (
            "openai:ft:small",
            Costs(None, None, None, None),
            "no price is known of openai:big and openai:ft:small: name it in the file of FOOTNOTE_LLM_PRICES",
        ),
    ],
)
def test_what_is_missing_for_the_costs_is_named(tuned, costs, said):
    found = lines(replace(GOOD, llm="openai:big", tuned=tuned, costs=costs))["What would it cost?"].meaning
    assert found.startswith(said)
    assert tuned is None or "--tuned" not in found


def test_a_thousand_questions_are_written_as_such():
    given = replace(GOOD, volume=replace(GIVEN.volume, questions_per_day=1000), costs=Costs(100, 10, 200, 123456.0))
    found = lines(given)["What would it cost?"]
    assert found.figure.startswith("1,000 questions a day") and found.meaning == "pays from 123,456 questions a day on"


def lines(given):
    return {line.asked: line for line in advise(given).lines}


def test_each_line_has_the_teams_own_figure():
    found = lines(replace(GOOD, ends=Lifetime("gpt-4o", date(2027, 1, 14), None)))
    assert {asked: line.figure for asked, line in found.items()} == {
        "Does knowledge change?": "12 of 100 pages changed in 30 days",
        "Are citations needed?": "1,200 of 1,500 written sentences are proven by what they cite",
        "Are the passages found?": "hit@4 0.90 (0.80 to 0.95, 60 questions)",
        "Is the writing the problem?": "20% of 1,500 sentences unproven, 2 answers cut off",
        "Are readers content?": "90 of 100 words on 600 answers say that it helped",
        "Are there enough examples?": "80 liked and proven answers, 0 of files",
        "What would it cost?": "20 questions a day, 1,200 + 100 tokens each; a month: today $100.00, tuned $10.00, "
        "training and people $200.00",
        "How long would it last?": "OpenAI takes new jobs until 2027-01-06; gpt-4o ends on 2027-01-14",
    }
    assert found["What would it cost?"].meaning == "pays from 44.4 questions a day on"


def test_what_is_not_known_is_said():
    nothing = replace(GIVEN, docs=DocsFigures(9, None), answers=None, volume=None, costs=None, today=date(2027, 2, 1))
    found = lines(nothing)
    assert found["Does knowledge change?"].meaning.startswith("cannot be told")
    assert found["Is the writing the problem?"].meaning == "set FOOTNOTE_KEEP_ANSWERS=true, and wait"
    assert found["What would it cost?"].figure == "the volume is not known"
    assert found["How long would it last?"].figure == "OpenAI takes no new jobs since 2027-01-06"
    assert "Are readers content?" not in found
