"""tags: those of HTML, MDX components, and the shortcodes of site generators, with the labels that they give."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from footnote.app.core.pages.flavour import Flavour
from footnote.app.core.text.markdown import CostlyPageError

# Values may hold `>` and, in MDX, braces three deep. Every choice is told by its first character: no backtracking.
_BRACES = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*+\})*+\})*+\}"
# `href="{{< ref "a.md" >}}"`
_SHORTCODE = r"\{\{[<%][^<>%{}]{0,300}[>%]\}\}"
_SHORTCODE_VALUE = rf"""(?:"{_SHORTCODE}[^"<]{{0,300}}"|'{_SHORTCODE}[^'<]{{0,300}}')"""
_ATTRIBUTES = rf"""(?:[^<>"'{{}}]|{_SHORTCODE_VALUE}|"[^"<]{{0,1000}}"|'[^'<]{{0,1000}}'|{_BRACES})*+"""
TAG = re.compile(
    rf"<(?P<close>/)?(?P<name>[A-Za-z][\w.-]*)(?P<attributes>\s{_ATTRIBUTES})?/?>"
    r"|\{%-?\s*+(?P<template>[/@]?[\w-][\w/.-]*+)(?P<arguments>(?:[^%{]|%(?!\})|\{(?!%))*+)%\}"
    r"|\{\{(?P<open>[<%])\s*+(?P<shortcode>/?\s*+\w[\w/.-]*+)(?P<parameters>(?:[^{<>%]|\{(?!\{)|[<>%](?!\}\}))*+)[>%]\}\}"
)
_NAMES = (
    "a abbr address article audio aside b big blockquote br button canvas caption center cite code col colgroup "
    "dd del details dfn dialog div dl dt em fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 header "
    "hgroup hr i iframe img input ins kbd label legend li main mark menu nav noscript ol option p path picture "
    "pre q ruby s samp section select small source span strong sub summary sup svg table tbody td template "
    "textarea tfoot th thead time tr tt u ul var video wbr"
)
_HTML = frozenset(_NAMES.split())
_VOID = frozenset(["br", "hr", "img", "input", "source", "wbr", "col", "path"])
_VALUE = re.compile(
    r"""(?P<name>[\w-]+)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|\{\s*["'`](?P<braced>[^"'`{}]*)["'`]\s*\})"""
)
_HAS_VALUE = re.compile(r"""\s[:@#]?[\w.:-]+=["'{]""")
_VERSION = re.compile(r"""(?:^|\s)["']?(?P<version>v?\d++(?:\.\d++)++[\w.-]*+)["']?(?=[\s/]|$)""")
# What leads to another page without saying more than where that is.
_REFERENCES = frozenset(["ref", "relref", "xref", "link", "post_url", "page-ref", "content-ref"])
_TARGET = re.compile(
    r"""(?:^|\s)(?:(?:path|page|url)\s*=\s*|(?![\w-]+\s*=))["'`]?(?=[^\s"'`=])(?P<path>[^\s"'`=#]*+)#?(?P<anchor>[^\s"'`=]*+)"""
)
_PATH_PART = re.compile(r"(?:^|(?<=/))(?!_?index(?:[./]|$))[^/]+?(?=(?:\.(?:md|mdx|markdown|html?))?(?:/|$))")
_TERMS = ("term_id",)  # of glossaries, seen where no other text is given
_QUOTED = re.compile(r"""(?<![=\w])(?:"([^"]*)"|'([^']*)')""")
_BLANK_LINE = re.compile(r"\n[ \t]*\r?\n")
_ITEMS = re.compile(r"""\bitems\s*=\s*(?:"(?P<listed>[^"]*)"|\{?\s*\[(?P<array>[^\]]*)\]\s*\}?)""")
_ATTRIBUTE = re.compile(
    rf"""(?P<name>[^\s"'<>/={{}}]+)(?:\s*=\s*(?P<value>"[^"]*"|'[^']*'|{_BRACES}|[^\s"'<>={{}}`]+))?|{_BRACES}"""
)
# A value in braces is a condition unless it is `true`; what is hidden until it is found, a browser finds.
_NOT_HIDDEN = re.compile(r"\{(?!\s*true\s*\})|[\"']?until-found", re.I)
_HIDING_STYLE = re.compile(
    r"""(?:"[^"]*?|'[^']*?|\{\s*\{[^{}]*?|)(?<![\w-])(?:display["']?\s*:\s*["']?none|visibility["']?\s*:\s*["']?hidden)\b""",
    re.I,
)
_SHOWN_TEMPLATES = ("#", "v-", "slot", "shadowroot")  # what a component shows: attributes of Vue, and of shadow roots
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
# In this order: what a reader sees of a tab, a card, a step, an accordion.
_LABEL_NAMES = ("label", "title", "header", "tab", "summary", "heading", "caption")
# What a reader sees beside the content, and instead of it where there is none.
_SHOWN_NAMES = ("content", "text", "description", "caption", "subtitle", "message", "body", "alt")
# Tags with a title that is not about their content.
_NO_LABEL = frozenset(
    ["a", "abbr", "img", "iframe", "span", "input", "option", "svg", "source", "video", "kbd", "code", "link"]
)
_NAMED_BY_NAME = frozenset(["tab", "tabitem", "tab-item", "step", "accordion"])
_NAMED_BY_POSITION = _NAMED_BY_NAME | {"collapse", "details", "expand", "notice", "spoiler"}
# Tags of templates that nothing closes and that name what they stand for without a key.
_ALONE_BY_NAME = frozenset(["include", "include-markdown", "import", "set", "assign"])
_MAX_INDENT = 200
MAX_TAGS = 400_000  # some 10 MB of ordinary HTML


