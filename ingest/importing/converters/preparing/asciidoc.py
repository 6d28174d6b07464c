"""asciidoc: AsciiDoc without what no reader sees: pandoc would take it for text, or refuse the document for it."""

import re

_VERBATIM = re.compile(r"(?:-{4,}|\.{4,}|\+{4,}|```\S*)[ \t]*")
_COMMENTS = re.compile(r"/{4,}[ \t]*")
_COMMENT = re.compile(r"//(?!/).*")
# Pandoc refuses a whole document for a file that its sandbox has not; what is included is imported as itself.
_INCLUDE = re.compile(r"include::[^\n]*\[[^\]\n]*\][ \t]*")
_CONDITION = re.compile(r"(?:ifn?def::[^\[]*\[(?P<text>.*)\]|(?:ifeval|endif)::.*\])[ \t]*")
# Of a block that does not follow: an anchor or a style, which may end a paragraph as well; an attribute, a title.
# Source: BlockAttributeLineRx of Asciidoctor
_STYLE = re.compile(r"\[(?:|[^\W\d].*|[.#%{,\"'].*|\[.*\])\][ \t]*")
_BRACKETS = re.compile(r"\[.*\][ \t]*")  # pandoc takes all such lines for styles
_OF_NEXT = re.compile(rf":!?\w[\w-]*!?:(?:\s.*)?|\.[^\s.].*|{_STYLE.pattern}")
_TITLE_MARGIN = 1  # a line below a title is as long as that, give or take this


def readable_asciidoc(text: str) -> tuple[str, int]:
    """The text as pandoc can read it, and how many files it includes, which are not put into it."""
    kept: list[str] = []
    included = 0
    until = ""  # the line that ends a block whose lines are no markup
    is_comment = False
    for line in text.split("\n"):
        if until:
            ended = line.rstrip() == until
            if not is_comment:
                kept.append(line)
            if ended:
                until, is_comment = "", False
        elif _COMMENTS.fullmatch(line):
            until, is_comment = line.rstrip(), True
        elif _VERBATIM.fullmatch(line) and not _is_below_title(line, kept):
            until = "```" if line.startswith("`") else line.rstrip()
            kept.append(line)
        elif condition := _CONDITION.fullmatch(line):
            if condition["text"]:
                kept.append(condition["text"])
        elif _INCLUDE.fullmatch(line):
            included += 1
            kept.append("")
        elif not _COMMENT.fullmatch(line):
            kept.append(f"\\{line}" if _BRACKETS.fullmatch(line) and not _STYLE.fullmatch(line) else line)
    if not until:
        _end_with_text(kept)
    return "\n".join([*kept, ""]), included


def _is_below_title(line: str, kept: list[str]) -> bool:
    above = kept[-1].rstrip() if kept else ""
    if not above or above[0] in "[." or line[0] in ".`":
        return False
    return abs(len(above) - len(line.rstrip())) <= _TITLE_MARGIN


def _end_with_text(kept: list[str]) -> None:
    """Take off the blocks at the end that say something of a next one, and the blank lines."""
    while kept:
        if not kept[-1].strip() or _STYLE.fullmatch(kept[-1]):
            kept.pop()
            continue
        start = len(kept)
        while start and kept[start - 1].strip():
            start -= 1
        if not all(_OF_NEXT.fullmatch(line) for line in kept[start:]):
            return
        del kept[start:]
