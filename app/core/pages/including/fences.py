"""fences: where code between fences is, told by lines alone."""

import re
from bisect import bisect_right
from collections.abc import Sequence

_FENCE = re.compile(r"^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)*(?P<mark>`{3,}(?=[^`\n]*$)|~{3,})", re.M)


def code_fences(text: str) -> list[tuple[int, int]]:
    """The characters of each, in order, with its markers; one that nothing closes goes to the end."""
    found: list[tuple[int, int]] = []
    at = 0
    while opening := _FENCE.search(text, at):
        mark = opening["mark"]
        closing = re.compile(rf"^[ \t>]*{re.escape(mark[0])}{{{len(mark)},}}[ \t]*\r?$", re.M).search(
            text, max(opening.end(), text.find("\n", opening.end()))
        )
        at = closing.end() if closing else len(text)
        found.append((opening.start(), at))
    return found


def is_within(place: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether one of these, in order, holds the place."""
    before = bisect_right(spans, (place, len(spans) and spans[-1][1] + 1)) - 1
    return before >= 0 and place < spans[before][1]
