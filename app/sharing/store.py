"""store: the answers that were saved, in one sqlite file of the index folder.

A client that wants an answer saved gives it back, and it is saved only if the service gave it, word for word: of each
answer that is given, its digest is noted. So nobody can put words into the docs' mouth, and a client can save what it
got from another process of the service, or before a restart. No ingest touches the file. Each write opens it, as
several processes do.
"""

import json
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from footnote.app.access.types import PathLimits
from footnote.app.core.errors import AnswerNotGivenError, AnswerStoreError, SavedAnswerUnknownError
from footnote.app.core.setting_groups import SharingSettings
from footnote.app.core.sqlite_file import make_private, make_tables, opened, version_of
from footnote.app.sharing.digest import digest_of, without_times

ANSWERS = "answers.sqlite3"
MOST_SAVED = 10_000
MOST_GIVEN = 100_000
_ID_BYTES = 16
_DAY_S = 86_400
_VERSION = 1
_TABLES = (
    """CREATE TABLE IF NOT EXISTS saved (
        number INTEGER PRIMARY KEY, id TEXT UNIQUE, digest TEXT UNIQUE, saved_s INTEGER, answer TEXT
    )""",
    "CREATE TABLE IF NOT EXISTS given (number INTEGER PRIMARY KEY, digest TEXT UNIQUE, given_s INTEGER)",
    f"PRAGMA user_version = {_VERSION}",
)


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """One saved answer; `saved_s` is seconds since 1970, UTC, `answer` its JSON without timings."""

    id: str
    saved_s: int
    answer: Mapping[str, Any]


class AnswerStore:
    """The saved answers of one index folder; safe to use from several threads and processes."""

    def __init__(self, index_dir: Path, kept_days: int, clock: Callable[[], float] = time.time) -> None:
        self._file = index_dir / ANSWERS
        self._kept_s = kept_days * _DAY_S
        self._clock = clock

    def note_given(self, answer: Mapping[str, Any], limits: PathLimits | None = None) -> None:
        """Note that the service gave this answer to those who have these limits.

        Raises:
            AnswerStoreError: it cannot be written.
        """
        with self._writing() as connection:
            noted = "INSERT OR REPLACE INTO given (digest, given_s) VALUES (?, ?)"
            number = connection.execute(noted, [digest_of(answer, limits), self._now_s()]).lastrowid
            connection.execute("DELETE FROM given WHERE number <= ?", [(number or 0) - MOST_GIVEN])

    def save(self, answer: Mapping[str, Any], limits: PathLimits | None = None) -> SavedAnswer:
        """Save an answer that the service gave to those who have these limits; the same one is saved once.

        Raises:
            AnswerNotGivenError: it did not, or so long ago that it does not know any more.
            AnswerStoreError: it cannot be written.
        """
        try:
            digest = digest_of(answer, limits)
        except RecursionError:
            digest = ""
        with self._writing() as connection:
            if not connection.execute("SELECT 1 FROM given WHERE digest = ?", [digest]).fetchone():
                raise AnswerNotGivenError(
                    "this is no answer that this service gave, or it was altered, or given too long ago: ask again, "
                    "and send the answer as it came"
                )
            text = json.dumps(without_times(answer), ensure_ascii=False)
            connection.execute(
                "INSERT OR IGNORE INTO saved (id, digest, saved_s, answer) VALUES (?, ?, ?, ?)",
                [secrets.token_hex(_ID_BYTES), digest, self._now_s(), text],
            )
            kept = connection.execute("SELECT id, saved_s, answer FROM saved WHERE digest = ?", [digest]).fetchone()
            return _from_row(kept)

    def read(self, answer_id: str, limits: PathLimits | None = None) -> SavedAnswer:
        """The saved answer of this id; with limits only if it was given under the same ones.

        Raises:
            SavedAnswerUnknownError: there is none, or it is too old.
            AnswerStoreError: the file cannot be read.
        """
        found = self._rows("AND id = ?", [answer_id])
        if limits is not None and found:
            found = self._rows("AND digest = ?", [digest_of(found[0].answer, limits)])
        if not found:
            raise SavedAnswerUnknownError("no answer is saved under this address, or not any more")
        return found[0]

    def all(self) -> list[SavedAnswer]:
        """Every saved answer that is not too old, oldest first.

        Raises:
            AnswerStoreError: the file cannot be read.
        """
        return self._rows("ORDER BY number", [])

    def forget(self, answer_id: str) -> None:
        """Delete a saved answer; nothing of it stays in the file.

        Raises:
            SavedAnswerUnknownError: there is none of this id.
            AnswerStoreError: the file cannot be written.
        """
        self.read(answer_id)
        with self._writing() as connection:
            connection.execute("DELETE FROM saved WHERE id = ?", [answer_id])

    def _rows(self, condition: str, values: list[str]) -> list[SavedAnswer]:
        if not self._file.exists():
            return []
        with self._opened() as connection:
            if version_of(connection) == 0:  # made, and not yet written
                return []
            query = f"SELECT id, saved_s, answer FROM saved WHERE saved_s >= ? {condition}"
            return [_from_row(row) for row in connection.execute(query, [self._oldest_s(), *values])]

    def _now_s(self) -> int:
        return int(self._clock())

    def _oldest_s(self) -> int:
        return self._now_s() - self._kept_s

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A connection in one transaction, which also deletes what is too old or too much."""
        with self._errors():
            make_private(self._file)
        with self._opened() as connection:
            connection.execute("BEGIN IMMEDIATE")
            make_tables(connection, _TABLES)
            yield connection
            for table, time_column in (("saved", "saved_s"), ("given", "given_s")):
                connection.execute(f"DELETE FROM {table} WHERE {time_column} < ?", [self._oldest_s()])
            most = "DELETE FROM saved WHERE number <= (SELECT max(number) FROM saved) - ?"
            connection.execute(most, [MOST_SAVED])
            connection.execute("COMMIT")

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """A connection to the file, which must be there; what is not committed is undone."""
        with self._errors(), opened(self._file) as connection:
            if version_of(connection) not in (0, _VERSION):
                raise AnswerStoreError(f"{self._file} is of another version of Footnote: move it away")
            yield connection

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, ValueError) as error:
            raise AnswerStoreError(
                f"{self._file} cannot be used ({error}): check space and permissions of the index folder, or delete it "
                "and lose the saved answers"
            ) from error


def make_answer_store(index_dir: Path, sharing: SharingSettings) -> AnswerStore | None:
    """The store that the settings ask for; None when no answer is to be saved."""
    return AnswerStore(index_dir, sharing.days) if sharing.save else None


def _from_row(row: tuple[str, int, str]) -> SavedAnswer:
    answer_id, saved_s, answer = row
    return SavedAnswer(answer_id, saved_s, json.loads(answer))
