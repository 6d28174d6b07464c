"""spans: characters of a page, and what of a text lies in them. Pure functions."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

NOT_LINE_END = re.compile(r"[^\r\n]")


class Span(NamedTuple):
    """Characters `[start, end)` of a page."""

    start: int
    end: int


class Spans:
    """Spans that do not overlap, in order, asked whether they hold a match."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.spans = spans
        self._starts = [span.start for span in self.spans]

    def at(self, place: int) -> Span | None:
        number = bisect_right(self._starts, place) - 1
        return self.spans[number] if number >= 0 and place < self.spans[number].end else None

    def covers(self, match: re.Match[str]) -> bool:
        """Whether the match begins in a span."""
        return self.at(match.start()) is not None


def united(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, as one where they overlap."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start < found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        elif span.start < span.end:
            found.append(span)
    return found


def masked(text: str, spans: Sequence[Span]) -> str:
    """The text with the spans as spaces, line ends kept: as long as before, in lines as before."""
    pieces, at = [], 0
    for start, end in sorted(spans):
        start = max(start, at)
        if start < end:
            pieces += [text[at:start], NOT_LINE_END.sub(" ", text[start:end])]
            at = end
    return "".join([*pieces, text[at:]])


def with_plain_line_ends(text: str) -> str:
    """The text as long as before, in the lines that a parser sees."""
    return text.replace("\r\n", " \n").replace("\r", "\n")
