"""Pieces: where an answer that is still being written can be cut, whatever the tokens are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnote.app.answering.pieces import pieces
from tests.property.answers import answers, chunkings


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("One thing [1]. Another one [2].", ["One thing [1]. ", "Another one [2]."]),
        (
            "One thing.[1] Another.【2†source】 A third [1, 2].",
            ["One thing.[1] ", "Another.【2†source】 ", "A third [1, 2]."],
        ),
        ("Use e.g. Postgres. It is 1.5 times as fast.", ["Use e.g. Postgres. ", "It is 1.5 times as fast."]),
        ("Run `a. B` now. Then stop.", ["Run `a. B` now. ", "Then stop."]),
        ("See [the. Guide](http://x/a. B) first. Then go.", ["See [the. Guide](http://x/a. B) first. ", "Then go."]),
        ("缓存在本地。默认是七天。", ["缓存在本地。", "默认是七天。"]),
        ("Steps:\n\n1. Do it.\n   - so\n2. Stop.", ["Steps:\n\n", "1. Do it.\n", "   - so\n", "2. Stop."]),
        (
            "Run:\n\n```sh\na. B\n\n# c. D\n```\n[1]\n\nEnd.",
            ["Run:\n\n", "```sh\na. B\n\n# c. D\n```\n[1]\n\n", "End."],
        ),
        ("Kept for 30 days.\n\n[1]\n\nThen gone.", ["Kept for 30 days.\n\n[1]\n\n", "Then gone."]),
        ("| A | B |\n|---|---|\n| c | d |\n| e | f |", ["| A | B |\n|---|---|\n", "| c | d |\n", "| e | f |"]),
        ("Open [bracket\nclosed] here.\nNext line.", ["Open [bracket\nclosed] here.\n", "Next line."]),
        ("Never [closed\nin its paragraph.\n\nNext one.", ["Never [closed\nin its paragraph.\n\n", "Next one."]),
        ("  Padded.  \n", ["Padded."]),
        ("```\nnever closed", ["```\nnever closed"]),
        ("", []),
    ],
)
def test_where_an_answer_is_cut(text, cut):
    assert list(pieces([text])) == cut
    assert list(pieces(text)) == cut


@given(st.data())
def test_the_pieces_are_the_text_and_do_not_depend_on_the_tokens(data):
    text = data.draw(answers())
    at_once = list(pieces([text]))
    assert "".join(at_once) == text.strip()
    assert list(pieces(data.draw(chunkings(text)))) == at_once


def test_a_sentence_is_cut_off_once_the_next_one_has_a_word():
    arrived = []
    for count, piece in enumerate(pieces(arrived_of("Relay listens on 7070. It is blue. And red.", arrived)), 1):
        assert piece in ("Relay listens on 7070. ", "It is blue. ", "And red.")
        if count == 1:
            assert "".join(arrived) == "Relay listens on 7070. It "


def arrived_of(text, arrived):
    for character in text:
        arrived.append(character)
        yield character
