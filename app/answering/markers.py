"""markers: where the `[n]` of an answer stand in its text. Pure functions."""

import re
from typing import NamedTuple

from footnote.app.core.text.prose import rewrite_prose

_MARKER = re.compile(r"(?<!\\)\[([0-9]{1,4})\]")


class Marker(NamedTuple):
    """The `number` of a citation, which stands at `text[start:end]`."""

    number: int
    start: int
    end: int


def markers(text: str) -> list[Marker]:
    """Those outside code, in order."""
    found: list[Marker] = []

    def note(match: re.Match[str]) -> str:
        found.append(Marker(int(match[1]), *match.span()))
        return match.group()

    rewrite_prose(text, _MARKER, note)
    return found
