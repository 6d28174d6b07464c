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
    r"|\{%-?[ \t]*(?P<template>/?[\w-]+)(?P<arguments>[^%\n]{0,500})%\}"
    r"|\{\{(?P<open>[<%])[ \t]*(?P<shortcode>/?[ \t]*[\w/-]+)(?P<parameters>[^\n]{0,500}?)[>%]\}\}"
)
_HTML = frozenset(
    [
        "a",
        "abbr",
        "address",
        "article",
        "aside",
        "b",
        "blockquote",
        "br",
        "button",
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
        "div",
        "dl",
        "dt",
        "em",
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
        "hr",
        "i",
        "iframe",
        "img",
        "input",
        "ins",
        "kbd",
        "label",
        "li",
        "main",
        "mark",
        "nav",
        "ol",
        "option",
        "p",
        "path",
        "picture",
        "pre",
        "q",
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
_QUOTED = re.compile(r"""^\s*(?:"([^"]*)"|'([^']*)')""")
# In this order: what a reader sees of a tab, a card, a step, an accordion.
_LABEL_NAMES = ("label", "title", "header", "tab", "summary", "heading", "caption")
# Tags with a title that is not about their content.
_NO_LABEL = frozenset(
    ["a", "abbr", "img", "iframe", "span", "input", "option", "svg", "source", "video", "kbd", "code", "link"]
)
_NAMED_BY_NAME = frozenset(["tab", "tabitem", "tab-item", "step", "accordion"])
_CODE_TAGS = frozenset(("highlight", "codeblock", "sourcecode"))


MAX_TAGS = 400_000  # some 10 MB of ordinary HTML


class Tag(NamedTuple):
    """One tag.

    Attributes:
        closes: the name that it closes, "" of one that opens or stands alone.
        label: of what stands in it.
        at: where the label is spelled, -1 without one.
        code_language: what stands in it is code of this language; None where it is not.
    """

    start: int
    end: int
    name: str
    closes: str = ""
    alone: bool = False
    label: str = ""
    at: int = -1
    code_language: str | None = None


class LabelledTag(NamedTuple):
    """A label with the characters that it is for; `spelled` are those of a `<summary>`, which are no content."""

    start: int
    end: int
    text: str
    at: int
    spelled: tuple[tuple[int, int], ...] = ()


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


def labels_of_tags(text: str, tags: Sequence[Tag]) -> list[LabelledTag]:
    """The labels of tags that are closed again, and of `<details>` with a `<summary>`, outer before inner."""
    found: list[LabelledTag] = []
    opened: list[Tag] = []
    open_names: Counter[str] = Counter()  # a tag that closes nothing must not be looked for among all
    summaries: dict[int, tuple[int, int]] = {}  # by the start of its details
    for tag in tags:
        if not tag.closes:
            if not tag.alone:
                opened.append(tag)
                open_names[tag.name] += 1
            continue
        if not open_names[tag.closes]:
            continue
        opening = opened.pop()
        open_names[opening.name] -= 1
        while opening.name != tag.closes:
            opening = opened.pop()
            open_names[opening.name] -= 1
        if tag.closes == "summary":
            if opened and opened[-1].name == "details":
                summaries[opened[-1].start] = (opening.end, tag.start)
        elif opening.start in summaries:
            start, end = summaries[opening.start]
            label = " ".join(TAG.sub(" ", text[start:end]).split())
            found.append(LabelledTag(opening.start, tag.end, label, start, ((start, end),)))
        elif opening.label:
            found.append(LabelledTag(opening.start, tag.end, opening.label, opening.at))
    found += _tabs_without_end(text, opened)
    return sorted(found, key=lambda one: (one.start, -one.end))


def _tabs_without_end(text: str, opened: Sequence[Tag]) -> Iterator[LabelledTag]:
    """Tabs that nothing closes: up to the next one of the same name, or the end of the page."""
    ends: dict[str, int] = {}
    for tag in reversed(opened):
        if tag.label and tag.name in _NAMED_BY_NAME:
            yield LabelledTag(tag.start, ends.get(tag.name, len(text)), tag.label, tag.at)
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
    if not known and not (flavour.jsx and name[0].isupper()) and not _is_alone_on_its_line(match):
        return None
    name = name.lower() if known else name
    if match["close"]:
        return Tag(match.start(), match.end(), name, closes=name)
    alone = match.group().endswith("/>") or name in _VOID
    label, at = ("", -1) if name in _NO_LABEL else _label_of(match["attributes"] or "", name, match.start("attributes"))
    return Tag(match.start(), match.end(), name, alone=alone, label=label, at=at)


def _is_alone_on_its_line(match: re.Match[str]) -> bool:
    """A component on a line of its own, as themes for plain markdown have them too."""
    text = match.string
    line_start, line_end = text.rfind("\n", 0, match.start()) + 1, text.find("\n", match.end())
    around = text[line_start : match.start()] + text[match.end() : line_end if line_end >= 0 else len(text)]
    return match["name"][0].isupper() and not around.strip()


def _template_tag(match: re.Match[str], name: str, arguments: str, group: str) -> Tag:
    name = name.replace(" ", "").lower()
    if name.startswith(("/", "end")):
        return Tag(match.start(), match.end(), name, closes=name.removeprefix("/").removeprefix("end"))
    label, at = _label_of(arguments, name, match.start(group))
    if not label and name in _NAMED_BY_NAME and (quoted := _QUOTED.match(arguments)):
        label, at = quoted[1] or quoted[2] or "", match.start(group) + quoted.start()
    words = arguments.split()
    language = (words[0].strip("\"'") if words else "") if name in _CODE_TAGS else None
    # A shortcode that nothing closes stands alone; whether one does is seen when the tags are paired.
    return Tag(match.start(), match.end(), name, label=label, at=at, code_language=language)


def _label_of(attributes: str, name: str, offset: int) -> tuple[str, int]:
    values: dict[str, tuple[str, int]] = {}
    for value in _VALUE.finditer(attributes):
        said = next((value[kind] for kind in ("double", "single", "braced") if value[kind]), "")
        values.setdefault(value["name"].lower(), (" ".join(said.split()), offset + value.start()))
    names = (*_LABEL_NAMES, "name", "value") if name.lower() in _NAMED_BY_NAME else _LABEL_NAMES
    return next((values[one] for one in names if one in values and values[one][0]), ("", -1))
