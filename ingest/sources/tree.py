"""tree: the files of a commit, from git's objects to a folder, byte by byte and without git's checkout.

No filter, attribute, line end or hook changes a byte, so a quote is what the commit has; and no name, link or
submodule of a repository reaches out of the folder.
"""

import errno
import io
import os
import posixpath
import re
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from footnote.app.core.errors import GitSourceError
from footnote.app.core.files import share_file, sync
from footnote.app.core.git_address import GitAddress
from footnote.ingest.sources.git import too_large

_FILES, _LINK, _SUBMODULE = ("100644", "100755", "100664"), "120000", "160000"
_FIRST_BYTES, _AT_ONCE = 4096, 1 << 20
_LFS = b"version https://git-lfs.github.com/spec/"
# Of what lies above the docs, only what says which kind of site it is: see app.core.pages.flavour.
_LEVELS = 3
_BESIDE = ("", "website/", "site/", "www/")
_CONFIGURATION = re.compile(
    r"(\.vitepress/|\.vuepress/|\.gitbook/|config/_default/)?[^/]+\.(ya?ml|toml|json|py|[cm]?[jt]s)$|\.obsidian/[^/]+$"
)
_MOST_SYNCED = 1000  # from so many files on, syncing the whole disk is faster
_LOCKS = ("package-lock.json", "composer.lock", "pnpm-lock.yaml")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file, link or submodule of a commit; `path` may hold what no UTF-8 does, as surrogates."""

    path: str
    mode: str
    blob: str

    @property
    def is_file(self) -> bool:
        """Whether it has bytes of its own, as no link has."""
        return self.mode in _FILES

    @property
    def is_submodule(self) -> bool:
        """Whether another repository is to be there."""
        return self.mode == _SUBMODULE


def entries(listed: bytes) -> list[Entry]:
    """What `git ls-tree -r -z` prints."""
    found = []
    for line in listed.split(b"\0"):
        what, _, path = line.partition(b"\t")
        if path:
            mode, _, blob = what.decode("ascii").split(" ", 2)
            found.append(Entry(os.fsdecode(path), mode, blob))
    return found


def wanted(all_entries: Iterable[Entry], folder: str) -> list[Entry]:
    """The entries of the docs folder, and of what is above it the configuration of a site."""
    if not folder:
        return list(all_entries)
    above = [str(parent) for parent in PurePosixPath(folder).parents][:_LEVELS]
    roots = [("" if parent == "." else f"{parent}/") + beside for parent in above for beside in _BESIDE]

    def is_wanted(path: str) -> bool:
        if path.startswith(f"{folder}/"):
            return True
        return any(path.startswith(root) and _is_configuration(path[len(root) :]) for root in roots)

    return [entry for entry in all_entries if is_wanted(entry.path)]


def _is_configuration(path: str) -> bool:
    return _CONFIGURATION.match(path) is not None and path not in _LOCKS


class Tree:
    """A folder that is filled with the files of one commit.

    Args:
        folder: a new one.
        before: the folder of another commit with what git calls the content of its files, which are shared.
        max_bytes: the most that is written.
        listed: all that the commit has.

    Attributes:
        blobs: what git calls the content of each file that is written.
        left_out: path and reason of what is not; the path of a folder ends with a slash.
    """

    def __init__(
        self,
        folder: Path,
        address: GitAddress,
        before: tuple[Path, Mapping[str, str]] | None,
        max_bytes: int,
        listed: Sequence[Entry] = (),
    ) -> None:
        self._folder = folder
        self._address = address
        self._before = before
        self._max_bytes = max_bytes
        self._listed = listed
        self._folders: set[str] | None = None
        self._links: list[tuple[str, bytes]] = []
        self._written: list[Path] = []
        self.blobs: dict[str, str] = {}
        self.left_out: list[tuple[str, str]] = []

    def shared(self, found: Sequence[Entry]) -> list[Entry]:
        """Begin the folder with the files that the other one has; the entries that it lacks."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        # Where the search for the kind of site ends, and for a repository around this one.
        (self._folder / ".git").touch()
        missing = []
        for entry in found:
            reason = _refused(entry)
            if reason:
                self.left_out.append((entry.path, reason))
            elif not self._share(entry):
                missing.append(entry)
        return missing

    def write(self, missing: Sequence[Entry], contents: "Contents", on_written: Callable[[int, int], None]) -> None:
        """Write the others, links last, so that no file is written through one.

        Raises:
            GitSourceError: it is more than may be written, or git's objects are damaged.
        """
        total = 0
        for done, entry in enumerate(missing, 1):
            total += contents.begin(entry.blob)
            if total > self._max_bytes:
                raise GitSourceError(too_large(self._address, self._max_bytes))
            first = contents.take(_FIRST_BYTES)
            if entry.mode == _LINK:
                self._links.append((entry.path, first))
            elif first.startswith(_LFS):
                self.left_out.append((entry.path, "stored in Git LFS, which is not fetched"))
            else:
                self._write(entry, first, contents)
            contents.end()
            on_written(done, len(missing))
        for path, target in self._links:
            self._link(path, target)

    def sync(self) -> None:
        """Wait until all is on the disk: a tree that is there is taken for whole ever after."""
        if len(self._written) > _MOST_SYNCED:
            os.sync()
            return
        for file in self._written:
            sync(file)
        for root, _, _ in os.walk(self._folder):
            sync(Path(root))

    def _share(self, entry: Entry) -> bool:
        if not self._before or entry.mode == _LINK or self._before[1].get(entry.path) != entry.blob:
            return False
        source, target = self._before[0] / entry.path, self._folder / entry.path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_symlink() or not source.is_file():
                return False
            share_file(source, target)
        except OSError:
            return False
        self.blobs[entry.path] = entry.blob
        return True

    def _write(self, entry: Entry, first: bytes, contents: "Contents") -> None:
        target = self._folder / entry.path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with open(target, "xb") as file:
                file.write(first)
                while more := contents.take(_AT_ONCE):
                    file.write(more)
        except (FileExistsError, NotADirectoryError):
            self.left_out.append((entry.path, "another file has this name on this disk"))
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise
            self.left_out.append((entry.path, f"cannot be written: {error.strerror or error}"))
        else:
            self._written.append(target)
            self.blobs[entry.path] = entry.blob

    def _link(self, path: str, raw: bytes) -> None:
        if not _stays_inside(path, raw):
            self.left_out.append((path, "symlink leaves the repository"))
            return
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), os.fsdecode(raw)))
        docs = self._address.folder
        if docs and path.startswith(f"{docs}/") and not f"{target}/".startswith(f"{docs}/"):
            # What it leads to is not fetched, so a link would only look broken.
            slash = "/" if self._is_folder(target) else ""
            self.left_out.append((path + slash, "symlink leaves the docs folder"))
            return
        with suppress(OSError):  # where the disk knows no links, there is none
            link = self._folder / path
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(os.fsdecode(raw))

    def _is_folder(self, path: str) -> bool:
        """Whether the commit has a folder there, or another repository that is to be one."""
        if self._folders is None:
            self._folders = {entry.path for entry in self._listed if entry.is_submodule} | {"."}
            for entry in self._listed:
                above = posixpath.dirname(entry.path)
                while above and above not in self._folders:
                    self._folders.add(above)
                    above = posixpath.dirname(above)
        return path in self._folders


