"""anchors: the ids that generators of sites give to the headings of a page.

headings -> id that the page gives | slug (slugs.py) -> numbered where equal (numbering.py), once for each style.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from footnote.app.core.text import numbering
from footnote.app.core.text.markdown import ATTRIBUTES, Block
from footnote.app.core.text.numbering import NamedHeading
from footnote.app.core.text.offsets import LINE_END
from footnote.app.core.text.slugs import (
    docutils_slug,
    github_slug,
    hugo_slug,
    kramdown_slug,
    mdbook_slug,
    mkdocs_slug,
    mystmd_slug,
    pymdownx_slug,
    vitepress_slug,
)
from footnote.app.core.types import Anchors, AnchorStyle

_ID = re.compile(r"""[{:\s]#(?P<hash>[^\s=}]+)|[{:\s]id=["']?(?P<named>[^\s"'}]+)""")
_KRAMDOWN_ID = re.compile(r"\s\{#(?P<id>[A-Za-z_:][\w:.-]*)\}$")
_KRAMDOWN_LINE = re.compile(r" {0,3}\{:(?![:}])(?![\w-]+:)[^{}]*\}\s*")
_LINK_TARGET = re.compile(r"""<a\s[^<>]{0,500}?\bid=["'](?P<id>[^"'<>]{1,200})["'][^<>]{0,500}>\s{0,9}</a>\s*$""")
_MYST_LABEL = re.compile(r"[ \t]*\((?P<name>[^()]{1,200})\)=\s*")
_MYST_ATTRIBUTES = re.compile(r"[ \t]*\{(?!:)[^{}]{0,200}\}\s*")
_COMMENTS = (("<!--", "-->"), ("{/*", "*/}"))
_LABEL_LINES = 3  # how far above a heading its label stands: blank lines may lie between
_DASHES = re.compile(r"---?")
# Names of emoji: what they are replaced with is no text.
_EMOJI = re.compile(r"(?<![\w:]):[a-z+-][a-z0-9_+-]{0,50}:(?![\w:])")


class _Heading(NamedTuple):
    """A heading with lines of the page as it is on disk, hidden text included.

    Attributes:
        line: its first one.
        above: those above it, nearest first.
        below: the one below it.
    """

    block: Block
    line: str
    above: tuple[str, ...]
    below: str


class _Style(NamedTuple):
    given: Callable[[_Heading], str]
    slug: Callable[[Block], str]
    number: Callable[[Sequence[NamedHeading]], Iterable[str]]
    numbers_html: bool = False


def page_anchors(blocks: Sequence[Block], text: str) -> dict[int, Anchors]:
    """The anchors of all headings of a page by their first line, which is counted as in `Block`.

    Those inside of quotes, lists and tabs count too: they make later ones duplicates. `text` is the markdown of the
    page, with what is hidden from readers: an id may stand in a comment.
    """
    lines = LINE_END.split(text)
    headings = [_heading(block, lines) for block in _headings(blocks)]
    ids = {name: list(_ids(style, headings)) for name, style in _STYLES.items()}
    return {
        heading.block.first: Anchors(**{name: found[place] for name, found in ids.items()})
        for place, heading in enumerate(headings)
    }


def _headings(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        if block.kind == "heading":
            yield block
        else:
            yield from _headings(block.children)


def _heading(block: Block, lines: Sequence[str]) -> _Heading:
    above = tuple(reversed(lines[max(0, block.first - _LABEL_LINES) : block.first]))
    return _Heading(block, lines[block.first], above, lines[block.end] if block.end < len(lines) else "")


def _ids(style: _Style, headings: Iterable[_Heading]) -> Iterable[str]:
    named = []
    for heading in headings:
        html_id = heading.block.html_id
        if html_id is None:
            named.append(NamedHeading(style.given(heading), style.slug(heading.block)))
        else:
            named.append(NamedHeading(html_id, style.slug(heading.block) if style.numbers_html else None))
    return style.number(named)


# What of a heading becomes its slug.


def _words(block: Block, images: bool = False, dashes: bool = True, attributes: bool = False) -> str:
    """The text: with the words of images, with dashes (which `--` and `---` are for typographers), with attributes."""
    words = "".join(
        piece.text if dashes or piece.kind == "code" else _DASHES.sub("", piece.text)
        for piece in block.pieces
        if images or piece.kind != "image"
    )
    found = None if attributes else ATTRIBUTES.search(words)
    return words[: found.start()].rstrip() if found else words


def _words_without_emoji(block: Block) -> str:
    pieces = (
        piece._replace(text=_EMOJI.sub("", piece.text)) if piece.kind == "text" else piece for piece in block.pieces
    )
    return _words(Block(block.kind, block.first, block.end, pieces=tuple(pieces)))


def _kramdown_words(block: Block) -> str:
    words = _words(block, dashes=False, attributes=True)
    found = _KRAMDOWN_ID.search(words)
    return words[: found.start()] if found else words


# What a page says that the id is.


def _no_id(_: _Heading) -> str:
    return ""


def _attribute_id(heading: _Heading) -> str:
    """Of `## Title {#id}`, and all that is written like it."""
    found = ATTRIBUTES.search(_words(heading.block, attributes=True))
    return _id_in(found.group()) if found else ""


def _id_in(attributes: str) -> str:
    ids = [match["hash"] or match["named"] for match in _ID.finditer(attributes)]
    return ids[-1] if ids else ""


def _written_id(heading: _Heading) -> str:
    """Also of `<!-- #id -->` and `{/* #id */}`, as Docusaurus, and of `<a id="id"></a>`, as GitBook writes it."""
    line = heading.line.rstrip(" \t#")
    for opening, closing in _COMMENTS:
        if line.endswith(closing) and opening in line:
            words = line[line.rindex(opening) + len(opening) : -len(closing)].split()
            if words and len(words[0]) > 1 and words[0].startswith("#"):
                return words[0][1:]
    target = _LINK_TARGET.search(line) if line.endswith("</a>") else None
    return target["id"] if target else _attribute_id(heading)


def _kramdown_id(heading: _Heading) -> str:
    """Of `{#id}` behind the title, and of `{: #id}` on the line below it, or above it as a block of its own."""
    if _KRAMDOWN_LINE.fullmatch(heading.below) and (below := _id_in(heading.below)):
        return below
    found = _KRAMDOWN_ID.search(_words(heading.block, attributes=True))
    if found:
        return found["id"]
    stands_alone = len(heading.above) < 2 or not heading.above[1].strip()
    above = heading.above[0] if heading.above and stands_alone else ""
    return _id_in(above) if _KRAMDOWN_LINE.fullmatch(above) else ""


def _sphinx_id(heading: _Heading) -> str:
    """Of `(label)=` above, as it is spelled in HTML, and of `{#id}` above."""
    nearest = _line_above(heading)
    return docutils_slug(_label(nearest)) or (_id_in(nearest) if _MYST_ATTRIBUTES.fullmatch(nearest) else "")


def _mystmd_id(heading: _Heading) -> str:
    return mystmd_slug(_label(_line_above(heading)))


def _line_above(heading: _Heading) -> str:
    return next((line for line in heading.above if line.strip()), "")


def _label(line: str) -> str:
    match = _MYST_LABEL.fullmatch(line)
    return match["name"] if match else ""


_STYLES: dict[AnchorStyle, _Style] = {
    "github": _Style(
        _no_id, lambda block: github_slug(_words(block, attributes=True)), numbering.first_free, numbers_html=True
    ),
    "docusaurus": _Style(_written_id, lambda block: github_slug(_words(block, images=True)), numbering.first_free),
    "vitepress": _Style(
        _attribute_id, lambda block: vitepress_slug(_words_without_emoji(block)), numbering.first_but_given
    ),
    "mkdocs": _Style(_attribute_id, lambda block: mkdocs_slug(_words_without_emoji(block)), numbering.mkdocs),
    "pymdownx": _Style(_attribute_id, lambda block: pymdownx_slug(_words_without_emoji(block)), numbering.mkdocs),
    "hugo": _Style(
        _attribute_id, lambda block: hugo_slug(_words(block, images=True, dashes=False)), numbering.first_but_given
    ),
    "jekyll": _Style(_kramdown_id, lambda block: kramdown_slug(_kramdown_words(block)), numbering.kramdown),
    "sphinx": _Style(_sphinx_id, lambda block: docutils_slug(_words(block, attributes=True)), numbering.docutils),
    "mystmd": _Style(_mystmd_id, lambda block: mystmd_slug(_words(block, attributes=True)), numbering.unnumbered),
    "mdbook": _Style(_attribute_id, lambda block: mdbook_slug(_words(block, dashes=False)), numbering.first_free),
}
