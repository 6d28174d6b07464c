"""prose: rewriting what is not code in a markdown text. Pure functions.

Whether something is code is asked of a markdown parser, and twice: what looks like code to a pattern, or to a parser
without tables, may be live to a renderer.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# Private-use characters that stand for the signs in question while a text is parsed.
_FIRST_SIGN, _MAX_SIGNS = 0xF0000, 60_000
_OTHER_SIGN = "\ue000"


def rewrite_prose(text: str, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str]) -> str:
    """The text with each match outside code replaced."""
    matches = list(pattern.finditer(text))
    in_code = _positions_in_code(text, [match.start() for match in matches])
    pieces, at = [], 0
    for match in matches:
        pieces += [text[at : match.start()], match.group() if match.start() in in_code else replace(match)]
        at = match.end()
    return "".join([*pieces, text[at:]])


def _positions_in_code(text: str, positions: Sequence[int]) -> set[int]:
    """Which of the positions are code to every parser; none of them where that cannot be told."""
    if not positions or len(positions) > _MAX_SIGNS or any(ord(char) >= _FIRST_SIGN for char in text):
        return set()
    signs = [_OTHER_SIGN if char in "<![" else char for char in text]
    for number, position in enumerate(positions):
        signs[position] = chr(_FIRST_SIGN + number)
    marked = "".join(signs)
    found = [
        {
            positions[ord(char) - _FIRST_SIGN]
            for token in markdown_tokens(parser, marked, {})
            if token.type in ("code_inline", "code_block", "fence")
            for char in token.content
            if ord(char) >= _FIRST_SIGN
        }
        for parser in markdown_parsers()
    ]
    return set.intersection(*found)


def markdown_tokens(parser: "MarkdownIt", text: str, env: dict[str, object]) -> Iterator["Token"]:
    """Every token of the text, those inside a paragraph behind it."""
    for token in parser.parse(text, env):
        yield token
        yield from token.children or ()


@cache
def markdown_parsers() -> "tuple[MarkdownIt, ...]":
    """With tables and without: in a table, a code span ends at the next cell."""
    from markdown_it import MarkdownIt

    class Parser(MarkdownIt):
        """Shows every link as it is written, also those that it would refuse."""

        def validateLink(self, url: str) -> bool:  # noqa: N802
            return True

        def normalizeLink(self, url: str) -> str:  # noqa: N802
            return url

    return Parser("commonmark"), Parser("commonmark").enable("table")
