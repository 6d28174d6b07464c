"""reading: a page as its readers see it: masks, blocks and parts, and what a chunk that is cut from it must know."""

import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from markdown_it.common.utils import normalizeReference

from footnote.app.core.pages.flavour import Flavour
from footnote.app.core.pages.masks import for_parser, page_masks
from footnote.app.core.pages.parts.leaves import PagePart
from footnote.app.core.pages.parts.parts import page_parts
from footnote.app.core.pages.scanning.scan import scan_page
from footnote.app.core.pages.scanning.spans import Span, masked
from footnote.app.core.text.markdown import Block, CostlyPageError, parse_blocks
from footnote.app.core.text.offsets import line_of, line_starts
from footnote.app.core.types import Part

MAX_LINES = 400_000  # each is looked at once for each container around it
_MAX_CONTEXT_CHARS = 300
_BRACKETED = re.compile(r"\[([^\[\]]{1,999})\]")
# Between tags in a line and those between blocks: what stands around the latter is no one word.
_SEPARATES = re.compile(
    r"(?!</?(?:a|abbr|b|code|em|font|i|kbd|mark|q|s|small|span|strong|sub|sup|tt|u|var|wbr)\b"
    r"|\{(?::|[ \t]*[#.\w]))[<{\"']",
    re.I,
)


