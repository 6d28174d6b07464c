"""site_syntax: what else a site makes something of: attribute lists, icons, wikilinks, roles, values of MDX."""

import re
from collections.abc import Iterable, Iterator

from markdown_it.common.utils import normalizeReference

from footnote.app.core.pages.flavour import Flavour
from footnote.app.core.pages.scanning.spans import Span, Spans

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


def site_syntax(text: str, visible: str, flavour: Flavour, covered: Spans) -> Iterator[Span]:
    """The markup outside of what is covered; `visible` is the text without what is hidden."""

    def found(pattern: re.Pattern[str], where: str = visible) -> Iterator[re.Match[str]]:
        return (one for one in pattern.finditer(where) if not covered.covers(one))

    if flavour.wikilinks:
        yield from (span for one in found(_WIKILINK) for span in _brackets(one))
    if flavour.jsx:
        yield from _whole(found(_JSX_NAMES))
        yield from (span for one in found(_JSX_TEXT) for span in _quotes(one))
    if flavour.line_comments:
        yield from _whole(found(_MYST_LINE))
        yield from (span for one in found(_ROLE) for span in _role_markup(one))
    yield from _whole(found(_SITE_SYNTAX))
    # With its payload hidden, of an image its text is left.
    yield from _whole(found(_DATA_IMAGE, text))
    yield from (span for span in _whole(found(_ATTRIBUTES_BEHIND_TEXT)) if _is_heading_line(visible, span))


def definitions_by_shortcode(text: str, covered: Spans) -> list[tuple[Span, str]]:
    """The definitions of links whose addresses shortcodes make, with their labels as a parser compares them."""
    found = (one for one in _DEFINITION.finditer(text) if not covered.covers(one))
    return [(Span(*one.span()), normalizeReference(one["label"])) for one in found]


def entities_in(text: str, covered: Spans) -> list[Span]:
    """The entities of HTML outside of what is covered."""
    return [Span(*one.span()) for one in _ENTITY.finditer(text) if not covered.covers(one)]


def _whole(found: Iterable[re.Match[str]]) -> Iterator[Span]:
    return (Span(*one.span()) for one in found)


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


def _quotes(match: re.Match[str]) -> Iterator[Span]:
    kind = match.lastgroup or ""
    yield Span(match.start(), match.start(kind))
    yield Span(match.end(kind), match.end())
