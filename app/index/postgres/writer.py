"""Writing a generation's vectors into PostgreSQL: one transaction, of which nobody sees anything before its end."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING

from footnote.app.core.setting_groups import StoreSettings
from footnote.app.core.types import Chunk
from footnote.app.index.embedded.lexical_part import LexicalPart
from footnote.app.index.owner import owner_of
from footnote.app.index.postgres.loading import copy_vectors, mark_dead
from footnote.app.index.postgres.schema import Place, Version, add_indexes, live, new_schema, write_version
from footnote.app.index.postgres.session import writing
from footnote.app.index.postgres.versions import continue_base, kept_places
from footnote.app.index.seam import BaseGeneration, Changes, Written

if TYPE_CHECKING:
    from psycopg import Connection

    from footnote.app.index.seam import VectorsOf

_EMPTY = Version(0, 0, -1, 0)
_PAGE = 1_000
# What pgvector's graph of a million vectors of 384 takes is 2.3 GB; with less it is built several times slower.
_MOST_MEMORY_MB = 2_500
_GRAPH_BYTES = 800  # of links, beside a vector


class PostgresWriter:
    """Adds a version to the schema of the base, or fills a new one."""

    def __init__(self, settings: StoreSettings, folder: Path, base: BaseGeneration | None) -> None:
        self._settings = settings
        self._index_dir = folder.parent
        self._base = base
        self._lexical = LexicalPart(folder, base)

    def stored(self, chunk_ids: Collection[str]) -> dict[str, Chunk]:
        return self._lexical.stored(chunk_ids)

    def write(self, changes: Changes, vectors_of: "VectorsOf", on_written: Callable[[int], None]) -> Written:
        chunks = self._lexical.write(changes)
        with writing(self._settings) as connection, connection.transaction():
            return self._write(connection, chunks, changes, vectors_of, on_written)

    def _write(
        self,
        connection: "Connection",
        chunks: int,
        changes: Changes,
        vectors_of: "VectorsOf",
        on_written: Callable[[int], None],
    ) -> Written:
        owner = owner_of(self._index_dir)
        if self._base:
            dimension = self._base.manifest.dimension
            kept = kept_places(self._index_dir)
            place, base, is_new = continue_base(connection, owner, self._base.manifest, kept)
        else:
            # The length of the vectors stands in the table, and only they know it.
            dimension = vectors_of(changes.embedded[:1]).shape[1]
            place, base, is_new = Place(new_schema(connection, owner, dimension), 0), _EMPTY, True
        dead = mark_dead(connection, base, changes.stale_vectors)
        first = base.last_number + 1
        for start in range(0, len(changes.embedded), _PAGE):
            page = changes.embedded[start : start + _PAGE]
            copy_vectors(connection, first + start, page, vectors_of(page))
            on_written(start + len(page))
        added = len(changes.embedded)
        version = Version(base.version + 1, base.vectors - dead + added, base.last_number + added, base.dead + dead)
        write_version(connection, version)
        if is_new:
            add_indexes(connection, dimension, _memory_mb(version.vectors, dimension))
            connection.execute("ANALYZE vectors, dead")
        row = connection.execute("SELECT count(*) FROM vectors v WHERE TRUE" + live("v.number", version)).fetchone()
        collection = Place(place.schema, version.version).collection
        return Written(dimension, row[0] if row else 0, chunks, collection=collection)


def _memory_mb(vectors: int, dimension: int) -> int:
    """Room for the whole graph while it is built, within reason."""
    return max(64, min(_MOST_MEMORY_MB, vectors * (4 * dimension + _GRAPH_BYTES) // 1_000_000 + 1))
