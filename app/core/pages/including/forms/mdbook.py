"""mdbook: `{{#include file:2:10}}` and its relatives, which mdBook replaces before it reads anything else.

Source: the preprocessor `links` of mdBook 0.5.
"""

import re
from collections.abc import Iterator

from footnote.app.core.pages.including.directive import Directive
from footnote.app.core.types import Selection

_LINK = re.compile(r"(?P<escaped>\\\{\{#)|\{\{\s*#(?P<kind>[a-zA-Z0-9_]+)\s+(?P<said>[^{}]{1,1000})\}\}")
_MOST_CHARS = 1_000
_KINDS = frozenset(("include", "rustdoc_include", "playground", "playpen"))


def links(text: str) -> Iterator[Directive]:
    """What is included, but for links behind a backslash, which are text; of `rustdoc_include` what is not hidden."""
    at = 0
    while one := _LINK.search(text, at):
        at = one.end()
        if one["escaped"]:
            # Up to the last braces of the line, as far as is looked.
            line_end = text.find("\n", at, at + _MOST_CHARS)
            at = max(at, text.rfind("}}", at, line_end if line_end >= 0 else at + _MOST_CHARS))
            continue
        if one["kind"] not in _KINDS or not one["said"].split():
            continue
        path, _, part = one["said"].split()[0].partition(":")
        selection = () if one["kind"].startswith("play") else _selection(part)
        yield Directive(one.start(), one.end(), "mdbook", path, selection)


def _selection(part: str) -> Selection:
    """`2` is one line, `2:` all from it on, `:5` all up to it, `2:5` both; what is no number names an anchor."""
    if not part:
        return ()
    first, colon, last = part.partition(":")
    last = last.partition(":")[0]
    if first and not first.isdecimal():
        return (("anchor", first),)
    last = last if last.isdecimal() else ""
    if not first and not last:
        return ()
    return (("lines", f"{first}:{last if colon else first}"),)
