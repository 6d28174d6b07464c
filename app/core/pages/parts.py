"""parts: what of a page can stand as a quote: sentences, list items, table rows, code, lines.

They are found on the page as a whole, so that a chunk that begins in a table, a fence or a tab still knows it.
"""

import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from footnote.app.core.pages.markup.directives import ListTable
from footnote.app.core.pages.markup.labels import Label
from footnote.app.core.pages.masks import Masks
from footnote.app.core.pages.questions import MAX_LABEL_CHARS, asked, reply_start
from footnote.app.core.pages.scanning.spans import Span, masked
from footnote.app.core.text.markdown import Block
from footnote.app.core.text.offsets import LINE_END, line_of, line_starts
from footnote.app.core.text.sentences import sentence_spans
from footnote.app.core.types import Part

MAX_ITEM_CHARS = 600  # a longer list item, quotation or admonition is taken apart
_RULE_ROW = re.compile(r"[\s|:+-]*")
_CONTAINER_LABEL = re.compile(
    r'[ \t>]*(?:[!?=+]{3,}[^"\n]*"(?P<quoted>[^"\n]*)"'  # `=== "Windows"`, `!!! note "Before you start"`
    # `:::note[Title]`, `::: tip Title`
    r"|:{3,}[ \t]*(?:\{[\w:-]+\}|[\w-]+)(?:\[(?P<boxed>[^\]\n]*)\]|[ \t]+(?P<bare>[^{}\n]*))?)"
)
_FOOTNOTE_MARK = re.compile(r"[ \t>]*\[\^[^\]\n]+\]:\s*")
_FENCE_OPENING = re.compile(r"[^`~\n]*(?:`{3,}|~{3,})(?P<info>[^\n]*)")
_CONTAINERS = ("tab", "admonition", "container_admonition")
_MARKERS = ("!!!", "???", ":::", "===")
_BLANK = " \t\r\n>"
_ITEM_MARKERS = re.compile(r"^[ \t>]*(?:[-*+][ \t]+)+", re.M)
_FIELD = re.compile(r"^[ \t>]*:[A-Za-z*][^:\n`]{0,80}:(?=[ \t]|$)", re.M)
_ITEM_MARKER = re.compile(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+")


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


def page_parts(text: str, blocks: Sequence[Block], masks: Masks) -> list[PagePart]:
    """The parts of a page in order; they do not overlap. Headings are none, nor is anything that is hidden.

    `blocks` are those of the text with `masks.blank` masked.
    """
    page = _Page(text, masks)
    found = page.parts(blocks)
    return [piece for one in found for piece in page.without_hidden(one)]


def _has_word(text: str) -> bool:
    return any(map(str.isalnum, html.unescape(text) if "&" in text else text))


class _Page:
    def __init__(self, text: str, masks: Masks) -> None:
        self.text = masked(text, masks.unread)
        self.read = masked(text, [*masks.hidden, *masks.markup])
        self.starts = line_starts(text)
        self.masks = masks
        self._tagged = {line_of(self.starts, one.opening.start): one for one in masks.tagged_code}
        self._hidden = [span.start for span in masks.hidden]
        self._labels = [label.start for label in masks.labels]
        self._rows_from = [row.start for row in masks.rows]
        self._whole = [span.start for span in masks.whole]
        self._list_tables = [table.start for table in masks.list_tables]
        self._block = 0

    def parts(self, blocks: Sequence[Block], label: str = "", label_at: int = -1) -> Iterator[PagePart]:
        about, about_at = "", -1  # of a line that asks or names, for what is below it
        left = len(blocks)  # of how many more it is about
        for place, block in enumerate(blocks):
            start, end = self._extent(block)
            if block.kind in ("heading", "hr"):
                about, about_at = "", -1
            if block.kind in ("heading", "hr") or start == end:
                continue
            left -= 1
            if left < 0:
                about, about_at = "", -1
            self._block += 1
            if block.kind == "paragraph":
                said = asked(self.text, start, end)
                is_more = bool(said and self.text[said.end : end].strip(_BLANK))
                if said and (is_more or self._is_followed(blocks, place)):
                    about, about_at = said.text, start
                    # What only names is about the next block, a question about all up to the next.
                    left = len(blocks) if said.is_question else int(not is_more)
                    start = reply_start(self.text, said.end, end)
                else:
                    start = reply_start(self.text, start, end)
            elif block.kind == "list_item":
                start, about = self._item_of_questions(blocks, place, about)
                about_at = start if about else -1
            elif block.kind == "dt":
                about, about_at, left = " ".join(self.read[start:end].split())[:MAX_LABEL_CHARS], start, len(blocks)
                if self._is_followed(blocks, place):
                    continue
            names = " > ".join(dict.fromkeys(filter(None, (label, about))))
            yield from self._of_block(block, start, end, names, about_at if about else label_at)

    def _item_of_questions(self, items: Sequence[Block], place: int, about: str) -> tuple[int, str]:
        """Where a list item says something, and what that is about: the question in it, or in the item above."""
        start, end = self._extent(items[place])
        content = _ITEM_MARKER.match(self.text, start, end)
        if not content:
            return start, ""
        said = asked(self.text, content.end(), end)
        if said and said.is_question:
            if self.text[said.end : end].strip():
                return reply_start(self.text, said.end, end), said.text
            return (end, said.text) if self._replies(items[place + 1 : place + 2]) else (start, "")
        reply = reply_start(self.text, content.end(), end)
        return (reply, about) if about and reply > content.end() else (start, "")

    def _replies(self, items: Sequence[Block]) -> bool:
        """Whether the first of the list items is an answer."""
        for start, end in map(self._extent, items):
            marker = _ITEM_MARKER.match(self.text, start, end)
            if marker and reply_start(self.text, marker.end(), end) > marker.end():
                return True
        return False

    def without_hidden(self, one: PagePart) -> Iterator[PagePart]:
        """The part, or the pieces of it between what is hidden."""
        first = bisect_right(self._hidden, one.start)
        at = one.start
        hidden = []
        while first < len(self._hidden) and self._hidden[first] < one.end:
            hidden.append(self.masks.hidden[first])
            first += 1
        if not hidden:
            yield one
            return
        for start, end in (*hidden, Span(one.end, one.end)):
            piece = self._trimmed(at, start)
            if piece.start < piece.end and _has_word(self.read[piece.start : piece.end]):
                yield replace(one, start=piece.start, end=piece.end, body=piece)
            at = max(at, end)

    def _of_block(self, block: Block, start: int, end: int, label: str, label_at: int) -> Iterator[PagePart]:
        number = self._block
        if block.kind == "paragraph":
            for begin, stop in self._between_labels(start, end):
                yield from self._prose(begin, stop, number, label, label_at)
        elif block.kind == "table":
            below = self.starts[line_of(self.starts, start) + 1]
            header = " ".join(self.read[start:below].split())
            rows = list(self._rows(below, end))
            for first, last in rows:
                yield from self._part("row", first, last, number, label, label_at, header, start)
            if not rows:  # then its header is all that a reader sees
                yield from self._part("row", start, self._line_end(start, end), number, label, label_at)
        elif block.kind == "fence":
            yield from self._fence(block, start, end, number, label, label_at)
        elif block.kind == "code_block":
            yield from self._part("code", start, end, number, label, label_at)
        elif block.kind == "html_block":
            yield from self._html(start, end, number, label, label_at)
        elif block.kind == "list_item" and end - start <= MAX_ITEM_CHARS:
            yield from self._part("item", start, end, number, label, label_at)
        elif block.kind == "bullet_list" and (table := self._list_table(start)):
            yield from self._rows_of_list(block, table.header_rows, number, label, label_at)
        elif block.children:
            named = self._container_label(start) if block.kind in _CONTAINERS else ""
            inner = list(self._nested(block, named or label, start if named else label_at))
            # Without content its title is all that a reader sees.
            if named and not inner:
                yield from self._part("line", start, self._line_end(start, end), number, label, label_at)
            yield from inner
        else:
            yield from self._lines(start, end, number, label, label_at)

    def _prose(self, start: int, end: int, number: int, label: str, label_at: int) -> Iterator[PagePart]:
        """Its sentences; where it is a list of fields, `:name: text`, these."""
        fields = [match.start() for match in _FIELD.finditer(self.text, start, end)]
        fields = fields if len(fields) > 1 else []
        for first, last in sentence_spans(self.text[start : fields[0] if fields else end]):
            yield from self._part("sentence", start + first, start + last, number, label, label_at)
        self._block += bool(fields)
        for first, last in zip(fields, [*fields[1:], end], strict=False):
            yield from self._part("item", first, last, self._block, label, label_at)

    def _container_label(self, start: int) -> str:
        match = _CONTAINER_LABEL.match(self.read, start)
        said = [match[kind] for kind in ("quoted", "boxed", "bare") if match[kind]] if match else []
        return said[0].strip() if said else ""

    def _nested(self, block: Block, label: str, label_at: int) -> Iterator[PagePart]:
        if not block.kind.endswith("_list"):
            yield from self.parts(block.children, label, label_at)
            return
        number = self._block
        for one in self.parts(block.children, label, label_at):
            # The items of a list belong together, also where one of them is taken apart.
            yield replace(one, part=replace(one.part, block=number)) if one.part.kind == "item" else one

    def _list_table(self, at: int) -> ListTable | None:
        place = bisect_right(self._list_tables, at) - 1
        return self.masks.list_tables[place] if place >= 0 and at < self.masks.list_tables[place].end else None

    def _rows_of_list(
        self, block: Block, header_rows: int, number: int, label: str, label_at: int
    ) -> Iterator[PagePart]:
        rows = [self._extent(item) for item in block.children if item.kind == "list_item"]
        header, header_at = "", -1
        if rows and header_rows:
            header_at = rows[0][0]
            cells = _ITEM_MARKERS.split(self.read[header_at : rows[:header_rows][-1][1]])
            header = " | ".join(" ".join(cell.split()) for cell in cells if cell.strip())
        for start, end in rows[header_rows:]:
            yield from self._part("row", start, end, number, label, label_at, header, header_at)

    def _fence(self, block: Block, start: int, end: int, number: int, label: str, label_at: int) -> Iterator[PagePart]:
        below = min(end, self.starts[line_of(self.starts, start) + 1] if block.end > block.first + 1 else end)
        last = self.starts[line_of(self.starts, end - 1)]
        closed = last >= below and re.fullmatch(r"[ \t>]*(?:`{3,}|~{3,})[ \t]*", self.text[last:end]) is not None
        tagged = self._tagged.get(block.first)
        has_end = closed if tagged is None else tagged.closing.start < tagged.closing.end
        body = self._trimmed(below, last if has_end else end)
        if body.start >= body.end:
            return
        if tagged is not None:  # readers see no tags
            for one in self._part("code", body.start, body.end, number, label, label_at, needs_word=False):
                yield replace(one, part=replace(one.part, fence=tagged.language, is_cut=True))
            return
        opening = _FENCE_OPENING.match(self.text, start, below)
        info = opening["info"].strip() if opening else ""
        for one in self._part("code", start, end, number, label, label_at, needs_word=False):
            yield replace(one, body=body, part=replace(one.part, fence=info))

    def _html(self, start: int, end: int, number: int, label: str, label_at: int) -> Iterator[PagePart]:
        """The rows of tables, and what is between them."""
        at = start
        first = max(0, bisect_right(self._rows_from, start) - 1)
        for row in self.masks.rows[first : bisect_left(self._rows_from, end)]:
            begin, stop = max(at, row.start), min(end, row.end)
            if begin < stop:
                yield from self._html_lines(at, begin, number, label, label_at)
                if row.header_at != row.start:
                    yield from self._part("row", begin, stop, number, label, label_at, row.header, row.header_at)
                at = stop
        yield from self._html_lines(at, end, number, label, label_at)

    def _html_lines(self, start: int, end: int, number: int, label: str, label_at: int) -> Iterator[PagePart]:
        if end - start <= MAX_ITEM_CHARS and not self._labelled_in(start, end):
            yield from self._part("line", start, end, number, label, label_at)
        else:
            yield from self._lines(start, end, number, label, label_at)

    def _lines(self, start: int, end: int, number: int, label: str, label_at: int) -> Iterator[PagePart]:
        """The lines of a block that the parser made nothing of, and of HTML, but for marks."""
        at = start
        for line in self.text[start:end].splitlines(keepends=True):
            if not line.strip().startswith(_MARKERS) and not _FOOTNOTE_MARK.fullmatch(line):
                yield from self._part("line", at, at + len(line), number, label, label_at)
            at += len(line)

    def _part(
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
        span = self._trimmed(start, end) if kind != "code" else Span(start, end)
        if span.start >= span.end or (needs_word and not _has_word(self.read[span.start : span.end])):
            return
        site = self._site_label(span.start)
        if site:
            label_at = label_at if label else site.at
            label = " > ".join(dict.fromkeys(filter(None, (site.text, label))))
        part = Part(kind, 0, 0, number, label, header)  # type: ignore[arg-type]
        yield PagePart(part, span.start, span.end, span, label_at, header_at)

    def _between_labels(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """`[start, end)` cut where a label of the site begins or ends to hold."""
        if not self._labelled_in(start, end):
            yield start, end
            return
        within = self.masks.labels[bisect_left(self._labels, start) : bisect_left(self._labels, end)]
        places = sorted({place for label in within for place in label[:2] if start < place < end})
        yield from zip([start, *places], [*places, end], strict=True)

    def _labelled_in(self, start: int, end: int) -> bool:
        """Whether a label of the site begins in `[start, end)`."""
        return bisect_left(self._labels, start) < bisect_left(self._labels, end)

    def _site_label(self, at: int) -> Label | None:
        """The innermost label of the site around a place; only the last few that begin before it are looked at."""
        place = bisect_right(self._labels, at)
        for label in reversed(self.masks.labels[max(0, place - 50) : place]):
            if label.end > at:
                return label
        return None

    def _trimmed(self, start: int, end: int) -> Span:
        """Without white space and markup around it; the signs of a quotation or list stay with what they begin.

        A tag in it keeps the one that closes it, and that one its tag.
        """
        piece = self.read[start:end]
        if not piece.strip():
            return Span(start, start)
        first, last = start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
        within, inner, below = (bisect_left(self._whole, place) for place in (start, first, last))
        closed = [one.start for one in self.masks.whole[within:inner] if first < one.end < last]
        opened = [one.end for one in self.masks.whole[inner:below] if last < one.end <= end]
        return Span(min([first, *closed]), max([last, *opened]))

    def _rows(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Where the rows of a table stand; the rule below its header is none."""
        at = start
        for line in self.text[start:end].splitlines(keepends=True):
            if not _RULE_ROW.fullmatch(line):
                yield at, at + len(line.rstrip())
            at += len(line)

    def _is_followed(self, blocks: Sequence[Block], place: int) -> bool:
        """Whether something other than a heading or another asking line comes next."""
        for below in range(place + 1, len(blocks)):  # a slice would copy the rest of the page
            block = blocks[below]
            start, end = self._extent(block)
            if start < end:
                if block.kind == "paragraph" and (said := asked(self.text, start, end)):
                    return bool(self.text[said.end : end].strip(_BLANK))
                return block.kind not in ("heading", "hr")
        return False

    def _line_end(self, start: int, end: int) -> int:
        found = LINE_END.search(self.text, start, end)
        return found.start() if found else end

    def _extent(self, block: Block) -> tuple[int, int]:
        first = self.starts[block.first]
        last = self.starts[block.end] if block.end < len(self.starts) else len(self.text)
        piece = self.text[first:last]
        blank = len(piece) - len(piece.lstrip())
        if blank == len(piece):
            return first, first
        begin = first + blank
        if block.kind == "code_block":
            begin = max(first, self.starts[bisect_right(self.starts, begin) - 1])
        return begin, first + len(piece.rstrip())