_Place = tuple[int, int]


class Tag(NamedTuple):
    """One tag.

    Attributes:
        closes: the name that it closes, "" of one that opens or stands alone.
        label: of what stands in it.
        at: where the label is spelled, -1 without one.
        shown: characters in it that readers see, of a tag that is closed again and of one that stands alone.
        items: the labels of the tabs in it, of a tag that lists them.
        is_hidden: readers do not see what stands in it.
    """

    start: int
    end: int
    name: str
    closes: str = ""
    alone: bool = False
    label: str = ""
    at: int = -1
    shown: tuple[tuple[_Place, ...], tuple[_Place, ...]] = ((), ())
    items: tuple[str, ...] = ()
    is_hidden: bool = False


class _Label(NamedTuple):
    """A label of a tag, where its parameter begins, and where its value is."""

    text: str
    at: int
    value: _Place


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


_NO_LABEL_GIVEN = _Label("", -1, (-1, -1))


class _Element(NamedTuple):
    """A tag with the one that closes it, and the element around it."""

    opening: Tag
    closing: Tag
    parent: Tag | None


def tags_in(text: str, flavour: Flavour, covered: Callable[[re.Match[str]], bool]) -> list[Tag]:
    """The tags outside what is covered, in order: of HTML by name, in MDX also components, and shortcodes.

    Raises:
        CostlyPageError: there are more than `MAX_TAGS`.
    """
    found: list[Tag] = []
    is_sure: dict[int, bool] = {}  # by the start of a tag of templates, in a folder of no site that has them
    hidden_names: set[str] = set()
    for match in TAG.finditer(text):
        tag = None if covered(match) else _tag(match, flavour, hidden_names)
        if tag:
            found.append(tag)
            if match["template"] and not flavour.template_tags:
                is_sure[tag.start] = match["template"] in _ALONE_BY_NAME or bool(_HAS_VALUE.search(match["arguments"]))
        if len(found) > MAX_TAGS:
            raise CostlyPageError(f"more than {MAX_TAGS:,} tags")
    return _without_unsure(found, is_sure) if is_sure else found


