import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnote.app.core.text.sentences import sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n ", []),
        ("One.", ["One."]),
        ("  One. Two!\nThree? ", ["One.", "Two!", "Three?"]),
        ("No stop at the end", ["No stop at the end"]),
        ('He said "stop." Then he left.', ['He said "stop."', "Then he left."]),
        ("**Bold.** `code` begins. _So._ [Link](x).", ["**Bold.**", "`code` begins.", "_So._", "[Link](x)."]),
        ("Wait… Go.", ["Wait…", "Go."]),
        ("A fact.[1] Another. [2] Third.", ["A fact.[1]", "Another. [2]", "Third."]),
    ],
)
def test_a_sentence_ends_at_its_stop_with_quotes_markup_and_markers(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Use a file, e.g. A or B.",
        "That is, i.e. The port.",
        "See fig. 3 and etc. And so on",
        "Set v1.2.3 in pyproject.toml now.",
        "Call foo.bar() with no.",
        "a stop. before a small letter",
        "1. Stop the service",
        "  12. Stop the service",
    ],
)
def test_abbreviations_list_numbers_and_dotted_names_end_no_sentence(text: str) -> None:
    assert sentences(text) == [text.strip()]


def test_list_numbers_within_a_line_stay_with_their_sentence() -> None:
    assert sentences("1. Stop it. 2. Copy it: 3. Start it.") == ["1. Stop it.", "2. Copy it: 3. Start it."]


def test_a_number_at_the_end_of_a_sentence_ends_it() -> None:
    assert sentences("The default is 7070. Ports below 1024 need root.") == [
        "The default is 7070.",
        "Ports below 1024 need root.",
    ]


@given(st.text(alphabet="aB1 .!?\n\"'()[]*`…\u00a0", max_size=60) | st.text())
def test_sentences_are_in_order_trimmed_and_cover_all_but_white_space(text: str) -> None:
    at = 0
    for start, end in sentence_spans(text):
        assert at <= start < end
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()
