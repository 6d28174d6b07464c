"""What a check compares within the database: whoever checks compares chunks and vectors with the pages."""

from typing import TYPE_CHECKING

from footnote.app.index.postgres.schema import Version, live

if TYPE_CHECKING:
    from psycopg import Connection

PART = "postgres"
_MISCOUNTED = """
SELECT count(*) FROM (
    SELECT f.term, count(*) FILTER (WHERE f.is_body) AS bodies, count(*) AS chunks FROM (
        SELECT p.term, (h >> 32)::int AS number, TRUE AS is_body FROM postings p, unnest(p.hits) AS h
        WHERE p.version <= {version}
        UNION ALL
        SELECT p.term, e AS number, FALSE FROM postings p, unnest(p.english) AS e WHERE p.version <= {version}
    ) AS f WHERE TRUE {live} GROUP BY f.term
) AS posted FULL JOIN (
    SELECT DISTINCT ON (term) term, bodies, chunks FROM counts WHERE version <= {version} ORDER BY term, version DESC
) AS counted USING (term)
WHERE coalesce(posted.bodies, 0) <> coalesce(counted.bodies, 0)
    OR coalesce(posted.chunks, 0) <> coalesce(counted.chunks, 0)
"""


def damages(connection: "Connection", version: Version) -> list[tuple[str, str]]:
    """The part, and what is wrong with it; takes as long as it takes."""
    connection.execute("SET statement_timeout = 0")
    try:
        row = connection.execute(_MISCOUNTED.format(version=version.version, live=live("f.number", version))).fetchone()
        broken = connection.execute(
            "SELECT relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
            "WHERE relnamespace = current_schema()::regnamespace AND NOT (indisvalid AND indisready)"
        ).fetchall()
    finally:
        if not connection.closed:
            connection.execute("RESET statement_timeout")
    found = [(PART, f"the index {name} is not valid") for (name,) in broken]
    if row and row[0]:
        found.append((PART, f"{row[0]} terms are in more or fewer chunks than their counts say"))
    return found
