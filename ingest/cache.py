"""cache: embeddings and file hashes of earlier ingests, so that nothing is read or embedded twice.

One sqlite file beside the generations. It is no part of the index: it may be deleted at any time, which
costs nothing but time. An embedding is found by the model's fingerprint and the sha256 of the text, a
file's hash by its path, size and times.
"""

import hashlib
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from footnote.app.core.errors import IndexWriteError
from footnote.app.core.find import FoundFile
from footnote.app.core.types import Chunk, Fingerprint

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CACHE = "cache.sqlite3"
_VERSION = 1
_DAY_S = 86_400
_KEPT_DAYS = 30  # an embedding that no rebuild used stays so long, for pages that come back
# A file that changed so shortly before it was read may change again without a new time stamp: file
# systems count in steps, FAT in steps of 2 s.
_SETTLED_NS = 2_000_000_000
_TABLES = f"""
BEGIN;
CREATE TABLE files (
    docs_dir TEXT, path TEXT, size INTEGER, mtime_ns INTEGER, ctime_ns INTEGER, sha256 TEXT,
    PRIMARY KEY (docs_dir, path)
) WITHOUT ROWID;
CREATE TABLE models (id INTEGER PRIMARY KEY, name TEXT, sha256 TEXT, UNIQUE (name, sha256));
CREATE TABLE embeddings (model INTEGER, text_sha256 BLOB, vector BLOB, used_s INTEGER);
CREATE UNIQUE INDEX embedding ON embeddings (model, text_sha256);
CREATE TABLE rates (model INTEGER PRIMARY KEY, embed_s REAL);
PRAGMA user_version = {_VERSION};
COMMIT;
"""


class KnownFile(NamedTuple):
    """What a file looked like when it was hashed."""

    size_bytes: int
    mtime_ns: int
    ctime_ns: int
    sha256: str

    def is_still(self, file: FoundFile) -> bool:
        """Whether the file looks the same, so that its hash holds."""
        return (self.size_bytes, self.mtime_ns, self.ctime_ns) == (file.size_bytes, file.mtime_ns, file.ctime_ns)


