"""masks: what of a page is not there for its readers, and what is markup of the site. Linear in the text.

Hidden text (comments, imports of MDX, payloads of data URIs) is no text of the page: it is never indexed, shown or
quoted. Markup (tags, shortcodes, attribute lists) stays in a quote, as its bytes do, but is neither searched nor read.
A label (of a tab, a details element, a hint) belongs to all that stands in it.
"""

import html
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from markdown_it.common.utils import normalizeReference

from footnote.app.core.pages.flavour import Flavour
from footnote.app.core.pages.line_marks import line_mark
from footnote.app.core.pages.scanning import Directive, Scan, Span, TaggedCode, united, with_plain_line_ends
from footnote.app.core.pages.tags import TableRow, hidden_elements, read_tags_of, tags_in
from footnote.app.core.text.offsets import line_of, line_starts


class Label(NamedTuple):
    """What stands in `[start, end)` is about `text`; it is spelled from `at` on, -1 where it is nowhere in the page."""

    start: int
    end: int
    text: str
    at: int = -1


class ListTable(NamedTuple):
    """Characters of a table whose rows are the items of a list, the first few of them headers."""

    start: int
    end: int
    header_rows: int


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
        blank: what a parser of blocks must take for white space: hidden text, and lines of nothing but markup.
        references: the addresses of links that the page defines, by their labels; "" for one that a shortcode makes.
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
    blank: tuple[Span, ...]
    references: Mapping[str, str]
    unread: tuple[Span, ...]


def masked(text: str, spans: Sequence[Span]) -> str:
    """The text with the spans as spaces, line ends kept: as long as before, in lines as before."""
    pieces, at = [], 0
    for start, end in sorted(spans):
        start = max(start, at)
        if start < end:
            pieces += [text[at:start], _NOT_LINE_END.sub(" ", text[start:end])]
            at = end
    return "".join([*pieces, text[at:]])


def page_masks(text: str, scan: Scan, flavour: Flavour) -> Masks:
    """The masks of a page's markdown that was scanned."""
    text = with_plain_line_ends(text)
    visible = masked(text, scan.hidden)
    no_tags, no_templates = _Spans(sorted([*scan.code, *scan.hidden, *_tags_of_code(scan)])), _Spans(scan.verbatim)
    tags = tags_in(
        visible, flavour, lambda tag: no_tags.covers(tag) or (bool(tag["template"]) and no_templates.covers(tag))
    )
    elements = hidden_elements(visible, tags)
    hidden = united([*scan.hidden, *(Span(*one) for one in elements)])
    if elements:
        covered = _Spans(hidden)
        visible, tags = masked(text, hidden), [tag for tag in tags if covered.at(tag.start) is None]
    read_tags = read_tags_of(visible, tags)
    covered = _Spans(united([*scan.code, *hidden]))
    alerts = list(_alerts(visible, covered))
    markup = [Span(*span) for span in read_tags.markup]
    markup += [span for span, _ in alerts]
    if flavour.wikilinks:
        markup += [span for one in _WIKILINK.finditer(visible) if not covered.covers(one) for span in _brackets(one)]
    if flavour.jsx:
        markup += [Span(*one.span()) for one in _JSX_NAMES.finditer(visible) if not covered.covers(one)]
    directives = [span for one in scan.directives for span in _directive_markup(one, visible)]
    markup += directives
    markup += [Span(*one.span()) for one in _SITE_SYNTAX.finditer(visible) if not covered.covers(one)]
    by_shortcode = [one for one in _DEFINITION.finditer(visible) if not covered.covers(one)]
    markup += [Span(*one.span()) for one in by_shortcode]
    # With its payload hidden, of an image its text is left.
    markup += [Span(*one.span()) for one in _DATA_IMAGE.finditer(text) if not covered.covers(one)]
    if flavour.jsx:
        markup += [span for one in _JSX_TEXT.finditer(visible) if not covered.covers(one) for span in _quotes(one)]
    if flavour.line_comments:
        markup += [Span(*one.span()) for one in _MYST_LINE.finditer(visible) if not covered.covers(one)]
        markup += [span for one in _ROLE.finditer(visible) if not covered.covers(one) for span in _role_markup(one)]
    lists = [Span(*one.span()) for one in _ATTRIBUTES_BEHIND_TEXT.finditer(visible) if not covered.covers(one)]
    markup += [span for span in lists if _is_heading_line(visible, span)]
    in_code = _Spans(united(scan.code))
    markup += [Span(*one.span()) for one in line_mark(flavour).finditer(visible) if in_code.covers(one)]
    entities = [Span(*one.span()) for one in _ENTITY.finditer(visible) if not covered.covers(one)]
    spaces = [span for span in entities if html.unescape(visible[span.start : span.end]).isspace()]
    in_headings = [span for span in markup if _in_heading(visible, span)]
    markup = sorted([*markup, *spaces])
    labels = [Label(*one) for one in read_tags.labels]
    labels += [label for _, label in alerts if label]
    labels += [
        Label(one.start, one.end, title, one.start) for one in scan.directives if (title := _title(one, visible))
    ]
    labels += [
        Label(one.opening.start, one.closing.end, text[one.caption.start : one.caption.end].strip(), one.caption.start)
        for one in scan.tagged
        if one.caption.end
    ]
    list_tables = [_list_table(one, visible) for one in scan.directives if one.name == "list-table"]
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
        tuple(sorted(blank)),
        {**{normalizeReference(one["label"]): "" for one in by_shortcode}, **scan.references},
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
        for piece in (text[at:start], filler, _NOT_LINE_END.sub("", text[start:end])):
            line = (line + piece).rpartition("\n")[2] if "\n" in piece else line + piece
            pieces.append(piece)
        # What follows a comment at the beginning of a line is not indented by what was between them.
        at = end if line.strip(_LINE_SIGNS) else _SPACES.match(text, end).end()  # type: ignore[union-attr]
    return "".join([*pieces, text[at:]])


