"""slide_lists: the paragraphs of a shape as a list, with the numbers that the slide shows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_MAX_LEVEL = 8
_MAX_NUMBER = 32_767  # Source: ECMA-376, ST_TextBulletStartAtNum


@dataclass(frozen=True, slots=True)
class Numbering:
    """How a paragraph is numbered.

    Attributes:
        kind: such as `arabicPeriod`: another one begins a list of its own.
        start: the first number.
    """

    kind: str
    start: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A paragraph of a list.

    Attributes:
        text: as markdown.
        level: of indentation, from 0.
        numbering: None where it has a bullet.
    """

    text: str
    level: int
    numbering: Numbering | None


def entry_of(paragraph: Any, text: str, styles: Mapping[int, Numbering]) -> Entry:
    """The paragraph with its level and numbering, which it says itself, or the styles of its shape do."""
    properties = paragraph.find(f"{_A}pPr")
    said = properties.get("lvl", "0") if properties is not None else "0"
    level = min(int(said), _MAX_LEVEL) if said.isdecimal() else 0
    own = properties if properties is not None else ()
    if any(one.tag in (f"{_A}buNone", f"{_A}buChar", f"{_A}buBlip") for one in own):
        return Entry(text, level, None)
    return Entry(text, level, _numbering(own) or styles.get(level))


def styles_of(shape: Any) -> dict[int, Numbering]:
    """How the shape numbers the paragraphs of its levels."""
    styles = {}
    for level in range(_MAX_LEVEL + 1):
        for style in shape.iter(f"{_A}lvl{level + 1}pPr"):
            if numbering := _numbering(style):
                styles[level] = numbering
    return styles


def _numbering(properties: Iterable[Any]) -> Numbering | None:
    for one in properties:
        if one.tag == f"{_A}buAutoNum":
            start = one.get("startAt", "1")
            return Numbering(one.get("type", ""), min(int(start), _MAX_NUMBER) if start.isdecimal() else 1)
    return None


def as_list(entries: Iterable[Entry]) -> str:
    """The list as markdown: letters and Roman numbers become those of markdown, as of a Word document.

    A number goes on after paragraphs of deeper levels, and begins again after one of a higher level, one without a
    number, or one that is numbered otherwise.
    """
    lines: list[str] = []
    counted: dict[int, tuple[Numbering, int]] = {}
    margins: list[tuple[int, int]] = []  # of the entries that hold the next one: level, where their text begins
    for entry in entries:
        counted = {level: count for level, count in counted.items() if level <= entry.level}
        is_below = bool(margins) and margins[-1][0] < entry.level
        while margins and margins[-1][0] >= entry.level:
            margins.pop()
        if entry.numbering is None:
            counted.pop(entry.level, None)
            sign = "-"
        else:
            before = counted.get(entry.level)
            goes_on = before is not None and before[0] == entry.numbering
            number = before[1] + 1 if before and goes_on else entry.numbering.start
            counted[entry.level] = (entry.numbering, number)
            sign = f"{number}{')' if 'Paren' in entry.numbering.kind else '.'}"
            if is_below and number != 1:
                lines.append("")  # without it, the line would go on with the text above
        indent = margins[-1][1] if margins else 0
        lines.append(f"{' ' * indent}{sign} {entry.text}")
        margins.append((entry.level, indent + len(sign) + 1))
    return "\n".join(lines)
