"""usage_log: sums of each day in one sqlite file of the index folder, which several processes add to.

Each process adds up in memory and writes every few seconds, so that an answer costs no write; one that is killed loses
what it has not written. No ingest touches the file but a purge, see `app/index/usage_file.py`.
"""

import atexit
import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from footnote.app.core.errors import UsageLogError
from footnote.app.core.setting_groups import UsageSettings
from footnote.app.core.sqlite_file import make_private, make_tables, version_of
from footnote.app.core.text.unicode import without_surrogates
from footnote.app.core.types import Answer
from footnote.app.index.usage_file import TABLES, USAGE_FILE, opened_usage, purged_before, usage_errors
from footnote.app.usage.sums import AnswerKey, Cited, Spent, Sums

log = logging.getLogger(__name__)

_EVERY_S = 5.0
_MOST_WAITING = 10_000  # pages, models and days together, where nothing can be written for long


class UsageLog:
    """The sums of one index folder; safe to use from several threads and processes."""

    def __init__(self, index_dir: Path, kept_days: int, clock: Callable[[], float] = time.time) -> None:
        self._file = index_dir / USAGE_FILE
        self._kept_days = kept_days
        self._clock = clock
        self._lock = threading.Lock()
        self._sums = Sums()
        self._writing: threading.Thread | None = None
        self._closing = threading.Event()
        self._warned = False

    def count(self, answer: Answer, from_cache: bool) -> None:
        """Add an answer that somebody got. It is written within seconds, and raises nothing."""
        with self._lock:
            self._sums.count(answer, from_cache, self._day())
            if self._writing is None and not self._closing.is_set():
                self._writing = threading.Thread(target=self._write_now_and_then, name="usage", daemon=True)
                self._writing.start()
                atexit.register(self.close)

    def close(self) -> None:
        """Write what is not written yet; later answers are not counted any more."""
        self._closing.set()
        if self._writing:
            self._writing.join()
        atexit.unregister(self.close)
        self.write()

    def write(self) -> None:
        """Write what is not written yet; what cannot be written waits for the next time, with one warning."""
        with self._lock:
            sums, self._sums = self._sums, Sums()
        if not sums:
            return
        try:
            with usage_errors(self._file):
                make_private(self._file)
            with opened_usage(self._file) as connection:
                connection.execute("BEGIN IMMEDIATE")
                make_tables(connection, TABLES)
                _add(connection, sums)
                oldest = self._day(-self._kept_days)
                for table in ("answers", "latencies", "cited"):
                    connection.execute(f"DELETE FROM {table} WHERE day < ?", [oldest])
                connection.execute("COMMIT")
            self._warned = False
        except UsageLogError as error:
            if not self._warned:
                log.warning("usage is not counted: %s", error)
            self._warned = True
            if not error.damaged and len(sums.answers) + len(sums.cited) < _MOST_WAITING:
                self._put_back(sums)

    def read(self, days: int) -> Sums:
        """The sums of the last days, today included; of pages without their generation (0).

        Raises:
            UsageLogError: the file cannot be read.
        """
        sums = Sums()
        if not self._file.exists():
            return sums
        with opened_usage(self._file) as connection:
            if version_of(connection) == 0:
                return sums
            since = [self._day(1 - min(days, self._kept_days))]
            for row in connection.execute("SELECT * FROM answers WHERE day >= ?", since):
                sums.answers[AnswerKey(row[0], row[1], row[2], row[3], bool(row[4]))] = Spent(*row[5:])
            for day, step, answers in connection.execute("SELECT * FROM latencies WHERE day >= ?", since):
                sums.latencies[day, step] = answers
            for day, path, answers in connection.execute("SELECT * FROM cited WHERE day >= ?", since):
                sums.cited[Cited(day, path, 0)] = answers
        return sums

    def clear(self) -> None:
        """Delete all sums; nothing of them stays on the disk.

        Raises:
            UsageLogError: the file cannot be removed.
        """
        with usage_errors(self._file):
            for file in (self._file.with_name(f"{USAGE_FILE}-journal"), self._file):
                file.unlink(missing_ok=True)

    def _day(self, days_from_now: int = 0) -> str:
        return (datetime.fromtimestamp(self._clock(), UTC) + timedelta(days_from_now)).date().isoformat()

    def _write_now_and_then(self) -> None:
        while not self._closing.wait(_EVERY_S):
            self.write()

    def _put_back(self, sums: Sums) -> None:
        with self._lock:
            for key, spent in self._sums.answers.items():
                sums.answers.setdefault(key, Spent()).add(spent)
            sums.latencies.update(self._sums.latencies)
            sums.cited.update(self._sums.cited)
            self._sums = sums


def make_usage_log(index_dir: Path, usage: UsageSettings) -> UsageLog | None:
    """The log that the settings ask for; None when nothing is to be counted."""
    return UsageLog(index_dir, usage.days) if usage.keep else None


def _add(connection: sqlite3.Connection, sums: Sums) -> None:
    connection.executemany(
        """INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET answers = answers + excluded.answers, prompt = prompt + excluded.prompt,
        completion = completion + excluded.completion, reasoning = reasoning + excluded.reasoning,
        cost_usd = cost_usd + excluded.cost_usd, unpriced = unpriced + excluded.unpriced""",
        [
            [*map(_column, key), one.answers, one.prompt, one.completion, one.reasoning, one.cost_usd, one.unpriced]
            for key, one in sums.answers.items()
        ],
    )
    adds = "ON CONFLICT DO UPDATE SET answers = answers + excluded.answers"
    latencies = [[day, step, answers] for (day, step), answers in sums.latencies.items()]
    connection.executemany(f"INSERT INTO latencies VALUES (?, ?, ?) {adds}", latencies)
    purged = purged_before(connection)
    cited = [[one.day, _column(one.path), answers] for one, answers in sums.cited.items() if one.generation >= purged]
    connection.executemany(f"INSERT INTO cited VALUES (?, ?, ?) {adds}", cited)


def _column(value: object) -> object:
    # sqlite takes no half characters (lone surrogates).
    return without_surrogates(value) if isinstance(value, str) else value
