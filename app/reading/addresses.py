"""addresses: where a page, its bytes and the pages that it links to are shown."""

import re
from collections.abc import Container, Iterator
from posixpath import dirname, join, normpath
from urllib.parse import quote, unquote

from footnote.app.reading.lines import Cited
from footnote.app.schemas.answers import CitationOut

_WITH_HOST = re.compile(r"https?://[^\s/\\]|mailto:[^\s]", re.I)
_ENDINGS = ("", ".md", ".mdx", ".markdown", "/index.md", "/index.mdx", "/README.md", "/_index.md")
ANCHOR = "s-"  # before every id that the docs themselves give or ask for


def view_address(
    path: str,
    generation: int | None = None,
    cited: Cited | None = None,
    start: int | None = None,
    collection: str | None = None,
) -> str:
    """Where a page is shown, without the root of the service; the live generation by default."""
    asked = {"generation": generation, "lines": cited, "from": start, "collection": collection}
    query = "&".join(f"{name}={value}" for name, value in asked.items() if value is not None)
    return f"/view/{quote(path)}" + (f"?{query}" if query else "") + (f"#L{cited.first}" if cited else "")


def citation_address(citation: CitationOut, base_url: str) -> str:
    """Where a reader finds a citation: at its own address, or else in the view of the service at `base_url`."""
    cited = Cited(citation.start_line, citation.end_line)
    return citation.url or base_url.rstrip("/") + view_address(
        citation.path, citation.generation, cited, collection=citation.collection
    )


def bytes_address(path: str, generation: int, collection: str | None = None) -> str:
    """Where its bytes are, without the root of the service."""
    return f"/files/{generation}/{quote(path)}" + (f"?collection={collection}" if collection else "")


def link_address(
    path: str, target: str, generation: int, pages: Container[str], collection: str | None = None
) -> str | None:
    """Where a link on the page `path` leads: out into the web, to a page of the same generation, or nowhere (None).

    Addresses within the service come without its root.
    """
    if _WITH_HOST.match(target):
        return target
    place, _, anchor = target.partition("#")
    place = unquote(place.partition("?")[0])
    fragment = f"#{ANCHOR}{quote(unquote(anchor))}" if anchor else ""
    if not place:
        return fragment or None
    found = next((one for one in _candidates(path, place) if one in pages), None)
    return None if found is None else view_address(found, generation, collection=collection) + fragment


def _candidates(path: str, place: str) -> Iterator[str]:
    """Pages that may be meant; an address from the root is taken as one from the docs folder."""
    base = place.lstrip("/") if place.startswith("/") else join(dirname(path), place)
    page = normpath(base).removesuffix(".html")
    yield from (page + ending for ending in _ENDINGS)
    if page == ".":
        yield from (ending.lstrip("/") for ending in _ENDINGS if ending.startswith("/"))
