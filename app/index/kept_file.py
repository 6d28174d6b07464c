"""kept_file: the file of kept answers, as far as an ingest must know it: its tables, and what a purge takes out of it.

Beside answers stand the words of the docs that they were written from. So where a purge promises that deleted texts are
gone from the disk, the answers that hold them go as well. `app/kept/` has all else.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from footnote.app.core.errors import AnswerLogError
from footnote.app.core.sqlite_file import make_tables, opened, version_of
from footnote.app.core.types import Chunk

KEPT_ANSWERS = "kept_answers.sqlite3"
VERSION = 1
# AUTOINCREMENT, so that nobody deletes another answer by the id of one that is gone.
TABLES = (
    """CREATE TABLE IF NOT EXISTS answers (
        id INTEGER PRIMARY KEY AUTOINCREMENT, asked_s INTEGER, question TEXT, asked_as TEXT, text TEXT, refused INTEGER,
        refused_by TEXT, refusal_reason TEXT, mode TEXT, model TEXT, arm TEXT, prompt TEXT, generation INTEGER,
        passages TEXT, sentences TEXT, citations TEXT, dropped TEXT, premises TEXT, truncated INTEGER, notice TEXT,
        check_failed TEXT, tokens TEXT, total_ms REAL, from_cache INTEGER, feedback TEXT
    )""",
    "CREATE INDEX IF NOT EXISTS asked ON answers (asked_s)",
    "CREATE INDEX IF NOT EXISTS questions ON answers (question)",
    "CREATE INDEX IF NOT EXISTS read_as ON answers (asked_as)",
    "CREATE TABLE IF NOT EXISTS purged (generation INTEGER)",
    f"PRAGMA user_version = {VERSION}",
)


@contextmanager
def opened_answers(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection to the file, which must be there; what is not committed is undone.

    Raises:
        AnswerLogError: it cannot be opened, used or read.
    """
    try:
        with opened(file) as connection:
            if version_of(connection) not in (0, VERSION):
                raise AnswerLogError(f"{file} is of another version of Footnote: move it away")
            yield connection
    except (sqlite3.OperationalError, OSError) as error:
        raise AnswerLogError(
            f"{file} cannot be used ({error}): check space and permissions of the index folder"
        ) from error
    except (sqlite3.DatabaseError, ValueError) as error:
        raise AnswerLogError(
            f"{file} is damaged ({error}): `footnote answers delete --all` deletes it, and a new one is begun",
            damaged=True,
        ) from error


def was_purged(connection: sqlite3.Connection, generation: int) -> bool:
    """Whether a purge has removed this generation: an answer from it that comes late must not be kept."""
    row = connection.execute("SELECT max(generation) FROM purged").fetchone()
    return row[0] is not None and generation < row[0]


def purge_answers(
    index_dir: Path, generation: int, chunks: Iterable[Chunk], pages: Callable[[str], bytes | None]
) -> int:
    """How many kept answers were deleted: all that hold a text which the new generation does not have word for word.

    `chunks` are all of the generation, `pages` gives the bytes of a page by its path. Nothing of what is deleted stays
    in the file, and what comes late from an earlier generation is not kept any more.

    Raises:
        AnswerLogError: the file cannot be read or written.
    """
    file = index_dir / KEPT_ANSWERS
    if not file.exists():
        return 0
    known = {(chunk.id, chunk.context) for chunk in chunks}
    with opened_answers(file) as connection:
        connection.execute("BEGIN IMMEDIATE")
        make_tables(connection, TABLES)
        gone = [
            [row[0]]
            for row in connection.execute("SELECT id, refused, passages, citations, premises FROM answers")
            if not _stands(bool(row[1]), json.loads(row[2]), json.loads(row[3]), json.loads(row[4]), known, pages)
        ]
        connection.executemany("DELETE FROM answers WHERE id = ?", gone)
        connection.execute("DELETE FROM purged")
        connection.execute("INSERT INTO purged VALUES (?)", [generation])
        connection.execute("COMMIT")
        connection.execute("VACUUM")
    return len(gone)


def _stands(
    refused: bool,
    passages: list[dict[str, Any]],
    citations: list[dict[str, Any]],
    premises: list[dict[str, Any]],
    known: set[tuple[str, str]],
    pages: Callable[[str], bytes | None],
) -> bool:
    """Whether all that an answer has of the docs is in them still."""
    if any((one["chunk_id"], one["context"]) not in known for one in passages):
        return False
    # A refusal repeats the sentence that denies a premise, and has no citation of it that could be looked up.
    if refused and any(one["kind"] == "denied" for one in premises):
        return False
    texts = [one["text"] for one in passages]
    return all(
        any(one["quote"] in text for text in texts) or one["quote"].encode() in (pages(one["path"]) or b"")
        for one in citations
    )