_MAX_SIGNS = 200  # of a line, or one with thousands of comments would be read for each of them
_KNOWN_IN_HEADINGS = re.compile(r"[ \t]*(?:<|\{:?[ \t]*[#.]|\{:|\{[ \t]*[\w-]+=)")
_LINE_SIGNS = " \t>-*+.)0123456789"
_SPACES = re.compile(r"[ \t]*")
_LINE_REST = re.compile(r"[ \t]*\n?")
_NOT_LINE_END = re.compile(r"[^\r\n]")
# Of these the argument is a title where they have content; of the next it is a path or the like, of all others text.
_TITLED_DIRECTIVES = frozenset(
    ("admonition", "card", "confval", "csv-table", "details", "dropdown", "envvar", "grid-item-card", "list-table")
    + ("option", "sidebar", "tab-item", "table", "topic")
)
_NAMING_DIRECTIVES = frozenset(
    (
        "carousel",
        "container",
        "contents",
        "div",
        "download",
        "figure",
        "figure-md",
        "grid",
        "grid-item",
        "iframe",
        "image",
        "include",
    )
    + ("index", "literalinclude", "only", "plot", "tab-set", "tab-set-code", "tableofcontents", "toctree", "video")
)
_VERSION_DIRECTIVES = {
    "versionadded": "Added in version",
    "versionchanged": "Changed in version",
    "deprecated": "Deprecated since version",
    "versionremoved": "Removed in version",
}
_FIRST_WORD = re.compile(r"\S+[ \t]*")
_HEADER_ROWS = re.compile(r":header-rows:[ \t]*(\d{1,3})")
_SHOWN_OPTION = re.compile(
    r"^[ \t>]*:?(?:alt|caption|footer|header|subtitle|title):[ \t]+(?:[|>]\s+:[ \t]+)?(?P<value>[^\s|>][^\n]*)$", re.M
)
_LISTING_DIRECTIVES = frozenset(("contents", "tableofcontents", "toctree"))
# `{: .note }` of kramdown and Python-Markdown, `{ title="..." }`; in TeX, `_{i=1}` is none.
_ATTRIBUTES = r"\{:?[ \t]*(?:[#.][\w-]|[\w-]+=(?:\"[^\"\n]*\"|'[^'\n]*'|[\w%.:-]+))[^{}\n]{0,200}\}"
_SITE_SYNTAX = re.compile(
    # Behind a link, a code span, emphasis or an emoji, or on a line of their own.
    rf"(?:(?<=[)\]`>])|(?<=__)|(?<=\*\*)|(?<=\w:)){_ATTRIBUTES}"
    r"|(?:(?<=[*_])|(?<=\n)[ \t]*|(?<![\s\S])[ \t]*)\{:?[ \t]*[#.][\w-][^{}\n]{0,200}\}"
    # Elsewhere what begins with an id, a class or a value, ends a `{::tag}`, or names attributes on a line of its own;
    # `{:%H}` and `{:.2f}` are formats.
    r"|\{:[ \t]*(?:[\w-]{1,60}:[ \t]*)?(?:[#.][A-Za-z_-]|[\w-]{1,60}=)[^{}\n]{0,200}\}|\{:[:/][^{}\n]{0,200}\}"
    r"|^[ \t>]*\{:[ \t]*[\w-]{1,60}[ \t]*\}[ \t]*$"
    rf"|(?:(?<=>)|(?<=> )){_ATTRIBUTES}[ \t]*$"
    r"|^[ \t]*\{[ \t]*[\w-]+=(?:\"[^\"\n]*\"|[\w-]+)[^{}\n]*\}[ \t]*$"
    # Icons by name.
    r"|:(?:fontawesome|lucide|material|octicons|simple)-[\w-]{1,80}:"
    # The signs that show a shortcode of Hugo instead of running it.
    r"|(?<=\{\{[<%])/\*|\*/(?=[>%]\}\})"
    # Lines that name a table of contents, or a file to include.
    r"|^[ \t]*(?:\[\[toc\]\]|\[TOC\]|-+8<-+(?:[ \t][^\n]*)?|<<<[ \t]*[@./][^\n]*)[ \t]*$",
    re.M,
)
# The definition of a link whose address a shortcode makes.
_DEFINITION = re.compile(
    r"^[ \t]{0,3}\[(?P<label>[^\[\]\n]{1,200})\]:[ \t]*<?\{\{[<%][^{}\n]*[>%]\}\}[^\n]{0,200}$", re.M
)
# A target of references, and a break between blocks.
_MYST_LINE = re.compile(r"^[ \t]*(?:\([^()\n]{1,200}\)=|\+\+\+[^\n]*)[ \t]*$", re.M)
# Of an expression of MDX a reader sees the value: of text what is between its quotes, of names nothing that is here.
_JSX_TEXT = re.compile(
    r"""\{[ \t]*(?:"(?P<double>[^"\\\n]{0,999})"|'(?P<single>[^'\\\n]{0,999})'|`(?P<plain>[^`$\\]{0,999})`)[ \t]*\}"""
)
_JSX_NAMES = re.compile(r"(?<!\\)\{(?![#.:%])[^{}<>\"'`\n]{0,300}\}")
_ATTRIBUTES_BEHIND_TEXT = re.compile(rf"(?<=[ \t]){_ATTRIBUTES}(?=[ \t#]*$)", re.M)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|(?:[A-Za-z][A-Za-z0-9]{1,31}));")
# `{ref}`text <target>`` of MyST.
_ROLE = re.compile(r"\{[A-Za-z][\w:+.-]*\}(?=`)(?:`[^`<>]{1,300}?(?P<target>\s{0,20}<[^<>`]{1,300}>)(?=`))?")
_WIKILINK = re.compile(r"!?\[\[(?P<page>[^\[\]|\n]{1,300})(?:\|(?P<text>[^\[\]\n]{1,300}))?\]\]")
_DATA_IMAGE = re.compile(r"!\[(?=[^\]\n]{0,300}\]\([ \t]*<?data:)")
_ALERT = re.compile(r"^(?P<quote>[ \t]*>[ \t]*)\[!(?P<type>\w+)\][+-]?[ \t]*(?P<title>[^\n]*)$", re.M)
_NOT_QUOTED = re.compile(r"^(?![ \t]*>)", re.M)


