"""restructured: reStructuredText without the tables of other files, each of which would cost the whole document."""

import re

_CODE = "code|code-block|sourcecode|parsed-literal|raw|math|highlight|prompt|doctest|productionlist|testcode"
_ITEMS = re.compile(r"[ \t]*(?:(?:[-*+•]|\(?\w+[.)])[ \t]+)*")
_DIRECTIVE = r"\.\.[ \t]+(?:\|[^|]+\|[ \t]+)?"
_LITERAL = re.compile(rf"{_DIRECTIVE}(?:{_CODE})::.*|(?!\.\.[ \t]).*::[ \t]*", re.I)
_TABLE = re.compile(rf"{_DIRECTIVE}csv-table::.*", re.I)
_INCLUDE = re.compile(r"\.\.[ \t]+(?:literal)?include::.*", re.I)
_ELSEWHERE = re.compile(r":(?:file|url):.*", re.I)


def readable_rst(text: str) -> tuple[str, int]:
    """The text as pandoc can read it, and how many files it includes, which are not put into it."""
    lines = text.split("\n")
    kept: list[str] = []
    included = place = 0
    while place < len(lines):
        items = _ITEMS.match(lines[place])
        before = items[0] if items else ""
        line = lines[place][len(before) :]
        end = place + 1
        if _LITERAL.fullmatch(line):
            end = _end_of_block(lines, place, len(before.expandtabs()))
            kept += lines[place:end]
        elif _TABLE.fullmatch(line):
            below = lines[end : _end_of_block(lines, place, len(before.expandtabs()))]
            if any(_ELSEWHERE.fullmatch(option.strip()) for option in _options(below)):
                included += 1
                end += len(below)
                kept.append(before.rstrip())  # an item of a list stays one
            else:
                kept.append(lines[place])
        else:
            included += bool(_INCLUDE.fullmatch(line))
            kept.append(lines[place])
        place = end
    return "\n".join(kept), included


def _end_of_block(lines: list[str], place: int, indent: int) -> int:
    """Where the block of this line ends: behind the lines that are indented further, and blank ones among them."""
    end = place + 1
    for number in range(place + 1, len(lines)):
        if lines[number].strip():
            if _indent(lines[number]) <= indent:
                break
            end = number + 1
    return end


def _options(below: list[str]) -> list[str]:
    """The lines of a directive before the first blank one."""
    blank = next((number for number, line in enumerate(below) if not line.strip()), len(below))
    return below[:blank]


def _indent(line: str) -> int:
    line = line.expandtabs()
    return len(line) - len(line.lstrip())
