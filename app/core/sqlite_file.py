"""sqlite_file: a database of one file that several processes write, each for as long as one write takes."""

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

BUSY_S = 2.0  # a write takes a millisecond, deleting a full file a tenth of a second


def make_private(file: Path) -> None:
    """Make the file, if it is not there, for its owner alone; sqlite gives its journal the rights of the file.

    It is an empty database and never a file of no bytes: beside the first writer of such a one, sqlite takes the
    journal for one that was left behind, and whoever else opens the file then fails.

    Raises:
        OSError, sqlite3.Error: it cannot be made.
    """
    if file.exists():
        return
    draft = file.with_name(f".{file.name}-{os.getpid()}-{threading.get_ident()}.new")
    draft.unlink(missing_ok=True)
    os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), 0o600))
    try:
        with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
            connection.execute("PRAGMA user_version = 0")
        _give_name(draft, file)
    finally:
        draft.unlink(missing_ok=True)


def _give_name(draft: Path, file: Path) -> None:
    """Let the file be what the draft is, unless another process was faster."""
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    except OSError:  # where the file system has no hard links, a file of no bytes is better than none
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600))


@contextmanager
def opened(file: Path, busy_s: float | None = None) -> Iterator[sqlite3.Connection]:
    """A connection to the file, which must be there; what is deleted leaves nothing, what is not committed is undone.

    `busy_s` is how long another writer is waited for.

    Raises:
        sqlite3.Error: it cannot be opened or used.
    """
    uri = f"{file.absolute().as_uri()}?mode=rw"
    with closing(
        sqlite3.connect(uri, timeout=BUSY_S if busy_s is None else busy_s, isolation_level=None, uri=True)
    ) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        yield connection


def version_of(connection: sqlite3.Connection) -> int:
    """The version that the file states; 0 where nothing was written."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def make_tables(connection: sqlite3.Connection, statements: Iterable[str]) -> None:
    """Run the statements where the file has no tables yet; within a transaction that can write.

    One of them states the version of the file.
    """
    if version_of(connection) == 0:
        for statement in statements:
            connection.execute(statement)


def copy_database(source: Path, target: Path) -> None:
    """Copy a database as it is at one moment, whoever writes it; the new file is its owner's alone.

    In one step: a writer waits, and a copy in many steps would begin again at each write.

    Raises:
        sqlite3.Error, OSError: it cannot be read or written.
    """
    os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), 0o600))
    # Not read-only: what a killed writer left must be undone first.
    uri = f"{source.absolute().as_uri()}?mode=rw"
    with closing(sqlite3.connect(uri, timeout=BUSY_S, uri=True)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)
