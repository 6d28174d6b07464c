"""masks: what of a page is not there for its readers, and what is markup of the site. Linear in the text.

Hidden text (comments, imports of MDX, payloads of data URIs) is no text of the page: it is never indexed, shown or
quoted. Markup (tags, shortcodes, attribute lists) stays in a quote, as its bytes do, but is neither searched nor read.
A label (of a tab, a details element, a hint) belongs to all that stands in it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from footnote.app.core.pages.code_regions import Region, code_regions
from footnote.app.core.pages.flavour import Flavour
from footnote.app.core.pages.tags import Tag, labels_of_tags, tags_in
from footnote.app.core.text.offsets import line_of, line_starts


class Span(NamedTuple):
    """Characters `[start, end)` of a page."""

    start: int
    end: int


class Label(NamedTuple):
    """What stands in `[start, end)` is about `text`; it is spelled from `at` on, -1 where it is nowhere in the page."""

    start: int
    end: int
    text: str
    at: int = -1


class Code(NamedTuple):
    """Lines that a site's tag makes code: the characters between the tags, and the language."""

    start: int
    end: int
    language: str


class Masks(NamedTuple):
    """What a page is read with; spans are in order.

    Attributes:
        hidden: not there for readers; these do not overlap.
        markup: of the site.
        labels: outer before inner.
        code: code between tags, not between fences.
        blank: what a parser of blocks must take for white space: hidden text, and lines of nothing but markup.
    """

    hidden: tuple[Span, ...]
    markup: tuple[Span, ...]
    labels: tuple[Label, ...]
    code: tuple[Code, ...]
    blank: tuple[Span, ...]


def masked(text: str, spans: Sequence[Span]) -> str:
    """The text with the spans as spaces, line ends kept: as long as before, in lines as before."""
    pieces, at = [], 0
    for start, end in sorted(spans):
        start = max(start, at)
        if start < end:
            pieces += [text[at:start], _NOT_LINE_END.sub(" ", text[start:end])]
            at = end
    return "".join([*pieces, text[at:]])


def page_masks(text: str, flavour: Flavour) -> Masks:
    """The masks of a page's markdown."""
    regions = code_regions(text)
    directives = [region for region in regions if _directive(region)]
    code = _Spans([region for region in regions if not _directive(region)])
    hidden = _hidden(text, flavour, code)
    covered = _Spans(sorted([*code.spans, *hidden]))
    tags = tags_in(masked(text, hidden), flavour, covered.covers)
    labelled = labels_of_tags(text, tags)
    alerts = list(_alerts(text, covered))
    markup = [Span(tag.start, tag.end) for tag in tags]
    markup += [Span(start, end) for label in labelled for start, end in label.spelled]
    markup += [
        Span(match.start(), match.end()) for match in _ATTRIBUTE_LIST.finditer(text) if not covered.covers(match)
    ]
    markup += [span for span, _ in alerts]
    # With its payload hidden, of an image its text is left.
    markup += [Span(match.start(), match.end()) for match in _DATA_IMAGE.finditer(text) if not covered.covers(match)]
    for region in directives:
        markup += [Span(region.start, region.body_start), Span(region.body_end, region.end)]
    markup += [span for match in _WIKILINK.finditer(text) if not covered.covers(match) for span in _brackets(match)]
    markup.sort()
    labels = [Label(one.start, one.end, one.text, one.at) for one in labelled]
    labels += [label for _, label in alerts if label]
    labels += [
        Label(region.start, region.end, title, region.start) for region in directives if (title := _title(region))
    ]
    return Masks(
        tuple(hidden),
        tuple(markup),
        tuple(sorted(labels, key=lambda label: (label.start, -label.end))),
        tuple(_tagged_code(text, tags)),
        tuple(sorted([*hidden, *_whole_lines(text, markup)])),
    )


_NOT_LINE_END = re.compile(r"[^\r\n]")
_DIRECTIVE = re.compile(r"\{(?P<name>[\w:-]+)\}[ \t]*(?P<title>.*)")
_CODE_DIRECTIVES = frozenset(
    ("code", "code-block", "code-cell", "literalinclude", "sourcecode", "parsed-literal", "math")
)
_TITLED_DIRECTIVES = frozenset(
    ("admonition", "attention", "card", "caution", "danger", "details", "dropdown", "error", "grid-item-card", "hint")
    + ("important", "note", "seealso", "sidebar", "tab-item", "tip", "topic", "warning")
)
# `{: .note }` of kramdown and Python-Markdown, `{.class #id}` behind a link, a code span or emphasis.
_ATTRIBUTE_LIST = re.compile(
    r"(?:(?<=[)\]`*_])|(?<=\n)[ \t]*|(?<![\s\S])[ \t]*)\{:?[ \t]*[#.][\w-][^{}\n]{0,200}\}|\{:[^{}\n]{1,200}\}"
)
_WIKILINK = re.compile(r"!?\[\[(?P<page>[^\[\]|\n]{1,300})(?:\|(?P<text>[^\[\]\n]{1,300}))?\]\]")
_DATA_IMAGE = re.compile(r"!\[(?=[^\]\n]{0,300}\]\([ \t]*<?data:)")
_ALERT = re.compile(r"^(?P<quote>[ \t]*>[ \t]*)\[!(?P<type>\w+)\][+-]?[ \t]*(?P<title>[^\n]*)$", re.M)
_NOT_QUOTED = re.compile(r"^(?![ \t]*>)", re.M)