def _without_unsure(tags: Sequence[Tag], is_sure: Mapping[int, bool]) -> list[Tag]:
    """The tags but for those that are not sure, and neither close each other nor stand between two that do."""
    opened: dict[str, list[int]] = {}
    ends: dict[int, int] = {}
    for tag in tags:
        if tag.start in is_sure and not tag.closes:
            opened.setdefault(tag.name, []).append(tag.start)
        elif tag.start in is_sure and opened.get(tag.closes):
            ends[opened[tag.closes].pop()] = tag.start
    kept, until = [], -1
    for tag in tags:
        until = max(until, ends.get(tag.start, -1))
        if is_sure.get(tag.start, True) or tag.start <= until:
            kept.append(tag)
    return kept


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
        elif not text[max(0, tag.start - _MAX_INDENT) : tag.start].rpartition("\n")[2].strip(" \t>"):
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
        if tag.label and tag.name in _NAMED_BY_NAME:
            yield tag.start, ends.get(tag.name, len(text)), tag.label, tag.at
            ends[tag.name] = tag.start


def _tag(match: re.Match[str], flavour: Flavour, hidden_names: set[str]) -> Tag | None:
    if match["name"]:
        return _html_tag(match, flavour, hidden_names)
    if match["template"]:
        is_tag = flavour.template_tags or _stands_alone(match, ">")
        return _template_tag(match, match["template"], match["arguments"], "arguments") if is_tag else None
    return _template_tag(match, match["shortcode"], match["parameters"], "parameters")


def _html_tag(match: re.Match[str], flavour: Flavour, hidden_names: set[str]) -> Tag | None:
    """The tag; of no one's element only where it is hidden, or was before, so that its end is found."""
    name = match["name"]
    known = name.lower() in _HTML
    attributes, at = match["attributes"] or "", match.start("attributes")
    is_component = flavour.jsx and name[0].isupper()
    is_hidden = _is_hidden(attributes) or (name.lower() == "template" and not is_component and _is_inert(attributes))
    if is_hidden and not known:
        hidden_names.add(name)
    if not known and not is_component and name not in hidden_names and not _is_no_placeholder(match):
        return None
    name = name.lower() if known else name
    if match["close"]:
        return Tag(match.start(), match.end(), name, closes=name)
    alone = match.group().endswith("/>") or name in _VOID
    label = _NO_LABEL_GIVEN if name in _NO_LABEL else _label_of(attributes, name, at)
    if known:
        shown = _values_of(attributes, ("alt",), at) if name == "img" and not is_hidden else ()
        return Tag(match.start(), match.end(), name, "", alone, label.text, label.at, (shown, shown), (), is_hidden)
    shown_by_content, items = _shown(attributes, at, label), _items(attributes)
    return Tag(match.start(), match.end(), name, "", alone, label.text, label.at, shown_by_content, items, is_hidden)


def _is_hidden(attributes: str) -> bool:
    """Whether an element with these is hidden whatever else there is."""
    for one in _ATTRIBUTE.finditer(attributes):
        name, value = (one["name"] or "").lower(), one["value"] or ""
        if name == "hidden" and not _NOT_HIDDEN.match(value) or name == "style" and _HIDING_STYLE.match(value):
            return True
    return False


def _is_inert(attributes: str) -> bool:
    """Whether a template with these is shown by nothing on the page itself."""
    return not any((one["name"] or "").startswith(_SHOWN_TEMPLATES) for one in _ATTRIBUTE.finditer(attributes))


def _is_no_placeholder(match: re.Match[str]) -> bool:
    """Whether it closes, has values, or is a component on a line of its own, as themes for plain markdown have too."""
    if match["close"] or match.group().endswith("/>") or _HAS_VALUE.search(match["attributes"] or ""):
        return True
    return match["name"][0].isupper() and _stands_alone(match)


def _stands_alone(match: re.Match[str], signs: str = "") -> bool:
    """Whether nothing else but white space, and the signs, is on its lines."""
    text, start, end = match.string, match.start(), match.end()
    before, after = text[max(0, start - _MAX_INDENT) : start], text[end : end + _MAX_INDENT]
    return not before.rpartition("\n")[2].strip(f"{signs} \t\r") and not after.partition("\n")[0].strip()


