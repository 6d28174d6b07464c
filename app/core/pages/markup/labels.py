"""labels: what stands in a tab, a details element or an alert is about its title."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from footnote.app.core.pages.scanning.spans import Span, Spans

_ALERT = re.compile(r"^(?P<quote>[ \t]*>[ \t]*)\[!(?P<type>\w+)\][+-]?[ \t]*(?P<title>[^\n]*)$", re.M)
_NOT_QUOTED = re.compile(r"^(?![ \t]*>)", re.M)


class Label(NamedTuple):
    """What stands in `[start, end)` is about `text`; it is spelled from `at` on, -1 where it is nowhere in the page."""

    start: int
    end: int
    text: str
    at: int = -1


def alerts_in(text: str, covered: Spans) -> Iterator[tuple[Span, Label | None]]:
    """`> [!NOTE]` of GitHub and Obsidian: its mark, and its title as the label of the quotation."""
    end = 0
    for match in _ALERT.finditer(text):
        if covered.covers(match):
            continue
        title = match["title"].strip()
        if match.start() >= end:
            below = _NOT_QUOTED.search(text, match.end() + 1)
            end = below.start() if below else len(text)
        # Without content its title is all that a reader sees.
        is_label = bool(title) and bool(text[match.end() : end].strip(" \t\r\n>"))
        mark = Span(match.end("quote"), match.end() if is_label else match.start("title"))
        yield mark, Label(match.start(), end, title, match.start("title")) if is_label else None
