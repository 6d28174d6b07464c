"""page_text: a page with its masks, asked what lies where."""

import html
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from footnote.app.core.pages.markup.directives import ListTable
from footnote.app.core.pages.markup.elements import TableRow
from footnote.app.core.pages.markup.labels import Label
from footnote.app.core.pages.masks import Masks
from footnote.app.core.pages.scanning.scanner import TaggedCode
from footnote.app.core.pages.scanning.spans import Span, masked
from footnote.app.core.text.markdown import Block
from footnote.app.core.text.offsets import LINE_END, line_of, line_starts


class PageText:
    """A page as a parser reads it, `text`, and as a reader does, `read`; both as long as the page."""

    def __init__(self, text: str, masks: Masks) -> None:
        self.text = masked(text, masks.unread)
        self.read = masked(text, [*masks.hidden, *masks.markup])
        self.starts = line_starts(text)
        self._masks = masks
        self._tagged = {line_of(self.starts, one.opening.start): one for one in masks.tagged_code}
        self._hidden = [span.start for span in masks.hidden]
        self._labels = [label.start for label in masks.labels]
        self._rows_from = [row.start for row in masks.rows]
        self._whole = [span.start for span in masks.whole]
        self._list_tables = [table.start for table in masks.list_tables]

    def says(self, start: int, end: int) -> bool:
        """Whether there is a letter or digit in `[start, end)` for a reader."""
        said = self.read[start:end]
        return any(map(str.isalnum, html.unescape(said) if "&" in said else said))

    def hidden_in(self, start: int, end: int) -> Sequence[Span]:
        """What is hidden and begins within `(start, end)`."""
        return self._masks.hidden[bisect_right(self._hidden, start) : bisect_left(self._hidden, end)]

    def tagged_code(self, line: int) -> TaggedCode | None:
        """The code between tags that opens on a line."""
        return self._tagged.get(line)

    def html_rows(self, start: int, end: int) -> Sequence[TableRow]:
        """The rows of HTML tables that may reach into `[start, end)`."""
        first = max(0, bisect_right(self._rows_from, start) - 1)
        return self._masks.rows[first : bisect_left(self._rows_from, end)]

    def extent(self, block: Block) -> tuple[int, int]:
        """The characters of a block, without white space around it; the first line of code keeps its indentation."""
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

    def line_end(self, start: int, end: int) -> int:
        """Where the first line in `[start, end)` ends."""
        found = LINE_END.search(self.text, start, end)
        return found.start() if found else end

    def list_table(self, at: int) -> ListTable | None:
        """The table written as a list that a place is in."""
        place = bisect_right(self._list_tables, at) - 1
        return self._masks.list_tables[place] if place >= 0 and at < self._masks.list_tables[place].end else None

    def between_labels(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """`[start, end)` cut where a label of the site begins or ends to hold."""
        if not self.labelled_in(start, end):
            yield start, end
            return
        within = self._masks.labels[bisect_left(self._labels, start) : bisect_left(self._labels, end)]
        places = sorted({place for label in within for place in label[:2] if start < place < end})
        yield from zip([start, *places], [*places, end], strict=True)

    def labelled_in(self, start: int, end: int) -> bool:
        """Whether a label of the site begins in `[start, end)`."""
        return bisect_left(self._labels, start) < bisect_left(self._labels, end)

    def site_label(self, at: int) -> Label | None:
        """The innermost label of the site around a place; only the last few that begin before it are looked at."""
        place = bisect_right(self._labels, at)
        for label in reversed(self._masks.labels[max(0, place - 50) : place]):
            if label.end > at:
                return label
        return None

    def trimmed(self, start: int, end: int) -> Span:
        """Without white space and markup around it; the signs of a quotation or list stay with what they begin.

        A tag in it keeps the one that closes it, and that one its tag.
        """
        piece = self.read[start:end]
        if not piece.strip():
            return Span(start, start)
        first, last = start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
        within, inner, below = (bisect_left(self._whole, place) for place in (start, first, last))
        closed = [one.start for one in self._masks.whole[within:inner] if first < one.end < last]
        opened = [one.end for one in self._masks.whole[inner:below] if last < one.end <= end]
        return Span(min([first, *closed]), max([last, *opened]))
