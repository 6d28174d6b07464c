"""values: the parameters of tags: which of them are labels, and which a reader sees."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from footnote.app.core.pages.markup.tag import Place

_VALUE = re.compile(
    r"""(?P<name>[\w-]+)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|\{\s*["'`](?P<braced>[^"'`{}]*)["'`]\s*\})"""
)
QUOTED = re.compile(r"""(?<![=\w])(?:"([^"]*)"|'([^']*)')""")
_ITEMS = re.compile(r"""\bitems\s*=\s*(?:"(?P<listed>[^"]*)"|\{?\s*\[(?P<array>[^\]]*)\]\s*\}?)""")
# In this order: what a reader sees of a tab, a card, a step, an accordion.
_LABEL_NAMES = ("label", "title", "header", "tab", "summary", "heading", "caption")
# What a reader sees beside the content, and instead of it where there is none.
_SHOWN_NAMES = ("content", "text", "description", "caption", "subtitle", "message", "body", "alt")
NAMED_BY_NAME = frozenset(["tab", "tabitem", "tab-item", "step", "accordion"])


class TagLabel(NamedTuple):
    """A label of a tag, where its parameter begins, and where its value is."""

    text: str
    at: int
    value: Place


NO_LABEL_GIVEN = TagLabel("", -1, (-1, -1))


def label_of(attributes: str, name: str, offset: int) -> TagLabel:
    """What a tag of this name says its content is about."""
    values: dict[str, TagLabel] = {}
    for value in _VALUE.finditer(attributes):
        kind = value.lastgroup or ""
        values.setdefault(value["name"].lower(), label_spelled(value[kind], value.span(kind), value.start(), offset))
    names = (*_LABEL_NAMES, "name", "value") if name.lower() in NAMED_BY_NAME else _LABEL_NAMES
    return next((values[one] for one in names if one in values and values[one].text), NO_LABEL_GIVEN)


def label_spelled(said: str, value: Place, at: int, offset: int) -> TagLabel:
    """The label with places of the page, for such from `offset` on."""
    return TagLabel(" ".join(said.split()), offset + at, (offset + value[0], offset + value[1]))


def shown_values(attributes: str, offset: int, label: TagLabel) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    """Where the values are that readers see of a tag with content, and of one without."""
    alone = values_of(attributes, (*_SHOWN_NAMES, *_LABEL_NAMES), offset)
    return (
        values_of(attributes, _SHOWN_NAMES, offset),
        (*alone, label.value) if label.text and label.value not in alone else alone,
    )


def values_of(attributes: str, names: Sequence[str], offset: int) -> tuple[Place, ...]:
    """Where the values of these names are."""
    return tuple(
        (offset + value.start(kind), offset + value.end(kind))
        for value in _VALUE.finditer(attributes)
        if value["name"].lower() in names
        for kind in ("double", "single", "braced")
        if value[kind] and not value[kind].isspace()
    )


def items_of(attributes: str) -> tuple[str, ...]:
    """The labels that a tag lists for what stands in it."""
    match = _ITEMS.search(attributes)
    if not match:
        return ()
    if match["array"] is not None:
        return tuple(one[1] or one[2] or "" for one in QUOTED.finditer(match["array"]))
    return tuple(one.strip() for one in match["listed"].split(","))
