"""directives: fences of MyST and blocks of PyMdown as a rule of the parser."""

import re

from markdown_it.rules_block import StateBlock

from footnote.app.core.pages.scanning.scanner import Directive, Scanner
from footnote.app.core.pages.scanning.spans import Span
from footnote.app.core.text.offsets import line_of

_CODE_DIRECTIVES = frozenset(
    ("code", "code-block", "code-cell", "doctest", "eval-rst", "graphviz", "ipython", "literalinclude", "math")
    + ("mermaid", "parsed-literal", "raw", "sourcecode", "testcode", "testoutput")
)
_DIRECTIVE = re.compile(
    r"(?P<fence>`{3,}(?=[^`\n]*$)|~{3,}|:{3,})[ \t]*\{(?P<name>[\w:-]+)\}[ \t]*(?P<argument>[^\n]*)$", re.M
)
# Blocks of PyMdown: what stands behind the bar is a title.
_SLASHES = re.compile(r"(?P<fence>/{3,})[ \t]*(?P<name>[\w-]+)[ \t]*(?:\|[ \t]*|(?=\n|\Z))(?P<argument>[^\n]*)$", re.M)
_DIRECTIVE_OPTIONS = re.compile(
    r"(?:[ \t>]*:(?:[\w-]+:|[ \t]+\S)[^\n]*(?:\n|\Z))+"
    r"|[ \t>]*---[ \t]*\n(?:(?![ \t>]*---)[^\n]*\n)*+[ \t>]*---[ \t]*(?:\n|\Z)"
)


def directive_rule(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """A directive of MyST or a block of PyMdown as a container, so that what is in it is markdown and not code."""
    start = state.bMarks[first] + state.tShift[first]
    sign = state.src[start : start + 1]
    if sign not in ("`", "~", ":", "/") or state.is_code_block(first):
        return False
    opening = (_SLASHES if sign == "/" else _DIRECTIVE).match(state.src, start)
    if not opening:
        return False
    name = opening["name"].lower()
    is_code = name in _CODE_DIRECTIVES
    if is_code and sign != ":":
        return False
    if silent:
        return True
    scanner: Scanner = state.env["scanner"]
    stop, is_closed = _closing_line(state, first, end, opening["fence"])
    body = scanner.starts[first + 1]
    if sign == "/":
        line = first + 1
        while line < stop and state.is_code_block(line) and not state.isEmpty(line):
            line += 1
        body = scanner.starts[line]
    elif options := _DIRECTIVE_OPTIONS.match(state.src, body, scanner.starts[stop]):
        body = options.end()
    below = scanner.starts[stop + is_closed] - 1
    if is_code:
        marker = state.bMarks[stop] + state.tShift[stop] if is_closed else below
        scanner.add_code_directive(opening, body, Span(marker, below))
        scanner.mark_read(first, stop + is_closed)
        state.line = stop + is_closed
        return True
    scanner.directives.append(
        Directive(
            start, below, body, max(body, scanner.starts[stop] if is_closed else below),
            _name_of_block(name) if sign == "/" else name, Span(*opening.span("argument")),
        )
    )  # fmt: skip
    token = state.push("directive_open", "div", 1)
    token.block, token.map = True, [first, stop]
    parent, line_max = state.parentType, state.lineMax
    state.parentType, state.lineMax = "directive", stop
    state.md.block.tokenize(state, line_of(scanner.starts, body), stop)
    state.parentType, state.lineMax = parent, line_max
    state.push("directive_close", "div", -1).block = True
    state.line = stop + is_closed
    if is_closed:
        scanner.mark_read(stop, stop + 1)
    return True


def _name_of_block(name: str) -> str:
    """The directive of MyST that is as a block of PyMdown: one with a title, or one that is given something else."""
    return "container" if name == "html" or name.endswith("caption") else "admonition"


def _closing_line(state: StateBlock, first: int, end: int, fence: str) -> tuple[int, bool]:
    """The line below the content of a fence, and whether it closes the fence."""
    closing = re.compile(rf"{re.escape(fence[0])}{{{len(fence)},}}[ \t]*$")
    for line in range(first + 1, end):
        if state.sCount[line] < state.blkIndent and not state.isEmpty(line):
            return line, False
        text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
        if not state.is_code_block(line) and closing.match(text):
            return line, True
    return end, False
