"""rules: the parser of blocks that knows what is hidden, and code between tags."""

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

from footnote.app.core.pages.flavour import Flavour
from footnote.app.core.pages.scanning.directives import directive_rule
from footnote.app.core.pages.scanning.hiding import CODE_TAG
from footnote.app.core.pages.scanning.scanner import Scanner, TaggedCode
from footnote.app.core.pages.scanning.spans import Span
from footnote.app.core.text.markdown import block_parser
from footnote.app.core.text.offsets import line_of

_INTERRUPTS = ["paragraph", "reference", "blockquote", "list", "table"]


@cache
def parser_of(flavour: Flavour) -> MarkdownIt:
    """The parser of blocks that tells the scanner in its `env` what it finds, for one kind of site."""
    parser = block_parser(flavour.jsx)
    if flavour.jsx:
        parser.disable("html_block")  # what stands between the tags of MDX is markdown
    rules = parser.block.ruler
    rules.after("budget", "hidden", _hidden_rule, {"alt": _INTERRUPTS})
    rules.after("hidden", "module_code", _module_code_rule)
    rules.after("module_code", "tagged_code", _tagged_code_rule, {"alt": _INTERRUPTS})
    rules.after("tagged_code", "directive", directive_rule, {"alt": _INTERRUPTS})
    return parser


def _hidden_rule(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """Lines that are hidden; the first rule that is tried at each block."""
    scanner: Scanner = state.env["scanner"]
    if not silent:
        scanner.read(state.tokens)
    start = state.bMarks[first] + state.tShift[first]
    if start < scanner.hidden_until:  # it began above, perhaps in another container
        hidden_end: int | None = scanner.hidden_until
    elif state.is_code_block(first):
        return False
    else:
        hidden_end = scanner.ends.of_block(start)
    if hidden_end is None:
        return False
    if not silent:
        then_html = not scanner.flavour.jsx and state.src[start] == "<"
        state.line = min(end, scanner.hide(start, hidden_end, then_html))
    return True


def _module_code_rule(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """Imports and exports of MDX; they interrupt nothing."""
    scanner: Scanner = state.env["scanner"]
    start = state.bMarks[first]
    hidden_end = scanner.ends.of_module_code(start) if state.level == 0 and start == scanner.starts[first] else None
    if hidden_end is None:
        return False
    if not silent:
        state.line = min(end, scanner.hide(start, hidden_end))
    return True


def _tagged_code_rule(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    scanner: Scanner = state.env["scanner"]
    start = state.bMarks[first] + state.tShift[first]
    if state.src[start : start + 1] != "{" or state.is_code_block(first):
        return False
    opening = CODE_TAG.match(state.src, start)
    if not opening or state.src[opening.end() : state.eMarks[first]].strip():
        return False
    closing = scanner.code_tag_end(opening.end(), state.eMarks[end - 1])
    if not closing:
        return False
    last = line_of(scanner.starts, closing.start())
    if state.src[scanner.starts[last] : closing.start()].strip(" \t>"):
        return False
    if not silent:
        scanner.tagged.append(TaggedCode(Span(*opening.span()), Span(*closing.span()), opening["language"] or ""))
        scanner.code.append(Span(opening.end(), closing.start()))
        scanner.mark_read(first, last + 1)
        state.line = last + 1
    return True
