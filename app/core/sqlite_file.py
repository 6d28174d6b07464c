"""sqlite_file: a database of one file that several processes write, each for as long as one write takes."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

_BUSY_S = 2.0  # a write takes a millisecond, deleting a full file a tenth of a second


def make_private(file: Path) -> None:
    """Make the file, if it is not there, for its owner alone; sqlite gives its journal the rights of the file.

    Raises:
        OSError: it cannot be made.
    """
    os.close(os.open(file, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600))


@contextmanager
def opened(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection to the file, which must be there; what is deleted leaves nothing, what is not committed is undone.

    Raises:
        sqlite3.Error: it cannot be opened or used.
    """
    uri = f"{file.absolute().as_uri()}?mode=rw"
    with closing(sqlite3.connect(uri, timeout=_BUSY_S, isolation_level=None, uri=True)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        yield connection


def version_of(connection: sqlite3.Connection) -> int:
    """The version that the file states; 0 where nothing was written."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
