"""Markdown as blocks: what the splitter may and may not cut, by line numbers."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.container import container_plugin

from footnote.app.core.text.offsets import LINE_END

# `## Title { #anchor .class }`, but not `## GET /users/{id}`
_ATTRIBUTES = re.compile(r"\{:?\s*(?:[#.]|[\w-]+=)[^{}]*\}$")
_ID = re.compile(r"[{:\s]#([^\s=}]+)")
_TAB = re.compile(r'===[!+]{0,2} "')  # `=== "Linux"` of MkDocs, with its content indented below
_TAB_INDENT = 4
_CONTAINER_END = re.compile(r"[\s>]*:{3,}\s*")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines `[first, end)` of a text, counted from 0.

    `children` are the places where a block that is too long may be cut first; they are in order
    and do not overlap. A heading has its `level`, its plain `heading` text, its `content` as it is rendered (white
    space kept) and the id that it gives itself, or ""; other blocks have level 0.
    """

    kind: str
    first: int
    end: int
    children: tuple["Block", ...] = ()
    level: int = 0
    heading: str = ""
    content: str = ""
    explicit_id: str = ""


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table").use(admon_plugin)
    parser.block.ruler.before("fence", "tab", _tab_rule, {"alt": ["paragraph", "blockquote", "list"]})
    # `:::note` of Docusaurus, VuePress and others, whatever the name.
    return parser.use(container_plugin, "admonition", validate=lambda *_: True)


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


def parse_blocks(text: str, line_count: int) -> list[Block]:
    """The top-level blocks of a markdown text of `line_count` lines, in order.

    Lines that no block of the parser claims (link definitions, for one) become blocks of kind "other".
    """
    tokens = _parser().parse(text)
    lines = LINE_END.split(text)
    for token in tokens:
        if token.type == "container_admonition_open" and token.map:
            first, end = token.map
            # The plugin leaves out the closing line.
            token.map = [first, end + (end < len(lines) and bool(_CONTAINER_END.fullmatch(lines[end])))]
        if token.type == "inline":
            # Emphasis nests without bound, and a tree of it would exhaust the stack: blocks are all we need.
            inline, token.children = token.children or [], []
            token.content, token.meta = _plain_text(inline), {"rendered": _rendered_text(inline)}
    return _tile(_blocks(SyntaxTreeNode(tokens).children), 0, line_count)


def _blocks(nodes: Iterable[SyntaxTreeNode]) -> list[Block]:
    found = []
    for node in nodes:
        if node.map is None or node.type == "inline":
            continue
        first, end = node.map
        if node.type == "heading":
            found.append(_heading(first, end, int(node.tag[1]), node.children[0]))
        elif node.type in ("paragraph", "fence", "code_block", "html_block", "table"):
            found.append(Block(node.type, first, end))
        else:
            found.append(Block(node.type, first, end, tuple(_tile(_blocks(node.children), first, end))))
    return found


def _heading(first: int, end: int, level: int, inline: SyntaxTreeNode) -> Block:
    rendered = str(inline.meta["rendered"])
    attributes = _ATTRIBUTES.search(rendered)
    content = rendered[: attributes.start()].rstrip() if attributes else rendered
    ids = _ID.findall(attributes.group()) if attributes else []
    return Block("heading", first, end, (), level, inline.content, content, ids[-1] if ids else "")


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


def _plain_text(inline: Iterable[Token]) -> str:
    """The words, also those of images, without attributes."""
    text = " ".join(_rendered_text(inline, with_images=True).split())
    return " ".join(_ATTRIBUTES.sub("", text).split())


def _rendered_text(inline: Iterable[Token], with_images: bool = False) -> str:
    """The text that a browser shows, white space as it is."""
    parts = []
    for token in inline:
        if token.type in ("text", "code_inline") or (token.type == "image" and with_images):
            parts.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            parts.append("\n")
    return "".join(parts)
