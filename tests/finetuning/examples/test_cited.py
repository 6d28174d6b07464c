"""Texts cited by the check, put into whole lines, and numbered anew."""

import pytest

from footnote.app.checking.checker import Checker
from footnote.app.core.text.term_counts import TermCounts
from footnote.app.finetuning.examples.sources.answers import (
    POINTS_ELSEWHERE,
    TOO_LONG,
    UNREADABLE,
    Unanswered,
    worth_learning,
)
from footnote.app.finetuning.examples.sources.cited import (
    in_paragraphs,
    renumbered,
    with_citations,
    without_markers,
)
from tests.builders import make_hit

PORT = make_hit("`RELAY_PORT` is the port that Relay listens on. The default is 7070.", path="configuration.md")
BACKUP = make_hit("Pause deliveries, copy the folder, and resume:\n\n```bash\nacme-relay pause\n```", path="backups.md")


@pytest.fixture
def checker():
    return Checker(None, TermCounts(100, lambda term: 1))


def test_each_sentence_cites_the_passage_that_supports_it(checker):
    text = "Relay listens on port 7070. Pause deliveries, then copy the folder."
    said = with_citations(text, "How?", (PORT, BACKUP), checker)
    assert said == "Relay listens on port 7070 [1]. Pause deliveries, then copy the folder [2]."


def test_a_sentence_that_no_passage_supports_gives_nothing(checker):
    assert with_citations("Relay listens on port 7070. It has 12 threads.", "How?", (PORT,), checker) is None


def test_what_states_nothing_cites_what_its_neighbour_does(checker):
    assert with_citations("Yes. Relay listens on port 7070.", "Is it 7070?", (PORT,), checker) == (
        "Yes [1]. Relay listens on port 7070 [1]."
    )


def test_code_is_cited_below_it(checker):
    text = "Pause deliveries, copy the folder, and resume:\n\n```bash\nacme-relay pause\n```"
    assert with_citations(text, "How?", (PORT, BACKUP), checker) == (
        "Pause deliveries, copy the folder, and resume [2]:\n\n```bash\nacme-relay pause\n```\n[2]"
    )


def test_lines_of_a_paragraph_are_one_and_labels_go():
    text = (
        "**relay.toml**\n\nA line that\ngoes  on.\n\n- an item\n  of two lines\n- another\n\n```sh\na\n\nb\n```\nAfter."
    )
    assert in_paragraphs(text) == (
        "A line that goes on.\n\n- an item of two lines\n- another\n\n```sh\na\n\nb\n```\nAfter."
    )


def test_markers_are_taken_out_and_numbered_anew():
    text = "One [1]. Two [2][1]:\n\n```\nx[1]\n```\n[2]"
    assert without_markers(text) == "One. Two:\n\n```\nx[1]\n```"
    assert renumbered(text, {1: 3, 2: 1}) == "One [3]. Two [1][3]:\n\n```\nx[1]\n```\n[1]"


def test_what_only_points_to_another_page_goes():
    assert worth_learning("Run `a`. See the guide for more.", is_quoted=True) == "Run `a`."


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("See the guide for more.", POINTS_ELSEWHERE),
        ("This is what it does.", UNREADABLE),
        ("For example, run `a`.", UNREADABLE),
        ("```sh\na\n```", UNREADABLE),
        ("Run one of the following:\n\n```sh\na\n```", UNREADABLE),
        ("Run it, e.g.:\n\n```sh\na\n```", UNREADABLE),
        ("Run it:", UNREADABLE),
        ("Run:\n\n```sh\na", UNREADABLE),
        ("word " * 200, TOO_LONG),
    ],
)
def test_a_quote_that_cannot_be_read_by_itself_is_no_answer(text, reason):
    with pytest.raises(Unanswered, match=reason):
        worth_learning(text, is_quoted=True)


def test_what_somebody_wrote_may_begin_as_it_likes():
    assert worth_learning("They are kept for 30 days.", is_quoted=False) == "They are kept for 30 days."