def _template_tag(match: re.Match[str], name: str, arguments: str, group: str) -> Tag:
    name = "".join(name.split()).lower()
    if name.startswith(("/", "end")):
        return Tag(match.start(), match.end(), name, closes=name.removeprefix("/").removeprefix("end"))
    label = _label_of(arguments, name, match.start(group))
    if not label.text and name in _NAMED_BY_POSITION and (named := _QUOTED.search(arguments)):
        label = _label(named[1] or named[2] or "", named.span(named.lastindex or 0), named.start(), match.start(group))
    shown = _shown(arguments, match.start(group), label) if name[0] != "@" else ((), ())
    version = _VERSION.search(arguments)
    if version and not _in_heading(match):  # `{{< new-in 1.2 >}}`
        offset = match.start(group)
        spelled = match.span("template" if match["template"] else "shortcode")
        spans = (spelled, (offset + version.start("version"), offset + version.end("version")))
        shown = (spans, spans)
    if not shown[1]:
        place = match.start(group)
        shown = ((), _target(match, arguments, place) if name in _REFERENCES else _values_of(arguments, _TERMS, place))
    # A shortcode that nothing closes stands alone; whether one does is seen when the tags are paired.
    return Tag(match.start(), match.end(), name, "", False, label.text, label.at, shown, _items(arguments))


def _target(match: re.Match[str], arguments: str, offset: int) -> tuple[_Place, ...]:
    """What of a reference is read: the last part of the path, unless it is the address of a link with a text."""
    target = _TARGET.search(arguments)
    if not target or match.string.endswith("](", 0, match.start()):
        return ()
    parts = list(_PATH_PART.finditer(target["path"]))
    start, end = parts[-1].span() if parts else (0, 0)
    at = target.start("path")
    start, end = (at + start, at + end) if parts else target.span("anchor")
    return ((offset + start, offset + end),) if any(map(str.isalpha, arguments[start:end])) else ()


def _in_heading(match: re.Match[str]) -> bool:
    before = match.string[max(0, match.start() - _MAX_INDENT) : match.start()]
    return before.rpartition("\n")[2].startswith("#")


def _shown(attributes: str, offset: int, label: _Label) -> tuple[tuple[_Place, ...], tuple[_Place, ...]]:
    """Where the values are that readers see of a tag with content, and of one without."""
    alone = _values_of(attributes, (*_SHOWN_NAMES, *_LABEL_NAMES), offset)
    return (
        _values_of(attributes, _SHOWN_NAMES, offset),
        (*alone, label.value) if label.text and label.value not in alone else alone,
    )


def _values_of(attributes: str, names: Sequence[str], offset: int) -> tuple[_Place, ...]:
    return tuple(
        (offset + value.start(kind), offset + value.end(kind))
        for value in _VALUE.finditer(attributes)
        if value["name"].lower() in names
        for kind in ("double", "single", "braced")
        if value[kind] and not value[kind].isspace()
    )


def _items(attributes: str) -> tuple[str, ...]:
    match = _ITEMS.search(attributes)
    if not match:
        return ()
    if match["array"] is not None:
        return tuple(one[1] or one[2] or "" for one in _QUOTED.finditer(match["array"]))
    return tuple(one.strip() for one in match["listed"].split(","))


def _label_of(attributes: str, name: str, offset: int) -> _Label:
    values: dict[str, _Label] = {}
    for value in _VALUE.finditer(attributes):
        kind = value.lastgroup or ""
        values.setdefault(value["name"].lower(), _label(value[kind], value.span(kind), value.start(), offset))
    names = (*_LABEL_NAMES, "name", "value") if name.lower() in _NAMED_BY_NAME else _LABEL_NAMES
    return next((values[one] for one in names if one in values and values[one].text), _NO_LABEL_GIVEN)


def _label(said: str, value: _Place, at: int, offset: int) -> _Label:
    return _Label(" ".join(said.split()), offset + at, (offset + value[0], offset + value[1]))
