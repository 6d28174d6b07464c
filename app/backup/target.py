"""target: where an archive is, by the address that a user writes."""

import re
import time
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Protocol

from footnote.app.backup.encryption import Identities, Recipients
from footnote.app.backup.file_target import FileTarget
from footnote.app.backup.object_target import ObjectTarget
from footnote.app.core.errors import SettingsError
from footnote.app.objects.open import open_objects

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:/")


class Target(Protocol):
    """Where an archive is written, whole or not at all, and read."""

    @property
    def address(self) -> str:
        """As the user wrote it, for messages."""

    def is_there(self) -> bool:
        """Whether something is there already."""

    def write(self, parts: Iterable[bytes], recipients: Recipients | None) -> int:
        """How many bytes were written."""

    def read(self, identities: Identities | None) -> Generator[bytes]:
        """The archive's bytes, decrypted."""


def open_target(address: str, new_name: str | None = None) -> Target:
    """The target; nothing is asked or made yet.

    Args:
        address: a file, or `s3://bucket/key`, or `file:/folder/key` for parts in a folder.
        new_name: what the archive is called where the address is a folder, or ends with a slash.

    Raises:
        SettingsError: it is none of these, or needs an extra that is not installed.
    """
    is_folder = address.endswith("/") or (not _ADDRESS.match(address) and Path(address).is_dir())
    if is_folder:
        if new_name is None:
            raise SettingsError(f"{address} is a folder: name the backup in it")
        address = f"{address.rstrip('/')}/{new_name}"
    if not _ADDRESS.match(address):
        return FileTarget(Path(address))
    parent, _, key = address.rpartition("/")
    if not key or parent.endswith(":/") or parent.endswith(":"):
        raise SettingsError(f"{address} names no backup: write s3://bucket/key")
    return ObjectTarget(open_objects(parent, private=True), key)


def name_of_today(generation: int, is_encrypted: bool, collection: str = "") -> str:
    """`footnote-20261127T071000Z-g12.tar.gz`, of a collection `footnote-handbook-...`: in the order of their times."""
    now = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    of = f"{collection}-" if collection else ""
    return f"footnote-{of}{now}-g{generation}.tar.gz{'.age' if is_encrypted else ''}"
