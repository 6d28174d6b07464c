import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnote.app.core.text.offsets import byte_offsets, line_of, line_starts


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("", [0]),
        ("a", [0]),
        ("a\n", [0, 2]),
        ("a\nb\r\nc\rd", [0, 2, 5, 7]),
        ("\n\r\n\r", [0, 1, 3, 4]),
        ("a\u2028b\x0bc\x85d", [0]),  # separators that markdown does not know as line ends
    ],
)
def test_a_line_begins_after_lf_crlf_or_cr(text: str, starts: list[int]) -> None:
    assert line_starts(text) == starts


def test_the_line_of_each_character() -> None:
    text = "a\nbb\r\nc"
    assert [line_of(line_starts(text), offset) for offset in range(len(text))] == [0, 0, 1, 1, 1, 1, 2]


def test_byte_offsets_of_text_beyond_ascii() -> None:
    assert byte_offsets("aé漢😀z", [5, 0, 2, 3, 4, 1, 2]) == {0: 0, 1: 1, 2: 3, 3: 6, 4: 10, 5: 11}


@given(st.text(), st.data())
def test_byte_offsets_cut_the_encoded_text_where_the_characters_are_cut(text: str, data: st.DataObject) -> None:
    offsets = data.draw(st.lists(st.integers(0, len(text))))
    assert byte_offsets(text, offsets) == {offset: len(text[:offset].encode()) for offset in offsets}
