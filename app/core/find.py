"""find: the markdown files below a docs folder, and what was left out."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pathspec import GitIgnoreSpec

from footnote.app.core.errors import DocsFolderError, SettingsError
from footnote.app.core.git_address import address_meant, is_of_checkout
from footnote.app.core.text.unicode import composed, without_surrogates
from footnote.app.core.types import Lost, Skip

IGNORE_FILES = (".gitignore", ".footnoteignore")


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A markdown file below the docs folder.

    `path` is relative to the folder, with forward slashes; `location` is where it lies.
    """

    path: str
    location: Path
    size_bytes: int
    mtime_ns: int
    ctime_ns: int


def find_files(
    docs_dir: Path, include: Sequence[str], exclude: Sequence[str], max_bytes: int
) -> tuple[list[FoundFile], list[Skip]]:
    """Files in path order, and what was skipped although its name matched.

    Hidden files and folders, and what `.gitignore` and `.footnoteignore` files name, are left out
    without a word, as git does. Symlinks are followed while they stay inside the folder.

    Raises:
        DocsFolderError: see `require_docs_folder`.
        SettingsError: a pattern of `exclude` is malformed.
    """
    require_docs_folder(docs_dir)
    walk = _Walk(docs_dir.resolve(), include, exclude, max_bytes)
    files = sorted(walk.folder(docs_dir, "", [], frozenset()), key=lambda file: file.path)
    return files, sorted(walk.skips, key=lambda skip: skip.path)


def require_docs_folder(docs_dir: Path) -> None:
    """Refuse what cannot be a docs folder.

    Raises:
        DocsFolderError: the folder is missing, not a folder, or cannot be listed.
    """
    try:
        exists = docs_dir.exists()
    except OSError as error:
        raise DocsFolderError(f"the docs folder {docs_dir} cannot be looked at: {error.strerror}") from error
    if not exists and is_of_checkout(docs_dir):
        raise DocsFolderError(f"{docs_dir} is not checked out: run `footnote ingest`, which fetches the repository")
    meant = "" if exists else address_meant(docs_dir)
    if meant:
        raise DocsFolderError(f"an address of a Git repository begins with git+ where docs are named: write {meant}")
    if not exists:
        raise DocsFolderError(
            f"the docs folder {docs_dir} does not exist; name one with `footnote ingest DIR` or FOOTNOTE_DOCS_DIR"
        )
    if not docs_dir.is_dir():
        raise DocsFolderError(f"{docs_dir} is a file; name the folder that holds it")
    if not os.access(docs_dir, os.R_OK | os.X_OK):
        raise DocsFolderError(f"the docs folder {docs_dir} cannot be listed: permission denied")
    if (docs_dir / "HEAD").is_file() and (docs_dir / "objects").is_dir() and (docs_dir / "refs").is_dir():
        raise DocsFolderError(f"{docs_dir} is a Git repository without files: write git+{docs_dir.resolve()}")


def over_limit(size_bytes: int, max_bytes: int) -> str:
    """How large a file is and may be, both in the unit of the setting and exact to the byte."""
    size_mb, max_mb = (f"{size / 10**6:,.6f}".rstrip("0").rstrip(".") for size in (size_bytes, max_bytes))
    return f"{size_mb} MB; FOOTNOTE_MAX_FILE_MB allows {max_mb}"


def why_unread(path: str, include: Sequence[str], exclude: Sequence[str]) -> str:
    """Why the patterns leave a path out; "" where they do not. Ignore files are not looked at."""
    walk = _Walk(Path(), include, exclude, 0)
    if any(name.startswith(".") for name in path.split("/")):
        return "hidden files and folders are not read"
    if walk.excluded(path):
        return "FOOTNOTE_EXCLUDE names it"
    return "" if walk.included(path) else f"FOOTNOTE_INCLUDE names no such file ({', '.join(include)})"


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link in a circle
        return False


