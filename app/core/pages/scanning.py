"""scanning: where on a page code is and what is hidden, in one pass from above to below.

A comment holds what looks like code, and code what looks like a comment: whichever begins first is what it is, within
the quotation, list item or container that it stands in. So the parser of blocks itself is asked, block by block.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from footnote.app.core.pages.flavour import Flavour
from footnote.app.core.pages.hiding import CODE_TAG, CODE_TAG_END, Ends, inline_signs
from footnote.app.core.text.markdown import CostlyPageError, block_parser
from footnote.app.core.text.offsets import line_of, line_starts

_CODE_DIRECTIVES = frozenset(
    ("code", "code-block", "code-cell", "doctest", "eval-rst", "graphviz", "ipython", "literalinclude", "math")
    + ("mermaid", "parsed-literal", "raw", "sourcecode", "testcode", "testoutput")
)
_DIRECTIVE = re.compile(
    r"(?P<fence>`{3,}(?=[^`\n]*$)|~{3,}|:{3,})[ \t]*\{(?P<name>[\w:-]+)\}[ \t]*(?P<argument>[^\n]*)$", re.M
)
# Blocks of PyMdown: what stands behind the bar is a title.
_SLASHES = re.compile(r"(?P<fence>/{3,})[ \t]*(?P<name>[\w-]+)[ \t]*(?:\|[ \t]*|(?=\n|\Z))(?P<argument>[^\n]*)$", re.M)
_DIRECTIVE_OPTIONS = re.compile(
    r"(?:[ \t>]*:(?:[\w-]+:|[ \t]+\S)[^\n]*(?:\n|\Z))+"
    r"|[ \t>]*---[ \t]*\n(?:(?![ \t>]*---)[^\n]*\n)*+[ \t>]*---[ \t]*(?:\n|\Z)"
)
# Of these the argument names the language.
_LISTINGS = frozenset(("code", "code-block", "code-cell", "sourcecode"))
_CAPTION = re.compile(r"^[ \t>]*:?caption:[ \t]+(?P<text>\S[^\n]*)$", re.M)
_CELL_END = re.compile(r"(?<!\\)\|")
MAX_HIDDEN = 50_000
_COMMENT_LABELS = ("//", "#", "COMMENT", "_COMMENT_")
_INTERRUPTS = ["paragraph", "reference", "blockquote", "list", "table"]


class Span(NamedTuple):
    """Characters `[start, end)` of a page."""

    start: int
    end: int


class Directive(NamedTuple):
    """A fence of MyST or PyMdown with markdown in it: its characters, with both markers, and where its content is."""

    start: int
    end: int
    body_start: int
    body_end: int
    name: str
    argument: Span


class TaggedCode(NamedTuple):
    """What a site's tags, or colons of MyST, make code.

    Attributes:
        opening, closing: the characters of both tags; of what nothing closes, none at its end.
        language: "" where none is named.
        caption: above the code.
        is_block: these are whole lines.
    """

    opening: Span
    closing: Span
    language: str = ""
    caption: Span = Span(0, 0)
    is_block: bool = True


class Scan(NamedTuple):
    """What was found; spans are in order, and none of a kind overlap. Tags of templates are text in `verbatim`.

    `references` are the addresses of links that the page defines, by the label as a parser compares it.
    """

    code: tuple[Span, ...]
    hidden: tuple[Span, ...]
    directives: tuple[Directive, ...]
    tagged: tuple[TaggedCode, ...]
    definitions: tuple[Span, ...]  # of links
    references: Mapping[str, str]
    verbatim: tuple[Span, ...]


def scan_page(text: str, flavour: Flavour) -> Scan:
    """The code and the hidden text of a page's markdown.

    Raises:
        CostlyPageError: it has more blocks or hidden places than can be read in reasonable time.
    """
    flat = with_plain_line_ends(text)
    scanner = _Scanner(flat, flavour)
    env: dict[str, Any] = {"scanner": scanner}
    tokens = _parser(flavour).parse(flat, env)
    scanner.finish(tokens, env)
    return Scan(
        tuple(united(scanner.code)),
        tuple(united(scanner.hidden)),
        tuple(scanner.directives),
        tuple(scanner.tagged),
        tuple(united(scanner.definitions)),
        scanner.references,
        tuple(Span(*one) for one in scanner.ends.verbatim),
    )


def with_plain_line_ends(text: str) -> str:
    """The text as long as before, in the lines that a parser sees."""
    return text.replace("\r\n", " \n").replace("\r", "\n")


class _Scanner:
    """Reads what the parser has made of the page so far."""

    def __init__(self, text: str, flavour: Flavour) -> None:
        self.text = text
        self.flavour = flavour
        self.starts = [*line_starts(text), len(text) + 1]
        self.ends = Ends(text, flavour)
        self.code: list[Span] = []
        self.hidden: list[Span] = []
        self.hidden_until = 0
        self.directives: list[Directive] = []
        self.tagged: list[TaggedCode] = []
        self.definitions: list[Span] = []
        self.references: dict[str, str] = {}
        self._seen = 0
        self._is_read = bytearray(len(self.starts))  # by line

    def read(self, tokens: Sequence[Token]) -> None:
        """Takes up the tokens since the last time."""
        for token in tokens[self._seen :]:
            if token.map is None:
                continue
            first, end = token.map
            if token.type in ("fence", "code_block"):
                start = self.text.find(token.markup[:3], self.starts[first]) if token.markup else self.starts[first]
                self.code.append(Span(start, self.starts[end] - 1))
                self.mark_read(first, end)
            elif token.type == "tr_open":
                self._read_lines(first, end, False, is_row=True)
            elif token.type in ("inline", "html_block"):
                self._read_lines(first, end, token.type == "html_block")
            elif token.type in ("admonition_open", "container_admonition_open", "tab_open", "directive_open"):
                self._read_lines(first, first + 1, False)
        self._seen = len(tokens)

    def finish(self, tokens: Sequence[Token], env: dict[str, Any]) -> None:
        """Takes up the last tokens, and lines that no block claims: those of definitions, and too deep ones."""
        self.read(tokens)
        for line in range(len(self.starts) - 1):
            if not self._is_read[line]:
                self._read_lines(line, line + 1, False)
        references = [*env.get("references", {}).items()]
        references += [(one["label"], one) for one in env.get("duplicate_refs", ())]
        for label, reference in references:
            # A title of a definition is at most a tooltip; one that leads nowhere is a comment.
            first, end = reference["map"]
            is_comment = label in _COMMENT_LABELS or len(reference["href"]) < 2
            if not is_comment:
                self.references.setdefault(label, reference["href"])
            if is_comment or reference["title"]:
                self._add_hidden(self.starts[first], self.starts[end] - 1)
            else:
                self.definitions.append(Span(self.starts[first], self.starts[end] - 1))

    def hide(self, start: int, end: int, then_html: bool = False) -> int:
        """Notes hidden text that begins a block, reads the rest of its last line, and returns the line below."""
        self._add_hidden(start, end)
        self.hidden_until = end
        first, below = line_of(self.starts, start), line_of(self.starts, max(start, end - 1)) + 1
        self.mark_read(first, below)
        self._read(end, self.starts[below] - 1, then_html)
        return below

    @cached_property
    def code_tag_ends(self) -> list[re.Match[str]]:
        """The tags that end code, in order."""
        return list(CODE_TAG_END.finditer(self.text))

    def code_tag_end(self, at: int, end: int) -> re.Match[str] | None:
        """The first tag in `[at, end)` that ends code."""
        place = bisect_left(self.code_tag_ends, at, key=lambda one: one.start())
        closing = self.code_tag_ends[place] if place < len(self.code_tag_ends) else None
        return closing if closing and closing.end() <= end else None

    def add_code_directive(self, opening: re.Match[str], body: int, closing: Span) -> None:
        """Notes a directive whose content from `body` on is code."""
        name, argument = opening["name"].lower(), opening["argument"].split()
        caption = _CAPTION.search(self.text, opening.end(), body)
        above = min(body, closing.start)
        tag = Span(opening.start(), above - (self.text[above - 1 : above] == "\n"))
        self.tagged.append(
            TaggedCode(
                tag,
                closing,
                argument[0] if argument and name in _LISTINGS else name if name not in _LISTINGS else "",
                Span(*caption.span("text")) if caption else Span(0, 0),
            )
        )
        self.code.append(Span(tag.end, closing.start))

    def mark_read(self, first: int, end: int) -> None:
        """Leaves out lines that were taken up otherwise."""
        self._is_read[first:end] = b"\1" * (end - first)

    def _add_hidden(self, start: int, end: int) -> None:
        """Raises CostlyPageError when too much is hidden: each piece of text between is a passage of its own."""
        self.hidden.append(Span(start, end))
        if len(self.hidden) > MAX_HIDDEN:
            raise CostlyPageError(f"more than {MAX_HIDDEN:,} hidden places")

    def _read_lines(self, first: int, end: int, is_html: bool, is_row: bool = False) -> None:
        if end == first + 1 and self._is_read[first]:
            return  # the cells of a table come one by one
        self.mark_read(first, end)
        self._read(max(self.starts[first], self.hidden_until), self.starts[end] - 1, is_html, is_row)

    def _read(self, start: int, end: int, is_html: bool, is_row: bool = False) -> None:
        signs = inline_signs(self.flavour, is_html)
        ticks: _TickRuns | None = None
        at = start
        while at < end and (sign := signs.search(self.text, at, end)):
            kind = sign.lastgroup
            if kind in ("escape", "tag"):
                at = sign.end()
            elif kind == "ticks":
                ticks = ticks or _TickRuns(self.text, at, end)
                closing = ticks.closing(sign)
                if closing and is_row and _CELL_END.search(self.text, sign.end(), closing):
                    closing = None
                if closing:
                    self.code.append(Span(sign.start(), closing))
                at = closing or sign.end()
            elif kind == "code_tag":
                tag = self.code_tag_end(sign.end(), end)
                if tag:
                    self.code.append(Span(sign.end(), tag.start()))
                    self.tagged.append(TaggedCode(Span(*sign.span()), Span(*tag.span()), is_block=False))
                at = tag.end() if tag else sign.end()
            else:
                hidden_end = self.ends.in_paragraph(sign, end, is_html)
                if hidden_end is not None:
                    self._add_hidden(sign.start(), hidden_end)
                at = max(sign.start() + 1, hidden_end or 0)
        self.hidden_until = max(self.hidden_until, at if at > end else 0)


class _TickRuns:
    """Finds the run of backticks in `[start, end)` that closes a code span, without trying the same text twice."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._starts: dict[int, list[int]] = defaultdict(list)
        for run in re.compile("`+").finditer(text, start, end):
            self._starts[run.end() - run.start()].append(run.start())

    def closing(self, opening: re.Match[str]) -> int | None:
        """Where the code span ends; None where it does not."""
        size = opening.end() - opening.start()
        starts = self._starts[size]
        place = bisect_left(starts, opening.end())
        return starts[place] + size if place < len(starts) else None


