"""The terms of a generation and its files, by number: what a server of vectors cannot count or spell.

<generation>/milvus/words.sqlite3    numbers and counts; a copy of the base's, changed by what was added and removed
<generation>/milvus/spellings/       the terms alone in tantivy, which finds those that are nearly spelled like one
"""

import sqlite3
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import tantivy

from footnote.app.core.errors import IndexDamagedError
from footnote.app.core.files import copy_file, sha256_of
from footnote.app.index.documents import LexicalDocument
from footnote.app.index.milvus.files import FileNumbers

WORDS, SPELLINGS = "words.sqlite3", "spellings"
_SCHEMA = """
CREATE TABLE terms (number INTEGER PRIMARY KEY, term TEXT UNIQUE, bodies INTEGER, chunks INTEGER);
CREATE TABLE files (path TEXT PRIMARY KEY, number INTEGER, chunks INTEGER) WITHOUT ROWID;
CREATE TABLE languages (language TEXT PRIMARY KEY, chunks INTEGER) WITHOUT ROWID;
CREATE TABLE totals (chunks INTEGER, terms INTEGER);
CREATE TABLE large (id TEXT PRIMARY KEY, contents BLOB) WITHOUT ROWID;
INSERT INTO totals VALUES (0, 0);
"""
_COUNT_TERM = """
INSERT INTO terms (term, bodies, chunks) VALUES (?1, ?2, ?3)
ON CONFLICT (term) DO UPDATE SET bodies = bodies + ?2, chunks = chunks + ?3
"""
_COUNT_FILE = "INSERT INTO files VALUES (?1, 0, ?2) ON CONFLICT (path) DO UPDATE SET chunks = chunks + ?2"
_COUNT_LANGUAGE = "INSERT INTO languages VALUES (?1, ?2) ON CONFLICT (language) DO UPDATE SET chunks = chunks + ?2"
_DOCUMENTS_AT_ONCE = 2_000
_SPELLINGS_A_DOCUMENT = 10_000
_WRITER_BYTES = 64_000_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Term:
    """`bodies` are the chunks that hold it as their language spells it, `chunks` those that do so in any way."""

    number: int
    bodies: int
    chunks: int


