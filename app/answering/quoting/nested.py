"""nested: admonitions and tabs inside a list item as bold labels above what stands in them. Pure functions."""

import re
from collections.abc import Sequence

_OPENING = re.compile(
    r"(?P<indent> *)(?:(?:!!!|\?\?\?\+?)[ \t]+(?P<kind>[\w-]+)(?:[ \t]+[\w-]+)*|===[!+]?)"
    r"(?:[ \t]+\"(?P<title>[^\"\n]*)\")?[ \t]*"
)
_FENCE = re.compile(r" *(`{3,}|~{3,})")
_INSIDE = 4  # by so much the content of a block is indented


def without_blocks(lines: Sequence[str]) -> list[str]:
    """The lines of an item with each block of MkDocs in it as its title in bold, and its content moved left."""
    shown: list[str] = []
    open_at: list[int] = []  # how far the openings around a line are indented
    fence = ""
    for line in lines:
        indent = len(line) - len(line.lstrip(" "))
        while line.strip() and not fence and open_at and indent < open_at[-1] + _INSIDE:
            open_at.pop()
        moved = line[min(indent, _INSIDE * len(open_at)) :]
        mark = _FENCE.match(line)
        if mark and (not fence or line.strip() == fence):
            fence = "" if fence else mark[1]
        opening = None if fence else _OPENING.fullmatch(line)
        if opening and (opening["title"] or opening["kind"]):
            said = opening["title"] or opening["kind"].capitalize()
            moved = f"{moved[: len(moved) - len(moved.lstrip(' '))]}**{said}**"
            open_at.append(indent)
        shown.append(moved)
    return shown