# Every kind with what begins it; the text up to its end, or of those without an end the match, is hidden.
_BEGINNINGS = {
    "comment": r"<!--",
    "raw": r"<(?:script|style)\b",
    "jsx": r"\{/\*",
    "percent": r"%%",
    "hugo": r"\{\{(?:/\*|[<%][ \t]*/\*|<[ \t]*comment[ \t]*>\}\})",
    "jekyll": r"\{%-?[ \t]*comment[ \t]*-?%\}",
    "line": r"^%[ \t][^\n]*$",
    "definition": r"^[ \t]{0,3}\[(?://|comment|_comment_)\]:[^\n]*$",
    "esm": r"^(?:import|export)[ \t{*][^\n]*$",
    "uri": r"\]\([ \t]*<?data:[^\s)>]{32,}>?[^)\n]{0,300}\)",
    "attribute": r"=(?:\"data:[^\"\n]{32,}\"|'data:[^'\n]{32,}')",
    "reference": r"^[ \t]{0,3}\[[^\]\n]{1,200}\]:[ \t]*<?data:[^\n]*$",
    "bare": r"\bdata:[\w.+-]{1,60}/[\w.+-]{1,60};base64,[A-Za-z0-9+/=_-]{64,}",
}
_ENDS = {
    "comment": re.compile("-->"),
    "raw": re.compile(r"</(?:script|style)>", re.I),
    "jsx": re.compile(r"\*/\}"),
    "percent": re.compile("%%"),
    "hugo": re.compile(r"\*/[ \t]*[>%]?\}\}|\{\{<[ \t]*/[ \t]*comment[ \t]*>\}\}"),
    "jekyll": re.compile(r"\{%-?[ \t]*endcomment[ \t]*-?%\}"),
}
_PARAGRAPH_END = re.compile(r"\n[ \t]*\r?\n|\Z")


class _Spans:
    """Spans that do not overlap, in order, asked whether they hold a match."""

    def __init__(self, spans: Sequence[Region | Span]) -> None:
        self.spans = [Span(span.start, span.end) for span in spans]
        self._starts = [span.start for span in self.spans]

    def at(self, place: int) -> Span | None:
        number = bisect_right(self._starts, place) - 1
        return self.spans[number] if number >= 0 and place < self.spans[number].end else None

    def covers(self, match: re.Match[str]) -> bool:
        """Whether the match begins in a span."""
        return self.at(match.start()) is not None


def _directive(region: Region) -> bool:
    """Whether a fence is a directive of MyST whose content is markdown."""
    match = _DIRECTIVE.match(region.info) if region.is_fence else None
    return bool(match and match["name"] not in _CODE_DIRECTIVES)


def _title(region: Region) -> str:
    """What a directive says its content is about; of `{figure} a.png` and the like nothing."""
    match = _DIRECTIVE.match(region.info)
    return match["title"].strip() if match and match["name"].lower() in _TITLED_DIRECTIVES else ""


@cache
def _hiding(flavour: Flavour) -> re.Pattern[str]:
    """What begins hidden text on a page of this flavour."""
    needed = {
        "jsx": flavour.jsx,
        "esm": flavour.jsx,
        "percent": flavour.percent_comments,
        "line": flavour.line_comments,
    }
    kinds = {kind: pattern for kind, pattern in _BEGINNINGS.items() if needed.get(kind, True)}
    return re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in kinds.items()), re.M)


def _hidden(text: str, flavour: Flavour, code: _Spans) -> list[Span]:
    hiding = _hiding(flavour)
    found: list[Span] = []
    at = 0
    while match := hiding.search(text, at):
        inside = code.at(match.start())
        if inside:
            at = inside.end
            continue
        end = _hidden_end(text, match)
        if end is None:
            at = match.start() + 1
            continue
        found.append(Span(match.start(), end))
        at = max(end, match.start() + 1)
    return found


def _hidden_end(text: str, match: re.Match[str]) -> int | None:
    """Where what begins with the match ends; None where it is no hidden text after all."""
    kind = match.lastgroup or ""
    if kind == "esm":
        if not _begins_a_block(text, match.start()):
            return None
        return _PARAGRAPH_END.search(text, match.end()).start()  # type: ignore[union-attr]
    closing = _ENDS.get(kind)
    if closing is None:
        return match.end()
    found = closing.search(text, match.end())
    if found:
        return found.end()
    # A comment that is never closed hides the rest of the page where it begins a block, and is text elsewhere.
    line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
    return len(text) if kind == "comment" and not line.strip() else None


def _begins_a_block(text: str, at: int) -> bool:
    """Whether the line before is blank, or is of an import or export itself."""
    before = text[max(0, at - 1_000) : at].rstrip("\r\n \t").rpartition("\n")[2]
    gap = text[max(0, at - 1_000) : at]
    return not gap.strip() or gap.replace("\r", "").endswith("\n\n") or before.startswith(("import ", "export "))


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
        mark = Span(match.end("quote"), match.end() if title else match.start("title"))
        yield mark, Label(match.start(), end, title, match.start("title")) if title else None


def _brackets(match: re.Match[str]) -> Iterator[Span]:
    shown = "text" if match["text"] else "page"
    yield Span(match.start(), match.start(shown))
    yield Span(match.end(shown), match.end())


def _tagged_code(text: str, tags: Sequence[Tag]) -> Iterator[Code]:
    opened: Tag | None = None
    for tag in tags:
        if tag.code_language is not None and opened is None:
            opened = tag
        elif opened and tag.closes == opened.name:
            yield Code(opened.end, tag.start, opened.code_language or "")
            opened = None


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
