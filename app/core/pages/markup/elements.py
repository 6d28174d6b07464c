"""elements: tags with those that close them: what is hidden in them, their labels, and the rows of tables."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from footnote.app.core.pages.markup.tag import MAX_INDENT, TAG, Tag
from footnote.app.core.pages.markup.values import NAMED_BY_NAME

_BLANK_LINE = re.compile(r"\n[ \t]*\r?\n")
# Elements that end without a tag of their own: before one of these, and with the element around them.
_PARAGRAPH_ENDS = (
    "address article aside blockquote center details div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr main menu nav ol p pre section table ul"
)
_CELLS = frozenset(("td", "th", "tr", "tbody", "tfoot"))
_ENDED_BY = {
    "li": frozenset(("li",)),
    "dt": frozenset(("dt", "dd")),
    "dd": frozenset(("dt", "dd")),
    "td": _CELLS,
    "th": _CELLS,
    "tr": _CELLS - {"td", "th"},
    "option": frozenset(("option",)),
    "p": frozenset(_PARAGRAPH_ENDS.split()),
}


class TableRow(NamedTuple):
    """Characters of a row of an HTML table, and what the row of headers says that begins at `header_at`."""

    start: int
    end: int
    header: str = ""
    header_at: int = -1


class ReadTags(NamedTuple):
    """What a page's tags are.

    Attributes:
        markup: by characters.
        labels: start, end, text, and where it is spelled.
        rows: of tables, in order.
        whole: from a tag to the end of the one that closes it, or of itself where readers see some of it.
    """

    markup: list[tuple[int, int]]
    labels: list[tuple[int, int, str, int]]
    rows: list[TableRow]
    whole: list[tuple[int, int]]


class _Element(NamedTuple):
    """A tag with the one that closes it, and the element around it."""

    opening: Tag
    closing: Tag
    parent: Tag | None


def hidden_elements(text: str, tags: Sequence[Tag]) -> list[tuple[int, int]]:
    """The characters of elements that readers do not see; of one that nothing ends, up to a blank line."""
    if not any(tag.is_hidden for tag in tags):
        return []
    elements, unclosed = _elements(tags)
    found = [(tag.start, tag.end) for tag in tags if tag.is_hidden and tag.alone]
    for opening, closing, _ in elements:
        if opening.is_hidden:
            is_implied = closing.start == closing.end
            # Below a blank line markdown begins another paragraph.
            end = _paragraph_end(text, opening.end, closing.end) if is_implied and opening.name == "p" else closing.end
            found.append((opening.start, end))
    hidden_until = 0
    for tag, outer_end in sorted(one for one in unclosed if one[0].is_hidden):
        if tag.start < hidden_until:
            continue
        if tag.name != "template":
            hidden_until = _paragraph_end(text, tag.end, len(text)) if outer_end is None else outer_end
        elif not text[max(0, tag.start - MAX_INDENT) : tag.start].rpartition("\n")[2].strip(" \t>"):
            hidden_until = len(text)
        else:
            continue
        found.append((tag.start, hidden_until))
    return found


def _paragraph_end(text: str, at: int, end: int) -> int:
    blank = _BLANK_LINE.search(text, at, end)
    return blank.start() if blank else end


def read_tags_of(text: str, tags: Sequence[Tag]) -> ReadTags:
    """The markup of the tags, without what readers see of them, and the labels of those that are closed again."""
    elements, unclosed = _elements(tags)
    labels: list[tuple[int, int, str, int]] = []
    markup: list[tuple[int, int]] = []
    summaries: dict[int, tuple[int, int]] = {}  # by the start of its details
    empty: set[int] = set()
    children: Counter[int] = Counter()  # of a tag that lists labels
    for one in elements:
        opening, closing, parent = one
        if opening.name == "summary" and parent and parent.name == "details":
            summaries[parent.start] = (opening.end, closing.start)
    tag_starts = [tag.start for tag in tags]
    filled = [0, *accumulate(bool(text[tag.end : below.start].strip()) for tag, below in pairwise(tags))]
    for opening, closing, parent in sorted(elements, key=lambda one: one.opening.start):
        label, at = opening.label, opening.at
        content = summaries[opening.start][1] if opening.start in summaries else opening.start
        if filled[bisect_left(tag_starts, content)] == filled[bisect_left(tag_starts, closing.start)]:
            empty.add(opening.start)  # then its label is all that a reader sees
            continue
        if opening.start in summaries:
            at, end = summaries[opening.start]
            label = " ".join(TAG.sub(" ", text[at:end]).split())
            markup.append((at, end))
        elif parent and parent.items and not label:
            number = children[parent.start]
            children[parent.start] += 1
            label, at = (parent.items[number], opening.start) if number < len(parent.items) else ("", -1)
        if label:
            labels.append((opening.start, closing.end, label, at))
    labels += _tabs_without_end(text, [tag for tag, _ in unclosed])
    closed = ({one.opening.start for one in elements} | {label[0] for label in labels}) - empty
    for tag in tags:
        at = tag.start
        for start, end in sorted(tag.shown[tag.start not in closed]):
            markup.append((at, start))
            at = end
        markup.append((at, tag.end))
    whole = [(one.opening.start, one.closing.end) for one in elements]
    whole += [(tag.start, tag.end) for tag in tags if any(tag.shown)]
    return ReadTags(markup, labels, _rows(text, elements), whole)


def _rows(text: str, elements: Sequence[_Element]) -> list[TableRow]:
    cells: dict[int, list[_Element]] = {}  # by the start of the row
    for one in elements:
        if one.opening.name in ("td", "th") and one.parent and one.parent.name == "tr":
            cells.setdefault(one.parent.start, []).append(one)
    found: list[TableRow] = []
    header: TableRow | None = None
    for opening, closing, _ in sorted(one for one in elements if one.opening.name in ("tr", "table")):
        of_row = cells.get(opening.start, ())
        if opening.name == "table":
            header = None
        elif of_row and all(cell.opening.name == "th" for cell in of_row):
            said = (TAG.sub(" ", text[cell.opening.end : cell.closing.start]).split() for cell in of_row)
            header = TableRow(opening.start, closing.end, " | ".join(map(" ".join, said)), opening.start)
            found.append(TableRow(opening.start, closing.end))
        else:
            if header and found[-1].start == header.start:
                found[-1] = header  # of one that is above no row, it is a row itself
            said_above = (header.header, header.header_at) if header else ("", -1)
            found.append(TableRow(opening.start, closing.end, *said_above))
    return found


def _elements(tags: Sequence[Tag]) -> tuple[list[_Element], list[tuple[Tag, int | None]]]:
    """The tags in pairs, inner before outer, and those that nothing closes, with where the element around them ends."""
    found: list[_Element] = []
    opened: list[Tag] = []
    unclosed: list[tuple[Tag, int | None]] = []
    open_names: Counter[str] = Counter()  # a tag that closes nothing must not be looked for among all

    def end_at(closing: Tag) -> Tag:
        opening = opened.pop()
        open_names[opening.name] -= 1
        if opening.name == closing.closes or opening.name in _ENDED_BY:
            at = closing.start
            ended = closing if opening.name == closing.closes else Tag(at, at, opening.name, closes=opening.name)
            found.append(_Element(opening, ended, opened[-1] if opened else None))
        else:
            unclosed.append((opening, closing.start))
        return opening

    for tag in tags:
        if not tag.closes:
            while opened and tag.name in _ENDED_BY.get(opened[-1].name, ()):
                end_at(tag)
            if not tag.alone:
                opened.append(tag)
                open_names[tag.name] += 1
        elif open_names[tag.closes]:
            while end_at(tag).name != tag.closes:
                pass
    return found, unclosed + [(tag, None) for tag in opened]


def _tabs_without_end(text: str, opened: Sequence[Tag]) -> Iterator[tuple[int, int, str, int]]:
    """Tabs that nothing closes: up to the next one of the same name, or the end of the page."""
    ends: dict[str, int] = {}
    for tag in sorted(opened, reverse=True):
        if tag.label and tag.name in NAMED_BY_NAME:
            yield tag.start, ends.get(tag.name, len(text)), tag.label, tag.at
            ends[tag.name] = tag.start
