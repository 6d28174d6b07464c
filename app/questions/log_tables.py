"""The tables of the question log, and how a file of an older version becomes one of the newest.

Version 2 added when a question was dismissed. A write brings a file up to date; reading works without.
"""

import sqlite3

from footnote.app.core.sqlite_file import version_of

_VERSION = 2
_TABLES = (
    """CREATE TABLE IF NOT EXISTS questions (
        id INTEGER PRIMARY KEY, asked_s INTEGER, kind TEXT, question TEXT, refused_by TEXT, reason TEXT,
        generation INTEGER, mode TEXT, model TEXT, nearest TEXT, answer TEXT, comment TEXT, dismissed_s INTEGER
    )""",
    "CREATE INDEX IF NOT EXISTS asked ON questions (asked_s)",
    f"PRAGMA user_version = {_VERSION}",
)
# From each older version to the newest.
_UPGRADES = {1: ("ALTER TABLE questions ADD COLUMN dismissed_s INTEGER", f"PRAGMA user_version = {_VERSION}")}
KNOWN = (0, *_UPGRADES, _VERSION)  # 0: made, and not yet written


def bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Make the tables, or add what they lack; within a transaction that can write."""
    version = version_of(connection)
    for statement in _TABLES if version == 0 else _UPGRADES.get(version, ()):
        connection.execute(statement)
