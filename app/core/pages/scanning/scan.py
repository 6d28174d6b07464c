"""scan: the code, the hidden text, the directives and the definitions of a page, in one pass from above to below."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from footnote.app.core.pages.flavour import Flavour
from footnote.app.core.pages.scanning.rules import parser_of
from footnote.app.core.pages.scanning.scanner import Directive, Scanner, TaggedCode
from footnote.app.core.pages.scanning.spans import Span, united, with_plain_line_ends


class Scan(NamedTuple):
    """What was found; spans are in order, and none of a kind overlap. Tags of templates are text in `verbatim`.

    `references` are the addresses of links that the page defines, by the label as a parser compares it.
    """

    code: tuple[Span, ...]
    hidden: tuple[Span, ...]
    directives: tuple[Directive, ...]
    tagged: tuple[TaggedCode, ...]
    definitions: tuple[Span, ...]  # of links
    references: Mapping[str, str]
    verbatim: tuple[Span, ...]


def scan_page(text: str, flavour: Flavour) -> Scan:
    """The code and the hidden text of a page's markdown.

    Raises:
        CostlyPageError: it has more blocks or hidden places than can be read in reasonable time.
    """
    flat = with_plain_line_ends(text)
    scanner = Scanner(flat, flavour)
    env: dict[str, Any] = {"scanner": scanner}
    tokens = parser_of(flavour).parse(flat, env)
    scanner.finish(tokens, env)
    return Scan(
        tuple(united(scanner.code)),
        tuple(united(scanner.hidden)),
        tuple(scanner.directives),
        tuple(scanner.tagged),
        tuple(united(scanner.definitions)),
        scanner.references,
        tuple(Span(*one) for one in scanner.ends.verbatim),
    )
