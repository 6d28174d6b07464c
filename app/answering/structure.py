"""structure: where a markdown text falls apart into parts that read the same by themselves. Pure functions."""

import re

from footnote.app.core.text.prose import markdown_parsers

_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
_ITEM = re.compile(r"[-*+][ \t]+\S")
# Of these nothing is left where the text is defanged: they must not open HTML here.
_ACTIVE = dict.fromkeys(map(ord, "<!["), "\ue000")


def begins_anew(gap: str, text: str) -> bool:
    """Whether the text is read the same whatever stands above the gap before it, as long as no code is open there.

    A line that is not indented ends all lists and quotations above an empty line, and an item interrupts a paragraph.
    """
    if text[:1] in ("", " ", "\t"):
        return False
    return bool(_EMPTY_LINE.search(gap)) or ("\n" in gap and _ITEM.match(text) is not None)


def is_fenced(above: str, code: str) -> bool:
    """Whether lines of code behind those above are one fenced block, which ends with them, to every markdown parser."""
    first = above.count("\n")
    end = first + code.count("\n") + 1
    for parser in markdown_parsers():
        tokens = parser.block.parse((above + code).translate(_ACTIVE), parser, {}, []) or ()
        content = [token.content for token in tokens if token.type == "fence" and token.map == [first, end]]
        # A block that ends with what is around it has one line of content more.
        if not content or content[0].count("\n") != end - first - 2:
            return False
    return True
