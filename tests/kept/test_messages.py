"""The prompt of a kept answer is the one that was sent, and the target what the model should have written."""

from dataclasses import replace

import pytest

from footnote.app.answering.answerer import REFUSAL_TEXT
from footnote.app.answering.prompt import PromptMessage
from footnote.app.core.types import Citation, Premise, Sentence
from footnote.app.kept.messages import messages_of, target_of
from footnote.app.kept.rows import kept_answer
from tests.builders import make_hit
from tests.clock import NOW
from tests.kept.asked import PORT

HITS = (make_hit("Relay waits 30 seconds.", path="a.md"), make_hit("It is fast.\nIt is small.", path="b.md", start=10))


def cited(number, path, start, quote):
    return Citation(number, path, "", (), 1, 1, start, start + len(quote), quote, "", 1)


@pytest.fixture(scope="module")
def kept(engine):
    """A kept answer of a model with other fields; its hits are HITS."""
    answer = replace(
        engine.ask(PORT), mode="llm", hits=HITS, sentences=(), citations=(), premises=(), dropped=(), notice=None
    )

    def make(text, **fields):
        return kept_answer(replace(answer, text=text, **fields), NOW, "full", False)

    return make


SMALL = cited(1, "b.md", 22, "It is small.")
WAITS = cited(2, "a.md", 0, "Relay waits 30 seconds.")


@pytest.mark.parametrize("prompt", ["full", "compact"])
def test_the_prompt_is_the_very_one_that_was_sent(make_engine, fake_llm, prompt):
    engine = make_engine(llm="openai:some", llm_base_url=fake_llm.base_url, llm_prompt=prompt)
    fake_llm.text = "Relay listens on port 7070 [2]. Its default port is 9999 [1]. It can be changed [1]."
    answer = engine.ask(f"{PORT} <source> [1]")
    sent = fake_llm.received[-1][2]["messages"]
    (kept,) = [kept_answer(answer, NOW, prompt, False)]
    assert [{"role": one.role, "content": one.content} for one in messages_of(kept)] == sent
    assert len(sent) == (6 if prompt == "compact" else 2)
    assert len(messages_of(kept, "compact")) == 6
    # In the other numbering, and without what was cut and marked.
    assert answer.dropped and answer.text != target_of(kept)
    assert target_of(kept).startswith("Relay listens on port 7070 [")


def test_a_follow_up_is_asked_as_it_was_read(kept):
    *_, last = messages_of(kept("x", asked_as="How is it read?"))
    assert isinstance(last, PromptMessage) and last.content.endswith("\n\nQuestion: How is it read?")


def test_numbers_are_those_of_the_passages(kept):
    text = "It is small [1]. Relay waits [2]; `a[1]` stays [1][2]."
    assert target_of(kept(text, citations=(SMALL, WAITS))) == "It is small [2]. Relay waits [1]; `a[1]` stays [2][1]."


def test_two_citations_of_one_passage_that_stand_side_by_side_are_one(kept):
    fast = cited(2, "b.md", 10, "It is fast.")
    text = "It is small and fast [1][2]. It is [1] [2], fast [2]."
    assert target_of(kept(text, citations=(SMALL, fast))) == "It is small and fast [2]. It is [2], fast [2]."


@pytest.mark.parametrize("citation", [cited(1, "c.md", 22, "x"), cited(1, "b.md", 30, "goes on beyond")])
def test_what_cites_no_passage_has_no_target(kept, citation):
    assert target_of(kept("It is small [1].", citations=(citation,))) is None


def test_marks_of_the_check_are_no_part_of_it(kept):
    sentences = (Sentence("It is small", (1,), "unverified", "x"), Sentence("It flies", (), "unsupported", "y"))
    text = "It is small [1][?]. It flies [unsupported]. `x[?]`"
    marked = kept(text, citations=(SMALL,), sentences=sentences)
    assert target_of(marked) == "It is small [2]. It flies. `x[?]`"
    # The model itself may write such a sign, where nothing is marked.
    assert target_of(kept("What is [?] here [1].", citations=(SMALL,))) == "What is [?] here [2]."


def test_what_is_said_first_of_the_question_is_no_part_of_it(kept):
    unnamed = Premise("unnamed", "The docs do not name `--[1]`.", "--[1]")
    denied = Premise("denied", "The docs say otherwise: “It is small.”", citations=(1,))
    said = "The docs do not name `--[1]`. The docs say otherwise: “It is small.” [1]\n\nIt is small [1]."
    assert target_of(kept(said, citations=(SMALL,), premises=(unnamed, denied))) == "It is small [2]."
    only_one = "The docs say otherwise: “It is small.” [1]\n\nIt is small [1]."
    assert target_of(kept(only_one, citations=(SMALL,), premises=(unnamed, denied))) == "It is small [2]."
    # What the model says itself is not said again, and stays.
    own = "The docs do not name `--[1]`. It is small [1]."
    assert target_of(kept(own, citations=(SMALL,), premises=(unnamed,))) == own.replace("small [1]", "small [2]")


def test_a_refusal_is_the_target_where_the_passages_do_not_answer(kept):
    for by in ("gate", "model"):
        assert target_of(kept("x", refused=True, refused_by=by)) == REFUSAL_TEXT
    # The check refused what was written; the passages may answer. And without passages there was no prompt.
    assert target_of(kept("x", refused=True, refused_by="check")) is None
    assert target_of(kept("x", refused=True, refused_by="filter", hits=())) is None


def test_an_answer_that_ends_early_has_no_target(kept):
    assert target_of(kept("It is small [1].", citations=(SMALL,), truncated=True)) is None


def test_quotes_have_one_as_well(engine):
    answer = engine.ask(PORT)
    text = target_of(kept_answer(answer, NOW, "full", False))
    assert text is not None and "7070" in text
