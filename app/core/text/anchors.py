"""anchors: the ids that renderers of markdown give to the headings of a page.

GitHub's rule is that of github-slugger, which rehype-slug, Docusaurus and Next.js sites share; the other is that of
Python-Markdown's `toc` extension, which MkDocs uses.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from footnote.app.core.text.markdown import Block

# What GitHub keeps: letters, marks, digits, connectors such as `_`; of letters also those that are numbers (Ⅷ).
_KEPT = frozenset(["Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "Pc"])
_NUMBERED = re.compile(r"(.*)_([0-9]+)", re.S)


class Anchors(NamedTuple):
    """A heading's id in each style; "" where there is no heading."""

    github: str = ""
    mkdocs: str = ""


def page_anchors(blocks: Sequence[Block]) -> dict[int, Anchors]:
    """The anchors of all headings of a page by their first line, which is counted as in `Block`.

    Those inside of quotes, lists and tabs count too: they make later ones duplicates. An id that the page itself
    gives, as in `## Title {#id}`, is taken as it is.
    """
    headings = list(_headings(blocks))
    pairs = zip(headings, _github(headings), _mkdocs(headings), strict=True)
    return {heading.first: Anchors(github, mkdocs) for heading, github, mkdocs in pairs}


def _headings(blocks: Sequence[Block]) -> Iterator[Block]:
    for block in blocks:
        if block.kind == "heading":
            yield block
        else:
            yield from _headings(block.children)


def _github(headings: Sequence[Block]) -> Iterator[str]:
    counts: dict[str, int] = {}
    for heading in headings:
        if heading.explicit_id:
            yield heading.explicit_id
            continue
        slug = first = github_slug(heading.content)
        while slug in counts:
            counts[first] += 1
            slug = f"{first}-{counts[first]}"
        counts[slug] = 0
        yield slug


def _mkdocs(headings: Sequence[Block]) -> Iterator[str]:
    used = {"", *(heading.explicit_id for heading in headings)}
    reached: dict[str, int] = {}  # the last number that a slug was given: all before it are used
    for heading in headings:
        slug = heading.explicit_id or mkdocs_slug(heading.content)
        if not heading.explicit_id and slug in used:
            numbered = _NUMBERED.fullmatch(slug)
            name, number = (numbered[1], int(numbered[2])) if numbered else (slug, 0)
            number = reached.get(slug, number) + 1
            while f"{name}_{number}" in used:
                number += 1
            reached[slug] = number
            slug = f"{name}_{number}"
        used.add(slug)
        yield slug


def github_slug(text: str) -> str:
    """`C & D` -> `c--d`; unicode is kept.

    Source: github-slugger 2.0.0.
    """
    lowered = text.lower()
    kept = (char for char in lowered if char in " -" or unicodedata.category(char) in _KEPT)
    return "".join(kept).replace(" ", "-")


def mkdocs_slug(text: str) -> str:
    """`C & D` -> `c-d`; what ASCII cannot hold is dropped.

    Source: `slugify` of markdown.extensions.toc, Python-Markdown 3.8.
    """
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", ascii_text).strip().lower())