class Vocabulary:
    """A generation's, opened for reading; safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """Raises IndexDamagedError where it is missing or unreadable."""
        self.folder = folder
        self._lock = threading.Lock()
        try:
            # Nothing writes a published file, so readers need no lock of sqlite's either.
            uri = f"{(folder / WORDS).resolve().as_uri()}?mode=ro&immutable=1"
            self._database = sqlite3.connect(uri, uri=True, check_same_thread=False)
            [(self.chunks, self.terms)] = self._database.execute("SELECT chunks, terms FROM totals").fetchall()
            self._spellings = tantivy.Index.open(str(folder / SPELLINGS))
        except (sqlite3.Error, ValueError, OSError) as error:
            raise _damaged(folder, error) from error
        self._searcher = self._spellings.searcher()

    @property
    def average_terms(self) -> float:
        """Terms of a chunk, on average."""
        return float(self.terms / max(1, self.chunks))

    @property
    def languages(self) -> list[str]:
        """Those in which chunks spell their terms."""
        return [str(language) for (language,) in self._all("SELECT language FROM languages WHERE chunks > 0")]

    def term(self, term: str) -> Term | None:
        """None where no chunk holds it."""
        found = self._all("SELECT number, bodies, chunks FROM terms WHERE term = ?", term)
        return Term(*found[0]) if found else None

    def numbers_of(self, terms: Collection[str]) -> dict[str, int]:
        """By term; an unknown one is missing from the result."""
        found: dict[str, int] = {}
        names = list(terms)
        for first in range(0, len(names), 500):  # older versions of sqlite take 999
            some = names[first : first + 500]
            rows = self._all(f"SELECT term, number FROM terms WHERE term IN ({','.join('?' * len(some))})", *some)
            found.update((str(term), int(number)) for term, number in rows)
        return found

    def has_near(self, term: str, distance: int) -> bool:
        """Whether a term is this one but for at most so many letters added, left out, replaced, or swapped."""
        query = tantivy.Query.fuzzy_term_query(self._spellings.schema, "terms", term, distance=distance)
        return bool(self._searcher.search(query, 1, count=False).hits)

    def files(self) -> FileNumbers:
        """The generation's files."""
        rows = self._all("SELECT path, number, chunks FROM files")
        return FileNumbers({path: number for path, number, _ in rows}, {path: chunks for path, _, chunks in rows})

    def large_contents(self, chunk_id: str) -> bytes | None:
        """What is too large for a row on the server."""
        found = self._all("SELECT contents FROM large WHERE id = ?", chunk_id)
        return bytes(found[0][0]) if found else None

    def close(self) -> None:
        """Let go of the file; once is enough."""
        with self._lock:
            self._database.close()

    def _all(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        try:
            with self._lock:
                return self._database.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise _damaged(self.folder, error) from error


def write_vocabulary(
    folder: Path, base: Path | None, removed: Iterable[LexicalDocument], added: Iterable[LexicalDocument]
) -> None:
    """Write that of a generation into a new folder: as the base's, without what is removed, and with what is added.

    Raises:
        IndexDamagedError: the base's cannot be read.
    """
    folder.mkdir(parents=True)
    file = folder / WORDS
    try:
        if base:
            copy_file(base / WORDS, file)
        with closing(sqlite3.connect(file)) as database:
            # Nobody sees the file before it is whole, and a build that breaks off begins anew.
            database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
            if not base:
                database.executescript(_SCHEMA)
            database.execute("DELETE FROM large")
            _count(database, removed, -1)
            _count(database, added, 1)
            _settle(database)
            _write_spellings(folder / SPELLINGS, (str(term) for (term,) in database.execute("SELECT term FROM terms")))
    except (sqlite3.DatabaseError, FileNotFoundError) as error:
        if base is None or "full" in str(error):
            raise
        raise _damaged(base, error) from error


def words_sha256(folder: Path) -> str:
    """A hash of the file with the numbers, which nothing writes once it is published."""
    return sha256_of(folder / WORDS)


def keep_large_contents(folder: Path, rows: Iterable[tuple[str, bytes]]) -> None:
    """Keep contents by chunk id that no row of the server has room for."""
    with closing(sqlite3.connect(folder / WORDS)) as database, database:
        database.executemany("INSERT INTO large VALUES (?, ?)", rows)


def _count(database: sqlite3.Connection, documents: Iterable[LexicalDocument], sign: int) -> None:
    for several in _by_batch(documents):
        bodies: Counter[str] = Counter()
        chunks: Counter[str] = Counter()
        length = 0
        for document in several:
            body = document.body.split()
            length += len(body)
            bodies.update(set(body))
            chunks.update({*body, *document.english.split()})
        database.executemany(_COUNT_TERM, ((one, sign * bodies[one], sign * chunks[one]) for one in sorted(chunks)))
        paths = Counter(document.path for document in several)
        languages = Counter(document.language for document in several)
        database.executemany(_COUNT_FILE, ((path, sign * count) for path, count in paths.items()))
        database.executemany(_COUNT_LANGUAGE, ((code, sign * count) for code, count in languages.items()))
        totals = (sign * len(several), sign * length)
        database.execute("UPDATE totals SET chunks = chunks + ?, terms = terms + ?", totals)
        database.commit()


def _settle(database: sqlite3.Connection) -> None:
    """Forget what no chunk has any more, and number the files by path, so that a folder is a run of numbers."""
    for table in ("terms", "files", "languages"):
        database.execute(f"DELETE FROM {table} WHERE chunks <= 0")
    paths = sorted(str(path) for (path,) in database.execute("SELECT path FROM files"))
    database.executemany("UPDATE files SET number = ? WHERE path = ?", enumerate(paths))
    database.commit()


def _write_spellings(folder: Path, terms: Iterator[str]) -> None:
    folder.mkdir()
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("terms", tokenizer_name="whitespace", index_option="basic")
    index = tantivy.Index(builder.build(), path=str(folder))
    writer = index.writer(_WRITER_BYTES, num_threads=1)
    for several in _by_batch(terms, _SPELLINGS_A_DOCUMENT):
        writer.add_document(tantivy.Document(terms=" ".join(several)))
    writer.commit()
    writer.wait_merging_threads()


def _by_batch(values: Iterable[T], size: int = _DOCUMENTS_AT_ONCE) -> Iterator[list[T]]:
    batch: list[T] = []
    for value in values:
        batch.append(value)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _damaged(folder: Path, error: Exception) -> IndexDamagedError:
    return IndexDamagedError(f"{folder / WORDS} cannot be read ({error}): run `footnote ingest --rebuild`")