def united(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, as one where they overlap."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start < found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        elif span.start < span.end:
            found.append(span)
    return found


@cache
def _parser(flavour: Flavour) -> MarkdownIt:
    parser = block_parser(flavour.jsx)
    if flavour.jsx:
        parser.disable("html_block")  # what stands between the tags of MDX is markdown
    rules = parser.block.ruler
    rules.after("budget", "hidden", _hidden_rule, {"alt": _INTERRUPTS})
    rules.after("hidden", "module_code", _module_code_rule)
    rules.after("module_code", "tagged_code", _tagged_code_rule, {"alt": _INTERRUPTS})
    rules.after("tagged_code", "directive", _directive_rule, {"alt": _INTERRUPTS})
    return parser


def _hidden_rule(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """Lines that are hidden; the first rule that is tried at each block."""
    scanner: _Scanner = state.env["scanner"]
    if not silent:
        scanner.read(state.tokens)
    start = state.bMarks[first] + state.tShift[first]
    if start < scanner.hidden_until:  # it began above, perhaps in another container
        hidden_end: int | None = scanner.hidden_until
    elif state.is_code_block(first):
        return False
    else:
        hidden_end = scanner.ends.of_block(start)
    if hidden_end is None:
        return False
    if not silent:
        then_html = not scanner.flavour.jsx and state.src[start] == "<"
        state.line = min(end, scanner.hide(start, hidden_end, then_html))
    return True


def _module_code_rule(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """Imports and exports of MDX; they interrupt nothing."""
    scanner: _Scanner = state.env["scanner"]
    start = state.bMarks[first]
    hidden_end = scanner.ends.of_module_code(start) if state.level == 0 and start == scanner.starts[first] else None
    if hidden_end is None:
        return False
    if not silent:
        state.line = min(end, scanner.hide(start, hidden_end))
    return True


def _tagged_code_rule(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    scanner: _Scanner = state.env["scanner"]
    start = state.bMarks[first] + state.tShift[first]
    if state.src[start : start + 1] != "{" or state.is_code_block(first):
        return False
    opening = CODE_TAG.match(state.src, start)
    if not opening or state.src[opening.end() : state.eMarks[first]].strip():
        return False
    closing = scanner.code_tag_end(opening.end(), state.eMarks[end - 1])
    if not closing:
        return False
    last = line_of(scanner.starts, closing.start())
    if state.src[scanner.starts[last] : closing.start()].strip(" \t>"):
        return False
    if not silent:
        scanner.tagged.append(TaggedCode(Span(*opening.span()), Span(*closing.span()), opening["language"] or ""))
        scanner.code.append(Span(opening.end(), closing.start()))
        scanner.mark_read(first, last + 1)
        state.line = last + 1
    return True


def _directive_rule(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """A directive of MyST or a block of PyMdown as a container, so that what is in it is markdown and not code."""
    start = state.bMarks[first] + state.tShift[first]
    sign = state.src[start : start + 1]
    if sign not in ("`", "~", ":", "/") or state.is_code_block(first):
        return False
    opening = (_SLASHES if sign == "/" else _DIRECTIVE).match(state.src, start)
    if not opening:
        return False
    name = opening["name"].lower()
    is_code = name in _CODE_DIRECTIVES
    if is_code and sign != ":":
        return False
    if silent:
        return True
    scanner: _Scanner = state.env["scanner"]
    stop, is_closed = _closing_line(state, first, end, opening["fence"])
    body = scanner.starts[first + 1]
    if sign == "/":
        line = first + 1
        while line < stop and state.is_code_block(line) and not state.isEmpty(line):
            line += 1
        body = scanner.starts[line]
    elif options := _DIRECTIVE_OPTIONS.match(state.src, body, scanner.starts[stop]):
        body = options.end()
    below = scanner.starts[stop + is_closed] - 1
    if is_code:
        marker = state.bMarks[stop] + state.tShift[stop] if is_closed else below
        scanner.add_code_directive(opening, body, Span(marker, below))
        scanner.mark_read(first, stop + is_closed)
        state.line = stop + is_closed
        return True
    scanner.directives.append(
        Directive(
            start, below, body, max(body, scanner.starts[stop] if is_closed else below),
            _name_of_block(name) if sign == "/" else name, Span(*opening.span("argument")),
        )
    )  # fmt: skip
    token = state.push("directive_open", "div", 1)
    token.block, token.map = True, [first, stop]
    parent, line_max = state.parentType, state.lineMax
    state.parentType, state.lineMax = "directive", stop
    state.md.block.tokenize(state, line_of(scanner.starts, body), stop)
    state.parentType, state.lineMax = parent, line_max
    state.push("directive_close", "div", -1).block = True
    state.line = stop + is_closed
    if is_closed:
        scanner.mark_read(stop, stop + 1)
    return True


def _name_of_block(name: str) -> str:
    """The directive of MyST that is as a block of PyMdown: one with a title, or one that is given something else."""
    return "container" if name == "html" or name.endswith("caption") else "admonition"


def _closing_line(state: StateBlock, first: int, end: int, fence: str) -> tuple[int, bool]:
    """The line below the content of a fence, and whether it closes the fence."""
    closing = re.compile(rf"{re.escape(fence[0])}{{{len(fence)},}}[ \t]*$")
    for line in range(first + 1, end):
        if state.sCount[line] < state.blkIndent and not state.isEmpty(line):
            return line, False
        text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
        if not state.is_code_block(line) and closing.match(text):
            return line, True
    return end, False
