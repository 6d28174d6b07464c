"""The smallest part of a chunk that supports a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnote.app.checking.checker import Checker
from footnote.app.checking.quotes import supporting_passage
from footnote.app.core.text.passages import code_lines, passages
from footnote.app.core.text.term_counts import TermCounts
from tests.builders import make_chunk

RULES = Checker(None, TermCounts(100, lambda term: 2))
TEXT = """\
## Storage

Messages are kept for 7 days. Change it with `RELAY_RETENTION`. The folder must be local; *network shares* do not work.

| Setting | Default | Meaning |
|---------|---------|---------|
| `RELAY_PORT` | 7070 | The port — it listens there. |
| `RELAY_HOST` | 127.0.0.1 | The address. |

- Stop Relay.
- Copy the folder to the new machine.

Then start it again:

```console
$ relay check --deep

$ relay start --from /backup
```
"""


def quote(sentence: str, text: str = TEXT) -> str | None:
    chunk = make_chunk(text, heading_path=("Operations", "Storage"), start=10, start_line=5)
    passage = supporting_passage(sentence, chunk, RULES)
    if passage is None:
        return None
    content = text.encode()[passage.start - 10 : passage.end - 10].decode()
    assert content == passage.text
    lines = text.split("\n")[passage.start_line - 5 : passage.end_line - 4]
    assert passage.text.split("\n")[0] in lines[0] and passage.text.split("\n")[-1] in lines[-1]
    return passage.text


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Messages are kept for 7 days.", "Messages are kept for 7 days."),
        (
            "Messages are kept for 7 days, which `RELAY_RETENTION` changes.",
            "Messages are kept for 7 days. Change it with `RELAY_RETENTION`.",
        ),
        (
            "The messages are kept 7 days, and network shares do not work, nor does `RELAY_RETENTION`.",
            "Messages are kept for 7 days. Change it with `RELAY_RETENTION`. "
            "The folder must be local; *network shares* do not work.",
        ),
        ("Network shares do not work for the folder.", "The folder must be local; *network shares* do not work."),
        ("`RELAY_PORT` is 7070 by default.", "| `RELAY_PORT` | 7070 | The port — it listens there. |"),
        ("`RELAY_HOST` is the address.", "| `RELAY_HOST` | 127.0.0.1 | The address. |"),
        ("Copy the folder to the new machine.", "- Copy the folder to the new machine."),
        ("Run `relay start --from /backup`.", "$ relay start --from /backup"),
        (
            "Check with `relay check --deep`, then `relay start --from /backup`.",
            "$ relay check --deep\n\n$ relay start --from /backup",
        ),
    ],
)
def test_the_quote_is_the_smallest_that_supports_the_sentence(sentence, expected):
    assert quote(sentence) == expected


def test_a_table_row_brings_its_header_along():
    row = supporting_passage("`RELAY_HOST` is the address.", make_chunk(TEXT), RULES)
    assert row.table_header == "| Setting | Default | Meaning |"


def test_what_stands_in_the_headings_need_not_be_in_the_quote():
    assert quote("Operations keep messages for 7 days.") == "Messages are kept for 7 days."


def test_a_number_is_quoted_although_the_words_of_the_sentence_stand_in_another_one():
    text = "`RELAY_PORT` is the port that Relay listens on. The default is 7070. Others need root."
    said = "`RELAY_PORT` is the port that Relay listens on, 7070."
    assert quote(said, text) == "`RELAY_PORT` is the port that Relay listens on. The default is 7070."


def test_words_of_the_headings_make_up_for_none_of_the_text():
    chunk = make_chunk("Messages are kept.\n\nNetworks are slow.", heading_path=("Disks", "Backup", "Media", "Tape"))
    passage = supporting_passage("Disks, backup, media, tape: messages and networks.", chunk, RULES)
    assert passage.text == chunk.text


def test_a_quote_keeps_the_negation_of_the_sentence():
    denial = "The cache is not encrypted in memory or on disk by default."
    text = f"The cache is encrypted on disk if you ask for it.\n\n{denial}"
    assert quote("The cache is not encrypted on disk.", text) == denial


def test_a_chunk_without_passages_is_quoted_whole():
    assert quote("Storage is local.", "## Storage") is None


@given(st.text(alphabet="ab é—1.`|-#\n", max_size=80), st.text(alphabet="ab é1.", max_size=30))
def test_any_quote_is_exact(text, sentence):
    chunk = make_chunk(text, start=3, start_line=2)
    for part in [supporting_passage(sentence, chunk, RULES), *(p for one in passages(chunk) for p in code_lines(one))]:
        if part:
            assert text.encode()[part.start - 3 : part.end - 3] == part.text.encode()
            assert 2 <= part.start_line <= part.end_line <= 2 + text.count("\n")


def test_code_is_taken_apart_by_line_and_its_introduction_is_not():
    text = "Start\nit:\n\n```sh\n# first\nrelay start\n\n```"
    (passage,) = passages(make_chunk(text))
    assert [(one.text, one.start_line) for one in code_lines(passage)] == [
        ("Start\nit:", 1),
        ("# first", 5),
        ("relay start", 6),
    ]
