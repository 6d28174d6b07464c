"""emptiness: whether a passage has anything to read. Linear in the text."""

import html
import re
import unicodedata
from collections.abc import Sequence

from footnote.app.core.types import Part

_DEFINITION = re.compile(r"^[ \t>]*\[(?!\^)[^\]\n]+\]:[^\n]*$", re.M)
_FENCE = re.compile(r"[ \t>]*(?:`{3}|~{3})")
_MARKS = re.compile(
    rf"^{_FENCE.pattern}[^\n]*$"
    r"|^[ \t>]*\d{1,9}[.)](?=\s|\Z)"  # the number of an item
    r"|^[ \t>]*[-*+][ \t]+\[[ xX]\]"  # the box of a task
    r"|\]\([^()\n]*\)"  # where a link leads
    r"|\[\^[^\]\n]{1,200}\]:?",  # a footnote's name
    re.M,
)


def is_empty(text: str, parts: Sequence[Part], readable: str) -> bool:
    """Whether a reader finds neither a word, a number nor a sign in it, and no code.

    Rules between sections, empty items, rows and fences, `&nbsp;`, images without words, definitions of links.

    Args:
        text: the passage.
        parts: what of it can be quoted.
        readable: the passage without the site's markup; "" where that is the text itself.
    """
    if any(part.kind == "code" and _code(text, part).strip() for part in parts):
        return False
    read = "\n".join((readable or text).splitlines())
    read = read if parts else _DEFINITION.sub("", read)
    return not any(map(_is_read, html.unescape(_MARKS.sub(" ", read))))


def _code(text: str, part: Part) -> str:
    """Without the lines of its fence."""
    lines = text[part.start : part.end].splitlines()
    if part.fence is not None and not part.is_cut:
        lines = lines[1 : -1 if _FENCE.match(lines[-1]) else None]
    return "".join(lines)


def _is_read(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] in "LN" or (category[0] == "S" and not char.isascii())
