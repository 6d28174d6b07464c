"""scanner: what the parser of blocks has made of a page so far, read for code and hidden text."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

from markdown_it.token import Token

from footnote.app.core.pages.flavour import Flavour
from footnote.app.core.pages.scanning.hiding import CODE_TAG_END, Ends, inline_signs
from footnote.app.core.pages.scanning.spans import Span
from footnote.app.core.text.markdown import CostlyPageError
from footnote.app.core.text.offsets import line_of, line_starts

# Of these the argument names the language.
_LISTINGS = frozenset(("code", "code-block", "code-cell", "sourcecode"))
_CAPTION = re.compile(r"^[ \t>]*:?caption:[ \t]+(?P<text>\S[^\n]*)$", re.M)
_CELL_END = re.compile(r"(?<!\\)\|")
MAX_HIDDEN = 50_000
_COMMENT_LABELS = ("//", "#", "COMMENT", "_COMMENT_")


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


class Scanner:
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
