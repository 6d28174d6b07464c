"""roots: which files a page may show: regular ones below folders that the user allows, and what they are called."""

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pathspec import GitIgnoreSpec

from footnote.app.core.find import FoundFile, over_limit
from footnote.app.core.setting_groups import NO_INCLUDES, IngestSettings
from footnote.app.core.text.unicode import composed, without_surrogates


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a file is not read."""

    reason: str
    detail: str = ""


MISSING = "missing"
OUTSIDE = "outside of the folders that pages may show (FOOTNOTE_INCLUDE_ROOTS)"


class Roots:
    """The folders that pages may show files of: the docs folder, and those that the settings name.

    A file of the docs folder is called as pages are, by its path below it; one of another folder by the name of that
    folder and its path below it: `docs_src/first.py`.
    """

    def __init__(self, docs_dir: Path, rules: IngestSettings) -> None:
        self._docs_dir = docs_dir.resolve()
        named = rules.resolved_include_roots
        self._is_off = named == (NO_INCLUDES,)
        others = () if self._is_off else named
        # Within each other the inner one comes first, so that a file has one name whatever the order.
        self._others = sorted((Path(root) for root in others), key=lambda root: (-len(root.parts), root))
        self._excluded = GitIgnoreSpec.from_lines(map(composed, rules.exclude))
        self._max_bytes = rules.max_file_bytes

    def find(self, location: Path) -> FoundFile | Refused:
        """The file that lies there, where it may be read; no symlink is followed, and nothing else is looked at.

        `location` is absolute; `..` in it is taken away by name.
        """
        place = Path(os.path.normpath(location))
        named = self._named(place)
        if named is None:
            return Refused(OUTSIDE)
        prefix, below = named
        path = prefix + below
        if any(part.startswith(".") for part in below.split("/")):
            return Refused("hidden", path)
        if path != without_surrogates(path):
            return Refused("file name is not UTF-8", without_surrogates(path))
        if self._excluded.match_file(composed(path)):
            return Refused("FOOTNOTE_EXCLUDE names it", path)
        try:
            status = place.lstat()
            real = place.resolve(strict=True)
        except (OSError, RuntimeError, ValueError) as error:
            if isinstance(error, FileNotFoundError | NotADirectoryError | ValueError):
                return Refused(MISSING)
            return Refused("unreadable", getattr(error, "strerror", None) or str(error))
        if real != place:
            return Refused("a symlink", path)
        if not stat.S_ISREG(status.st_mode):
            return Refused("not a regular file", path)
        if status.st_size > self._max_bytes:
            return Refused("too large", over_limit(status.st_size, self._max_bytes))
        return FoundFile(path, place, status.st_size, status.st_mtime_ns, status.st_ctime_ns)

    def _named(self, place: Path) -> tuple[str, str] | None:
        """What a file at this place is called: what names its folder, and its path below; None outside of all."""
        if self._is_off:
            return None
        if place.is_relative_to(self._docs_dir):
            return "", place.relative_to(self._docs_dir).as_posix()
        for root in self._others:
            if place.is_relative_to(root):
                return f"{root.name}/", place.relative_to(root).as_posix()
        return None

    def read(self, file: FoundFile) -> bytes | Refused:
        """The bytes of a file that was found, still a regular one and not grown beyond what is allowed."""
        try:
            descriptor = os.open(file.location, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(descriptor, "rb") as opened:
                if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
                    return Refused("not a regular file", file.path)
                raw = opened.read(self._max_bytes + 1)
        except OSError as error:
            return Refused("unreadable", error.strerror or str(error))
        return Refused("too large", file.path) if len(raw) > self._max_bytes else raw


def first_found(roots: Roots, places: Sequence[Path], site_root: Path) -> FoundFile | Refused:
    """The first of the places where a file is that may be read; else why none is.

    That one lies outside of what may be read is said where it is there, which is looked at below the site's own folder
    alone, or where all places are outside.
    """
    refused: list[Refused] = []
    for place in places:
        found = roots.find(place)
        if isinstance(found, FoundFile):
            return found
        if found.reason == OUTSIDE and _is_there(place, site_root):
            return found
        refused.append(found)
    grave = [one for one in refused if one.reason not in (MISSING, OUTSIDE)]
    missing = [one for one in refused if one.reason == MISSING]
    return (grave or missing or refused or [Refused(MISSING)])[0]


def _is_there(place: Path, site_root: Path) -> bool:
    place = Path(os.path.normpath(place))
    try:
        return place.is_relative_to(site_root) and place.is_file()
    except (OSError, ValueError):
        return False