class Hidden:
    """What is not there for readers, by characters of the file."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.spans = spans
        self._starts = [span.start for span in spans]
        self._ends = [span.end for span in spans]

    def between(self, start: int, end: int) -> bool:
        """Whether there is hidden text in `[start, end)`."""
        place = bisect_right(self._ends, start)
        return place < len(self._starts) and self._starts[place] < end

    def around(self, start: int, end: int) -> list[tuple[int, int]]:
        """`[start, end)` without the hidden text in it."""
        pieces, at = [], start
        for span in self.spans[bisect_right(self._ends, start) : bisect_left(self._starts, end)]:
            pieces.append((at, span.start))
            at = max(at, span.end)
        pieces.append((at, end))
        return [piece for piece in pieces if piece[0] < piece[1]]


@dataclass(frozen=True, slots=True)
class Reading:
    """A page that was read; all places are characters of the file.

    Attributes:
        text: that of the page, as long as it, with spaces for what is hidden and for lines of nothing but markup.
        blocks: of that text, by its lines.
        scopes: by lines from the first of the page, where a heading is about no more than what is in it.
    """

    text: str
    blocks: tuple[Block, ...]
    scopes: tuple[tuple[int, int], ...]
    hidden: Hidden
    _source: str
    _offset: int
    _parts: tuple[PagePart, ...]
    _leads: tuple[int, ...]  # of each part the last one above it that is of another block
    _part_starts: tuple[int, ...]
    _ends: tuple[int, ...]
    _markup: tuple[Span, ...]
    _markup_starts: tuple[int, ...]
    _markup_ends: tuple[int, ...]
    _labels: tuple[tuple[int, str], ...]
    _references: Mapping[str, str]

    def cut(self, start: int, end: int) -> tuple[tuple[Part, ...], str]:
        """The parts in `[start, end)`, by characters from `start`, and what the blocks that are cut there say above."""
        first = bisect_right(self._ends, start)
        found: list[Part] = []
        context: list[str] = []
        while first < len(self._parts) and self._parts[first].start < end:
            one = self._parts[first]
            if not found:
                context = self._context(first, start)
            piece = _clipped(one, start, end)
            if piece.start < piece.end:
                found.append(piece)
            first += 1
        return tuple(found), "\n".join(context)

    def readable(self, start: int, end: int) -> str:
        """The text with the labels in place of the markup; "" where there is none in it."""
        spans = self._markup[bisect_right(self._markup_ends, start) : bisect_left(self._markup_starts, end)]
        if not spans:
            return ""
        pieces, at = [], start
        for span in spans:
            pieces += [self._source[at - self._offset : max(at, span.start) - self._offset], *self._labels_in(span)]
            at = max(at, min(span.end, end))
        pieces.append(self._source[at - self._offset : end - self._offset])
        return re.sub(r"\n\s*\n", "\n\n", "".join(pieces)).strip()

    def references(self, start: int, end: int) -> dict[str, str]:
        """The addresses of the links in `[start, end)` that the page defines, by their labels with single spaces."""
        if not self._references:
            return {}
        text = self._source[start - self._offset : end - self._offset]
        labels = dict.fromkeys(" ".join(one[1].split()) for one in _BRACKETED.finditer(text))
        known = ((label, self._references.get(normalizeReference(label))) for label in labels)
        return {label: address for label, address in known if address is not None}

    def sentence_above(self, place: int, since: int) -> str:
        """The last sentence or item that ends above a place, and not above `since`; "" where there is none."""
        last = bisect_left(self._part_starts, place) - 1
        while last >= 0 and self._parts[last].end > place and self._parts[last].start >= since:
            last -= 1  # the code that the place itself is in
        one = self._parts[last] if last >= 0 else None
        if one is None or one.part.kind not in ("sentence", "item") or one.start < since or one.end > place:
            return ""
        text = self._source[one.start - self._offset : one.end - self._offset]
        return " ".join(text.split())[:_MAX_CONTEXT_CHARS]

    def _labels_in(self, span: Span) -> list[str]:
        """What a reader sees in place of markup."""
        start, end = span.start - self._offset, span.end - self._offset
        if self._source[start] == "&":
            return [html.unescape(self._source[start:end]).replace("\xa0", " ")]
        first = bisect_left(self._labels, (span.start, ""))
        last = bisect_left(self._labels, (span.end, ""))
        said = [f"\n{text}\n" for _, text in self._labels[first:last]]
        if said or "\n" in self._source[start:end]:
            return said or ["\n"]
        return [" "] * bool(self._source[start:end].isspace() or _SEPARATES.match(self._source, start))

    def _context(self, place: int, start: int) -> list[str]:
        """What a chunk from `start` on lacks of the blocks around its first part."""
        one = self._parts[place]
        said = []
        if 0 <= one.label_at < start:
            said.append(one.part.label)
        if one.part.kind in ("item", "code", "row") and place:
            said += self._lead_in(place)
        if 0 <= one.header_at < start:
            said.append(one.part.table_header)
        return [text[:_MAX_CONTEXT_CHARS] for text in dict.fromkeys(said) if text]

    def _lead_in(self, place: int) -> list[str]:
        """The sentence that introduces the list, table or code that a part belongs to."""
        lead = self._parts[self._leads[place]]
        text = self._source[lead.start - self._offset : lead.end - self._offset]
        return [text] if lead.part.kind in ("sentence", "item") and text.rstrip("*_").endswith(":") else []


def read_page(text: str, line_count: int, flavour: Flavour, offset: int = 0) -> Reading:
    """The page's markdown of `line_count` lines, which begins at the character `offset` of its file.

    Raises:
        CostlyPageError: it has more blocks, tags or lines than can be read in reasonable time.
    """
    if line_count > MAX_LINES:
        raise CostlyPageError(f"more than {MAX_LINES:,} lines")
    masks = page_masks(text, scan_page(text, flavour), flavour)
    visible = masked(text, masks.unread)
    blocks = parse_blocks(for_parser(text, masks), line_count, flavour.jsx)
    starts = line_starts(text)
    parts = [_moved(one, offset) for one in page_parts(text, blocks, masks)]
    markup = [Span(one.start + offset, one.end + offset) for one in sorted({*masks.markup, *masks.entities})]
    return Reading(
        visible,
        tuple(blocks),
        tuple((line_of(starts, one.start), line_of(starts, max(one.start, one.end - 1)) + 1) for one in masks.scopes),
        Hidden([Span(span.start + offset, span.end + offset) for span in masks.hidden]),
        text,
        offset,
        tuple(parts),
        tuple(_leads(parts)),
        tuple(accumulate((one.start for one in parts), max)),
        tuple(accumulate((one.end for one in parts), max)),
        tuple(markup),
        tuple(span.start for span in markup),
        tuple(accumulate((span.end for span in markup), max)),
        tuple(sorted((label.at + offset, label.text) for label in masks.labels if label.at >= 0)),
        masks.references,
    )


def _leads(parts: Sequence[PagePart]) -> list[int]:
    leads = [0] * len(parts)
    for place in range(1, len(parts)):
        same = parts[place - 1].part.block == parts[place].part.block
        leads[place] = leads[place - 1] if same else place - 1
    return leads


def _moved(one: PagePart, offset: int) -> PagePart:
    return replace(
        one,
        start=one.start + offset,
        end=one.end + offset,
        body=Span(one.body.start + offset, one.body.end + offset),
        label_at=one.label_at + offset if one.label_at >= 0 else -1,
        header_at=one.header_at + offset if one.header_at >= 0 else -1,
    )


def _clipped(one: PagePart, start: int, end: int) -> Part:
    """The part as far as it lies in a chunk; of a fence that is cut the lines alone."""
    is_cut = one.part.is_cut or one.start < start or one.end > end
    first, last = one.body if is_cut else (one.start, one.end)
    return replace(one.part, start=max(first, start) - start, end=min(last, end) - start, is_cut=is_cut)
