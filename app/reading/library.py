"""library: the pages of the generations that are kept, and what became of a page since."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, NamedTuple

from footnote.app.access.limits import readable_files
from footnote.app.access.types import PathLimits
from footnote.app.core.errors import IndexDamagedError, PageUnknownError
from footnote.app.core.link_template import AtCommit
from footnote.app.core.pages.flavour import Flavour, flavour_for, flavour_named
from footnote.app.core.types import AnchorStyle
from footnote.app.index.generations import Generations
from footnote.app.index.lease import LEASE
from footnote.app.index.manifest import read_files, read_manifest
from footnote.app.index.raw_pages import RawPages

_MOST_SHELVES = 3  # generations whose list of pages is at hand: the live one, the one before, one that is being left


class KeptPage(NamedTuple):
    """One page of a generation."""

    path: str
    title: str
    sha256: str
    size_bytes: int
    language: str
    included_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shelf:
    """The pages of one generation, by path; `collection` is None where there is only one."""

    generation: int
    site: Flavour
    anchor_style: AnchorStyle
    at: AtCommit
    pages: Mapping[str, KeptPage]
    raw: RawPages
    collection: str | None = None

    def flavour(self, page: KeptPage) -> Flavour:
        """How the page is read."""
        return flavour_for(page.path, self.site)


@dataclass(frozen=True, slots=True)
class Since:
    """What became of a page in the live generation.

    Attributes:
        live: the live generation.
        path: where the page is now; None where it is gone.
    """

    live: int
    fate: Literal["same", "changed", "moved", "gone"]
    path: str | None


class Library:
    """The kept generations of one index folder; safe to use from several threads."""

    def __init__(self, index_dir: Path, collection: str | None = None) -> None:
        """Of the collection of this name; None where there is only one."""
        self.collection = collection
        self._generations = Generations(index_dir)
        self._lock = threading.Lock()
        self._shelves: OrderedDict[tuple[int, int, int], Shelf] = OrderedDict()

    def live(self) -> int:
        """The live generation.

        Raises:
            IndexMissingError: nothing has been ingested yet.
        """
        return self._generations.live()

    def find(self, path: str, generation: int | None = None) -> tuple[Shelf, KeptPage]:
        """A page of a generation, of the live one by default.

        Raises:
            PageUnknownError: the generation is not kept, or has no such page.
            IndexMissingError: nothing has been ingested yet.
            IndexDamagedError: its list of pages cannot be read.
        """
        shelf = self.shelf(self.live() if generation is None else generation)
        page = shelf.pages.get(path)
        if page is None:
            raise PageUnknownError(f"generation {shelf.generation} has no page {path!r}: `GET /search` finds pages")
        return shelf, page

    def read(self, shelf: Shelf, page: KeptPage) -> bytes:
        """The bytes of a page.

        Raises:
            PageUnknownError: the generation was removed in this moment.
            IndexDamagedError: the bytes cannot be read.
        """
        try:
            return shelf.raw.read(page.sha256)
        except IndexDamagedError:
            self._identity(shelf.generation)
            raise

    def since(self, page: KeptPage) -> Since:
        """What became of a page in the live generation."""
        live = self.shelf(self.live())
        now = live.pages.get(page.path)
        if now:
            return Since(live.generation, "same" if now.sha256 == page.sha256 else "changed", page.path)
        moved = next((path for path, one in live.pages.items() if one.sha256 == page.sha256), None)
        return Since(live.generation, "moved" if moved else "gone", moved)

    def shelf(self, generation: int) -> Shelf:
        """The pages of a generation.

        Raises:
            PageUnknownError: it is not kept.
            IndexDamagedError: its list of pages cannot be read.
        """
        identity = self._identity(generation)
        with self._lock:
            shelf = self._shelves.get(identity)
            if shelf is None:
                shelf = self._shelves[identity] = self._read(generation)
            self._shelves.move_to_end(identity)
            while len(self._shelves) > _MOST_SHELVES:
                self._shelves.popitem(last=False)
        return shelf

    def limited(self, limits: PathLimits | None) -> "Library":
        """The same for somebody who may read these pages alone: the others are not there."""
        return self if limits is None else _LimitedLibrary(self, limits)

    def _identity(self, generation: int) -> tuple[int, int, int]:
        """One that was deleted and built again under the same number is another one."""
        try:
            status = (self._generations.folder(generation) / LEASE).stat()
        except OSError as error:
            raise PageUnknownError(
                f"generation {generation} is not kept: only the live one ({self.live()}) and the one before are"
            ) from error
        return generation, status.st_ino, status.st_mtime_ns

    def _read(self, generation: int) -> Shelf:
        folder = self._generations.folder(generation)
        try:
            manifest, files = read_manifest(folder), read_files(folder)
        except IndexDamagedError:
            self._identity(generation)
            raise
        pages = {
            file.path: KeptPage(file.path, file.title, file.sha256, file.size_bytes, file.language, file.included_by)
            for file in files
        }
        site = flavour_named(manifest.flavour)
        raw = RawPages(folder / "pages")
        return Shelf(generation, site, manifest.anchor_style, manifest.at, pages, raw, self.collection)


class _LimitedLibrary(Library):
    """Has the pages that may be read, and behaves as if there were no others."""

    def __init__(self, whole: Library, limits: PathLimits) -> None:
        self._whole = whole
        self.collection = whole.collection
        self._limits = limits
        self._limited: dict[int, tuple[Shelf, Shelf]] = {}  # the whole one and what may be read of it, by generation

    def live(self) -> int:
        return self._whole.live()

    def shelf(self, generation: int) -> Shelf:
        shelf = self._whole.shelf(generation)
        known, limited = self._limited.get(generation, (None, None))
        if limited is None or known is not shelf:  # one that was built again under the same number is another one
            limited = self._limit(shelf)
            self._limited[generation] = shelf, limited
        return limited

    def _limit(self, shelf: Shelf) -> Shelf:
        may_read = readable_files(self._limits, shelf.pages)
        at = AtCommit(shelf.at.commit, shelf.at.uncommitted & frozenset(may_read))
        return replace(shelf, at=at, pages={path: shelf.pages[path] for path in sorted(may_read)})

    def _identity(self, generation: int) -> tuple[int, int, int]:
        return self._whole._identity(generation)
