"""file_target: an archive as a file of this machine."""

import errno
import os
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from footnote.app.backup.contents import PARTS_MARK
from footnote.app.backup.encryption import MAGIC, Identities, Recipients
from footnote.app.core.errors import BackupError
from footnote.app.core.files import sync

_READ_BYTES = 2**20
_DRAFT = ".part"


class FileTarget:
    """A file; it is there whole or not at all, and its owner's alone."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.address = str(file)

    def is_there(self) -> bool:
        return os.path.lexists(self._file)

    def write(self, parts: Iterable[bytes], recipients: Recipients | None) -> int:
        """How many bytes the file has.

        Raises:
            BackupError: it cannot be written; nothing is left of it.
        """
        draft = self._file.with_name(f".{self._file.name}.{os.getpid()}{_DRAFT}")
        try:
            with self._errors("written"):
                descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(descriptor, "wb") as opened, self._errors("written"):
                if recipients:
                    recipients.encrypt_into(parts, opened)
                else:
                    opened.writelines(parts)
                opened.flush()
                os.fsync(opened.fileno())
                size = opened.tell()
            with self._errors("written"):
                draft.replace(self._file)
                with suppress(OSError):  # it is written: an error here must not say that it is not
                    sync(self._file.parent)
            return size
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)

    def read(self, identities: Identities | None) -> Generator[bytes]:
        """The archive's bytes, decrypted.

        Raises:
            BackupError: it cannot be read or is no archive, or a key is missing.
        """
        pieces = self._pieces()
        first = next(pieces, b"")
        together = _again(first, pieces)
        if first.startswith(b"{") and PARTS_MARK in first:
            raise BackupError(
                f"{self._file} is the list of a backup in parts: name it file:{self._file.absolute()}, with "
                f"{self._file.name}.parts beside it"
            )
        if first.startswith(MAGIC):
            if identities is None:
                raise BackupError(f"{self._file} is encrypted: name the file of the private key with --identity")
            yield from identities.decrypted(together)
        else:
            yield from together

    def _pieces(self) -> Iterator[bytes]:
        with self._errors("read"), self._file.open("rb") as opened:
            while piece := opened.read(_READ_BYTES):
                yield piece

    @contextmanager
    def _errors(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            fix = "make room" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "check the path and its permissions"
            raise BackupError(f"{self._file} cannot be {what} ({error.strerror or error}): {fix}") from error


def _again(first: bytes, others: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from others
