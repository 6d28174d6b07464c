"""markup: markdown as HTML that runs nothing and loads nothing, with the cited lines marked.

Of what the page says only text gets through, and addresses that `addresses.py` lets pass: no tag, attribute, class or
id of its own.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from footnote.app.core.html import Html, element, escaped, opening
from footnote.app.core.text.anchors import page_anchors
from footnote.app.core.text.markdown import ATTRIBUTES, MAX_BLOCKS, block_parser, parse_blocks
from footnote.app.core.text.offsets import LINE_END
from footnote.app.core.types import AnchorStyle
from footnote.app.reading.addresses import ANCHOR
from footnote.app.reading.lines import Cited

CITED_ID = "cited"
_MAX_INLINE_CHARS = 10_000  # brackets without end take time that grows with its square, here a tenth of a second
_MOST_BLOCKS = 10_000  # a page of ordinary density and of the size that is rendered has 3,000
_TAGS = {
    "paragraph": "p",
    "blockquote": "blockquote",
    "bullet_list": "ul",
    "ordered_list": "ol",
    "list_item": "li",
    "thead": "thead",
    "tbody": "tbody",
    "tr": "tr",
    "th": "th",
    "td": "td",
    "dl": "dl",
    "dt": "dt",
    "dd": "dd",
    "em": "em",
    "strong": "strong",
    "s": "s",
}
_BOXES = ("admonition", "container_admonition", "tab", "footnote_reference")
_TITLED = re.compile(r'(?:===[!+]{0,2}\s*)?"?(?P<title>[^"]*)"?\s*')
_COMMENT = re.compile(r"\s*(?:<!--(?:(?!-->).)*-->\s*)+", re.S)

# From an address as it is written to one that may be followed; None for none.
Follow = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a page; its line is counted from 1."""

    line: int
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as HTML, and its headings in order."""

    html: Html
    headings: tuple[Heading, ...]
    is_marked: bool

    def above(self, line: int) -> tuple[str, ...]:
        """The headings above a line, outermost first."""
        path: list[Heading] = []
        for heading in self.headings:
            if heading.line > line:
                break
            path = [outer for outer in path if outer.level < heading.level] + [heading]
        return tuple(heading.text for heading in path)


def render(
    text: str, first_line: int, cited: Cited | None, follow: Follow, jsx: bool, anchor_style: AnchorStyle
) -> Rendered:
    """The markdown of a page, which begins at line `first_line` of its file.

    Raises:
        CostlyPageError: it has too many blocks.
    """
    lines = LINE_END.split(text)
    tokens = _parser(jsx).parse(text, {"blocks": MAX_BLOCKS - _MOST_BLOCKS})
    anchors = page_anchors(parse_blocks(text, len(lines), jsx), text)
    ids = {line: found.of(anchor_style) for line, found in anchors.items()}
    writer = _Writer(lines, first_line, cited, follow, ids)
    writer.blocks(tokens)
    return Rendered(Html("".join(writer.pieces)), tuple(writer.headings), writer.is_marked)


@cache
def _parser(jsx: bool) -> MarkdownIt:
    parser = block_parser(jsx).enable(["inline", "text_join", "strikethrough"])
    parser.core.ruler.at("inline", _inline_rule)
    return parser


def _inline_rule(state: StateCore) -> None:
    """What is inside paragraphs, headings and cells; as it is written where that would take long."""
    for token in state.tokens:
        if token.type == "inline":
            token.children = [Token("text", "", 0, content=token.content)]
            if len(token.content) <= _MAX_INLINE_CHARS:
                token.children = []
                state.md.inline.parse(token.content, state.md, state.env, token.children)


class _Writer:
    """Writes tokens in order."""

    def __init__(
        self, lines: Sequence[str], first_line: int, cited: Cited | None, follow: Follow, ids: Mapping[int, str]
    ) -> None:
        self.pieces: list[Html] = []
        self.headings: list[Heading] = []
        self.is_marked = False
        self._lines = lines
        self._first_line = first_line
        self._cited = cited
        self._follow = follow
        self._ids = ids
        self._used: set[str] = set()
        self._closings: list[Html] = []  # of the links that are open

    def blocks(self, tokens: Sequence[Token]) -> None:
        for number, token in enumerate(tokens):
            if token.type == "inline":
                self._inline(token)
            elif token.type in ("fence", "code_block"):
                self._code(token, "code")
            elif token.type == "html_block":
                if not _COMMENT.fullmatch(token.content):  # readers of the site do not see it either
                    self._code(token, "html")
            elif token.type == "hr":
                self.pieces.append(element("hr"))
            elif token.type in ("heading_open", "heading_close"):
                self._heading(token, tokens[min(number + 1, len(tokens) - 1)])
            elif not token.hidden:
                self._around(token)

    def _around(self, token: Token) -> None:
        """The beginning or the end of a block."""
        name = token.type.removesuffix("_open").removesuffix("_close")
        tag = _TAGS.get(name, "div")
        if name == "table":  # it may be wider than the page, and is then scrolled by itself
            around = opening("div", class_="wide", tabindex=0)
            self.pieces.append(Html(f"{around}<table>" if token.nesting > 0 else "</table></div>"))
        elif token.nesting < 0:
            self.pieces.append(Html(f"</{tag}>"))
        elif name in _BOXES:
            self.pieces.append(opening(tag, class_="box"))
            if title := self._title(name, token):
                self.pieces.append(element("p", title, class_="title"))
        elif name == "admonition_title":
            self.pieces.append(opening(tag, class_="title"))
        elif name == "ordered_list" and token.attrGet("start") is not None:
            self.pieces.append(opening(tag, start=int(token.attrGet("start") or 1)))
        else:
            self.pieces.append(opening(tag))

    def _title(self, name: str, token: Token) -> str:
        """Of a box that the parser gives no title of its own."""
        if name == "footnote_reference":
            return f"[^{token.meta.get('label', '')}]"
        line = token.info if name == "container_admonition" else self._lines[token.map[0]] if token.map else ""
        match = _TITLED.fullmatch(line.strip()) if name in ("container_admonition", "tab") else None
        return match["title"] if match else ""

    def _heading(self, token: Token, inline: Token) -> None:
        tag = f"h{min(int(token.tag[1]) + 1, 6)}"  # below the title of the view
        if token.nesting < 0:
            self.pieces.append(Html(f"</{tag}>"))
            return
        children = inline.children or []
        if children and children[-1].type == "text":
            children[-1].content = ATTRIBUTES.sub("", children[-1].content).rstrip()
        line = token.map[0] if token.map else 0
        words = "".join(one.content for one in children if one.type in ("text", "code_inline", "text_special", "image"))
        self.headings.append(Heading(self._first_line + line, int(token.tag[1]), " ".join(words.split())))
        anchor = self._ids.get(line, "")
        if anchor and anchor not in self._used:
            self._used.add(anchor)
            self.pieces.append(opening(tag, id=ANCHOR + anchor))
        else:
            self.pieces.append(opening(tag))

    def _code(self, token: Token, kind: str) -> None:
        first = (token.map[0] if token.map else 0) + (token.type == "fence")
        lines = token.content.removesuffix("\n").split("\n")
        code = [self._leaf(line, self._is_cited(first + number)) for number, line in enumerate(lines)]
        self.pieces.append(element("pre", element("code", Html("\n".join(code))), class_=kind, tabindex=0))

    def _inline(self, token: Token) -> None:
        children = token.children or []
        first, end = token.map or [0, 0]
        # Code over several lines has spaces for their ends: then it is not known which line a word stands on.
        breaks = sum(one.type in ("softbreak", "hardbreak") for one in children)
        is_exact = breaks == token.content.count("\n")
        is_any = any(self._is_cited(line) for line in range(first, max(end, first + 1)))
        line = first
        for one in children:
            is_cited = self._is_cited(line) if is_exact else is_any
            if one.type in ("softbreak", "hardbreak"):
                line += 1
                self.pieces.append(element("br") if one.type == "hardbreak" else Html("\n"))
            elif one.type == "link_open":
                self._link(str(one.attrGet("href") or ""))
            elif one.type == "link_close":
                self.pieces.append(self._closings.pop())
            elif one.type == "image":
                self._image(one, is_cited)
            elif one.type == "code_inline":
                self.pieces.append(element("code", self._leaf(one.content, is_cited)))
            elif one.type == "html_inline":
                if not _COMMENT.fullmatch(one.content):
                    self.pieces.append(element("code", self._leaf(one.content, is_cited), class_="html"))
            elif one.nesting:
                tag = _TAGS.get(one.type.removesuffix("_open").removesuffix("_close"), "span")
                self.pieces.append(opening(tag) if one.nesting > 0 else Html(f"</{tag}>"))
            else:
                self.pieces.append(self._leaf(one.content, is_cited))

    def _link(self, target: str) -> None:
        address = self._follow(target)
        if address is None:
            self.pieces.append(opening("span", class_="link", title=target))
            self._closings.append(Html("</span>"))
        else:
            self.pieces.append(opening("a", href=address, rel="noopener noreferrer nofollow"))
            self._closings.append(Html("</a>"))

    def _image(self, token: Token, is_cited: bool) -> None:
        """The words that stand for it, as a link to it where it lies elsewhere: nothing is loaded."""
        words = self._leaf(token.content or "image", is_cited)
        address = None if self._closings else self._follow(str(token.attrGet("src") or ""))
        if address is None:
            self.pieces.append(element("span", words, class_="image"))
        else:
            rel = "noopener noreferrer nofollow"
            self.pieces.append(element("a", words, class_="image", href=address, rel=rel))

    def _is_cited(self, line: int) -> bool:
        return self._cited is not None and self._first_line + line in self._cited

    def _leaf(self, text: str, is_cited: bool) -> Html:
        """Text; of the cited lines marked, the first of them with an id."""
        if not (is_cited and text.strip()):
            return Html(escaped(text))
        first = {} if self.is_marked else {"id": CITED_ID}
        self.is_marked = True
        return element("mark", text, **first)
