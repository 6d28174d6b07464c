"""A file of the docs as it is now: where a quote stands in it, and what stands where it stood."""

import difflib
from dataclasses import dataclass
from functools import cached_property

from footnote.app.core.text.offsets import LINE_END, line_of, line_starts
from footnote.app.verifying.resemblance import Resemblances


@dataclass(frozen=True, slots=True)
class Place:
    """Lines and byte offsets in a file, as in `Citation`."""

    path: str
    start_line: int
    end_line: int
    start: int
    end: int


class QuotedFile:
    """The bytes of one file."""

    def __init__(self, path: str, raw: bytes) -> None:
        self.path = path
        self._raw = raw

    @property
    def raw(self) -> bytes:
        """All of them."""
        return self._raw

    def first(self, quote: bytes) -> Place | None:
        """The first place of these bytes."""
        start = self._raw.find(quote)
        return None if start < 0 else self._place(start, start + len(quote))

    def nearest(self, quote: bytes, line: int, offset: int) -> Place | None:
        """The place of these bytes that begins nearest to a line, counted from 1; `offset` decides within that line.

        Of two equally near the one above.
        """
        raw, size = self._raw, len(quote)
        begin, after = self._line(line), self._line(line + 1)
        at = offset if begin <= offset < after and raw.startswith(quote, offset) else -1
        at = at if at >= 0 else raw.find(quote, begin, after + size - 1)
        if at >= 0:
            return self._place(at, at + size)
        # Backwards by turning the text around: of find and rfind only the first has linear time in the worst case.
        turned = raw[: begin + size - 1][::-1]
        found = turned.find(quote[::-1])
        above = None if found < 0 else self._place(len(turned) - found - size, len(turned) - found)
        start = raw.find(quote, after)
        below = None if start < 0 else self._place(start, start + size)
        if above and below:
            return above if line - above.start_line <= below.start_line - line else below
        return above or below

    def resembling(self, quote: str, line: int) -> Place | None:
        """The place of what resembles the quote most, of equals the one nearest to a line; None without any."""
        near = len(self._raw[: self._line(line)].decode("utf-8", "surrogateescape"))
        span = self._resemblances.find(quote, near)
        if span is None:
            return None
        start = len(self._text[: span.start].encode("utf-8", "surrogateescape"))
        return self._place(start, start + len(self._text[span.start : span.end].encode("utf-8", "surrogateescape")))

    def text(self, place: Place) -> str:
        """What stands there; bytes that are no UTF-8 as replacement characters."""
        return self._raw[place.start : place.end].decode("utf-8", "replace")

    @cached_property
    def _text(self) -> str:
        return self._raw.decode("utf-8", "surrogateescape")

    @cached_property
    def _resemblances(self) -> Resemblances:
        return Resemblances(self._text)

    @cached_property
    def _starts(self) -> list[int]:
        return line_starts(self._raw.decode("latin-1"))  # a character a byte

    def _line(self, line: int) -> int:
        """Where a line begins; the end of the file for one beyond the last."""
        return self._starts[line - 1] if line <= len(self._starts) else len(self._raw)

    def _place(self, start: int, end: int) -> Place:
        first, last = line_of(self._starts, start) + 1, line_of(self._starts, end - 1) + 1
        return Place(self.path, first, last, start, end)


def unified_diff(path: str, line: int, quote: str, line_now: int, now: str) -> str | None:
    """From the quote, which began at `line`, to what stands there now; None when only line ends differ."""
    before, after = LINE_END.split(quote), LINE_END.split(now)
    if before == after:
        return None
    everything = max(len(before), len(after))
    changes = list(difflib.unified_diff(before, after, lineterm="", n=everything))[3:]
    hunk = f"@@ -{line},{len(before)} +{line_now},{len(after)} @@"
    return "\n".join([f"--- {path}\tas cited", f"+++ {path}\tnow", hunk, *changes])
