"""Sentences that say how something is done, as questions."""

import pytest

from footnote.app.evaluation.drafting.by_rule import question_of_definition, question_of_heading
from footnote.app.evaluation.drafting.purposes import question_of_purpose


@pytest.mark.parametrize(
    ("passage", "question"),
    [
        ("To list all queued messages:\n\n```sh\nacme list\n```", "How do I list all queued messages?"),
        ("To read your own log, use `acme log`.", "How do I read my own log?"),
        ("To set up [a proxy](proxy.md), set `PROXY`.", "How do I set up a proxy?"),
        ("To edit `relay.toml` by hand, you need root.", "How do I edit `relay.toml` by hand?"),
        ("If you want to keep every message, set `DAYS` to 0.", "How do I keep every message?"),
        ("You can also stop a single delivery with `acme stop`.", "How do I stop a single delivery?"),
        ("Use `--all` to show old messages.", "How do I show old messages?"),
        ("The `--now` flag can be used to skip the waiting time.", "How do I skip the waiting time?"),
        ("To build, test and publish, run `make`.", None),  # one word of a list
        ("To upgrade Relay, the queue and the log, run `make`.", None),  # the first of a list
        ("To do this, run `acme`.", None),
        ("To list them all, run `acme`.", None),
        ("To stop deliveries as described above, run `acme`.", None),
        ("To save or, run `acme`.", None),
        ("Relay can be used to send messages.", None),
        ("To err is human.", None),
    ],
)
def test_a_sentence_that_says_how_is_a_question(passage, question):
    assert question_of_purpose(passage) == question


def test_readers_ask_about_what_is_theirs():
    assert question_of_heading("Installing your plugins") == "How do I install my plugins?"


def test_a_term_is_spelled_as_the_page_spells_it():
    sentence = "Overrides are a last resort."
    assert question_of_definition(sentence, f"{sentence} Use overrides with care.") == "What are overrides?"
    assert question_of_definition(sentence, f"{sentence} `overrides` is a field.") == "What are Overrides?"
