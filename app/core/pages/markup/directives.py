"""directives: of those of MyST and PyMdown, what is markup, what a title, and what a table."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from footnote.app.core.pages.scanning.scanner import Directive
from footnote.app.core.pages.scanning.spans import Span

_LINE_REST = re.compile(r"[ \t]*\n?")
# Of these the argument is a title where they have content; of the next it is a path or the like, of all others text.
_TITLED_DIRECTIVES = frozenset(
    ("admonition", "card", "confval", "csv-table", "details", "dropdown", "envvar", "grid-item-card", "list-table")
    + ("option", "sidebar", "tab-item", "table", "topic")
)
_NAMING_DIRECTIVES = frozenset(
    ("carousel", "container", "contents", "div", "download", "figure", "figure-md", "grid", "grid-item", "iframe")
    + ("image", "include", "index", "literalinclude", "only", "plot", "tab-set", "tab-set-code", "tableofcontents")
    + ("toctree", "video")
)
_VERSION_DIRECTIVES = {
    "versionadded": "Added in version",
    "versionchanged": "Changed in version",
    "deprecated": "Deprecated since version",
    "versionremoved": "Removed in version",
}
_FIRST_WORD = re.compile(r"\S+[ \t]*")
_HEADER_ROWS = re.compile(r":header-rows:[ \t]*(\d{1,3})")
_SHOWN_OPTION = re.compile(
    r"^[ \t>]*:?(?:alt|caption|footer|header|subtitle|title):[ \t]+(?:[|>]\s+:[ \t]+)?(?P<value>[^\s|>][^\n]*)$", re.M
)
_LISTING_DIRECTIVES = frozenset(("contents", "tableofcontents", "toctree"))


class ListTable(NamedTuple):
    """Characters of a table whose rows are the items of a list, the first few of them headers."""

    start: int
    end: int
    header_rows: int


def directive_markup(one: Directive, text: str) -> Iterator[Span]:
    """Its markers and name, and of its options what readers do not see; all of one that lists pages."""
    if one.name in _LISTING_DIRECTIVES:
        yield Span(one.start, one.end)
        return
    said, at = _text_of_argument(one, text), one.start
    shown = [option.span("value") for option in _SHOWN_OPTION.finditer(text, one.argument.end, one.body_start)]
    for start, end in [said, *shown] if said.start < said.end else shown:
        yield Span(at, start)
        at = _LINE_REST.match(text, end).end()  # type: ignore[union-attr]
    yield Span(at, one.body_start)
    yield Span(one.body_end, one.end)


def title_of(one: Directive, text: str) -> str:
    """What a directive says its content is about; of `{figure} a.png` and the like nothing."""
    if one.name not in _TITLED_DIRECTIVES and one.name not in _VERSION_DIRECTIVES and ":" not in one.name:
        return ""
    title = text[one.argument.start : _text_of_argument(one, text).start].strip()
    return f"{_VERSION_DIRECTIVES.get(one.name, '')} {title}".strip()


def list_table(one: Directive, text: str) -> ListTable:
    """The table that a directive of MyST writes as a list."""
    option = _HEADER_ROWS.search(text, one.argument.end, one.body_start)
    return ListTable(one.body_start, one.body_end, int(option[1]) if option else 0)


def _text_of_argument(one: Directive, text: str) -> Span:
    """What of a directive's argument is text of the page."""
    argument, has_body = one.argument, bool(text[one.body_start : one.body_end].strip(" \t\r\n>"))
    if one.name in _VERSION_DIRECTIVES:
        version = _FIRST_WORD.match(text, argument.start, argument.end)
        is_all = version is None or version.end() == argument.end
        return argument if version is None or (is_all and not has_body) else Span(version.end(), argument.end)
    # Of a domain of Sphinx, `py:function`, it is what the content describes.
    is_titled = one.name in _TITLED_DIRECTIVES or ":" in one.name
    is_text = not has_body if is_titled else one.name not in _NAMING_DIRECTIVES
    return argument if is_text else Span(argument.end, argument.end)
