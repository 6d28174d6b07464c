"""source_marks: where a page, slide or sheet of the document begins that a markdown file was imported from.

A mark is a comment on a line of its own, `<!-- page 12 -->`: no reader sees it, and no passage goes across it.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple

_MARK = re.compile(r"^<!-- (?P<place>(?P<part>page|slide|sheet) (?P<number>[1-9][0-9]{0,6})) -->[ \t]*\r?$", re.M)
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Place(NamedTuple):
    """Where a part of the document begins in the text: `page 12` from this character on."""

    start: int
    name: str


def mark(part: str, number: int) -> str:
    """The line that begins a part."""
    return f"<!-- {part} {number} -->"


def count_marks(text: str, part: str) -> int:
    """How many parts of this kind the text has."""
    return sum(found["part"] == part for found in _MARK.finditer(text))


def source_of(metadata: Mapping[str, object]) -> str:
    """The document that a file with this front matter was imported from; "" where it was not."""
    source, digest = metadata.get("source"), metadata.get("source_sha256")
    is_import = isinstance(source, str) and isinstance(digest, str) and _SHA256.fullmatch(digest)
    return str(source) if is_import and "imported_by" in metadata else ""


def places_in(text: str, metadata: Mapping[str, object]) -> tuple[Place, ...]:
    """The parts of an imported file, in order; none of any other."""
    if not source_of(metadata):
        return ()
    return tuple(Place(found.start(), found["place"]) for found in _MARK.finditer(text))


def place_at(places: Sequence[Place], start: int) -> str:
    """The part that a character stands in; "" before the first."""
    before = bisect_right(places, start, key=lambda place: place.start)
    return places[before - 1].name if before else ""
