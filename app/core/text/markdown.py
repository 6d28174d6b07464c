"""Markdown as blocks: what the splitter may and may not cut, by line numbers."""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from markdown_it.utils import EnvType
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote.index import footnote_def

from footnote.app.core.text.offsets import LINE_END

# `## Title { #anchor .class }` and `{ data-search-exclude }`, but not `## GET /users/{id}`
ATTRIBUTES = re.compile(r"\{:?\s*(?:[#.]|[\w-]+=|data-)[^{}]*\}$")
_TAB = re.compile(r'===[!+]{0,2} "')  # `=== "Linux"` of MkDocs, with its content indented below
_TAB_INDENT = 4
_CONTAINER_END = re.compile(r"[\s>]*:{3,}\s*")
_HTML_HEADING = re.compile(r"[ \t]*<h(?P<level>[1-6])(?P<attributes>\s[^<>]*)?>(?P<text>.*?)</h(?P=level)>[ \t]*", re.I)
_HTML_ID = re.compile(r"""\bid\s*=\s*["']?([^"'\s>]+)""")
_HTML_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
# Of a page of ordinary density, some 10 MB; reading more than that of one page would hold up an ingest.
MAX_BLOCKS = 100_000
_MAX_HEADING_CHARS = 2_000  # a longer one is read as it is: brackets without end take time that grows with its square


class CostlyPageError(ValueError):
    """A page has more blocks, tags or lines than can be read in reasonable time."""


class HeadingPiece(NamedTuple):
    """Of a heading as it is written: text, code, or the words of an image; white space is kept."""

    kind: Literal["text", "code", "image"]
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """Lines `[first, end)` of a text, counted from 0.

    `children` are the places where a block that is too long may be cut first; they are in order and do not overlap.
    A heading has its `level`, its plain `heading` text and its `pieces`; one of HTML has the `html_id` that its tag
    gives, or "", and None elsewhere. Other blocks have level 0.
    """

    kind: str
    first: int
    end: int
    children: tuple["Block", ...] = ()
    level: int = 0
    heading: str = ""
    pieces: tuple[HeadingPiece, ...] = ()
    html_id: str | None = None


def block_parser(jsx: bool) -> MarkdownIt:
    """A parser of blocks, with those that sites have beyond CommonMark; with `jsx` as MDX has them."""
    # Inline text is of no interest but in headings, where it is read later.
    parser = MarkdownIt("commonmark").enable("table").disable(["inline", "text_join"]).use(admon_plugin)
    if jsx:
        parser.disable("code")  # MDX has no code by indentation
    parser.block.ruler.before("table", "budget", _budget_rule)
    parser.block.ruler.at("table", _table_rule, {"alt": ["paragraph", "reference"]})
    # What is indented below a footnote or a definition is markdown and not code.
    parser.use(deflist_plugin)
    parser.block.ruler.before("reference", "footnote", _footnote_rule, {"alt": ["paragraph", "reference"]})
    parser.block.ruler.before("fence", "tab", _tab_rule, {"alt": ["paragraph", "blockquote", "list"]})
    # `:::note` of Docusaurus, VuePress and others, whatever the name.
    return parser.use(container_plugin, "admonition", validate=lambda *_: True)


_parser = cache(block_parser)


