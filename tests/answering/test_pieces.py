"""Pieces: where an answer that is still being written can be cut, whatever the tokens are."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnote.app.answering import pieces as module
from footnote.app.answering.citations import masked
from footnote.app.answering.pieces import pieces
from footnote.app.answering.structure import is_fenced
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
        (
            "One thing. [Another](http://x) one. <b>Bold</b>. End.",
            ["One thing. [Another](http://x) one. <b>Bold</b>. ", "End."],
        ),
        (
            "Run:\n\n1. So:\n\n   ```\n   a\n\n   b\n   ```\n\n2. Stop.",
            ["Run:\n\n", "1. So:\n\n", "   ```\n   a\n\n   b\n   ```\n\n", "2. Stop."],
        ),
        ("> - ```\n>   a\n>   ```\n> b\n\nEnd.", ["> - ```\n>   a\n>   ```\n", "> b\n\n", "End."]),
        # Code to a pattern and not to a renderer, or the other way round: the rest is one piece.
        ("Run:\n- ```\na\n```\n\nEnd. So.", ["Run:\n", "- ```\na\n```\n\nEnd. So."]),
        ("Run:\n\n    ```\n    a\n    ```\n\nEnd. So.", ["Run:\n\n", "    ```\n    a\n    ```\n\nEnd. So."]),
        ("So.\n[7] ~~~\na\n~~~\n\nEnd. So.", ["So.\n", "[7] ~~~\na\n~~~\n\nEnd. So."]),
        ("A. Do it. ```sh\na\n```\n\nEnd.", ["A. ", "Do it. ```sh\na\n```\n\nEnd."]),
        ("Run ```a. B``` [1]. So.", ["Run ```a. B``` [1]. ", "So."]),
        ("[Open\n[lines\n\nEnd.", ["[Open\n[lines\n\n", "End."]),
        ("One\r\n\r\ntwo.\x0c", ["One\n\n", "two."]),
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
    assert "".join(at_once) == re.sub("[\r\x0c]", "", text).strip()
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


@pytest.mark.parametrize(
    "line",
    [
        "[bracket and some words that go on. And more words here\n",
        "- an open [bracket\n",
        "[[[[[[[[[[\n",
        "[1]\n\n",
        "a `b. C\n",
        "!!!!",
        "word [and. And more ",
        "Plain words. And more words here. ",
        "- Run:\n\n  ```sh\n  relay --port 7070\n  ```\n",
        "```\nnever closed ",
    ],
)
def test_the_work_grows_with_the_length_of_the_text(monkeypatch, line):
    """Of each character that is written, so many are read: a bound, however long the answer is."""
    read = []
    monkeypatch.setattr(module, "masked", lambda text: read.append(len(text)) or masked(text))
    monkeypatch.setattr(module, "is_fenced", lambda *texts: read.append(len("".join(texts))) or is_fenced(*texts))
    works = []
    for length in (6_000, 12_000, 24_000):
        read.clear()
        text = (line * length)[:length]
        list(pieces(text[start : start + 4] for start in range(0, length, 4)))
        works.append(sum(read) / length)
    assert works[2] <= 1.2 * works[1] + 1
    assert works[2] < 200
