"""pages: the pages of the live generation by id and by address; nothing else can be named.

An id is the path of a page below the docs folder, or `PATH#L12-L30` for these of its lines. It is looked up among the
pages of the index, so that it never is a path on disk.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar
from urllib.parse import quote, unquote

from footnote.app.core.collections import DEFAULT
from footnote.app.core.errors import IndexMissingError, PageUnknownError
from footnote.app.core.link_template import AtCommit
from footnote.app.core.setting_groups import LinkSettings
from footnote.app.core.text.offsets import line_of, line_starts
from footnote.app.core.text.unicode import without_surrogates
from footnote.app.core.types import AnchorStyle
from footnote.app.reading.library import KeptPage, Library, Shelf
from footnote.app.reading.lines import Cited, cited_lines

T = TypeVar("T")
_URI = re.compile(r"footnote://([^/]+)/")
# A longer page is read in parts: about as many tokens as a client takes at once. A guess.
MAX_READ_CHARS = 100_000
_WITH_LINES = re.compile(r"(.+)#(L[0-9]{1,9}(?:-L[0-9]{1,9})?)", re.S)


@dataclass(frozen=True, slots=True)
class ReadPage:
    """Lines of a page as they are in its file.

    Attributes:
        lines: which ones.
        total_lines: of the whole page.
        following: the id of the lines that follow where not all that was asked for was read; None if all was.
    """

    page: KeptPage
    generation: int
    anchor_style: AnchorStyle
    at: AtCommit
    text: str
    lines: Cited
    total_lines: int
    following: str | None


class KeptBytes(NamedTuple):
    """`line` is the one, from 1, that the bytes begin in."""

    raw: bytes
    line: int


class Pages:
    """The pages of the live generation; safe to use from several threads."""

    def __init__(self, library: Library, links: LinkSettings) -> None:
        self._library = library
        self.links = links

    @property
    def collection(self) -> str | None:
        """Whose they are; None where there is only one collection."""
        return self._library.collection

    def uri(self, path: str) -> str:
        """The address of a page as a resource."""
        return page_uri(path, self.collection)

    def id(self, path: str) -> str:
        """What `read` finds the page or lines of it by: its path, or where collections have names its address."""
        return path if self.collection is None else self.uri(path)

    def read(self, id: str) -> ReadPage:
        """The page, or the lines of it, that the id names, as much as is read at once.

        Raises:
            PageUnknownError: the index has no such page, or the page no such line.
            IndexMissingError, IndexDamagedError: see `Library.find`.
        """
        shelf = self._library.shelf(self._library.live())
        path, wanted = _parts(id)
        page = _page(shelf, path)
        text = self._library.read(shelf, page).decode("utf-8", "replace")
        starts = line_starts(text)
        first, last = (wanted.first, min(wanted.last, len(starts))) if wanted else (1, len(starts))
        if not 1 <= first <= len(starts):
            raise PageUnknownError(f"{path} has {len(starts)} lines: name lines from 1 to {len(starts)}")
        ends = [*starts[1:], len(text)]
        fitting = bisect_right(ends, starts[first - 1] + MAX_READ_CHARS)  # whole lines, and one at least
        until = min(last, max(first, fitting))
        following = self.id(f"{path}#L{until + 1}-L{last}") if until < last else None
        part = text[starts[first - 1] : ends[until - 1]]
        return ReadPage(
            page, shelf.generation, shelf.anchor_style, shelf.at, part, Cited(first, until), len(starts), following
        )

    def whole(self, path: str) -> str:
        """The whole text of a page; raises as `read`."""
        shelf = self._library.shelf(self._library.live())
        return self._library.read(shelf, _page(shelf, path)).decode("utf-8", "replace")

    def kept(self, path: str, start: int, end: int, generation: int | None = None) -> KeptBytes | None:
        """Bytes of a page as it was ingested, into the live generation by default; None where it has none there.

        Raises:
            IndexMissingError, IndexDamagedError: see `Library.find`.
        """
        try:
            shelf, page = self._library.find(path, generation)
            raw = self._library.read(shelf, page)
        except PageUnknownError:
            return None
        if not 0 <= start < end <= len(raw):
            return None
        starts = line_starts(raw.decode("latin-1"))  # a character a byte
        return KeptBytes(raw[start:end], line_of(starts, start) + 1)

    def after(self, path: str | None, most: int) -> tuple[list[KeptPage], str | None]:
        """Up to `most` pages behind a path, by path, and the path to go on behind; none where nothing is ingested."""
        try:
            pages = self._library.shelf(self._library.live()).pages
        except IndexMissingError:
            return [], None
        return part_behind(sorted(pages), path, most, pages)


def part_behind(
    paths: Sequence[str], path: str | None, most: int, by_path: Mapping[str, T]
) -> tuple[list[T], str | None]:
    """Up to `most` of what has these paths, which are sorted, behind a path; and the path to go on behind, if any."""
    first = bisect_right(paths, path) if path else 0
    part = paths[first : first + most]
    return [by_path[one] for one in part], part[-1] if first + most < len(paths) else None


def page_uri(path: str, collection: str | None = None) -> str:
    """The address of a page as a resource."""
    return f"footnote://{collection or DEFAULT}/{quote(path)}"


def collection_of(id: str) -> str | None:
    """The collection that an address of a page names; None for what is no address."""
    found = _URI.match(id)
    return found[1] if found else None


def path_of(uri: str) -> str:
    """The path that an address of a page names."""
    return unquote(_URI.sub("", uri, count=1))


def _page(shelf: Shelf, path: str) -> KeptPage:
    page = shelf.pages.get(path)
    if page is None:
        raise no_page(path)
    return page


def no_page(id: str) -> PageUnknownError:
    """What to raise where there is no such page."""
    named = without_surrogates(id)[:200]
    return PageUnknownError(f"no page is named {named!r}: `search` and `list_docs` give the ids of pages")


def _parts(id: str) -> tuple[str, Cited | None]:
    if _URI.match(id):
        id = unquote(_URI.sub("", id, count=1))
    found = _WITH_LINES.fullmatch(id)
    return (found[1], cited_lines(found[2])) if found else (id, None)
