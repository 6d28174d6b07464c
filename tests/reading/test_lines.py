import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnote.app.reading import lines as lines_module
from footnote.app.reading.lines import LINES_PATTERN, Cited, cited_lines, window_before, window_of


@pytest.mark.parametrize(
    ("text", "first", "last"), [("25", 25, 25), ("25-31", 25, 31), ("L25-L31", 25, 31), ("31-25", 25, 31)]
)
def test_lines_are_named_as_in_an_address(text: str, first: int, last: int) -> None:
    assert re.match(LINES_PATTERN, text)
    assert cited_lines(text) == Cited(first, last)


@pytest.mark.parametrize("text", ["", "-1", "1-", "1-2-3", "a", "1 -2", "1\n", "1234567890"])
def test_nothing_else_names_lines(text: str) -> None:
    assert not re.fullmatch(LINES_PATTERN, text)


def test_a_short_page_is_shown_whole() -> None:
    window = window_of(["a", "b", "c"], Cited(3, 3))
    assert (window.first, window.last, window.lines) == (1, 3, ("a", "b", "c"))


def test_a_long_page_is_shown_around_what_is_cited() -> None:
    lines = [str(number) for number in range(1, 20_001)]
    window = window_of(lines, Cited(12_000, 12_003))
    assert window.first < 12_000 and window.last > 12_003
    assert len(window.lines) == 5_000
    assert window.lines[12_000 - window.first] == "12000"


def test_lines_that_the_page_does_not_have_show_its_end() -> None:
    assert window_of(["a"] * 20_000, Cited(90_000, 90_001)).last == 20_000
    assert window_of(["a"], None, 7).lines == ("a",)


@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=60),
    st.integers(1, 10),
    st.integers(1, 60),
)
def test_turning_forwards_and_back_shows_every_line(sizes: list[int], most_lines: int, most_chars: int) -> None:
    lines = ["x" * size for size in sizes]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines_module, "_MOST_LINES", most_lines)
        patch.setattr(lines_module, "_MOST_CHARS", most_chars)
        shown, start = [], 1
        while start <= len(lines):
            window = window_of(lines, None, start)
            assert window.first == start
            assert len(window.lines) <= most_lines
            assert len(window.lines) == 1 or sum(map(len, window.lines)) <= most_chars
            shown += window.lines
            start = window.last + 1
        assert shown == lines
        first = len(lines) + 1
        while first > 1:
            start = window_before(lines, first)
            assert start < first
            assert window_of(lines, None, start).last >= first - 1
            first = start
