"""lines: which lines of a page are cited, and which are shown."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

LINES_PATTERN = r"^L?[0-9]{1,9}(-L?[0-9]{1,9})?$"
# Of a longer page, a part around what is cited is shown: what a browser draws in a moment. Round numbers.
_MOST_LINES = 5_000
_MOST_CHARS = 1_000_000
_LINES_ABOVE = 200


@dataclass(frozen=True, slots=True)
class Cited:
    """Lines of a page, counted from 1, both included."""

    first: int
    last: int

    def __contains__(self, line: int) -> bool:
        return self.first <= line <= self.last

    def __str__(self) -> str:
        return f"{self.first}-{self.last}" if self.last > self.first else str(self.first)


@dataclass(frozen=True, slots=True)
class Window:
    """The lines of a page that are shown: `lines`, of which the first is number `first`."""

    first: int
    lines: tuple[str, ...]

    @property
    def last(self) -> int:
        """The number of the last line shown."""
        return self.first + len(self.lines) - 1


def cited_lines(text: str) -> Cited:
    """The lines that a text such as `25-31`, `25` or `L25-L31` names, which matches `LINES_PATTERN`."""
    first, *rest = (int(number) for number in re.findall(r"[0-9]+", text))
    last = rest[0] if rest else first
    return Cited(min(first, last), max(first, last))


def window_of(lines: Sequence[str], cited: Cited | None, start: int | None = None) -> Window:
    """The lines from `start` on, else from some way above the cited ones on, as many as can be shown."""
    wanted = start if start is not None else cited.first - _LINES_ABOVE if cited and len(lines) > _MOST_LINES else 1
    first = min(max(1, wanted), len(lines))
    last, chars = first, len(lines[first - 1])
    while last < len(lines) and last - first + 1 < _MOST_LINES and chars + len(lines[last]) <= _MOST_CHARS:
        chars += len(lines[last])
        last += 1
    return Window(first, tuple(lines[first - 1 : last]))


def window_before(lines: Sequence[str], first: int) -> int:
    """Where a window begins that ends right above line `first`."""
    start, chars = first, 0
    while start > 1 and first - start < _MOST_LINES and chars + len(lines[start - 2]) <= _MOST_CHARS:
        start -= 1
        chars += len(lines[start - 1])
    return min(start, max(1, first - 1))
