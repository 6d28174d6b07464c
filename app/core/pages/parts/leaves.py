"""leaves: the parts of one block of each kind: sentences, fields, rows, code, lines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from footnote.app.core.pages.parts.page_text import PageText
from footnote.app.core.pages.scanning.spans import Span
from footnote.app.core.text.markdown import Block
from footnote.app.core.text.offsets import line_of
from footnote.app.core.text.sentences import sentence_spans
from footnote.app.core.types import Part

MAX_ITEM_CHARS = 600  # a longer list item, quotation or admonition is taken apart
_RULE_ROW = re.compile(r"[\s|:+-]*")
_FOOTNOTE_MARK = re.compile(r"[ \t>]*\[\^[^\]\n]+\]:\s*")
_FENCE_OPENING = re.compile(r"[^`~\n]*(?:`{3,}|~{3,})(?P<info>[^\n]*)")
_MARKERS = ("!!!", "???", ":::", "===")
_ITEM_MARKERS = re.compile(r"^[ \t>]*(?:[-*+][ \t]+)+", re.M)
_FIELD = re.compile(r"^[ \t>]*:[A-Za-z*][^:\n`]{0,80}:(?=[ \t]|$)", re.M)


@dataclass(frozen=True, slots=True)
class PagePart:
    """A part with characters `[start, end)` of the page, and what a chunk needs that is cut from it.

    Attributes:
        body: of a whole fence the lines between its markers; else as the part.
        label_at, header_at: where label and table header are spelled, -1 without one.
    """

    part: Part
    start: int
    end: int
    body: Span
    label_at: int = -1
    header_at: int = -1


class Leaves:
    """Makes parts of the blocks of a page; `number` is that of the block in question."""

    def __init__(self, page: PageText) -> None:
        self._page = page
        self.number = 0

    def part(
        self,
        kind: str,
        start: int,
        end: int,
        number: int,
        label: str,
        label_at: int,
        header: str = "",
        header_at: int = -1,
        needs_word: bool = True,
    ) -> Iterator[PagePart]:
        """`[start, end)` as one part; nothing where there is nothing to read."""
        span = self._page.trimmed(start, end) if kind != "code" else Span(start, end)
        if span.start >= span.end or (needs_word and not self._page.says(span.start, span.end)):
            return
        site = self._page.site_label(span.start)
        if site:
            label_at = label_at if label else site.at
            label = " > ".join(dict.fromkeys(filter(None, (site.text, label))))
        part = Part(kind, 0, 0, number, label, header)  # type: ignore[arg-type]
        yield PagePart(part, span.start, span.end, span, label_at, header_at)

    def prose(self, start: int, end: int, number: int, label: str, label_at: int) -> Iterator[PagePart]:
        """Its sentences; where it is a list of fields, `:name: text`, these."""
        fields = [match.start() for match in _FIELD.finditer(self._page.text, start, end)]
        fields = fields if len(fields) > 1 else []
        for first, last in sentence_spans(self._page.text[start : fields[0] if fields else end]):
            yield from self.part("sentence", start + first, start + last, number, label, label_at)
        self.number += bool(fields)
        for first, last in zip(fields, [*fields[1:], end], strict=False):
            yield from self.part("item", first, last, self.number, label, label_at)

    def table(self, start: int, end: int, number: int, label: str, label_at: int) -> Iterator[PagePart]:
        """Its rows; of one without rows its header, which is then all that a reader sees."""
        below = self._page.starts[line_of(self._page.starts, start) + 1]
        header = " ".join(self._page.read[start:below].split())
        rows = list(self.rows_in(below, end))
        for first, last in rows:
            yield from self.part("row", first, last, number, label, label_at, header, start)
        if not rows:
            yield from self.part("row", start, self._page.line_end(start, end), number, label, label_at)

    def rows_in(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Where the rows of a table stand; the rule below its header is none."""
        at = start
        for line in self._page.text[start:end].splitlines(keepends=True):
            if not _RULE_ROW.fullmatch(line):
                yield at, at + len(line.rstrip())
            at += len(line)

    def rows_of_list(
        self, block: Block, header_rows: int, number: int, label: str, label_at: int
    ) -> Iterator[PagePart]:
        """The rows of a table whose cells are the items of lists."""
        rows = [self._page.extent(item) for item in block.children if item.kind == "list_item"]
        header, header_at = "", -1
        if rows and header_rows:
            header_at = rows[0][0]
            cells = _ITEM_MARKERS.split(self._page.read[header_at : rows[:header_rows][-1][1]])
            header = " | ".join(" ".join(cell.split()) for cell in cells if cell.strip())
        for start, end in rows[header_rows:]:
            yield from self.part("row", start, end, number, label, label_at, header, header_at)

    def fence(self, block: Block, start: int, end: int, number: int, label: str, label_at: int) -> Iterator[PagePart]:
        """The code of a fence; of one between tags the lines alone, as readers see no tags."""
        below = min(
            end, self._page.starts[line_of(self._page.starts, start) + 1] if block.end > block.first + 1 else end
        )
        last = self._page.starts[line_of(self._page.starts, end - 1)]
        closed = last >= below and re.fullmatch(r"[ \t>]*(?:`{3,}|~{3,})[ \t]*", self._page.text[last:end]) is not None
        tagged = self._page.tagged_code(block.first)
        has_end = closed if tagged is None else tagged.closing.start < tagged.closing.end
        body = self._page.trimmed(below, last if has_end else end)
        if body.start >= body.end:
            return
        if tagged is not None:
            for one in self.part("code", body.start, body.end, number, label, label_at, needs_word=False):
                yield replace(one, part=replace(one.part, fence=tagged.language, is_cut=True))
            return
        opening = _FENCE_OPENING.match(self._page.text, start, below)
        info = opening["info"].strip() if opening else ""
        for one in self.part("code", start, end, number, label, label_at, needs_word=False):
            yield replace(one, body=body, part=replace(one.part, fence=info))

    def html(self, start: int, end: int, number: int, label: str, label_at: int) -> Iterator[PagePart]:
        """The rows of tables, and what is between them."""
        at = start
        for row in self._page.html_rows(start, end):
            begin, stop = max(at, row.start), min(end, row.end)
            if begin < stop:
                yield from self._html_lines(at, begin, number, label, label_at)
                if row.header_at != row.start:
                    yield from self.part("row", begin, stop, number, label, label_at, row.header, row.header_at)
                at = stop
        yield from self._html_lines(at, end, number, label, label_at)

    def _html_lines(self, start: int, end: int, number: int, label: str, label_at: int) -> Iterator[PagePart]:
        if end - start <= MAX_ITEM_CHARS and not self._page.labelled_in(start, end):
            yield from self.part("line", start, end, number, label, label_at)
        else:
            yield from self.lines(start, end, number, label, label_at)

    def lines(self, start: int, end: int, number: int, label: str, label_at: int) -> Iterator[PagePart]:
        """The lines of a block that the parser made nothing of, and of HTML, but for marks."""
        at = start
        for line in self._page.text[start:end].splitlines(keepends=True):
            if not line.strip().startswith(_MARKERS) and not _FOOTNOTE_MARK.fullmatch(line):
                yield from self.part("line", at, at + len(line), number, label, label_at)
            at += len(line)
