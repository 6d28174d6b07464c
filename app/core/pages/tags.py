"""tags: those of HTML, MDX components, and the shortcodes of site generators, with the labels that they give."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from footnote.app.core.pages.flavour import Flavour
from footnote.app.core.text.markdown import CostlyPageError

# Values may hold `>` and, in MDX, braces three deep. Every choice is told by its first character: no backtracking.
_BRACES = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*+\})*+\})*+\}"
_ATTRIBUTES = rf"""(?:[^<>"'{{}}]|"[^"<]{{0,1000}}"|'[^'<]{{0,1000}}'|{_BRACES})*+"""
TAG = re.compile(
    rf"<(?P<close>/)?(?P<name>[A-Za-z][\w.-]*)(?P<attributes>\s{_ATTRIBUTES})?/?>"
    r"|\{%-?\s*+(?P<template>[/@]?[\w-][\w/.-]*+)(?P<arguments>(?:[^%{]|%(?!\})|\{(?!%))*+)%\}"
    r"|\{\{(?P<open>[<%])\s*+(?P<shortcode>/?\s*+\w[\w/.-]*+)(?P<parameters>(?:[^{<>%]|\{(?!\{)|[<>%](?!\}\}))*+)[>%]\}\}"
)
_HTML = frozenset(
    [
        "a",
        "abbr",
        "address",
        "article",
        "audio",
        "aside",
        "b",
        "big",
        "blockquote",
        "br",
        "button",
        "canvas",
        "caption",
        "center",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "dfn",
        "dialog",
        "div",
        "dl",
        "dt",
        "em",
        "fieldset",
        "figcaption",
        "figure",
        "font",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "i",
        "iframe",
        "img",
        "input",
        "ins",
        "kbd",
        "label",
        "legend",
        "li",
        "main",
        "mark",
        "menu",
        "nav",
        "noscript",
        "ol",
        "option",
        "p",
        "path",
        "picture",
        "pre",
        "q",
        "ruby",
        "s",
        "samp",
        "section",
        "select",
        "small",
        "source",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "svg",
        "table",
        "tbody",
        "td",
        "template",
        "textarea",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "tt",
        "u",
        "ul",
        "var",
        "video",
        "wbr",
    ]
)
_VOID = frozenset(["br", "hr", "img", "input", "source", "wbr", "col", "path"])
_VALUE = re.compile(
    r"""(?P<name>[\w-]+)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|\{\s*["'`](?P<braced>[^"'`{}]*)["'`]\s*\})"""
)
_HAS_VALUE = re.compile(r"""\s[:@#]?[\w.:-]+=["'{]""")
_VERSION = re.compile(r"""(?:^|\s)["']?(?P<version>v?\d++(?:\.\d++)++[\w.-]*+)["']?(?=[\s/]|$)""")
_QUOTED = re.compile(r"""(?<![=\w])(?:"([^"]*)"|'([^']*)')""")
_BLANK_LINE = re.compile(r"\n[ \t]*\r?\n")
_ITEMS = re.compile(r"""\bitems\s*=\s*(?:"(?P<listed>[^"]*)"|\{?\s*\[(?P<array>[^\]]*)\]\s*\}?)""")
_IS_HIDDEN = re.compile(
    r"""(?:[^"']|"[^"]*"|'[^']*')*?\s(?:hidden(?:(?=[\s/>]|$)|\s*=(?!\s*\{?["']?false))"""
    r"""|style\s*=\s*(?:"[^"]*|'[^']*|\{\{[^{}]*|(?=\w))\bdisplay["']?\s*:\s*["']?none\b)""",
    re.I,
)
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

_MAX_INDENT = 200
MAX_TAGS = 400_000  # some 10 MB of ordinary HTML


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
    shown: tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]] = ((), ())
    items: tuple[str, ...] = ()
    is_hidden: bool = False


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


def tags_in(text: str, flavour: Flavour, covered: Callable[[re.Match[str]], bool]) -> list[Tag]:
    """The tags outside what is covered, in order: of HTML by name, in MDX also components, and shortcodes.

    Raises:
        CostlyPageError: there are more than `MAX_TAGS`.
    """
    found = []
    for match in TAG.finditer(text):
        tag = None if covered(match) else _tag(match, flavour)
        if tag:
            found.append(tag)
        if len(found) > MAX_TAGS:
            raise CostlyPageError(f"more than {MAX_TAGS:,} tags")
    return found


