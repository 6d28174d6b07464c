"""Writing a generation into PostgreSQL: one transaction, of which nobody sees anything before it is committed."""

from collections.abc import Callable, Collection
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from footnote.app.core.setting_groups import StoreSettings
from footnote.app.core.types import Chunk
from footnote.app.index.documents import lexical_document
from footnote.app.index.owner import owner_of
from footnote.app.index.postgres.chunks import PostgresChunks
from footnote.app.index.postgres.loading import (
    Change,
    copy_documents,
    copy_vectors,
    keep_vectors,
    mark_dead,
    write_counts,
)
from footnote.app.index.postgres.schema import (
    Place,
    Version,
    add_indexes,
    live,
    new_schema,
    place_of,
    read_version,
    write_version,
)
from footnote.app.index.postgres.session import Sessions, connect, server_errors
from footnote.app.index.postgres.versions import continue_base, kept_places
from footnote.app.index.seam import BaseGeneration, Changes, Written

if TYPE_CHECKING:
    from psycopg import Connection

    from footnote.app.index.seam import VectorsOf

_EMPTY = Version(0, 0, 0, -1, 0, {})
# Chunks whose postings are one block a term: fewer and longer blocks are smaller and faster to read.
_BLOCK = 20_000
_VECTORS = 1_000
# What pgvector's graph of a million vectors of 384 takes is 2.3 GB; with less it is built several times slower.
_MOST_MEMORY_MB = 2_500
_GRAPH_BYTES = 800  # of links, beside a vector


class PostgresWriter:
    """Adds a version to the schema of the base, or fills a new one."""

    def __init__(self, settings: StoreSettings, folder: Path, base: BaseGeneration | None) -> None:
        self._settings = settings
        self._index_dir = folder.parent
        self._base = base

    def stored(self, chunk_ids: Collection[str]) -> dict[str, Chunk]:
        if self._base is None:
            return {}
        base = place_of(self._base.manifest.collection)
        with closing(Sessions(self._settings, base.schema)) as sessions:
            version = sessions.read(lambda connection: read_version(connection, base.version))
            return PostgresChunks(sessions, version).get(chunk_ids)

    def write(self, changes: Changes, vectors_of: "VectorsOf", on_written: Callable[[int], None]) -> Written:
        with server_errors(self._settings), connect(self._settings) as connection, connection.transaction():
            return self._write(connection, changes, vectors_of, on_written)

    def _write(
        self, connection: "Connection", changes: Changes, vectors_of: "VectorsOf", on_written: Callable[[int], None]
    ) -> Written:
        owner = owner_of(self._index_dir)
        dimension = self._base.manifest.dimension if self._base else 0
        if self._base:
            kept = kept_places(self._index_dir)
            place, base, bare = continue_base(connection, owner, self._base.manifest, kept)
        else:
            # The length of the vectors stands in the table, and only they know it.
            dimension = vectors_of(changes.embedded[:1]).shape[1]
            place, base, bare = Place(new_schema(connection, owner, dimension), 0), _EMPTY, True
        written = self._add_version(connection, base, changes, vectors_of, on_written)
        if bare:
            add_indexes(connection, dimension, _memory_mb(written.chunks, dimension))
            connection.execute("ANALYZE chunks, vectors, dead, postings, counts")
        chunks, vectors = (_count(connection, table, written) for table in ("chunks", "vectors"))
        return Written(dimension, vectors, chunks, collection=Place(place.schema, written.version).collection)

    def _add_version(
        self,
        connection: "Connection",
        base: Version,
        changes: Changes,
        vectors_of: "VectorsOf",
        on_written: Callable[[int], None],
    ) -> Version:
        change = Change()
        version = base.version + 1
        dead = mark_dead(connection, base, [*changes.dropped, *changes.replaced], change)
        first = base.last_number + 1
        for start in range(0, len(changes.written), _BLOCK):
            block = [lexical_document(chunk) for chunk in changes.written[start : start + _BLOCK]]
            copy_documents(connection, version, first + start, block, change)
        numbers = {chunk.id: number for number, chunk in enumerate(changes.written, first)}
        for start in range(0, len(changes.embedded), _VECTORS):
            page = changes.embedded[start : start + _VECTORS]
            copy_vectors(connection, [numbers.pop(chunk.id) for chunk in page], vectors_of(page))
            on_written(start + len(page))
        keep_vectors(connection, base, numbers)
        write_counts(connection, version, change)
        change.languages.update(base.languages)
        written = Version(
            version,
            base.chunks + change.chunks,
            base.terms + change.terms,
            base.last_number + len(changes.written),
            base.dead + dead,
            {code: count for code, count in change.languages.items() if count},
        )
        write_version(connection, written)
        return written


def _memory_mb(chunks: int, dimension: int) -> int:
    """Room for the whole graph while it is built, within reason."""
    return max(64, min(_MOST_MEMORY_MB, chunks * (4 * dimension + _GRAPH_BYTES) // 1_000_000 + 1))


def _count(connection: "Connection", table: str, version: Version) -> int:
    row = connection.execute(f"SELECT count(*) FROM {table} t WHERE TRUE" + live("t.number", version)).fetchone()
    return int(row[0]) if row else 0
