"""code_regions: where the fences and code spans of a page are, in one pass over its text."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

_CONTAINER = r"(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))*[ \t]*"
_SIGN = re.compile(rf"^{_CONTAINER}(?P<fence>`{{3,}}(?=[^`\n]*$)|~{{3,}})(?P<info>[^\n]*)$|(?P<ticks>`+)", re.M)
_BLANK_LINE = re.compile(r"\n[ \t>]*\r?\n")


class Region(NamedTuple):
    """Characters `[start, end)` that are code; of a fence with both markers, and what its first line names."""

    start: int
    end: int
    is_fence: bool
    info: str = ""
    body_start: int = 0
    body_end: int = 0


def code_regions(text: str) -> list[Region]:
    """All regions in order; they do not overlap. Code by indentation is none of them."""
    return list(_regions(text))


def _regions(text: str) -> Iterator[Region]:
    ticks = _TickRuns(text)
    at = 0
    while match := _SIGN.search(text, at):
        if match["fence"]:
            region = _fence(text, match)
            yield region
            at = region.end
            continue
        end = ticks.closing(match)
        if end is None:
            at = match.end()
        else:
            yield Region(match.start(), end, False)
            at = end


def _fence(text: str, opening: re.Match[str]) -> Region:
    mark = opening["fence"]
    body = min(len(text), opening.end() + 1)
    closing = re.compile(rf"^[ \t>]*{re.escape(mark[0])}{{{len(mark)},}}[ \t]*\r?$", re.M).search(text, body)
    start, end = opening.start(), closing.end() if closing else len(text)
    return Region(start, end, True, opening["info"].strip(), body, closing.start() if closing else len(text))


class _TickRuns:
    """Finds the run of backticks that closes a code span, without trying the same text twice."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts: dict[int, list[int]] = defaultdict(list)
        for run in re.finditer("`+", text):
            self._starts[run.end() - run.start()].append(run.start())

    def closing(self, opening: re.Match[str]) -> int | None:
        """Where the code span ends; None where it has no end in its paragraph."""
        size = opening.end() - opening.start()
        starts = self._starts[size]
        place = bisect_left(starts, opening.end())
        if place == len(starts):
            return None
        blank = _BLANK_LINE.search(self._text, opening.end(), starts[place])
        return None if blank else starts[place] + size
