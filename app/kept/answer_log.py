"""answer_log: the answers that are kept, in one sqlite file of the index folder.

As the log of questions it is opened for each write, as several processes do, with a rollback journal and not a WAL, in
which deleted answers would stay. No ingest touches it but one that purges.
"""

import json
import logging
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields, is_dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from footnote.app.answering.defang import without_markup
from footnote.app.core.errors import AnswerLogError
from footnote.app.core.setting_groups import KeptAnswerSettings
from footnote.app.core.sqlite_file import make_private, make_tables, version_of
from footnote.app.core.text.unicode import without_surrogates
from footnote.app.core.types import Answer
from footnote.app.index.kept_file import KEPT_ANSWERS, TABLES, opened_answers, was_purged
from footnote.app.kept.rows import KeptAnswer, PromptForm, Selection, kept_answer

log = logging.getLogger(__name__)

MOST_ROWS = 20_000  # a few kilobytes each; a round number
EVERY = Selection()
_DAY_S = 86_400
_BATCH = 200  # rows that are read at once, so that nobody who writes waits for a reader
# A client may send the beginning of a long answer alone: 4,000 units of UTF-16, which are at least so many characters.
_CUT_CHARS = 1_900
_COLUMNS = tuple(field.name for field in fields(KeptAnswer))
_WRITTEN = tuple(name for name in _COLUMNS if name != "id")
_NAMES = ", ".join(_COLUMNS)
_ROW: TypeAdapter[KeptAnswer] = TypeAdapter(KeptAnswer)
_AS_JSON = ("passages", "sentences", "citations", "dropped", "premises", "tokens", "feedback")


