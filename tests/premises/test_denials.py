"""claims and denials: what a question states by the way it asks, and the passage that says otherwise."""

import pytest

from footnote.app.core.text.term_counts import TermCounts
from footnote.app.premises.claims import claims
from footnote.app.premises.denials import denial
from tests.builders import make_hit

COUNTS = TermCounts(1000, lambda term: 10)


def denied(question, *texts):
    hits = [make_hit(text, path=f"{number}.md") for number, text in enumerate(texts)]
    found = (denial(claim, hits, COUNTS) for claim in claims(question))
    return next((one.passage.text for one in found if one), None)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Why does Relay sync extras by default?", "Relay sync extras by default"),
        ("Since Relay deletes old messages, how do I keep them?", "Relay deletes old messages"),
        ("How do I stop Relay from deleting messages?", "Relay from deleting messages"),
        ("How can I send a file?", "send a file"),
        ("Why is the default timeout 30 seconds?", "the default timeout "),
        ("It is slow. Why does Relay wait?", "Relay wait"),
    ],
)
def test_a_question_states_something(question, expected):
    assert [claim.text.strip() for claim in claims(question)] == [expected.strip()]


@pytest.mark.parametrize(
    "question",
    [
        "Why does Relay not sync extras?",
        "Why doesn't Relay sync?",
        "Why do I see nothing?",
        "Why is my queue full?",
        "What is a queue?",
        "Does Relay delete messages?",
        "Which port is the default?",
    ],
)
def test_what_is_asked_denied_or_the_askers_own_states_nothing(question):
    assert list(claims(question)) == []


def test_a_passage_denies_what_it_says_the_opposite_of():
    passage = "Relay does not sync extras by default."
    other = "Relay sends messages. Extras are in the reference."
    assert denied("Why does Relay sync extras by default?", other, passage) == passage
    assert denied("Why are extras enabled by default in Relay?", "Extras of Relay are disabled by default.")
    assert denied("Since extras are synced by default, how do I stop it?", "Extras are never synced by default.")


def test_a_passage_that_affirms_it_or_is_about_something_else_denies_nothing():
    question = "Why does Relay sync extras by default?"
    assert denied(question, "Relay syncs extras by default.") is None
    assert denied(question, "Relay does not sync groups in this mode.") is None
    assert denied(question, "Relay does not sync extras by default.", "Relay does sync extras by default.") is None
    assert denied(question) is None


@pytest.mark.parametrize(
    "question",
    [
        "Why is the default timeout of a queue 30 seconds?",
        "How do I raise the default queue timeout of 30 seconds?",
        "How do I get rid of the 30 second default timeout of the queue?",
    ],
)
def test_a_passage_denies_a_default_that_it_says_to_be_another(question):
    passage = "The default timeout of a queue is 5 minutes."
    assert denied(question, passage) == passage
    assert denied(question, passage, "A queue in a test has a timeout of 30 seconds.") is None
    assert denied(question.replace("30", "300"), passage) is None
    assert denied(question, "A queue has a default timeout of 5 minutes, in tests of 10 minutes.") is None


def test_passages_that_say_two_values_deny_none():
    question = "How do I change the default dashboard port 8080?"
    agent, dashboard = "The dashboard agent's default port is 52365.", "The default port of the dashboard is 8265."
    assert denied(question, dashboard) == dashboard
    assert denied(question, dashboard, agent) is None


@pytest.mark.parametrize(
    "question",
    [
        "How do I set the default timeout of a queue to 30 seconds?",
        "Is a default queue timeout with 30 seconds enough?",
        "What is the default timeout of a queue in Relay 2?",
        "How long is the default timeout of a queue?",
    ],
)
def test_a_number_that_is_wanted_is_no_claim(question):
    assert denied(question, "The default timeout of a queue is 5 minutes.") is None


def test_a_passage_denies_that_something_can_be_done():
    passage = "DER-encoded certificates are not supported."
    assert denied("How do I pass a DER-encoded certificate?", passage) == passage
    assert denied("How do I pass a certificate?", passage) is None
    assert denied("How do I pass a DER-encoded certificate?", "Use `relay import` for certificates.") is None
    assert denied("How do I pass a certificate that is not supported?", passage) is None