def hidden_elements(text: str, tags: Sequence[Tag]) -> list[tuple[int, int]]:
    """The characters of elements that readers do not see; of one that nothing closes, up to a blank line."""
    if not any(tag.is_hidden for tag in tags):
        return []
    elements, unclosed = _elements(tags)
    found = [(tag.start, tag.end) for tag in tags if tag.is_hidden and tag.alone]
    found += [(one.opening.start, one.closing.end) for one in elements if one.opening.is_hidden]
    for tag in unclosed:
        if tag.is_hidden:
            blank = _BLANK_LINE.search(text, tag.end)
            found.append((tag.start, blank.start() if blank else len(text)))
    return found


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
    for opening, closing, parent in sorted(elements, key=lambda one: one.opening.start):
        label, at = opening.label, opening.at
        content = summaries[opening.start][1] if opening.start in summaries else opening.end
        if not TAG.sub("", text[content : closing.start]).strip():
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
    labels += _tabs_without_end(text, unclosed)
    closed = ({one.opening.start for one in elements} | {label[0] for label in labels}) - empty
    for tag in tags:
        at = tag.start
        for start, end in sorted(tag.shown[tag.start not in closed]):
            markup.append((at, start))
            at = end
        markup.append((at, tag.end))
    whole = [(one.opening.start, one.closing.end) for one in elements]
    whole += [(tag.start, tag.end) for tag in tags if any(tag.shown)]
    return ReadTags(markup, labels, list(_rows(text, elements)), whole)


def _rows(text: str, elements: Sequence[_Element]) -> Iterator[TableRow]:
    cells: dict[int, list[_Element]] = {}  # by the start of the row
    for one in elements:
        if one.opening.name in ("td", "th") and one.parent and one.parent.name == "tr":
            cells.setdefault(one.parent.start, []).append(one)
    header, header_at = "", -1
    for opening, closing, _ in sorted(one for one in elements if one.opening.name in ("tr", "table")):
        of_row = cells.get(opening.start, ())
        if opening.name == "table":
            header, header_at = "", -1
        elif of_row and all(cell.opening.name == "th" for cell in of_row):
            said = (TAG.sub(" ", text[cell.opening.end : cell.closing.start]).split() for cell in of_row)
            header, header_at = " | ".join(map(" ".join, said)), opening.start
            yield TableRow(opening.start, closing.end, header, header_at)
        else:
            yield TableRow(opening.start, closing.end, header, header_at)


def _elements(tags: Sequence[Tag]) -> tuple[list[_Element], list[Tag]]:
    """The tags in pairs, inner before outer, and those that nothing closes."""
    found: list[_Element] = []
    opened: list[Tag] = []
    unclosed: list[Tag] = []
    open_names: Counter[str] = Counter()  # a tag that closes nothing must not be looked for among all
    for tag in tags:
        if not tag.closes:
            if not tag.alone:
                opened.append(tag)
                open_names[tag.name] += 1
            continue
        if not open_names[tag.closes]:
            continue
        while (opening := opened.pop()).name != tag.closes:
            open_names[opening.name] -= 1
            unclosed.append(opening)
        open_names[opening.name] -= 1
        found.append(_Element(opening, tag, opened[-1] if opened else None))
    return found, opened + unclosed


def _tabs_without_end(text: str, opened: Sequence[Tag]) -> Iterator[tuple[int, int, str, int]]:
    """Tabs that nothing closes: up to the next one of the same name, or the end of the page."""
    ends: dict[str, int] = {}
    for tag in sorted(opened, reverse=True):
        if tag.label and tag.name in _NAMED_BY_NAME:
            yield tag.start, ends.get(tag.name, len(text)), tag.label, tag.at
            ends[tag.name] = tag.start


