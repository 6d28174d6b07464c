"""nested: admonitions, tabs and titles of code inside a list item as bold labels above what stands in them.

Pure functions.
"""

import re
from collections.abc import Sequence

from footnote.app.answering.quoting.fences import closes, language, opening_of, title

_OPENING = re.compile(
    r"(?P<indent> *)(?:(?:!!!|\?\?\?\+?)[ \t]+(?P<kind>[\w-]+)(?:[ \t]+[\w-]+)*|===[!+]?)"
    r"(?:[ \t]+\"(?P<title>[^\"\n]*)\")?[ \t]*"
)
_INSIDE = 4  # by so much the content of a block is indented


def without_blocks(lines: Sequence[str]) -> list[str]:
    """The lines of an item with each block of MkDocs in it as its title in bold, and its content moved left.

    So is the title of a fence, of which else the language is left.
    """
    shown: list[str] = []
    open_at: list[int] = []  # how far the openings around a line are indented
    fence = ""
    for line in lines:
        indent = len(line) - len(line.lstrip(" "))
        while line.strip() and not fence and open_at and indent < open_at[-1] + _INSIDE:
            open_at.pop()
        moved = line[min(indent, _INSIDE * len(open_at)) :]
        if fence:
            fence = "" if closes(line, fence) else fence
        elif code := opening_of(moved):
            fence = code["mark"]
            *above, moved = _fence_lines(code, bool(shown and shown[-1].strip()))
            shown += above
        opening = None if fence else _OPENING.fullmatch(line)
        if opening and (opening["title"] or opening["kind"]):
            said = opening["title"] or opening["kind"].capitalize()
            moved = f"{moved[: len(moved) - len(moved.lstrip(' '))]}**{said}**"
            open_at.append(indent)
        shown.append(moved)
    return shown


def _fence_lines(opening: re.Match[str], is_below_text: bool) -> list[str]:
    """The line that opens a fence, below its title if it has one."""
    line, said = f"{opening['mark']}{language(opening['info'])}", title(opening["info"])
    if not said:
        return [f"{opening['signs']}{line}"]
    signs = opening["signs"]
    inside = re.sub(r"[^ \t>]", " ", signs)
    blank = inside.rstrip()
    # A list marker begins a paragraph of its own.
    above = [blank] if is_below_text and signs == inside else []
    return [*above, f"{signs}{said}", blank, f"{inside}{line}"]
