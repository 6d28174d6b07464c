"""masks: what of a page is not there for its readers, and what is markup of the site. Linear in the text.

Hidden text (comments, imports of MDX, payloads of data URIs) is no text of the page: it is never indexed, shown or
quoted. Markup (tags, shortcodes, attribute lists) stays in a quote, as its bytes do, but is neither searched nor read.
A label (of a tab, a details element, a hint) belongs to all that stands in it.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from footnote.app.core.pages.flavour import Flavour
from footnote.app.core.pages.markup.directives import ListTable, directive_markup, list_table, title_of
from footnote.app.core.pages.markup.elements import TableRow, hidden_elements, read_tags_of
from footnote.app.core.pages.markup.labels import Label, alerts_in
from footnote.app.core.pages.markup.line_marks import line_mark
from footnote.app.core.pages.markup.site_syntax import definitions_by_shortcode, entities_in, site_syntax
from footnote.app.core.pages.markup.tags import tags_in
from footnote.app.core.pages.scanning.scan import Scan
from footnote.app.core.pages.scanning.scanner import TaggedCode
from footnote.app.core.pages.scanning.spans import NOT_LINE_END, Span, Spans, masked, united, with_plain_line_ends
from footnote.app.core.text.offsets import line_of, line_starts

_MAX_SIGNS = 200  # of a line, or one with thousands of comments would be read for each of them
_KNOWN_IN_HEADINGS = re.compile(r"[ \t]*(?:<|\{:?[ \t]*[#.]|\{:|\{[ \t]*[\w-]+=)")
_LINE_SIGNS = " \t>-*+.)0123456789"
_SPACES = re.compile(r"[ \t]*")


class Masks(NamedTuple):
    """What a page is read with; spans are in order.

    Attributes:
        hidden: not there for readers; these do not overlap.
        markup: of the site.
        entities: of HTML, that stand for a character.
        labels: outer before inner.
        rows: of HTML tables, in order.
        whole: tags with what closes them, which a quote should not cut.
        list_tables: tables that are written as lists.
        scopes: where a heading is about no more than what is in it: directives, and what has a label.
        tagged_code: lines of code between tags, not between fences.
        references: the addresses of links that the page defines, by their labels; "" for one that a shortcode makes.
        blank: what a parser of blocks must take for white space: hidden text, and lines of nothing but markup.
        unread: the same, and what only the parser needs: definitions of links, and signs of blocks beside hidden text.
    """

    hidden: tuple[Span, ...]
    markup: tuple[Span, ...]
    entities: tuple[Span, ...]
    labels: tuple[Label, ...]
    rows: tuple[TableRow, ...]
    whole: tuple[Span, ...]
    list_tables: tuple[ListTable, ...]
    scopes: tuple[Span, ...]
    tagged_code: tuple[TaggedCode, ...]
    references: Mapping[str, str]
    blank: tuple[Span, ...]
    unread: tuple[Span, ...]


def page_masks(text: str, scan: Scan, flavour: Flavour) -> Masks:
    """The masks of a page's markdown that was scanned."""
    text = with_plain_line_ends(text)
    visible = masked(text, scan.hidden)
    no_tags, no_templates = Spans(sorted([*scan.code, *scan.hidden, *_tags_of_code(scan)])), Spans(scan.verbatim)
    tags = tags_in(
        visible, flavour, lambda tag: no_tags.covers(tag) or (bool(tag["template"]) and no_templates.covers(tag))
    )
    elements = hidden_elements(visible, tags)
    hidden = united([*scan.hidden, *(Span(*one) for one in elements)])
    if elements:
        covered = Spans(hidden)
        visible, tags = masked(text, hidden), [tag for tag in tags if covered.at(tag.start) is None]
    read_tags = read_tags_of(visible, tags)
    covered = Spans(united([*scan.code, *hidden]))
    alerts = list(alerts_in(visible, covered))
    markup = [Span(*span) for span in read_tags.markup]
    markup += [span for span, _ in alerts]
    directives = [span for one in scan.directives for span in directive_markup(one, visible)]
    markup += directives
    markup += site_syntax(text, visible, flavour, covered)
    by_shortcode = definitions_by_shortcode(visible, covered)
    markup += [span for span, _ in by_shortcode]
    in_code = Spans(united(scan.code))
    markup += [Span(*one.span()) for one in line_mark(flavour).finditer(visible) if in_code.covers(one)]
    entities = entities_in(visible, covered)
    spaces = [span for span in entities if html.unescape(visible[span.start : span.end]).isspace()]
    in_headings = [span for span in markup if _in_heading(visible, span)]
    markup = sorted([*markup, *spaces])
    labels = [Label(*one) for one in read_tags.labels]
    labels += [label for _, label in alerts if label]
    labels += [
        Label(one.start, one.end, title, one.start) for one in scan.directives if (title := title_of(one, visible))
    ]
    labels += [
        Label(one.opening.start, one.closing.end, text[one.caption.start : one.caption.end].strip(), one.caption.start)
        for one in scan.tagged
        if one.caption.end
    ]
    list_tables = [list_table(one, visible) for one in scan.directives if one.name == "list-table"]
    scopes = [*(Span(one.start, one.end) for one in scan.directives), *(Span(*label[:2]) for label in labels)]
    blank = [*hidden, *directives, *in_headings, *_whole_lines(visible, markup)]
    in_lines = [Span(one.opening.start, one.closing.end) for one in scan.tagged if not one.is_block]
    return Masks(
        tuple(hidden),
        tuple(sorted([*markup, *_tags_of_code(scan), *scan.definitions])),
        tuple(entities),
        tuple(sorted(labels, key=lambda label: (label.start, -label.end))),
        tuple(read_tags.rows),
        tuple(sorted([*(Span(*one) for one in read_tags.whole), *in_lines])),
        tuple(list_tables),
        tuple(sorted(scopes)),
        tuple(one for one in scan.tagged if one.is_block),
        {**{label: "" for _, label in by_shortcode}, **scan.references},
        tuple(sorted(blank)),
        tuple(sorted([*blank, *scan.definitions, *_signs_beside(text, hidden, markup)])),
    )


