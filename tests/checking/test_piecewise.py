"""Piecewise: an answer that is checked while it is written is the answer checked at once, and what was said stays."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnote.app.answering.answerer import Draft, Piece, joined
from footnote.app.answering.citations import cite, located_sentences
from footnote.app.answering.defang import without_markup
from footnote.app.answering.language_model import piece_of
from footnote.app.answering.pieces import pieces
from footnote.app.checking.checker import Checker
from footnote.app.checking.piecewise import PiecewiseCheck
from footnote.app.checking.verdicts import Policy
from tests.builders import make_hit
from tests.checking.test_answer_check import BACKUPS, NETWORK, TERMS
from tests.property.answers import answers

HITS = (make_hit(NETWORK, path="configuration.md"), make_hit(BACKUPS, path="backups.md"))
SOURCES = [cite(number, hit.chunk, None, 1) for number, hit in enumerate(HITS, 1)]
QUESTION = "How is it set up?"
RULES = Checker(None, TERMS)


def run(text: str, holds: bool = False, **policy: str) -> tuple[list[list[str]], Draft]:
    """What was let through after each piece, and the whole of it."""
    check = PiecewiseCheck(QUESTION, HITS, RULES, Policy(**policy), 1, holds=holds)
    written = [piece_of(piece, SOURCES) for piece in pieces([text])]
    said = [list(check.add(piece)) for piece in written]
    whole, _ = joined((piece.text, piece.gap) for piece in written)
    sentences = tuple(one.sentence for one in located_sentences(whole))
    draft = check.end(Draft(whole, sentences, (), 0, None))
    parts = [part for parts in said for part in parts]
    assert draft.refused or draft.text.startswith("".join(part.text for part in parts))
    for field in ("sentences", "citations", "dropped"):
        found = [one for part in parts for one in getattr(part, field)]
        assert list(getattr(draft, field))[: len(found)] == found
    return [[part.text for part in parts] for parts in said], draft


def test_what_was_let_through_before_is_no_second_proof():
    for holds in (False, True):
        _, draft = run("Relay listens on port 7070 [1]. " * 38, holds)
        assert [one.verdict for one in draft.sentences] == ["supported"] + ["not checkable"] * 37


@pytest.mark.parametrize(
    ("text", "let_through"),
    [
        (
            "Relay listens on port 7070 [1]. Backups are kept for 90 days [2]. Backups run at 02:00 [2].",
            [["Relay listens on port 7070 [1]."], [], [" Backups run at 02:00 [2]."]],
        ),
        (
            "Yes. Relay listens on port 7070 [1].\n\nBackups run at 02:00 [2].",
            [[], ["Yes. Relay listens on port 7070 [1]."], ["\n\nBackups run at 02:00 [2]."]],
        ),
        (
            "Facts:\n\n- Relay listens on port 7070 [1].\n- It costs 5 dollars.\n- Backups run at 02:00 [2].",
            [[], ["Facts:\n\n- Relay listens on port 7070 [1]."], [], ["\n- Backups run at 02:00 [2]."]],
        ),
        (
            "1. Relay listens on port 7070 [1].\n2. Backups are kept for 90 days [2].\n3. Backups run at 02:00 [2].\n\n"
            "Relay listens on port 7070 [1].",
            [
                ["1. Relay listens on port 7070 [1]."],
                [],
                [],
                [],
            ],
        ),
        (
            "Backups are kept for 90 days [2].\n\nRelay listens on port 7070 [1].",
            [[], ["Relay listens on port 7070 [1]."]],
        ),
        (
            "| Setting | Purpose |\n|---|---|\n| `RELAY_PORT` | the port Relay listens on | [1]",
            [[], ["| Setting | Purpose |\n|---|---|\n| `RELAY_PORT` | the port Relay listens on | [1]"]],
        ),
        # What is code here is none to a renderer: the rest is checked as a whole.
        (
            "Relay listens on port 7070 [1].\n- ~~~\n<script>\n~~~\n\n~~~\n<script>\n~~~",
            [
                ["Relay listens on port 7070 [1]."],
                ["\n- ~~~\n&lt;script>\n~~~\n[?]\n\n~~~\n&lt;script>\n~~~\n[2]"],
            ],
        ),
        # A label is proved by its own words, and goes with all that is below it.
        ("- **Ports:**\n  - Relay listens on port 9999 [1].", [[], []]),
        (
            "The docs do not say who wrote it. Relay listens on port 7070. Backups run at 02:00 [2].",
            [
                [],
                [],
                [
                    "The docs do not say who wrote it. Relay listens on port 7070 [1]. Backups run at 02:00 [2].",
                ],
            ],
        ),
    ],
)
def test_what_is_let_through_with_each_piece(text, let_through):
    assert run(text)[0] == let_through


def test_a_label_within_an_item_does_not_go_with_what_is_beside_the_item():
    text = "- Backups run at 02:00 [2]. Ports:\n- It costs 5 dollars."
    assert run(text)[1].text == run(text, holds=True)[1].text == "- Backups run at 02:00 [1]. Ports [2]:"


@pytest.mark.parametrize("how", [{"unsupported": "refuse"}, {"holds": True}])
def test_nothing_is_let_through_where_all_of_it_may_change(how):
    said, draft = run("Relay listens on port 7070 [1]. Backups run at 02:00 [2].", **how)
    assert said == [[], []]
    assert draft.text == "Relay listens on port 7070 [1]. Backups run at 02:00 [2]."


def test_a_paragraph_stays_one_when_its_neighbour_goes():
    text = "Relay listens on port 7070 [1]. It costs 5 dollars.\n\nBackups run at 02:00 [2]."
    assert run(text)[1].text == "Relay listens on port 7070 [1].\n\nBackups run at 02:00 [2]."


def test_an_answer_of_which_nothing_stays_is_a_refusal():
    said, draft = run("Yes. Backups are kept for 90 days [2].")
    assert (said, draft.refused_by) == ([[], []], "check")
    assert [one.text for one in draft.dropped] == ["Backups are kept for 90 days."]


def test_markup_that_only_two_pieces_make_together_does_not_act():
    check = PiecewiseCheck(QUESTION, HITS, RULES, Policy(), 1)
    said = "Relay listens on port 7070 [1]."
    for piece in (Piece(said, "\n", ()), Piece("[a", "", ()), Piece("](javascript:alert)", "", ())):
        list(check.add(piece._replace(sentences=run(said)[1].sentences)))
    text = check.end(Draft("", (), (), 0, None)).text
    assert without_markup(text) == text
    assert "](java" not in text


@given(answers(), st.sampled_from(["drop", "mark"]), st.sampled_from(["mark", "keep", "drop"]))
def test_the_parts_together_are_the_answer_checked_at_once(text, unsupported, unverified):
    policy = {"unsupported": unsupported, "unverified": unverified}
    _, draft = run(text, **policy)
    _, at_once = run(text, holds=True, **policy)
    assert draft.refused_by == at_once.refused_by
    assert draft.sentences == at_once.sentences
    assert draft.citations == at_once.citations
    assert [*draft.dropped] == [*at_once.dropped]
    assert read(draft.text) == read(at_once.text)
    assert without_markup(draft.text) == draft.text
    assert without_markup(at_once.text) == at_once.text


def read(text: str) -> str:
    """The text as it is read: what is spelled so that it does nothing may be more when all of it is known."""
    return " ".join(html.unescape(text).replace("\\[", "[").split())
