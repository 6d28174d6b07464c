"""Which schema a new generation goes to: that of its base, or a new one."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from footnote.app.core.errors import IndexDamagedError
from footnote.app.index.manifest import Manifest, read_manifest
from footnote.app.index.postgres.schema import (
    KIND,
    Place,
    Version,
    live,
    new_schema,
    place_of,
    read_version,
    schemas_of,
    use_schema,
    write_version,
)

if TYPE_CHECKING:
    from psycopg import Connection

_COPIED = "INSERT INTO vectors SELECT v.* FROM {base}.vectors v WHERE TRUE{live}"


def kept_places(index_dir: Path) -> set[Place]:
    """Where the published generations of an index folder are."""
    places = set()
    for file in (index_dir / "generations").glob("*/manifest.json"):
        with suppress(IndexDamagedError):
            manifest = read_manifest(file.parent)
            if manifest.store == KIND:
                places.add(place_of(manifest.collection))
    return places


def continue_base(
    connection: "Connection", owner: str, manifest: Manifest, kept: Collection[Place]
) -> tuple[Place, Version, bool]:
    """The base in a schema that a new version may be added to, and whether it is a new one, without indexes.

    A schema grows at its end. Where another generation came after the base, as after a rollback, or the schema is
    that of the folder that this one was copied from, the base is copied within the database.
    """
    base = place_of(manifest.collection)
    use_schema(connection, base.schema)
    version = read_version(connection, base.version)
    later = any(place.schema == base.schema and place.version > base.version for place in kept)
    if base.schema.startswith(schemas_of(owner)) and not later:
        _forget_after(connection, version)
        return base, version, False
    name = new_schema(connection, owner, manifest.dimension)
    # Without the dead ones, so that none is marked here.
    alive = live("v.number", version).replace("FROM dead", f"FROM {base.schema}.dead")
    connection.execute(_COPIED.format(base=base.schema, live=alive))
    version = replace(version, dead=0)
    write_version(connection, version)
    return Place(name, base.version), version, True


def _forget_after(connection: "Connection", version: Version) -> None:
    """Remove what an ingest wrote that failed before it published."""
    last = connection.execute("SELECT max(version) FROM versions").fetchone()
    if last is None or last[0] == version.version:
        return
    connection.execute(f"DELETE FROM vectors WHERE number > {version.last_number:d}")
    for table in ("versions", "dead"):
        connection.execute(f"DELETE FROM {table} WHERE version > {version.version:d}")
