"""steps: numbers of list items, closed up where items were left out. Pure functions over markdown."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

# "2. ", "   2) ", "### 2. " and "**2. ": the sign in front tells lists apart.
_NUMBERED = re.compile(r"(?P<before>[ \t>]*(?:#{1,6}[ \t]+)?(?:\*\*|__)?)(?P<number>\d{1,3})(?=[.)](?:[ \t]|$))")
# Where a text names items by number, other numbers would make it wrong.
_NAMED = re.compile(r"\b(?:steps?|items?|points?|options?|numbers?|no\.|parts?)[ \t]+\d", re.I)


class Line(NamedTuple):
    """The start of a line that a sentence begins, by the sentence's place; `is_left_out` where all of the line goes."""

    place: int
    text: str
    is_left_out: bool


def closed_up(lines: Sequence[Line], kept: Collection[str]) -> Mapping[int, int]:
    """The new numbers of items behind those that are left out, by place; none where a kept sentence names a number."""
    if any(map(_NAMED.search, kept)):
        return {}
    numbers: dict[int, int] = {}
    lists: dict[str, _List] = {}
    for line in lines:
        match = _NUMBERED.match(line.text)
        before = match["before"] if match else ""
        indent = len(line.text) - len(line.text.lstrip(" \t>"))
        # What stands further out ends the lists within the item above it.
        lists = {key: one for key, one in lists.items() if one.indent <= indent}
        if not match:
            continue
        number = int(match["number"])
        known = lists.get(before)
        gone = known.gone if known and number > known.last else 0
        if gone and not line.is_left_out:
            numbers[line.place] = number - gone
        lists[before] = _List(indent, number, gone + line.is_left_out)
    return numbers


def with_number(text: str, number: int) -> str:
    """The text of an item with another number."""
    match = _NUMBERED.match(text)
    return f"{text[: match.start('number')]}{number}{text[match.end('number') :]}" if match else text


class _List(NamedTuple):
    indent: int
    last: int
    gone: int