class AnswerLog:
    """The kept answers of one index folder; safe to use from several threads and processes."""

    def __init__(self, index_dir: Path, kept_days: int, clock: Callable[[], float] = time.time) -> None:
        self._file = index_dir / KEPT_ANSWERS
        self._kept_s = kept_days * _DAY_S
        self._clock = clock
        self._warned = False

    def keep(self, answer: Answer, prompt: PromptForm = "full", from_cache: bool = False) -> None:
        """Keep an answer that was given; what cannot be written is lost with one warning: no answer may fail for it."""
        try:
            self._write(kept_answer(answer, self._now_s(), prompt, from_cache))
            self._warned = False
        except AnswerLogError as error:
            if not self._warned:
                log.warning("an answer is not kept: %s", error)
            self._warned = True

    def keep_word(self, question: str, helpful: bool, answer: str | None = None, comment: str | None = None) -> bool:
        """Whether there is an answer that a reader's word is about; it is kept beside the newest of them.

        That is an answer to the question, as it was asked or read, with this text. Without a text it is clear only
        where no two texts were given. A later word on an answer takes the place of an earlier one.

        Raises:
            AnswerLogError: it cannot be written.
        """
        if not self._file.exists():
            return False
        word = _json({"helpful": helpful, "comment": comment, "given_s": self._now_s()})
        with self._writing() as connection:
            given = connection.execute(
                "SELECT id, text FROM answers WHERE ? IN (question, asked_as) AND asked_s >= ? ORDER BY id DESC",
                [question, self._oldest_s()],
            ).fetchall()
            if answer is None:
                found = given if len({text for _, text in given}) == 1 else []
            else:
                found = [row for row in given if _is_text(answer, row[1])]
            if found:
                connection.execute("UPDATE answers SET feedback = ? WHERE id = ?", [word, found[0][0]])
        return bool(found)

    def read(self, selection: Selection = EVERY, newest_first: bool = False) -> Iterator[KeptAnswer]:
        """The selected answers that are not too old, oldest first unless told; none where there is no file.

        Raises:
            AnswerLogError: the file cannot be read.
        """
        seen: int | None = None
        while rows := self._batch(selection.since_s, seen, newest_first):
            seen = rows[-1].id
            yield from filter(selection.takes, rows)

    def get(self, answer_id: int) -> KeptAnswer | None:
        """The answer of this id; None where there is none, or it is too old.

        Raises:
            AnswerLogError: the file cannot be read.
        """
        rows = self._batch(0, answer_id - 1, newest_first=False, most=1)
        return rows[0] if rows and rows[0].id == answer_id else None

    def delete(self, ids: Iterable[int]) -> int:
        """How many of these were there and are deleted; nothing of them stays in the file.

        Raises:
            AnswerLogError: the file cannot be written.
        """
        return self._delete("id = ?", [[answer_id] for answer_id in ids])

    def delete_before(self, before_s: float) -> int:
        """How many were asked before then and are deleted; as `delete`."""
        return self._delete("asked_s < ?", [[before_s]])

    def clear(self) -> int:
        """How many were deleted, which are all; a file that is none of kept answers is removed.

        Raises:
            AnswerLogError: the file cannot be written.
        """
        try:
            return self._delete("id > ?", [[0]])
        except AnswerLogError as error:
            if not error.damaged:
                raise
            with self._errors():
                # The journal first: it would be rolled back into a new file.
                for file in (self._file.with_name(f"{KEPT_ANSWERS}-journal"), self._file):
                    file.unlink(missing_ok=True)
            return 0

    def _delete(self, condition: str, values: list[list[Any]]) -> int:
        if not self._file.exists():
            return 0
        with self._writing() as connection:
            deleted = connection.executemany(f"DELETE FROM answers WHERE {condition}", values).rowcount
        with opened_answers(self._file) as connection:
            connection.execute("VACUUM")
        return max(0, deleted)

    def _batch(self, since_s: float, seen: int | None, newest_first: bool, most: int = _BATCH) -> list[KeptAnswer]:
        if not self._file.exists():
            return []
        way, order = ("<", "DESC") if newest_first else (">", "ASC")
        further = "" if seen is None else f"AND id {way} {int(seen)}"
        query = f"SELECT {_NAMES} FROM answers WHERE asked_s >= ? {further} ORDER BY id {order} LIMIT ?"
        with opened_answers(self._file) as connection:
            if version_of(connection) == 0:  # made, and not yet written
                return []
            return [_from_row(row) for row in connection.execute(query, [max(since_s, self._oldest_s()), most])]

    def _now_s(self) -> int:
        return int(self._clock())

    def _oldest_s(self) -> int:
        return self._now_s() - self._kept_s

    def _write(self, kept: KeptAnswer) -> None:
        with self._errors():
            make_private(self._file)
        marks = ", ".join("?" * len(_WRITTEN))
        with self._writing() as connection:
            if was_purged(connection, kept.generation):
                return
            row = [_as_column(getattr(kept, name)) for name in _WRITTEN]
            added = connection.execute(f"INSERT INTO answers ({', '.join(_WRITTEN)}) VALUES ({marks})", row).lastrowid
            connection.execute("DELETE FROM answers WHERE asked_s < ?", [self._oldest_s()])
            # Ids only grow, so the bound costs a look into an index.
            connection.execute("DELETE FROM answers WHERE id <= ?", [(added or 0) - MOST_ROWS])

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A connection in one transaction, to a file that has its tables."""
        with opened_answers(self._file) as connection:
            connection.execute("BEGIN IMMEDIATE")
            make_tables(connection, TABLES)
            yield connection
            connection.execute("COMMIT")

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise AnswerLogError(
                f"{self._file} cannot be used ({error}): check space and permissions of the index folder"
            ) from error


def make_answer_log(index_dir: Path, kept: KeptAnswerSettings) -> AnswerLog | None:
    """The log that the settings ask for; None when no answer is to be kept."""
    return AnswerLog(index_dir, kept.days) if kept.keep else None


def _is_text(said: str, text: str) -> bool:
    """Whether a client's text is that of an answer, which readers see without markup, or a long beginning of it."""
    said, text = " ".join(said.split()), " ".join(without_markup(text).split())
    return said == text or (len(said) >= _CUT_CHARS and text.startswith(said))


def _as_column(value: object) -> object:
    if isinstance(value, tuple):
        return _json([asdict(one) for one in value])
    if is_dataclass(value) and not isinstance(value, type):
        return _json(asdict(value))
    return without_surrogates(value) if isinstance(value, str) else value


def _json(value: object) -> str:
    # Neither sqlite nor what reads this takes half characters (lone surrogates).
    return without_surrogates(json.dumps(value, ensure_ascii=False))


def _from_row(row: tuple[Any, ...]) -> KeptAnswer:
    named = dict(zip(_COLUMNS, row, strict=True))
    for name in _AS_JSON:
        named[name] = json.loads(named[name]) if named[name] is not None else None
    return _ROW.validate_python(named)
