"""An answer's markdown for a terminal: paragraphs flow into its width, code and tables stay as they are."""

import re
from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.text import Text

from footnote.app.answering.quoting.escaping import unescaped
from footnote.app.cli.lines import whole
from footnote.app.core.console import plain

_LINE_END = re.compile(r"\r\n?")  # as markdown has it
_BOLD_LINE = re.compile(r"\*\*((?:[^*\\]|\\.)+)\*\*")
_HARD_BREAK = re.compile(r"(?: {2,}|\\)$")
_SIGNS = re.compile(r"[ \t>]*")
_ITEM = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*")
# What is never broken: a code span, then an address, then a word.
_PIECE = re.compile(r"[^\s`]*(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)[^\s`]*|\S+")


class Paragraph:
    """Text that is wrapped between words and never within a code span or an address; its lines hang below an item."""

    def __init__(self, text: str, style: str = "") -> None:
        self._text = plain(text)
        self._style = style

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in _wrapped(self._text, options.max_width):
            yield Text(line, self._style, no_wrap=True, overflow="ignore")


def answer_lines(text: str, style: str = "") -> list[RenderableType]:
    """The blocks of the answer: each paragraph in one piece, all other lines as they are."""
    text = _LINE_END.sub("\n", text)
    lines = text.split("\n")
    shown: list[RenderableType] = []
    at = 0
    for first, end in _paragraphs(text):
        shown += [whole(line, style) for line in lines[at:first]]
        shown += [_paragraph(one, style) for one in _joined(lines[first:end])]
        at = end
    return shown + [whole(line, style) for line in lines[at:]]


def _paragraph(text: str, style: str) -> RenderableType:
    label = _BOLD_LINE.fullmatch(text)
    return Paragraph(unescaped(label[1]), "bold") if label else Paragraph(text, style)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """The lines `[first, end)` of each paragraph and heading, in order."""
    from markdown_it import MarkdownIt  # the other commands need no parser

    parser = MarkdownIt("commonmark").enable("table").disable(["inline", "text_join", "html_block", "reference"])
    for token in parser.parse(text):
        if token.type in ("paragraph_open", "heading_open") and token.map:
            yield token.map[0], token.map[1]


def _joined(lines: Sequence[str]) -> Iterator[str]:
    """The lines of a paragraph as one, or as several where it has breaks of its own."""
    said = lines[0]
    for line in lines[1:]:
        bare = line[_end_of(_SIGNS, line) :]
        if _HARD_BREAK.search(said):
            yield _HARD_BREAK.sub("", said)
            said = " " * _end_of(_ITEM, lines[0]) + bare
        else:
            said = f"{said.rstrip()}{_space(said, bare)}{bare}"
    yield said


def _end_of(pattern: re.Pattern[str], line: str) -> int:
    found = pattern.match(line)
    return found.end() if found else 0


def _space(above: str, below: str) -> str:
    """Nothing between characters of scripts without spaces."""
    return "" if cell_len(above.rstrip()[-1:]) > 1 and cell_len(below[:1]) > 1 else " "


def _wrapped(text: str, width: int) -> Iterator[str]:
    indent = _end_of(_ITEM, text)
    line, empty = text[:indent], True
    for piece, space in _pieces(text[indent:]):
        if not empty and cell_len(line) + cell_len(space + piece) > width:
            yield line
            line, empty = " " * (indent if indent < width // 2 else 0), True
        line += piece if empty else space + piece
        empty = False
    yield line


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """What is not broken, each with the space before it; wide characters one by one."""
    for found in _PIECE.finditer(text):
        space, word = " ", found.group()
        if "`" in word or word.isascii():
            yield word, space
            continue
        for part in re.findall(r"[^\u1100-\uffdf]+|[\u1100-\uffdf]", word):
            yield part, space
            space = ""
