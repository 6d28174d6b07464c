"""file: the table of keys in the index folder, and its rows."""

import datetime
import json
import os
import shlex
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from footnote.app.access.keys.types import PREFIX, Key
from footnote.app.access.rules import as_scopes
from footnote.app.access.types import Grant
from footnote.app.core.errors import KeyStoreError, SettingsError
from footnote.app.core.sqlite_file import version_of

KEYS_FILE = "keys.sqlite3"
VERSION = 1
TABLES = (
    """CREATE TABLE IF NOT EXISTS keys (
        number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, name TEXT NOT NULL, sha256 TEXT UNIQUE NOT NULL,
        first TEXT NOT NULL, last TEXT NOT NULL, scopes TEXT NOT NULL, collections TEXT, paths TEXT, origins TEXT,
        created_s INTEGER NOT NULL, expires_s INTEGER, revoked_s INTEGER, last_used TEXT
    )""",
    f"PRAGMA user_version = {VERSION}",
)
_COLUMNS = (
    "id, name, sha256, first, last, scopes, collections, paths, origins, created_s, expires_s, revoked_s, last_used"
)
READ = f"SELECT {_COLUMNS} FROM keys ORDER BY number"
_READ_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
_SHOWN_TABLES = 3
_OF_ANOTHER_TABLE = ("no such table", "no such column")
_MOVE = "move it away, or name another folder for keys with FOOTNOTE_KEYS_DIR"
INSERT = f"INSERT INTO keys ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


@contextmanager
def key_errors(file: Path) -> Iterator[None]:
    """What goes wrong with the file in the block becomes one error that says what to do.

    Raises:
        KeyStoreError: instead of those of sqlite and the system.
    """
    try:
        yield
    except (sqlite3.OperationalError, OSError) as error:
        if str(error).startswith(_OF_ANOTHER_TABLE):
            raise KeyStoreError(f"{file} is no file of keys ({error}): {_MOVE}") from error
        raise KeyStoreError(
            f"{file} cannot be used ({error}): check space and permissions of the index folder"
        ) from error
    except sqlite3.DatabaseError as error:
        raise KeyStoreError(
            f"{file} is damaged ({error}): restore it from a backup, or move it away and create the keys anew"
        ) from error


def read_keys(connection: sqlite3.Connection, file: Path) -> list[Key]:
    """All keys of the file, oldest first.

    Raises:
        KeyStoreError: another version of Footnote wrote it, or another program.
        sqlite3.Error: it cannot be read, or is damaged.
    """
    require_keys(connection, file)
    if version_of(connection) == 0:  # made, and not yet written
        return []
    rows = connection.execute(READ).fetchall()
    try:
        return [_from_row(row) for row in rows]
    except (ValueError, TypeError, AttributeError, SettingsError) as error:
        raise sqlite3.DatabaseError(str(error)) from error


def require_keys(connection: sqlite3.Connection, file: Path) -> None:
    """Refuse a file that this version cannot read.

    Raises:
        KeyStoreError: another version of Footnote wrote it, or another program.
        sqlite3.Error: it cannot be read, or is damaged.
    """
    tables = [name for (name,) in connection.execute(_READ_TABLES)]
    if tables and "keys" not in tables:
        some = ", ".join(tables[:_SHOWN_TABLES])
        raise KeyStoreError(f"{file} is another SQLite database, with the tables {some}: {_MOVE}")
    version = version_of(connection)
    if version not in (0, VERSION):
        raise KeyStoreError(f"{file} is of another version of Footnote: use that one, or move the file away")


def to_row(key: Key) -> list[object]:
    """The values of `INSERT`."""
    limits = [
        None if limit is None else json.dumps(sorted(limit), ensure_ascii=False)
        for limit in (key.grant.collections, key.grant.paths, key.origins)
    ]
    first, _, last = key.shown.removeprefix(PREFIX).partition("…")
    day = None if key.last_used is None else key.last_used.isoformat()
    scopes = " ".join(sorted(key.grant.scopes))
    times = [key.created_s, key.expires_s, key.revoked_s, day]
    return [key.id, key.name, key.sha256, first, last, scopes, *limits, *times]


def _from_row(row: tuple[Any, ...]) -> Key:
    key_id, name, sha256, first, last, scopes, collections, paths, origins, created_s, expires_s, revoked_s, day = row
    if not scopes:
        raise ValueError(f"the key {key_id} has no scopes")
    return Key(
        key_id,
        name,
        sha256,
        shown(first, last),
        Grant(as_scopes(scopes.split()), _limit(collections), _limit(paths)),
        _limit(origins),
        created_s,
        expires_s,
        revoked_s,
        None if day is None else datetime.date.fromisoformat(day),
    )


def shown(first: str, last: str) -> str:
    """A key of which only the ends are known."""
    return f"{PREFIX}{first}…{last}"


def _limit(text: str | None) -> frozenset[str] | None:
    """What a column of names holds; None for no limit, which nothing else may become."""
    if text is None:
        return None
    names = json.loads(text)
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError("a limit is no list of names")
    return frozenset(names)


def open_to_others(folder: Path) -> str | None:
    """What is wrong with the rights of the file of keys, and how to mend it; None where its owner alone has some."""
    file = folder / KEYS_FILE
    try:
        mode = file.stat().st_mode
    except OSError:
        return None
    others = stat.S_IRGRP | stat.S_IWGRP | stat.S_IROTH | stat.S_IWOTH
    if os.name != "posix" or not mode & others:
        return None
    return f"{file} is open to other users (mode {stat.S_IMODE(mode):o}): run `chmod 600 {shlex.quote(str(file))}`"
