"""Objects as files of a folder, which may be a network's."""

import errno
import os
import stat
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from footnote.app.core.errors import ObjectMissingError, ObjectStoreError
from footnote.app.core.files import sync
from footnote.app.objects.protocol import PIECE_BYTES, Found, checked_name

_DRAFTS = ".writing"  # no name of an object begins with a dot
_DRAFT_LIVES_S = 86_400.0  # what is older was left behind by a writer that died; a guess
_TURNS = 5  # an empty folder may be removed by one process while another writes into it


class Directory:
    """A folder; it is made at the first writing. Where it is `private`, what is written is its owner's alone."""

    def __init__(self, root: Path, address: str | None = None, private: bool = False) -> None:
        self.root = root
        self._mode = 0o600 if private else 0o666  # less what the umask forbids
        self._address = address or str(root)

    @property
    def address(self) -> str:
        return self._address

    def read(self, name: str) -> Iterator[bytes]:
        file = self._file(name)
        with self._errors("read"):
            try:
                # A pipe of that name would keep its reader waiting for ever, and a link lead anywhere.
                descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            except OSError as error:
                if error.errno in (errno.ENOENT, errno.ENOTDIR) and not self._file_in_the_way():
                    raise ObjectMissingError(f"{self._address} has no {name}") from error
                raise
            with os.fdopen(descriptor, "rb", buffering=0) as opened:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise ObjectStoreError(f"{file} is no file: remove it")
                while piece := opened.read(PIECE_BYTES):
                    yield piece

    def write(self, name: str, content: bytes | Iterable[bytes]) -> None:
        file = self._file(name)
        with self._errors("written"):
            drafts = self.root / _DRAFTS
            drafts.mkdir(parents=True, exist_ok=True)
            draft = drafts / uuid4().hex
        try:
            with self._errors("written"):
                descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, self._mode)
            with open(descriptor, "wb") as opened:
                for piece in [content] if isinstance(content, bytes) else content:
                    with self._errors("written"):
                        opened.write(piece)
                with self._errors("written"):
                    opened.flush()
                    os.fsync(opened.fileno())
            with self._errors("written"):
                _move(draft, file)
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)

    def size(self, name: str) -> int | None:
        file = self._file(name)
        with self._errors("read"):
            try:
                status = file.lstat()
            except (FileNotFoundError, NotADirectoryError):
                if self._file_in_the_way():
                    raise
                return None
        return status.st_size if stat.S_ISREG(status.st_mode) else None

    def found(self, folder: str = "") -> Iterator[Found]:
        root = self._file(folder) if folder else self.root
        for parent, folders, names in os.walk(root, onerror=self._refuse):
            folders[:] = [one for one in folders if not one.startswith(".")]
            for name in names:
                file = Path(parent, name)
                with suppress(FileNotFoundError):
                    status = file.lstat()
                    if stat.S_ISREG(status.st_mode) and not name.startswith("."):
                        relative = file.relative_to(self.root).as_posix()
                        yield Found(relative, status.st_size, status.st_mtime)

    def delete(self, names: Iterable[str]) -> None:
        with self._errors("written"):
            for name in names:
                file = self._file(name)
                file.unlink(missing_ok=True)
                with suppress(OSError):  # others are in it
                    file.parent.rmdir()
            self._forget_drafts()

    def prefetch(self, names: Collection[str]) -> None:
        pass

    def flush(self) -> None:
        pass

    def _forget_drafts(self) -> None:
        before = time.time() - _DRAFT_LIVES_S
        for draft in (self.root / _DRAFTS).glob("*"):
            with suppress(FileNotFoundError):
                if draft.stat().st_mtime < before:
                    draft.unlink()

    def _refuse(self, error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):  # such a folder was removed meanwhile, or never there
            raise self._failure("read", error) from error

    def _file(self, name: str) -> Path:
        return self.root / checked_name(name)

    @contextmanager
    def _errors(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._failure(what, error) from error

    def _failure(self, what: str, error: OSError) -> ObjectStoreError:
        file = self._file_in_the_way()
        if file:
            return ObjectStoreError(f"{self._address} cannot be {what}: {file} is a file; name a folder")
        fix = "check space and permissions" if what == "written" else "check permissions"
        return ObjectStoreError(f"{self._address} cannot be {what} ({error}): {fix}")

    def _file_in_the_way(self) -> Path | None:
        """What is no folder where one must be: the root, or one above it."""
        there = next((path for path in (self.root, *self.root.parents) if os.path.exists(path)), None)
        return None if there is None or os.path.isdir(there) else there


def _move(draft: Path, file: Path) -> None:
    for turn in range(_TURNS):
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            draft.replace(file)
        except FileNotFoundError:
            if turn == _TURNS - 1:
                raise
        else:
            with suppress(OSError):  # it is written: an error here must not say that it is not
                sync(file.parent)
            return
