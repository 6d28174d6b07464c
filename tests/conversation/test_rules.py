"""Rules: what a follow-up leaves out is taken from the turn before, and what stands alone stays as it is."""

import pytest

from footnote.app.conversation.rules import standalone


@pytest.mark.parametrize(
    ("turns", "question", "asked_as"),
    [
        (["How do I install Relay?"], "And on Windows?", "And on Windows? (install Relay)"),
        (["How do I install Relay?"], "for Docker?", "for Docker? (install Relay)"),
        (["Does it have document databases?"], "How do I create one?", "How do I create one? (document databases)"),
        (["What are backups?"], "How long are they kept?", "How long are they kept? (backups)"),
        (
            ["What are backups?", "How long are they kept?"],
            "And with `--keep`?",
            "And with `--keep`? (long kept backups)",
        ),
        (
            ["How do I install Relay on macOS?", "and on Windows?", "How do I clear the cache?"],
            "where is it stored?",
            "where is it stored? (clear cache)",
        ),
        (["How do I install Relay?", "Thanks!"], "And on Windows?", "And on Windows? (install Relay)"),
        (["How do I install Relay?"], "Which port does Relay listen on?", "Which port does Relay listen on?"),
        (
            ["How do I install Relay?"],
            "If I mistype my password when storing credentials, will it complain?",
            "If I mistype my password when storing credentials, will it complain?",
        ),
        (["How do I install Relay?"], "Is there a limit on messages?", "Is there a limit on messages?"),
        ([], "And on Windows?", "And on Windows?"),
        (["Thanks!"], "And on Windows?", "And on Windows?"),
    ],
)
def test_what_a_question_is_asked_as(turns, question, asked_as):
    assert standalone(question, turns) == asked_as
