"""current: the keys of a file as they are now, read again only once somebody has changed it.

Each process keeps a connection open, as sqlite tells by one what others have written: a revoked key is refused at the
next request in all of them. The time of the file would not tell: two writes may have the same.
"""

import os
import sqlite3
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from footnote.app.access.keys.file import key_errors, read_keys
from footnote.app.access.keys.types import Key
from footnote.app.core.sqlite_file import BUSY_S


class CurrentKeys:
    """The keys of one file; safe to use from several threads."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._identity: tuple[int, int] | None = None
        self._version: int | None = None
        self._keys: Mapping[str, Key] = {}

    def by_hash(self) -> Mapping[str, Key]:
        """Every key by its SHA-256 in hex, the oldest first; none where there is no file.

        Raises:
            KeyStoreError: the file cannot be read.
        """
        with self._lock, key_errors(self._file):
            try:
                self._update()
            except BaseException:
                self._leave()
                raise
            return self._keys

    def close(self) -> None:
        """Close the file; it is opened again where keys are asked for."""
        with self._lock:
            self._leave()

    def _update(self) -> None:
        try:
            status = os.stat(self._file)
        except FileNotFoundError:
            self._leave()
            return
        identity = (status.st_dev, status.st_ino)
        if self._connection is None or identity != self._identity:  # a restore has put another file in its place
            self._leave()
            uri = f"{self._file.absolute().as_uri()}?mode=rw"  # not read-only: see `copy_database`
            self._connection = sqlite3.connect(
                uri, timeout=BUSY_S, isolation_level=None, uri=True, check_same_thread=False
            )
            self._identity = identity
        # Asked for before the keys are read: what is written in between makes it another one the next time.
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if version != self._version:
            self._keys = {key.sha256: key for key in read_keys(self._connection, self._file)}
            self._version = version

    def _leave(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
        self._connection = self._identity = self._version = None
        self._keys = {}
