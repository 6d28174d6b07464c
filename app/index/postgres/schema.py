"""The tables of a schema, and which of their rows a generation has.

A generation is a version of its schema. Its vectors are those numbered up to the version's `last_number`, but for
those that are `dead` in it: an edit adds rows and marks others as dead, and changes none.

    versions   what a generation has: how many vectors, the last number, how many dead up to there
    vectors    of a chunk, with its id and path
    dead       a vector, and the version in which it was gone first
"""

import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from footnote.app.core.errors import IndexDamagedError

if TYPE_CHECKING:
    from psycopg import Connection

KIND = "postgres"
_NAME = re.compile(r"(footnote_[0-9a-f]{16}_[0-9a-f]{8}):([0-9]{1,9})")
MOST_INDEXED_DIMENSIONS = 2_000  # of pgvector's graph
_TABLES = """
CREATE TABLE versions (
    version int PRIMARY KEY, vectors int NOT NULL, last_number int NOT NULL, dead int NOT NULL
);
CREATE TABLE vectors (
    number int NOT NULL, id text COLLATE "C" NOT NULL, path text COLLATE "C" NOT NULL, embedding vector NOT NULL
);
CREATE TABLE dead (number int PRIMARY KEY, version int NOT NULL);
"""
# After a load: an index that is built at once is smaller, and built faster. A path may be longer than a btree takes.
_INDEXES = """
ALTER TABLE vectors ADD PRIMARY KEY (number);
CREATE INDEX vectors_id ON vectors (id);
CREATE INDEX vectors_path ON vectors USING hash (path);
"""
# m is the default; of the 20 nearest the graph of 100 finds what bench/stores says.
_GRAPH = (
    "CREATE INDEX vectors_graph ON vectors USING hnsw (embedding vector_ip_ops) WITH (m = 16, ef_construction = 100)"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a generation is: a schema, and a version of it."""

    schema: str
    version: int

    @property
    def collection(self) -> str:
        """As manifests have it."""
        return f"{self.schema}:{self.version}"


@dataclass(frozen=True, slots=True)
class Version:
    """A row of `versions`; `dead` of the vectors up to `last_number` are not in it."""

    version: int
    vectors: int
    last_number: int
    dead: int


def place_of(collection: str) -> Place:
    """Where the manifest says that a generation is.

    Raises:
        IndexDamagedError: it says nothing that could be a schema of ours.
    """
    named = _NAME.fullmatch(collection)
    if not named:
        raise IndexDamagedError(f"{collection!r} is no collection in PostgreSQL: run `footnote ingest --rebuild`")
    return Place(named[1], int(named[2]))


def schemas_of(owner: str) -> str:
    """How the names of an index folder's schemas begin."""
    return f"footnote_{owner}_"


def new_schema(connection: "Connection", owner: str, dimension: int) -> str:
    """The name of a schema with empty tables and no indexes yet; it is the search path of the transaction then."""
    name = f"{schemas_of(owner)}{secrets.token_hex(4)}"
    if not connection.execute("SELECT 1 FROM pg_type WHERE typname = 'vector'").fetchone():
        connection.execute("CREATE EXTENSION vector")
    connection.execute(f"CREATE SCHEMA {name}")  # of hexadecimal digits
    use_schema(connection, name)
    connection.execute(_TABLES)
    if dimension <= MOST_INDEXED_DIMENSIONS:
        # Beside its number, where a search reads it, and not in a table of large values.
        connection.execute(f"ALTER TABLE vectors ALTER embedding TYPE vector({dimension:d})")
        connection.execute("ALTER TABLE vectors ALTER embedding SET STORAGE PLAIN")
    return name


def use_schema(connection: "Connection", name: str) -> None:
    """Let names mean the tables of a schema, on this connection.

    Raises:
        IndexDamagedError: there is none. Names would then mean what others have in the database.
    """
    if connection.execute("SELECT to_regnamespace(%s)", [name]).fetchone() == (None,):
        raise IndexDamagedError(f"the database has no schema {name}: run `footnote ingest --rebuild`")
    connection.execute("SELECT set_config('search_path', %s || ', ' || current_setting('search_path'), false)", [name])


def add_indexes(connection: "Connection", dimension: int, memory_mb: int) -> None:
    """What the searches need, once all rows are there."""
    connection.execute("SELECT set_config('maintenance_work_mem', %s, true)", [f"{memory_mb}MB"])
    connection.execute(_INDEXES)
    if dimension <= MOST_INDEXED_DIMENSIONS:
        connection.execute(_GRAPH)


def read_version(connection: "Connection", version: int) -> Version:
    """A version of the schema in use.

    Raises:
        IndexDamagedError: the schema has no such version.
    """
    row = connection.execute(
        "SELECT version, vectors, last_number, dead FROM versions WHERE version = %s", [version]
    ).fetchone()
    if row is None:
        raise IndexDamagedError("the database lacks this generation: run `footnote ingest --rebuild`")
    return Version(*row)


def write_version(connection: "Connection", version: Version) -> None:
    """Add a version to the schema in use."""
    values = [version.version, version.vectors, version.last_number, version.dead]
    connection.execute("INSERT INTO versions VALUES (%s, %s, %s, %s)", values)


def broken_indexes(connection: "Connection") -> list[str]:
    """The indexes of the schema in use that the database does not take any more."""
    rows = connection.execute(
        "SELECT relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
        "WHERE relnamespace = current_schema()::regnamespace AND NOT (indisvalid AND indisready)"
    ).fetchall()
    return [str(name) for (name,) in rows]


def live(column: str, version: Version) -> str:
    """A condition on a number: the vector is in the version."""
    # NOT IN is looked up in a hash; NOT EXISTS would be a join, and let the planner forsake the graph.
    alive = f" AND {column} NOT IN (SELECT d.number FROM dead d WHERE d.version <= {version.version:d})"
    return f" AND {column} <= {version.last_number:d}" + (alive if version.dead else "")