class IngestCache:
    """The cache of one index folder; for one ingest at a time, or for reading.

    Raises:
        IndexWriteError: it cannot be written. One that cannot be read is made anew.
    """

    def __init__(self, index_dir: Path, read_only: bool = False) -> None:
        self._file = index_dir / CACHE
        self._read_only = read_only
        self._connection = self._opened_for_reading() if read_only else self._opened()

    def close(self) -> None:
        self._connection.close()

    def known_files(self, docs_dir: Path) -> dict[str, KnownFile]:
        """The hashed files of a docs folder, by path."""
        lookup = "SELECT path, size, mtime_ns, ctime_ns, sha256 FROM files WHERE docs_dir = ?"
        with self._replaced_if_damaged():
            return {path: KnownFile(*known) for path, *known in self._connection.execute(lookup, [str(docs_dir)])}
        return {}

    def remember_files(self, docs_dir: Path, hashed: Iterable[tuple[FoundFile, str]], hashed_at_ns: int) -> None:
        """Keep the sha256 of files whose times are older than the moment that reading began."""
        rows = [
            (str(docs_dir), file.path, file.size_bytes, file.mtime_ns, file.ctime_ns, sha256)
            for file, sha256 in hashed
            if max(file.mtime_ns, file.ctime_ns) < hashed_at_ns - _SETTLED_NS
        ]
        with self._writing():
            self._connection.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)", rows)

    def missing(self, model: Fingerprint, chunks: Iterable[Chunk]) -> list[Chunk]:
        """The chunks whose text has no embedding yet, each text once, in order."""
        lookup = "SELECT 1 FROM embeddings WHERE model = ? AND text_sha256 = ?"
        unique = {_key(chunk.index_text): chunk for chunk in chunks}
        with self._replaced_if_damaged():
            number = self._model(model)
            found = {key for key in unique if self._connection.execute(lookup, (number, key)).fetchone()}
            return [chunk for key, chunk in unique.items() if key not in found]
        return list(unique.values())

    def dimension(self, model: Fingerprint) -> int | None:
        """How many numbers a kept vector has; None where none is kept."""
        lookup = "SELECT length(vector) FROM embeddings WHERE model = ? LIMIT 1"
        with self._replaced_if_damaged():
            row = self._connection.execute(lookup, [self._model(model)]).fetchone()
            return int(row[0]) // 4 if row else None
        return None

    def add(self, model: Fingerprint, chunks: Sequence[Chunk], embeddings: "NDArray[np.float32]") -> None:
        """Keep `(n, dim)` embeddings, one row a chunk."""
        now = int(time.time())
        with self._writing():
            number = self._model(model, create=True)
            self._connection.executemany(
                "INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?, ?)",
                [
                    (number, _key(chunk.index_text), row.astype("<f4").tobytes(), now)
                    for chunk, row in zip(chunks, embeddings, strict=True)
                ],
            )

    def embeddings(self, model: Fingerprint, chunks: Sequence[Chunk]) -> "NDArray[np.float32]":
        """`(n, dim)` float32, one row a chunk; each must be there.

        Raises:
            IndexWriteError: the file is damaged; it is made anew, so that the next ingest embeds again.
        """
        import numpy as np

        lookup = "SELECT vector FROM embeddings WHERE model = ? AND text_sha256 = ?"
        with self._replaced_if_damaged():
            number = self._model(model)
            keys = (_key(chunk.index_text) for chunk in chunks)
            rows = [self._connection.execute(lookup, (number, key)).fetchone()[0] for key in keys]
            return np.frombuffer(b"".join(rows), "<f4").reshape(len(rows), -1)
        raise IndexWriteError(f"{self._file} was damaged and is made anew: run `footnote ingest` again")

    def forget_unused(self, model: Fingerprint, used: Iterable[Chunk], at_once: bool) -> None:
        """Drop embeddings that none of the `used` chunks has; unless `at_once`, only those unused for long.

        `used` is every chunk of the index, so call it when all of them are at hand.
        """
        now = int(time.time())
        before = now + 1 if at_once else now - _KEPT_DAYS * _DAY_S
        with self._writing():
            number = self._model(model, create=True)
            self._connection.execute("CREATE TEMP TABLE used (text_sha256 BLOB PRIMARY KEY) WITHOUT ROWID")
            self._connection.executemany(
                "INSERT OR IGNORE INTO used VALUES (?)", ((_key(chunk.index_text),) for chunk in used)
            )
            self._connection.execute(
                "UPDATE embeddings SET used_s = ? WHERE model = ? AND text_sha256 IN used", (now, number)
            )
            self._connection.execute(
                "DELETE FROM embeddings WHERE used_s < ? AND NOT (model = ? AND text_sha256 IN used)", (before, number)
            )
            self._connection.execute("DROP TABLE used")
            if at_once:
                self._connection.execute("DELETE FROM files")
        if at_once:
            with self._writing():
                self._connection.execute("VACUUM")  # what was deleted must not stay in free pages

    def embed_s(self, model: Fingerprint) -> float | None:
        """Seconds an embedding took the last time; None when the model never ran here."""
        lookup = "SELECT embed_s FROM rates WHERE model = ?"
        with self._replaced_if_damaged():
            row = self._connection.execute(lookup, [self._model(model)]).fetchone()
            return float(row[0]) if row else None
        return None

    def remember_embed_s(self, model: Fingerprint, seconds: float) -> None:
        """Keep the seconds an embedding took, for estimates."""
        with self._writing():
            number = self._model(model, create=True)
            self._connection.execute("INSERT OR REPLACE INTO rates VALUES (?, ?)", (number, seconds))

    def _model(self, model: Fingerprint, create: bool = False) -> int:
        columns = (model.name, model.sha256)
        if create:
            self._connection.execute("INSERT OR IGNORE INTO models (name, sha256) VALUES (?, ?)", columns)
        row = self._connection.execute("SELECT id FROM models WHERE name = ? AND sha256 = ?", columns).fetchone()
        return int(row[0]) if row else -1

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with self._connection:
                yield
        except sqlite3.Error as error:
            raise IndexWriteError(
                f"{self._file} cannot be written ({error}): check space and permissions, or delete it "
                "(nothing but time is lost) and run `footnote ingest` again"
            ) from error

    @contextmanager
    def _replaced_if_damaged(self) -> Iterator[None]:
        """Goes on after the block with an empty cache when sqlite finds a damaged page."""
        try:
            yield
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            self.close()
            self._connection = _empty() if self._read_only else self._anew()

    def _opened(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(self._file)
        except sqlite3.OperationalError as error:
            raise self._not_writable(error) from error
        try:
            if _version(connection) == _VERSION:
                return connection
            if connection.execute("SELECT 1 FROM sqlite_master").fetchone():
                raise sqlite3.DatabaseError("another version, or never completed")
            connection.executescript(_TABLES)
        except sqlite3.OperationalError as error:
            connection.close()
            raise self._not_writable(error) from error
        except sqlite3.DatabaseError:
            connection.close()
            return self._anew()
        return connection

    def _anew(self) -> sqlite3.Connection:
        # An old journal would be rolled back into the new file.
        for file in (self._file, self._file.with_name(f"{CACHE}-journal")):
            file.unlink(missing_ok=True)
        return self._opened()

    def _opened_for_reading(self) -> sqlite3.Connection:
        with suppress(sqlite3.Error):
            connection = sqlite3.connect(f"{self._file.resolve().as_uri()}?mode=ro", uri=True)
            with suppress(sqlite3.Error):
                if _version(connection) == _VERSION:
                    return connection
            connection.close()
        return _empty()

    def _not_writable(self, error: Exception) -> IndexWriteError:
        return IndexWriteError(f"{self._file} cannot be written ({error}): check space and permissions")


def _empty() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.executescript(_TABLES)
    return connection


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
