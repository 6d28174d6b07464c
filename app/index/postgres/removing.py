"""Removing what no generation of an index has any more."""

from collections import defaultdict
from collections.abc import Collection
from typing import TYPE_CHECKING

from footnote.app.index.postgres.schema import Place, schemas_of

if TYPE_CHECKING:
    from psycopg import Connection

_GONE = """
WITH gone AS (DELETE FROM {schema}.dead WHERE version <= {oldest} RETURNING number)
DELETE FROM {schema}.vectors WHERE number IN (SELECT number FROM gone)
"""


def remove_all_but(connection: "Connection", owner: str, kept: Collection[Place]) -> None:
    """Drop the index folder's schemas that have no kept version, and of the others the rows that none of these has."""
    oldest: dict[str, int] = defaultdict(lambda: 2**31 - 1)
    for place in kept:
        oldest[place.schema] = min(oldest[place.schema], place.version)
    prefix = schemas_of(owner)
    schemas = connection.execute(
        "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s) ORDER BY 1", [prefix]
    ).fetchall()
    for (schema,) in schemas:
        if schema not in oldest:
            connection.execute(f'DROP SCHEMA "{schema}" CASCADE')
            continue
        connection.execute(_GONE.format(schema=schema, oldest=oldest[schema]))