class _Walk:
    def __init__(self, root: Path, include: Sequence[str], exclude: Sequence[str], max_bytes: int) -> None:
        self.root = root
        # A leading slash anchors a pattern at the docs folder: `**/*.md` and `guides/*.md` mean what they say.
        self.include = GitIgnoreSpec.from_lines("/" + composed(pattern).lstrip("/") for pattern in include)
        try:
            self.exclude = GitIgnoreSpec.from_lines(map(composed, exclude))
        except (ValueError, re.error) as error:
            raise SettingsError(f"FOOTNOTE_EXCLUDE: not a pattern as in .gitignore: {error}") from error
        self.max_bytes = max_bytes
        self.skips: list[Skip] = []

    def folder(
        self, location: Path, path: str, ignores: list[tuple[str, GitIgnoreSpec]], above: frozenset[Path]
    ) -> Iterator[FoundFile]:
        real = location.resolve()
        above = above | {real}
        try:
            with os.scandir(location) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
            ignores = ignores + self._ignore_files(location, path)
        except OSError as error:
            self._skip(path, "unreadable folder", error.strerror or str(error), "folder")
            return
        for entry in listed:
            if entry.name.startswith("."):
                continue
            entry_path = f"{path}/{entry.name}" if path else entry.name
            if entry.is_symlink() and not self._link_may_be_followed(entry, entry_path, above, ignores):
                continue
            is_folder = entry.is_dir()
            if self._ignored(entry_path + "/" * is_folder, ignores):
                continue
            if is_folder:
                yield from self.folder(Path(entry.path), entry_path, ignores, above)
            elif self.included(entry_path):
                yield from self._file(entry, entry_path)

    def included(self, path: str) -> bool:
        """Whether a pattern names the path, with its ending in any case: `README.MD` is markdown too."""
        path = composed(path)
        stem, ending = os.path.splitext(path)
        return self.include.match_file(path) or self.include.match_file(stem + ending.lower())

    def excluded(self, path: str) -> bool:
        """Whether FOOTNOTE_EXCLUDE names the path."""
        return self.exclude.match_file(composed(path))

    def _file(self, entry: os.DirEntry[str], path: str) -> Iterator[FoundFile]:
        try:
            path.encode()
        except UnicodeEncodeError:
            self._skip(path, "file name is not UTF-8")
            return
        try:
            if not entry.is_file():
                self._skip(path, "not a regular file")
                return
            status = entry.stat()
        except OSError as error:
            self._skip(path, "unreadable", error.strerror or str(error))
            return
        if status.st_size > self.max_bytes:
            self._skip(path, "too large", over_limit(status.st_size, self.max_bytes))
            return
        yield FoundFile(path, Path(entry.path), status.st_size, status.st_mtime_ns, status.st_ctime_ns)

    def _skip(self, path: str, reason: str, detail: str = "", lost: Lost = "page") -> None:
        # A name that is not UTF-8 holds surrogates, which no manifest stores.
        self.skips.append(Skip(without_surrogates(path), reason, detail, lost))

    def _link_may_be_followed(
        self,
        entry: os.DirEntry[str],
        path: str,
        above: frozenset[Path],
        ignores: list[tuple[str, GitIgnoreSpec]],
    ) -> bool:
        lost: Lost = "page"
        try:
            target = Path(entry.path).resolve(strict=True)
        except (OSError, RuntimeError):
            reason = "symlink is broken or loops"
        else:
            if not target.is_relative_to(self.root):
                reason = "symlink leaves the docs folder"
                lost = "folder" if _is_folder(entry) else "page"
            elif target in above:
                reason = "symlink is broken or loops"
            else:
                return True
        markdown_or_folder = self.included(path) or _is_folder(entry)
        if markdown_or_folder and not self._ignored(path, ignores):
            self._skip(path, reason, lost=lost)
        return False

    def _ignore_files(self, location: Path, path: str) -> list[tuple[str, GitIgnoreSpec]]:
        found = []
        for name in IGNORE_FILES:
            file = location / name
            if file.is_file() and file.resolve().is_relative_to(self.root):
                try:
                    lines = composed(file.read_text("utf-8-sig")).splitlines()  # git, too, drops a byte order mark
                    found.append((path, GitIgnoreSpec.from_lines(lines)))
                except (OSError, ValueError) as error:
                    self._skip(f"{path}/{name}".lstrip("/"), "ignore file not read", str(error), "patterns")
        return found

    def _ignored(self, path: str, ignores: list[tuple[str, GitIgnoreSpec]]) -> bool:
        if self.excluded(path):
            return True
        path = composed(path)
        # The innermost ignore file that has a matching pattern decides, as in git.
        for folder, spec in reversed(ignores):
            below = path[len(composed(folder)) + 1 :] if folder else path
            decided = spec.check_file(below).include
            if decided is not None:
                return decided
        return False
