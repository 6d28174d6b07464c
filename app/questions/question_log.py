"""The questions that the docs did not answer, kept in one sqlite file of the index folder.

Refusals, and what readers said of their answers. No ingest touches the file: it outlives generations and rebuilds, and
loses its rows after the days that the settings say. Several processes write it, so each write opens it, waits for the
others, and closes it again; it has a rollback journal and not a WAL, in which deleted questions would stay.
"""

import json
import logging
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal, TypeAlias

from footnote.app.core.errors import QuestionLogError
from footnote.app.core.setting_groups import QuestionSettings
from footnote.app.core.sqlite_file import make_private, opened, version_of
from footnote.app.core.text.unicode import without_surrogates
from footnote.app.core.types import Answer, RefusedBy
from footnote.app.questions.log_tables import KNOWN, bring_up_to_date

log = logging.getLogger(__name__)

QUESTION_LOG = "questions.sqlite3"
MOST_ROWS = 100_000
Kind = Literal["refused", "unhelpful", "helpful"]
_CITED = 4  # headings kept with a reader's word, as many as with a refusal
_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Heading:
    """A place in the docs; `heading_path` is outermost first, and empty for the page as a whole."""

    path: str
    heading_path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeptQuestion:
    """One asking that was refused, or one word on an answer.

    Attributes:
        asked_s: seconds since 1970, UTC.
        kind: "refused"; "unhelpful" or "helpful" when it is a reader's word on an answer.
        refused_by, reason, generation, mode, model: of the refused answer; None for a reader's word.
        nearest: of a refusal the headings that came nearest, best first; of a word what the answer cited.
        answer, comment: as the reader's client sent them; None for a refusal. Untrusted text.
    """

    asked_s: int
    kind: Kind
    question: str
    refused_by: RefusedBy | None = None
    reason: str | None = None
    generation: int | None = None
    mode: str | None = None
    model: str | None = None
    nearest: tuple[Heading, ...] = ()
    answer: str | None = None
    comment: str | None = None


_COLUMNS = tuple(field.name for field in fields(KeptQuestion))
_NAMES = ", ".join(_COLUMNS)
_MARKS = ", ".join("?" * len(_COLUMNS))
_Row: TypeAlias = tuple[
    int, Kind, str, RefusedBy | None, str | None, int | None, str | None, str | None, str, str | None, str | None
]  # as _COLUMNS