class _Spans:
    """Spans that do not overlap, in order, asked whether they hold a match."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.spans = spans
        self._starts = [span.start for span in self.spans]

    def at(self, place: int) -> Span | None:
        number = bisect_right(self._starts, place) - 1
        return self.spans[number] if number >= 0 and place < self.spans[number].end else None

    def covers(self, match: re.Match[str]) -> bool:
        """Whether the match begins in a span."""
        return self.at(match.start()) is not None


def _in_heading(text: str, span: Span) -> bool:
    """Whether it stands in a heading, and the parser of headings knows it neither as a tag nor as attributes."""
    line = text.rfind("\n", max(0, span.start - 1_000), span.start) + 1
    return text.startswith("#", line) and not _KNOWN_IN_HEADINGS.match(text, span.start)


def _tags_of_code(scan: Scan) -> list[Span]:
    return [span for one in scan.tagged for span in (one.opening, one.closing)]


def _text_of_argument(one: Directive, text: str) -> Span:
    """What of a directive's argument is text of the page."""
    argument, has_body = one.argument, bool(text[one.body_start : one.body_end].strip(" \t\r\n>"))
    if one.name in _VERSION_DIRECTIVES:
        version = _FIRST_WORD.match(text, argument.start, argument.end)
        is_all = version is None or version.end() == argument.end
        return argument if version is None or (is_all and not has_body) else Span(version.end(), argument.end)
    # Of a domain of Sphinx, `py:function`, it is what the content describes.
    is_titled = one.name in _TITLED_DIRECTIVES or ":" in one.name
    is_text = not has_body if is_titled else one.name not in _NAMING_DIRECTIVES
    return argument if is_text else Span(argument.end, argument.end)


