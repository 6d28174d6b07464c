"""Kept answers as cases: what is worth learning, and why the rest is not."""

from collections import Counter
from dataclasses import replace

import pytest

from footnote.app.core.types import Premise, Sentence
from footnote.app.finetuning.examples.sources import kept as source
from footnote.app.finetuning.examples.sources.kept import from_kept
from footnote.app.kept.rows import Feedback, kept_answer
from tests.kept.asked import PORT

LIKED, DISLIKED = Feedback(True, None, 1), Feedback(False, None, 1)


@pytest.fixture(scope="module")
def answered(engine):
    """An answer of quotes that a reader liked."""
    kept = kept_answer(engine.ask(PORT), 1, "full", False)
    assert kept.is_supported
    return replace(kept, id=7, feedback=LIKED)


def cases(engine, *kept, passages=4):
    left_out = Counter()
    return list(from_kept(kept, passages, engine.index, left_out, lambda *_: None)), left_out


def test_what_is_liked_and_proven_is_learned_with_the_passages_that_it_was_written_from(engine, answered):
    (case,), left_out = cases(engine, answered)
    assert (case.question, case.source, case.origin, case.written_by) == (
        PORT,
        "kept answers",
        "kept answer 7",
        "extractive",
    )
    assert not left_out
    ids = [passage.chunk_id for passage in answered.passages]
    assert {hit.chunk.id for hit in (*case.oracle, *case.distractors)} == set(ids)
    assert "[1]" in case.answer
    quote = answered.citations[0].quote
    assert quote in case.oracle[0].chunk.text


def test_a_follow_up_is_learned_as_it_was_read(engine, answered):
    (case,), _ = cases(engine, replace(answered, question="And that?", asked_as="Which port is it?"))
    assert case.question == "Which port is it?"


def test_a_refusal_that_readers_liked_has_no_oracle(engine):
    refused = kept_answer(engine.ask("Who won the football world cup in 1998?"), 1, "full", False)
    (case,), _ = cases(engine, replace(refused, feedback=LIKED))
    assert (case.oracle, case.answer) == ((), "")
    assert case.distractors


DOUBTED = Sentence("It is fast.", (1,), "unverified", "not found: fast")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"feedback": None}, source.NO_WORD),
        ({"feedback": DISLIKED}, source.NO_WORD),
        ({"sentences": (DOUBTED,)}, source.NOT_PROVEN),
        ({"dropped": (DOUBTED,)}, source.NOT_PROVEN),
        ({"premises": (Premise("unnamed", "The docs do not name X.", "X"),)}, source.ABOUT_THE_QUESTION),
        ({"truncated": True}, source.CUT_OFF),
        ({"truncated": True, "dropped": (DOUBTED,)}, source.CUT_OFF),
        ({"truncated": True, "notice": "it broke off"}, source.BROKEN_OFF),
    ],
)
def test_what_is_not_worth_learning_is_counted_by_its_reason(engine, answered, fields, reason):
    assert cases(engine, replace(answered, **fields)) == ([], Counter({reason: 1}))


def test_what_the_docs_do_not_say_any_more_is_not_learned(engine, answered):
    gone = replace(answered.passages[-1], chunk_id="0" * 32)
    found = cases(engine, replace(answered, passages=(*answered.passages[:-1], gone)))
    assert found == ([], Counter({source.GONE: 1}))


def test_what_cites_more_than_a_prompt_has_is_not_learned(engine, answered):
    found = cases(engine, answered, passages=0)
    assert found == ([], Counter({source.TOO_MANY: 1}))