def _tag(match: re.Match[str], flavour: Flavour) -> Tag | None:
    if match["name"]:
        return _html_tag(match, flavour)
    if match["template"]:
        return (
            _template_tag(match, match["template"], match["arguments"], "arguments") if flavour.template_tags else None
        )
    return _template_tag(match, match["shortcode"], match["parameters"], "parameters")


def _html_tag(match: re.Match[str], flavour: Flavour) -> Tag | None:
    name = match["name"]
    known = name.lower() in _HTML
    if not known and not (flavour.jsx and name[0].isupper()) and not _is_no_placeholder(match):
        return None
    name = name.lower() if known else name
    if match["close"]:
        return Tag(match.start(), match.end(), name, closes=name)
    alone = match.group().endswith("/>") or name in _VOID
    attributes, at = match["attributes"] or "", match.start("attributes")
    label, label_at = ("", -1) if name in _NO_LABEL else _label_of(attributes, name, at)
    if known:
        is_hidden = bool(_IS_HIDDEN.match(attributes))
        shown = _values_of(attributes, ("alt",), at) if name == "img" and not is_hidden else ()
        return Tag(match.start(), match.end(), name, "", alone, label, label_at, (shown, shown), (), is_hidden)
    return Tag(match.start(), match.end(), name, "", alone, label, label_at, _shown(attributes, at), _items(attributes))


def _is_no_placeholder(match: re.Match[str]) -> bool:
    """Whether it closes, has values, or is a component on a line of its own, as themes for plain markdown have too."""
    if match["close"] or match.group().endswith("/>") or _HAS_VALUE.search(match["attributes"] or ""):
        return True
    text, start, end = match.string, match.start(), match.end()
    before, after = text[max(0, start - _MAX_INDENT) : start], text[end : end + _MAX_INDENT]
    alone = not before.rpartition("\n")[2].strip() and not after.partition("\n")[0].strip()
    return match["name"][0].isupper() and alone


def _template_tag(match: re.Match[str], name: str, arguments: str, group: str) -> Tag:
    name = "".join(name.split()).lower()
    if name.startswith(("/", "end")):
        return Tag(match.start(), match.end(), name, closes=name.removeprefix("/").removeprefix("end"))
    label, at = _label_of(arguments, name, match.start(group))
    if not label:
        named = _QUOTED.search(arguments) if name in _NAMED_BY_POSITION else None
        if named:
            label, at = " ".join((named[1] or named[2] or "").split()), match.start(group) + named.start()
    shown = _shown(arguments, match.start(group)) if name[0] != "@" else ((), ())
    version = _VERSION.search(arguments)
    if version and not _in_heading(match):  # `{{< new-in 1.2 >}}`
        offset = match.start(group)
        spelled = match.span("template" if match["template"] else "shortcode")
        spans = (spelled, (offset + version.start("version"), offset + version.end("version")))
        shown = (spans, spans)
    # A shortcode that nothing closes stands alone; whether one does is seen when the tags are paired.
    return Tag(match.start(), match.end(), name, "", False, label, at, shown, _items(arguments))


def _in_heading(match: re.Match[str]) -> bool:
    before = match.string[max(0, match.start() - _MAX_INDENT) : match.start()]
    return before.rpartition("\n")[2].startswith("#")


def _shown(attributes: str, offset: int) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    """Where the values are that readers see of a tag with content, and of one without."""
    return (
        _values_of(attributes, _SHOWN_NAMES, offset),
        _values_of(attributes, (*_SHOWN_NAMES, *_LABEL_NAMES), offset),
    )


def _values_of(attributes: str, names: Sequence[str], offset: int) -> tuple[tuple[int, int], ...]:
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


def _label_of(attributes: str, name: str, offset: int) -> tuple[str, int]:
    values: dict[str, tuple[str, int]] = {}
    for value in _VALUE.finditer(attributes):
        said = next((value[kind] for kind in ("double", "single", "braced") if value[kind]), "")
        values.setdefault(value["name"].lower(), (" ".join(said.split()), offset + value.start()))
    names = (*_LABEL_NAMES, "name", "value") if name.lower() in _NAMED_BY_NAME else _LABEL_NAMES
    return next((values[one] for one in names if one in values and values[one][0]), ("", -1))