def for_parser(text: str, masks: Masks) -> str:
    """The text for a parser of blocks: in lines as before, without what is blank, and with fences for tags of code."""
    fences = [(one.opening, f"~~~~~~~~~{one.language}") for one in masks.tagged_code]
    fences += [(one.closing, "~~~~~~~~~") for one in masks.tagged_code]
    pieces, at, line = [], 0, ""
    for (start, end), filler in sorted([*((span, "") for span in masks.blank), *fences]):
        start = max(start, at)
        if start >= end:
            continue
        for piece in (text[at:start], filler, NOT_LINE_END.sub("", text[start:end])):
            line = (line + piece).rpartition("\n")[2] if "\n" in piece else line + piece
            pieces.append(piece)
        # What follows a comment at the beginning of a line is not indented by what was between them.
        at = end if line.strip(_LINE_SIGNS) else _SPACES.match(text, end).end()  # type: ignore[union-attr]
    return "".join([*pieces, text[at:]])


def _in_heading(text: str, span: Span) -> bool:
    """Whether it stands in a heading, and the parser of headings knows it neither as a tag nor as attributes."""
    line = text.rfind("\n", max(0, span.start - 1_000), span.start) + 1
    return text.startswith("#", line) and not _KNOWN_IN_HEADINGS.match(text, span.start)


def _tags_of_code(scan: Scan) -> list[Span]:
    return [span for one in scan.tagged for span in (one.opening, one.closing)]


def _signs_beside(text: str, hidden: Sequence[Span], markup: Sequence[Span]) -> Iterator[Span]:
    """The signs that begin a block, where there is nothing else between them and hidden text on their line."""
    rest, starts = masked(text, [*hidden, *markup]), line_starts(text)
    for span in hidden:
        start = starts[line_of(starts, span.start)]
        below = line_of(starts, max(span.start, span.end - 1)) + 1
        end = starts[below] if below < len(starts) else len(text)
        for side in (Span(start, span.start), Span(span.end, end)):
            if 0 < side.end - side.start <= _MAX_SIGNS and not rest[side.start : side.end].strip(" \t\r\n>:#*+-"):
                yield side


def _whole_lines(text: str, markup: Sequence[Span]) -> Iterator[Span]:
    """The markup that stands on lines of nothing but markup."""
    rest, starts = masked(text, markup), line_starts(text)
    ends = [*starts[1:], len(text)]
    filled = [bool(rest[start:end].strip(" \t\r\n>")) for start, end in zip(starts, ends, strict=True)]
    filled_before = [0, *accumulate(filled)]
    for span in markup:
        first, last = line_of(starts, span.start), line_of(starts, max(span.start, span.end - 1))
        if filled_before[first] == filled_before[last + 1]:
            yield span
