"""pieces: an answer that is still being written, cut where what stands before is complete. Pure functions.

tokens -> sentence of a paragraph | line | block of code -> each with the white space behind it

Where it is cut depends on the text alone, never on how it arrives. A piece ends where a sentence does, and nowhere
within a code span, a link, a tag or a marker; what has no word of its own, such as markers on a line of their own,
belongs to the piece above it, and so does the rule below the header of a table.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from footnote.app.answering.citations import FENCE_OPENING, masked
from footnote.app.core.text.sentences import sentence_spans

_CLOSING = {sign: re.compile(rf"^[ \t>]*({re.escape(sign)}{{3,}})[`~]*[ \t]*$", re.M) for sign in "`~"}
_CAN_STOP = re.compile("[.!?…。！？｡؟۔।॥։።။．]")
_MARKER = re.compile(r"\[1+\](?!\()")
_RULE = re.compile(r"[|:\- \t>]*")
# What a line can begin with: at the beginning of a piece within a line it would be taken for that.
_BLOCK = re.compile(r"(?:[-*+#>|]+|\d+[.)])(?:\s|$)|[>|]|`{3}|~{3}|\[[^\]]*\]:")
_MAX_SENTENCE_CHARS = 4_000  # a longer one goes on to the end of its line: each word is looked at from its beginning
_MAX_OPEN_LINES = 8  # what is open for longer was never meant to be closed
_WIDE = "\u2e80"  # from here on scripts have no space between words


def pieces(tokens: Iterable[str]) -> Iterator[str]:
    """The pieces of the text that the tokens are together, each as soon as what follows it cannot change it.

    Put together they are the text without white space around it.
    """
    text = ""
    cutter = _Cutter()
    for token in tokens:
        text = (text + token) if text else token.lstrip()
        while end := cutter.end_of_piece(text, is_whole=False):
            yield text[:end]
            text = text[end:]
    text = text.rstrip()
    while text:
        end = cutter.end_of_piece(text, is_whole=True) or len(text)
        yield text[:end]
        text = text[end:]


class _Cutter:
    """Finds where the first piece of what is left of a text ends."""

    def __init__(self) -> None:
        self._begins_line = True
        self._looked = 0  # of the first line, so much holds no end of a piece

    def end_of_piece(self, text: str, is_whole: bool) -> int:
        """Where the first piece ends, with the space behind it; 0 while that depends on what follows."""
        fence = FENCE_OPENING.match(text) if self._begins_line else None
        if fence:
            end = _end_of_code(text, fence, is_whole)
            end = end and _end_of_lines(text, end, False, is_whole)
        else:
            line_end = _line_end(text, 0, is_whole)
            end = self._end_within_line(text, line_end) or (line_end and _end_of_lines(text, line_end, True, is_whole))
        if end:
            self._looked = 0
            self._begins_line = "\n" in text[len(text[:end].rstrip()) : end]
        return end

    def _end_within_line(self, text: str, line_end: int) -> int:
        """Where the second sentence of the first line begins, looked for word by word; 0 if there is none so far."""
        line = text[: line_end or len(text)].partition("\n")[0]
        first_stop = _CAN_STOP.search(line)
        words = _ends_of_words(line, max(self._looked, first_stop.start()), bool(line_end)) if first_stop else ()
        for end in words:
            if end > _MAX_SENTENCE_CHARS:
                break
            self._looked = end
            said = masked(line[:end])
            for (_, stop), (start, after) in pairwise(sentence_spans(said)):
                if _says(said[start:after]) and _is_closed(said[:stop]) and not _BLOCK.match(said, start):
                    return start
        return 0


def _ends_of_words(line: str, start: int, is_complete: bool) -> Iterator[int]:
    for at in range(start + 1, len(line)):
        if (line[at].isspace() and not line[at - 1].isspace()) or line[at - 1] >= _WIDE:
            yield at
    if is_complete or line[-1:] >= _WIDE:
        yield len(line)


def _end_of_code(text: str, fence: re.Match[str], is_whole: bool) -> int:
    """Where the line ends that closes the fence; 0 while it may still come."""
    line_end = _line_end(text, 0, is_whole)
    if line_end:
        for closing in _CLOSING[fence["mark"][0]].finditer(text, line_end):
            is_complete = is_whole or closing.end() < len(text)
            if is_complete and closing[1].startswith(fence["mark"]):
                return closing.end()
    return len(text) if is_whole else 0


def _end_of_lines(text: str, end: int, is_prose: bool, is_whole: bool) -> int:
    """Where the piece ends that goes at least to `end`, the end of a line; 0 while that depends on what follows."""
    while True:
        below = text[end:].lstrip()
        if not below:
            return len(text) if is_whole else 0
        start = len(text) - len(below)
        gap = text[end:start]
        line_end = _line_end(below, 0, is_whole)
        line = below[: line_end or len(below)]
        is_next = is_prose and gap.count("\n") == 1
        is_rule = is_next and _RULE.fullmatch(line) is not None
        goes_on = (
            is_next
            and not is_rule
            and text.count("\n", 0, end) < _MAX_OPEN_LINES
            and not _is_closed(masked(text[:end]))
        )
        if not line_end and (is_rule or goes_on or not _says(masked(line))):
            return 0
        if not ((is_rule and "|" in line) or (goes_on and not FENCE_OPENING.match(line)) or not _says(masked(line))):
            return end + gap.rfind("\n") + 1
        end = start + line_end


def _line_end(text: str, start: int, is_whole: bool) -> int:
    """The end of the line, 0 where it is still being written."""
    found = text.find("\n", start)
    return found if found >= 0 else len(text) if is_whole else 0


def _says(text: str) -> bool:
    """Whether there is more than markers and marks; a marker that is still being written is none yet."""
    rest = _MARKER.sub("", text).strip(" \t\n-*")
    return bool(rest) and not (rest[0] in "[【" and not re.search(r"[\]】].", rest, re.S))


def _is_closed(said: str) -> bool:
    """Whether no code span, bracket, link or tag is open at the end of a text whose code spans and markers are masked.

    Where that is hard to tell it is not: then the piece is longer.
    """
    tag = said.rfind("<")
    return not (
        "`" in said
        or said.count("[") > said.count("]")
        or said.rfind("](") > said.rfind(")")
        or said.count("【") > said.count("】")
        or (said[tag + 1 : tag + 2].strip() and ">" not in said[tag:] if tag >= 0 else False)
    )
