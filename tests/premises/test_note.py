"""note: what is wrong with a question, in front of its answer or in the reason of its refusal."""

import pytest

from footnote.app.answering.answerer import Draft, refusal
from footnote.app.answering.citations import cite
from footnote.app.core.text.passages import passages
from footnote.app.core.types import Premise, Sentence
from footnote.app.premises.denials import Denial
from footnote.app.premises.find import Unnamed
from footnote.app.premises.note import with_premises
from tests.builders import make_chunk

CHUNK = make_chunk("Relay does not sync extras [1] by default. Use `--extra`.", path="sync.md", start=100, start_line=7)
SYNC, USE = passages(CHUNK)
DENIAL = Denial(CHUNK, SYNC)
UNNAMED = Unnamed("--turbo", None)


def draft_of(text="Use `--extra` [1].", passage=USE):
    sentence = Sentence(text.replace(" [1]", ""), (1,), "supported")
    return Draft(text, (sentence,), (cite(1, CHUNK, passage, 3),), 0, None)


def test_a_name_that_is_not_named_is_said_first():
    draft, premises = with_premises(draft_of(), [UNNAMED], 3, is_written=False)
    assert draft.text == "The docs do not name `--turbo`.\n\nUse `--extra` [1]."
    assert (draft.sentences, draft.citations) == (draft_of().sentences, draft_of().citations)
    assert premises == (Premise("unnamed", "The docs do not name `--turbo`.", "--turbo"),)


def test_the_name_that_is_most_like_it_is_offered():
    draft, (premise,) = with_premises(draft_of(), [Unnamed("--turbo", "--turbo-mode")], 3, is_written=False)
    assert draft.text.startswith("The docs do not name `--turbo` (did you mean `--turbo-mode`?).\n\n")
    assert premise.like == "--turbo-mode"


def test_a_denial_is_quoted_and_cited_with_the_next_number():
    draft, (_, premise) = with_premises(draft_of(), [UNNAMED, DENIAL], 3, is_written=False)
    first, rest = draft.text.split("\n\n")
    assert first == (
        "The docs do not name `--turbo`. "
        r"The docs say otherwise: “Relay does not sync extras \[1\] by default.” [2]"
    )
    assert rest == "Use `--extra` [1]."
    assert draft.citations == (cite(1, CHUNK, USE, 3), cite(2, CHUNK, SYNC, 3))
    assert (premise.kind, premise.name, premise.citations) == ("denied", "", (2,))


@pytest.mark.parametrize("passage", [SYNC, None])
def test_a_passage_that_is_cited_already_keeps_its_number(passage):
    draft, (premise,) = with_premises(draft_of("It does not [1].", passage), [DENIAL], 3, is_written=False)
    assert draft.citations == (cite(1, CHUNK, passage, 3),)
    assert premise.citations == (1,)
    assert draft.text.startswith("The docs say otherwise: ")


def test_what_a_language_model_wrote_itself_is_not_said_again():
    written = draft_of("The sources do not mention `--Turbo`; extras are not synced [1].", SYNC)
    draft, premises = with_premises(written, [UNNAMED, DENIAL], 3, is_written=True)
    assert (draft, len(premises)) == (written, 2)
    silent = draft_of("Set `--turbo` [1].")
    assert with_premises(silent, [UNNAMED], 3, is_written=True)[0].text.startswith("The docs do not name `--turbo`.")


def test_a_refusal_says_it_in_its_reason():
    draft, premises = with_premises(refusal("gate", "nothing fits"), [UNNAMED, DENIAL], 3, is_written=False)
    assert draft.refusal_reason == (
        "nothing fits; the docs do not name `--turbo`; "
        "the docs say otherwise: “Relay does not sync extras [1] by default.” (sync.md:7-7)"
    )
    assert (draft.text, draft.citations) == (refusal("gate", "").text, ())
    assert [premise.citations for premise in premises] == [(), ()]


def test_a_name_that_a_refusal_names_already_is_not_named_again():
    named = refusal("gate", "nothing in the docs names --turbo")
    assert with_premises(named, [UNNAMED], 3, is_written=False)[0].refusal_reason == named.refusal_reason
    hinted = with_premises(named, [Unnamed("--turbo", "--turbo-mode")], 3, is_written=False)[0].refusal_reason
    assert hinted == "nothing in the docs names --turbo (did you mean `--turbo-mode`?)"


def test_without_a_wrong_premise_the_draft_stays_as_it_is():
    for draft in (draft_of(), refusal("gate", "nothing fits")):
        assert with_premises(draft, [], 3, is_written=False) == (draft, ())