def _budget_rule(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """Nothing, but the first rule that is tried at each block."""
    state.env["blocks"] = state.env.get("blocks", 0) + 1
    if state.env["blocks"] > MAX_BLOCKS:
        raise CostlyPageError(f"more than {MAX_BLOCKS:,} blocks")
    return False


def _table_rule(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """A table, whose rows count as blocks."""
    if silent:
        return table(state, first, end, silent)
    if not table(state, first, end, True):
        return False
    below = first
    while below < end and not state.isEmpty(below):
        below += 1
    state.env["blocks"] += below - first
    _budget_rule(state, first, end, silent)
    return table(state, first, end, silent)


def _footnote_rule(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    place = len(state.tokens)
    if not footnote_def(state, first, end, silent):
        return False
    if not silent:
        state.tokens[place].map = [first, state.line]  # the plugin leaves it out
    return True


def _tab_rule(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """A content tab as a container, so that what is indented below it is markdown and not code."""
    if state.is_code_block(first) or not _TAB.match(state.src, state.bMarks[first] + state.tShift[first]):
        return False
    if silent:
        return True
    indent, line_max, parent = state.blkIndent, state.lineMax, state.parentType
    content = state.sCount[first] + _TAB_INDENT
    stop = first + 1
    while stop < end and (state.isEmpty(stop) or state.sCount[stop] >= content):
        stop += 1
    while stop > first + 1 and state.isEmpty(stop - 1):
        stop -= 1
    token = state.push("tab_open", "div", 1)
    token.block, token.map = True, [first, stop]
    state.blkIndent, state.lineMax, state.parentType = content, stop, "tab"
    state.md.block.tokenize(state, first + 1, stop)
    state.blkIndent, state.lineMax, state.parentType = indent, line_max, parent
    state.push("tab_close", "div", -1).block = True
    state.line = stop
    return True


def parse_blocks(text: str, line_count: int, jsx: bool = False) -> list[Block]:
    """The top-level blocks of a markdown text of `line_count` lines, in order; with `jsx` as MDX has them.

    Lines that no block of the parser claims (link definitions, for one) become blocks of kind "other".

    Raises:
        CostlyPageError: there are more than `MAX_BLOCKS`.
    """
    parser = _parser(jsx)
    env: dict[str, Any] = {}
    tokens = parser.parse(text, env)
    lines = LINE_END.split(text)
    for number, token in enumerate(tokens):
        if token.type == "dt_open" and token.map:
            token.map = [token.map[0], token.map[0] + 1]  # the plugin leaves out its only line
        if token.type == "dd_open" and token.map and (below := tokens[number + 1].map):
            token.map = [below[0], token.map[1]]  # the plugin begins it at its term
        if token.type == "container_admonition_open" and token.map:
            first, end = token.map
            # The plugin leaves out the closing line.
            token.map = [first, end + (end < len(lines) and bool(_CONTAINER_END.fullmatch(lines[end])))]
        if token.type == "inline":
            token.children = []
            if tokens[number - 1].type == "heading_open":
                inline = _inline(parser, token.content, env)
                token.content, token.meta = _plain_text(inline), {"pieces": tuple(_pieces(inline))}
    return _tile(_blocks(SyntaxTreeNode(tokens).children, lines), 0, line_count)


def _inline(parser: MarkdownIt, text: str, env: EnvType) -> list[Token]:
    if len(text) > _MAX_HEADING_CHARS:
        return [Token("text", "", 0, content=text)]
    tokens: list[Token] = []
    parser.inline.parse(text, parser, env, tokens)
    return tokens


def _blocks(nodes: Iterable[SyntaxTreeNode], lines: Sequence[str]) -> list[Block]:
    found: list[Block] = []
    for node in nodes:
        if node.map is None or node.type == "inline":
            continue
        first, end = node.map
        if node.type == "heading":
            found.append(_heading(first, end, int(node.tag[1]), node.children[0]))
        elif node.type == "html_block":
            found += _html_blocks(first, end, lines)
        elif node.type == "code_block" and _HTML_TAG.match(lines[first].strip()):
            found.append(Block("html_block", first, end))  # indented below tags that stand alone
        elif node.type in ("paragraph", "fence", "code_block", "table"):
            found.append(Block(node.type, first, end))
        else:
            found.append(Block(node.type, first, end, tuple(_tile(_blocks(node.children, lines), first, end))))
    return found


def _html_blocks(first: int, end: int, lines: Sequence[str]) -> list[Block]:
    """The block, with its `<h1>` to `<h6>` as headings."""
    found: list[Block] = []
    for number in range(first, end):
        match = _HTML_HEADING.fullmatch(lines[number])
        if match:
            if number > first:
                found.append(Block("html_block", first, number))
            text = html.unescape(" ".join(_HTML_TAG.sub("", match["text"]).split()))
            identifier = _HTML_ID.search(match["attributes"] or "")
            known, pieces = identifier[1] if identifier else "", (HeadingPiece("text", text),)
            found.append(Block("heading", number, number + 1, (), int(match["level"]), text, pieces, known))
            first = number + 1
    return [*found, Block("html_block", first, end)] if first < end else found


def _heading(first: int, end: int, level: int, inline: SyntaxTreeNode) -> Block:
    return Block("heading", first, end, (), level, inline.content, inline.meta["pieces"])


def _tile(blocks: Sequence[Block], first: int, end: int) -> list[Block]:
    """The blocks cut to `[first, end)` without overlap, with "other" blocks in the gaps."""
    tiled = []
    for block in blocks:
        start, stop = max(block.first, first), min(block.end, end)
        if start >= stop:
            continue
        if start > first:
            tiled.append(Block("other", first, start))
        tiled.append(replace(block, first=start, end=stop))
        first = stop
    if first < end:
        tiled.append(Block("other", first, end))
    return tiled


def _plain_text(inline: Sequence[Token]) -> str:
    """The words, also those of images, without attributes."""
    text = " ".join("".join(piece.text for piece in _pieces(inline)).split())
    return " ".join(ATTRIBUTES.sub("", text).split())


def _pieces(inline: Iterable[Token]) -> Iterator[HeadingPiece]:
    """What a browser shows, and the words of images."""
    for token in inline:
        if token.type in ("text", "text_special"):
            yield HeadingPiece("text", token.content)
        elif token.type == "code_inline":
            yield HeadingPiece("code", token.content)
        elif token.type == "image":
            yield HeadingPiece("image", token.content)
        elif token.type in ("softbreak", "hardbreak"):
            yield HeadingPiece("text", "\n")
