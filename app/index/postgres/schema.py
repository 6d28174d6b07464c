"""The tables of a schema, and which of their rows a generation has.

A generation is a version of its schema. Its chunks are those numbered up to the version's `last_number`, but for
those that are `dead` in it: an edit adds rows and marks others as dead, and changes none.

    versions   what a generation has: how many chunks and terms, the last number, chunks by language
    chunks     a chunk as the index holds it
    vectors    by the number of the chunk
    dead       a chunk, and the version in which it was gone first
    postings   term -> the chunks that a version added, in blocks: `hits` are number << 32 | count << 8 | code of the
               chunk's length, `english` the numbers of those that hold it only as English spells it
    counts     term -> in how many chunks it is in a version and those after it, until the next of its rows
"""

import json
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
    version int PRIMARY KEY, chunks int NOT NULL, terms bigint NOT NULL, last_number int NOT NULL, dead int NOT NULL,
    languages jsonb NOT NULL
);
CREATE TABLE chunks (
    number int NOT NULL, id text COLLATE "C" NOT NULL, path text COLLATE "C" NOT NULL, language text NOT NULL,
    body text NOT NULL, english text NOT NULL, chunk text NOT NULL
);
CREATE TABLE vectors (number int NOT NULL, embedding vector NOT NULL);
CREATE TABLE dead (number int PRIMARY KEY, version int NOT NULL);
CREATE TABLE postings (term text COLLATE "C" NOT NULL, version int NOT NULL, hits bigint[], english int[]);
CREATE TABLE counts (
    term text COLLATE "C", version int, bodies int NOT NULL, chunks int NOT NULL, PRIMARY KEY (term, version)
);
"""
# After a load: an index that is built at once is smaller, and built faster.
_INDEXES = """
ALTER TABLE chunks ADD PRIMARY KEY (number);
ALTER TABLE vectors ADD PRIMARY KEY (number);
CREATE INDEX chunks_id ON chunks (id);
CREATE INDEX chunks_path ON chunks USING hash (path);
CREATE INDEX postings_term ON postings (term, version);
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
    """A row of `versions`; `dead` of the chunks up to `last_number` are not in it."""

    version: int
    chunks: int
    terms: int
    last_number: int
    dead: int
    languages: dict[str, int]


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
    """Let names mean the tables of a schema, on this connection."""
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
        "SELECT version, chunks, terms, last_number, dead, languages FROM versions WHERE version = %s", [version]
    ).fetchone()
    if row is None:
        raise IndexDamagedError("the database lacks this generation: run `footnote ingest --rebuild`")
    return Version(*row)


def write_version(connection: "Connection", version: Version) -> None:
    """Add a version to the schema in use."""
    languages = json.dumps(version.languages)
    values = [version.version, version.chunks, version.terms, version.last_number, version.dead, languages]
    connection.execute("INSERT INTO versions VALUES (%s, %s, %s, %s, %s, %s)", values)


def live(column: str, version: Version) -> str:
    """A condition on a number: the chunk is in the version."""
    # NOT IN is looked up in a hash; NOT EXISTS would be a join, and let the planner forsake the graph.
    alive = f" AND {column} NOT IN (SELECT d.number FROM dead d WHERE d.version <= {version.version:d})"
    return f" AND {column} <= {version.last_number:d}" + (alive if version.dead else "")