class QuestionLog:
    """The log of one index folder; safe to use from several threads and processes."""

    def __init__(self, index_dir: Path, kept_days: int, clock: Callable[[], float] = time.time) -> None:
        self._file = index_dir / QUESTION_LOG
        self._kept_s = kept_days * _DAY_S
        self._clock = clock
        self._warned = False

    def keep_refusal(self, answer: Answer) -> None:
        """Keep a refused answer; any other is none of its business, and a follow-up means nothing without its turns.

        What cannot be written is lost with one warning: no question may fail for it.
        """
        if not answer.refused or answer.asked_as:
            return
        refused = KeptQuestion(
            self._now_s(),
            "refused",
            answer.question,
            answer.refused_by,
            answer.refusal_reason,
            answer.generation,
            answer.mode,
            answer.model,
            tuple(Heading(section.path, section.heading_path) for section in answer.nearest),
        )
        try:
            self._write(refused)
            self._warned = False
        except QuestionLogError as error:
            if not self._warned:
                log.warning("a refused question is not kept: %s", error)
            self._warned = True

    def keep_feedback(
        self,
        question: str,
        helpful: bool,
        cited: tuple[Heading, ...] = (),
        answer: str | None = None,
        comment: str | None = None,
    ) -> None:
        """Keep what a reader says of an answer.

        Raises:
            QuestionLogError: it cannot be written.
        """
        kind: Kind = "helpful" if helpful else "unhelpful"
        nearest = tuple(dict.fromkeys(cited))[:_CITED]
        self._write(KeptQuestion(self._now_s(), kind, question, nearest=nearest, answer=answer, comment=comment))

    def read(self, since_s: float = 0) -> list[KeptQuestion]:
        """What was kept since then and is neither too old nor dismissed, oldest first; empty where there is no log.

        Raises:
            QuestionLogError: the file cannot be read.
        """
        if not self._file.exists():
            return []
        with self._opened() as connection:
            version = version_of(connection)
            if version == 0:  # made, and not yet written
                return []
            since = max(since_s, self._now_s() - self._kept_s)
            not_dismissed = "AND dismissed_s IS NULL" if version > 1 else ""
            rows = connection.execute(
                f"SELECT {_NAMES} FROM questions WHERE asked_s >= ? {not_dismissed} ORDER BY id", [since]
            )
            return [_from_row(row) for row in rows]

    def dismiss(self, questions: Iterable[str]) -> int:
        """How many askings and words on answers are read no more: those kept so far of these spellings.

        What is asked afterwards is read again. They are deleted when they are too old, as all others.

        Raises:
            QuestionLogError: it cannot be written.
        """
        if not self._file.exists():
            return 0
        with self._writing() as connection:
            marked = "UPDATE questions SET dismissed_s = ? WHERE question = ? AND dismissed_s IS NULL"
            return connection.executemany(marked, [(self._now_s(), question) for question in questions]).rowcount

    def delete_mentioning(self, text: str) -> int:
        """How many askings and words with this text in any of theirs, whatever the case, were deleted.

        Nothing of them stays in the file; those that are too old or dismissed are among them.

        Raises:
            QuestionLogError: the file cannot be written.
        """
        if not self._file.exists():
            return 0
        wanted = text.casefold()
        with self._writing() as connection:
            rows = connection.execute("SELECT id, question, reason, nearest, answer, comment FROM questions").fetchall()
            found = [[number] for number, *texts in rows if any(wanted in (one or "").casefold() for one in texts)]
            connection.executemany("DELETE FROM questions WHERE id = ?", found)
        if found:
            with self._opened() as connection:
                connection.execute("VACUUM")
        return len(found)

    def clear(self) -> int:
        """How many were deleted, which are all; nothing of them stays in the file.

        A file that is none of a log is removed.

        Raises:
            QuestionLogError: the file cannot be written.
        """
        if not self._file.exists():
            return 0
        try:
            with self._opened() as connection:
                if version_of(connection) == 0:
                    return 0
                deleted = connection.execute("DELETE FROM questions").rowcount
                connection.execute("VACUUM")
                return deleted
        except QuestionLogError as error:
            if not error.damaged:
                raise
            with self._errors():
                # The journal first: it would be rolled back into a new file.
                for file in (self._file.with_name(f"{QUESTION_LOG}-journal"), self._file):
                    file.unlink(missing_ok=True)
            return 0

    def _now_s(self) -> int:
        return int(self._clock())

    def _write(self, kept: KeptQuestion) -> None:
        with self._errors():
            make_private(self._file)
        with self._writing() as connection:
            row = [_as_column(getattr(kept, column)) for column in _COLUMNS]
            added = connection.execute(f"INSERT INTO questions ({_NAMES}) VALUES ({_MARKS})", row).lastrowid
            # Ids only grow, so both bounds cost a look into an index.
            connection.execute("DELETE FROM questions WHERE asked_s < ?", [self._now_s() - self._kept_s])
            connection.execute("DELETE FROM questions WHERE id <= ?", [(added or 0) - MOST_ROWS])

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A connection in one transaction, to a file of this version."""
        with self._opened() as connection:
            connection.execute("BEGIN IMMEDIATE")
            bring_up_to_date(connection)
            yield connection
            connection.execute("COMMIT")

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """A connection to the file, which must be there; what is not committed is undone."""
        with self._errors(), opened(self._file) as connection:
            if version_of(connection) not in KNOWN:
                raise QuestionLogError(f"{self._file} is of another version of Footnote: move it away")
            yield connection

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.OperationalError, OSError) as error:
            raise QuestionLogError(
                f"{self._file} cannot be used ({error}): check space and permissions of the index folder"
            ) from error
        except (sqlite3.DatabaseError, ValueError) as error:
            raise QuestionLogError(
                f"{self._file} is damaged ({error}): `footnote gaps --clear` deletes it, and a new one is begun",
                damaged=True,
            ) from error


def make_question_log(index_dir: Path, questions: QuestionSettings) -> QuestionLog | None:
    """The log that the settings ask for; None when nothing is to be kept."""
    if not questions.keep:
        return None
    return QuestionLog(index_dir, questions.days)


def _as_column(value: object) -> object:
    if isinstance(value, tuple):
        return json.dumps([[heading.path, *heading.heading_path] for heading in value])
    # sqlite takes no half characters (lone surrogates).
    return without_surrogates(value) if isinstance(value, str) else value


def _from_row(row: _Row) -> KeptQuestion:
    asked_s, kind, question, refused_by, reason, generation, mode, model, nearest, answer, comment = row
    headings = tuple(Heading(path, tuple(heading_path)) for path, *heading_path in json.loads(nearest))
    return KeptQuestion(asked_s, kind, question, refused_by, reason, generation, mode, model, headings, answer, comment)
