"""usage_file: the file of sums of each day, as far as an ingest must know it: its tables, and what a purge takes out.

It names pages that were cited. Where a purge promises that what is deleted is gone, their paths go as well.
"""

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from footnote.app.core.errors import UsageLogError
from footnote.app.core.sqlite_file import make_tables, opened, version_of

USAGE_FILE = "usage.sqlite3"
VERSION = 1
TABLES = (
    """CREATE TABLE IF NOT EXISTS answers (
        day TEXT, mode TEXT, model TEXT, outcome TEXT, from_cache INTEGER, answers INTEGER, prompt INTEGER,
        completion INTEGER, reasoning INTEGER, cost_usd REAL, unpriced INTEGER,
        PRIMARY KEY (day, mode, model, outcome, from_cache)
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS latencies (
        day TEXT, step INTEGER, answers INTEGER, PRIMARY KEY (day, step)
    ) WITHOUT ROWID""",
    "CREATE TABLE IF NOT EXISTS cited (day TEXT, path TEXT, answers INTEGER, PRIMARY KEY (day, path)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS purged (generation INTEGER)",
    f"PRAGMA user_version = {VERSION}",
)


@contextmanager
def opened_usage(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection to the file, which must be there; what is not committed is undone.

    Raises:
        UsageLogError: it cannot be opened, used or read.
    """
    with usage_errors(file), opened(file) as connection:
        if version_of(connection) not in (0, VERSION):
            raise UsageLogError(f"{file} is of another version of Footnote: move it away", damaged=True)
        yield connection


@contextmanager
def usage_errors(file: Path) -> Iterator[None]:
    """What goes wrong with the file in the block becomes one error that says what to do.

    Raises:
        UsageLogError: instead of those of sqlite and the system.
    """
    try:
        yield
    except (sqlite3.OperationalError, OSError) as error:
        raise UsageLogError(
            f"{file} cannot be used ({error}): check space and permissions of the index folder"
        ) from error
    except (sqlite3.DatabaseError, ValueError) as error:
        raise UsageLogError(f"{file} is damaged ({error}): remove it, and a new one is begun", damaged=True) from error


def purged_before(connection: sqlite3.Connection) -> int:
    """The generation that the last purge made; what was cited from an earlier one must not be counted any more."""
    row = connection.execute("SELECT max(generation) FROM purged").fetchone()
    return row[0] or 0


def purge_usage(index_dir: Path, generation: int, paths: Collection[str]) -> None:
    """Forget all pages that are not among the paths of the new generation; nothing of them stays in the file.

    Raises:
        UsageLogError: the file cannot be read or written.
    """
    file = index_dir / USAGE_FILE
    if not file.exists():
        return
    with opened_usage(file) as connection:
        connection.execute("BEGIN IMMEDIATE")
        make_tables(connection, TABLES)
        known = {path for (path,) in connection.execute("SELECT DISTINCT path FROM cited")}
        connection.executemany("DELETE FROM cited WHERE path = ?", [[path] for path in known.difference(paths)])
        connection.execute("DELETE FROM purged")
        connection.execute("INSERT INTO purged VALUES (?)", [generation])
        connection.execute("COMMIT")
        connection.execute("VACUUM")