def _refused(entry: Entry) -> str:
    """Why an entry is not checked out; "" where it is."""
    parts = entry.path.split("/")
    if any(part in ("", ".", "..") or part.casefold() == ".git" for part in parts):
        return "no name that git allows"
    if entry.is_submodule:
        return "submodules are not fetched"
    return "" if entry.mode in (*_FILES, _LINK) else f"of an unknown kind ({entry.mode})"


def _stays_inside(path: str, target: bytes) -> bool:
    """Whether a link leads to a place in the repository, whatever other links it leads through.

    `..` only at its beginning and not beyond the root: each link that is allowed stays inside, so their chains do.
    """
    if not target or target.startswith(b"/") or b"\0" in target:
        return False
    parts = [part for part in target.split(b"/") if part not in (b"", b".")]
    ups = next((place for place, part in enumerate(parts) if part != b".."), len(parts))
    return ups <= path.count("/") and b".." not in parts[ups:]


class Contents:
    """The contents of objects, one after the other, as `git cat-file --batch` prints them."""

    def __init__(self, printed: io.BufferedIOBase) -> None:
        self._printed = printed
        self._left = 0

    def begin(self, blob: str) -> int:
        """The size of the next one, which must be this.

        Raises:
            GitSourceError: it is another one, or none.
        """
        header = self._printed.readline().split()
        if len(header) != 3 or header[0].decode("ascii", "replace") != blob or header[1] != b"blob":
            raise GitSourceError(
                f"git has not all objects of the commit ({blob} is missing): run the ingest again, which fetches the "
                "repository anew"
            )
        self._left = int(header[2])
        return self._left

    def take(self, most: int) -> bytes:
        """Its next bytes; none at its end."""
        taken = self._printed.read(min(most, self._left))
        if len(taken) < min(most, self._left):
            raise GitSourceError("git ended before it had printed all objects of the commit: run the ingest again")
        self._left -= len(taken)
        return taken

    def end(self) -> None:
        """Leave out the rest of it."""
        while self.take(_AT_ONCE):
            pass
        self._printed.readline()