def _list_table(one: Directive, text: str) -> ListTable:
    option = _HEADER_ROWS.search(text, one.argument.end, one.body_start)
    return ListTable(one.body_start, one.body_end, int(option[1]) if option else 0)


def _directive_markup(one: Directive, text: str) -> Iterator[Span]:
    """Its markers and name, and of its options what readers do not see; all of one that lists pages."""
    if one.name in _LISTING_DIRECTIVES:
        yield Span(one.start, one.end)
        return
    said, at = _text_of_argument(one, text), one.start
    shown = [option.span("value") for option in _SHOWN_OPTION.finditer(text, one.argument.end, one.body_start)]
    for start, end in [said, *shown] if said.start < said.end else shown:
        yield Span(at, start)
        at = _LINE_REST.match(text, end).end()  # type: ignore[union-attr]
    yield Span(at, one.body_start)
    yield Span(one.body_end, one.end)


def _title(one: Directive, text: str) -> str:
    """What a directive says its content is about; of `{figure} a.png` and the like nothing."""
    if one.name not in _TITLED_DIRECTIVES and one.name not in _VERSION_DIRECTIVES and ":" not in one.name:
        return ""
    title = text[one.argument.start : _text_of_argument(one, text).start].strip()
    return f"{_VERSION_DIRECTIVES.get(one.name, '')} {title}".strip()


def _alerts(text: str, covered: _Spans) -> Iterator[tuple[Span, Label | None]]:
    """`> [!NOTE]` of GitHub and Obsidian: its mark, and its title as the label of the quotation."""
    end = 0
    for match in _ALERT.finditer(text):
        if covered.covers(match):
            continue
        title = match["title"].strip()
        if match.start() >= end:
            below = _NOT_QUOTED.search(text, match.end() + 1)
            end = below.start() if below else len(text)
        # Without content its title is all that a reader sees.
        is_label = bool(title) and bool(text[match.end() : end].strip(" \t\r\n>"))
        mark = Span(match.end("quote"), match.end() if is_label else match.start("title"))
        yield mark, Label(match.start(), end, title, match.start("title")) if is_label else None


def _role_markup(match: re.Match[str]) -> Iterator[Span]:
    yield Span(match.start(), match.string.index("}", match.start()) + 1)
    if match["target"]:
        yield Span(*match.span("target"))


def _brackets(match: re.Match[str]) -> Iterator[Span]:
    shown = "text" if match["text"] else "page"
    yield Span(match.start(), match.start(shown))
    yield Span(match.end(shown), match.end())


def _is_heading_line(text: str, span: Span) -> bool:
    return text.startswith("#", text.rfind("\n", max(0, span.start - 1_000), span.start) + 1)


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


def _quotes(match: re.Match[str]) -> Iterator[Span]:
    kind = match.lastgroup or ""
    yield Span(match.start(), match.start(kind))
    yield Span(match.end(kind), match.end())


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
