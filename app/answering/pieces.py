"""pieces: an answer that is still being written, cut where what stands before is complete. Pure functions.

tokens -> sentence of a paragraph | line | block of code -> each with the white space behind it

Where it is cut depends on the text alone, never on how it arrives; from where it is in doubt what is code, the rest is
one piece. A piece ends where a sentence does, and nowhere within a code span, a link, a tag or a marker; what has no
word of its own, such as markers on a line of their own, belongs to the piece above it, and so does the rule below the
header of a table.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from footnote.app.answering.citations import FENCE_OPENING, masked
from footnote.app.answering.structure import begins_anew, is_fenced
from footnote.app.core.text.sentences import sentence_spans

_CLOSING = {sign: re.compile(rf"^[ \t>]*({re.escape(sign)}{{3,}})[`~]*[ \t]*$", re.M) for sign in "`~"}
_CAN_STOP = re.compile("[.!?…。！？｡؟۔।॥։።။．]")
_MARKER = re.compile(r"\[1+\](?!\()")
_MARKER_WITH_SPACE = re.compile(r"(?<![ \t])[ \t]*\[1+\](?!\()")
_RULE = re.compile(r"[|:\- \t>]*")
# What a line can begin with: at the beginning of a piece within a line it would be taken for that.
# What begins with a bracket may be spelled otherwise, and then begins no sentence.
_BLOCK = re.compile(r"(?:[-*+#>|]+|\d+[.)])(?:\s|$)|[>|<\[]|`{3}|~{3}")
# Within a line it opens a fence if what stands before it is removed.
_FENCE_SIGN = re.compile("`{3}|~{3}")
# White space to Python, and removed from answers as nobody sees it.
_CONTROL = dict.fromkeys(map(ord, "\r\x0b\x0c\x1c\x1d\x1e\x1f\x85"))
_NOT_SPACE = re.compile(r"\S")
_MAX_SENTENCE_CHARS = 1_000  # a longer one goes on to the end of its line: each word is looked at from its beginning
_MAX_MARKS_CHARS = 1_000  # a line is read again with each token until it has a word, or this length
_MAX_ABOVE = 8_000  # behind so many characters that no line sets apart code is not told any more
_MAX_OPEN_LINES = 8  # what is open for longer was never meant to be closed
_WIDE = "\u2e80"  # from here on scripts have no space between words


def pieces(tokens: Iterable[str]) -> Iterator[str]:
    """The pieces of the text that the tokens are together, each as soon as what follows it cannot change it.

    Put together they are the text without white space around it, and without control characters.
    """
    text = ""
    cutter = _Cutter()
    for token in tokens:
        said = token.translate(_CONTROL)
        text = (text + said) if text else said.lstrip()
        while end := cutter.end_of_piece(text, is_whole=False):
            yield text[:end]
            text = text[end:]
    text = text.rstrip()
    while text:
        end = cutter.end_of_piece(text, is_whole=True) or len(text)
        yield text[:end]
        text = text[end:]


class _Cutter:
    """Finds where the first piece of what is left of a text ends; no part of it is read again with each token."""

    def __init__(self) -> None:
        self._above = self._gap = ""  # what the structure of the first piece may depend on, and the space before it
        self._begins_line = True
        self._is_uncut = False  # it cannot be told what is code in the rest
        self._begin()

    def _begin(self) -> None:
        self._looked = 0  # so much of the first line, or of code, holds no end of a piece
        self._end = 0  # of the lines that are known to belong to the first piece
        self._lines = 0  # how many these are
        self._is_code = self._is_open = False

    def end_of_piece(self, text: str, is_whole: bool) -> int:
        """Where the first piece ends, with the space behind it; 0 while that depends on what follows."""
        end = 0
        if not self._end and not self._is_uncut:
            end = self._first_end(text, is_whole)
        if self._end and not self._is_uncut:
            end = self._end_of_lines(text, is_whole)
        if end:
            self._above = self._above_of(text[:end]) + text[:end]
            self._gap = text[len(text[:end].rstrip()) : end]
            self._begins_line = "\n" in self._gap
            self._begin()
        return end

    def _above_of(self, piece: str) -> str:
        return "" if begins_anew(self._gap, piece) else self._above[: _MAX_ABOVE + 1]

    def _first_end(self, text: str, is_whole: bool) -> int:
        """Where a piece within the first line ends, 0 if none does; else the end of the first lines becomes known."""
        line_end = _line_end(text, 0, is_whole)
        fence = FENCE_OPENING.match(text) if self._begins_line else None
        if not fence:
            end = self._end_within_line(text, line_end)
            if not end and line_end:
                self._grow(text, line_end)
            return end
        end = self._end_of_code(text, line_end, fence["mark"])
        if end:
            above = self._above_of(text[:end])
            self._is_code = True
            self._is_uncut = len(above) > _MAX_ABOVE or not is_fenced(above, text[:end])
        if end and not self._is_uncut:
            self._grow(text, end)
        return 0

    def _grow(self, text: str, end: int) -> None:
        self._is_uncut |= not self._is_code and _FENCE_SIGN.search(masked(text[self._end : end])) is not None
        self._lines += 1 + text.count("\n", self._end + 1, end)
        self._end = end
        self._is_open = not self._is_code and self._lines <= _MAX_OPEN_LINES and not _is_closed(masked(text[:end]))

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
            if _FENCE_SIGN.search(said):
                continue
            for (_, stop), (start, after) in pairwise(sentence_spans(said)):
                if (
                    _says(said[start:after])
                    and _is_closed(said[:stop])
                    and not _BLOCK.match(said, start)
                    and _begins_sentence_unmarked(said, start)
                ):
                    return start
        return 0

    def _end_of_code(self, text: str, line_end: int, mark: str) -> int:
        """Where the line ends that closes the fence; 0 while it may still come."""
        if not line_end:
            return 0
        for closing in _CLOSING[mark[0]].finditer(text, max(line_end, self._looked)):
            if closing.end() < len(text) and closing[1].startswith(mark):
                return closing.end()
        self._looked = text.rfind("\n") + 1
        return 0

    def _end_of_lines(self, text: str, is_whole: bool) -> int:
        """Where the piece ends that has the lines known so far; 0 while that depends on what follows."""
        while below := _NOT_SPACE.search(text, self._end):
            gap = text[self._end : below.start()]
            line_end = _line_end(text, below.start(), is_whole)
            line = text[below.start() : line_end or len(text)]
            is_next = not self._is_code and gap.count("\n") == 1
            is_rule = is_next and _RULE.fullmatch(line) is not None
            goes_on = is_next and not is_rule and self._is_open
            if not line_end and (is_rule or goes_on):
                return 0
            says = len(line) > _MAX_MARKS_CHARS or _says(masked(line), bool(line_end))
            if not line_end and not says:
                return 0
            if says and not (is_rule and "|" in line) and not (goes_on and not FENCE_OPENING.match(line)):
                return self._end + gap.rfind("\n") + 1
            self._grow(text, line_end)
            if self._is_uncut:
                return 0
        return len(text) if is_whole else 0


def _begins_sentence_unmarked(said: str, start: int) -> bool:
    """Whether a sentence begins there also if the markers turn out to name no source and go."""
    place = len(_MARKER_WITH_SPACE.sub("", said[:start]))
    return any(first == place for first, _ in sentence_spans(_MARKER_WITH_SPACE.sub("", said)))


def _ends_of_words(line: str, start: int, is_complete: bool) -> Iterator[int]:
    for at in range(start + 1, len(line)):
        if (line[at].isspace() and not line[at - 1].isspace()) or line[at - 1] >= _WIDE:
            yield at
    if is_complete or line[-1:] >= _WIDE:
        yield len(line)


def _line_end(text: str, start: int, is_whole: bool) -> int:
    """The end of the line, 0 where it is still being written."""
    found = text.find("\n", start)
    return found if found >= 0 else len(text) if is_whole else 0


def _says(text: str, is_complete: bool = False) -> bool:
    """Whether there is more than markers and marks; what may become a marker is none yet unless it is complete."""
    rest = _MARKER.sub("", text).strip(" \t\n-*")
    return bool(rest) and (is_complete or not (rest[0] in "[【" and not re.search(r"[\]】].", rest, re.S)))


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
