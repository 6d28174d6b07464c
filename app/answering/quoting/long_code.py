"""long_code: a long script or configuration as pieces of whole lines, each of which can stand as a quote."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from footnote.app.core.types import Part

# Longer code is quoted in pieces, shorter code as a whole.
LONG_CHARS = 1500
LONG_LINES = 40
PIECE_CHARS = 400
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")
_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(?:`{3}|~{3})")


def in_pieces(text: str, parts: Iterable[Part]) -> Iterator[Part]:
    """The parts, those of long code in pieces, without the marks of its fence; a piece ends at a blank line near by."""
    for part in parts:
        if part.kind != "code" or not _is_long(text, part):
            yield part
            continue
        for start, end in _pieces(text, *_body(text, part)):
            yield replace(part, start=start, end=end, is_cut=True)


def _is_long(text: str, part: Part) -> bool:
    return part.end - part.start > LONG_CHARS or text.count("\n", part.start, part.end) > LONG_LINES


def _body(text: str, part: Part) -> tuple[int, int]:
    """Where the code is that a reader sees."""
    if part.is_cut or part.fence is None:
        return part.start, part.end
    start = _line(text, part.start, part.end)
    last = max(text.rfind("\n", start, part.end), text.rfind("\r", start, part.end)) + 1
    return start, last if last > start and _FENCE.match(text, last, part.end) else part.end


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Whole lines from `start` to `end`, without blank ones around a piece."""
    first = last = at = start
    while at < end:
        below = _line(text, at, end)
        is_blank = not text[at:below].strip(" \t\r\n>")
        if last > first and (below - first > PIECE_CHARS or (is_blank and last - first > PIECE_CHARS // 2)):
            yield first, last
            first = last = at
        if not is_blank:
            last = at + len(text[at:below].rstrip("\r\n"))
        elif last == first:
            first = last = below
        at = below
    if last > first:
        yield first, last


def _line(text: str, at: int, end: int) -> int:
    """Where the line at a place ends, with its line end."""
    found = _LINE.match(text, at, end)
    return found.end() if found else end
