"""Rows on their way into the tables, by COPY."""

import struct
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from footnote.app.index.bm25 import length_code
from footnote.app.index.documents import LexicalDocument
from footnote.app.index.postgres.schema import Version, live
from footnote.app.index.postgres.terms import key_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from psycopg import Connection

_SIGNATURE = b"PGCOPY\n\xff\r\n\x00" + struct.pack(">ii", 0, 0)
_END = struct.pack(">h", -1)
_COUNTS = """
INSERT INTO counts
SELECT w.term, %(version)s, coalesce(c.bodies, 0) + w.bodies, coalesce(c.chunks, 0) + w.chunks
FROM unnest(%(terms)s::text[], %(bodies)s::int[], %(chunks)s::int[]) AS w(term, bodies, chunks)
LEFT JOIN LATERAL (
    SELECT bodies, chunks FROM counts WHERE term = w.term AND version < %(version)s ORDER BY version DESC LIMIT 1
) AS c ON TRUE
"""
_KEPT_VECTORS = """
INSERT INTO vectors SELECT new.number, v.embedding
FROM unnest(%(ids)s::text[], %(numbers)s::int[]) AS new(id, number)
JOIN chunks c ON c.id = new.id JOIN vectors v ON v.number = c.number WHERE TRUE
"""
_TERMS_AT_ONCE = 50_000
_IDS_AT_ONCE = 10_000


@dataclass(slots=True)
class Change:
    """What an edit does to the numbers of a version.

    Attributes:
        bodies, anyhow: chunks by term, as their language spells it and in any way.
    """

    chunks: int = 0
    terms: int = 0
    bodies: Counter[str] = field(default_factory=Counter)
    anyhow: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)

    def count(self, language: str, body: str, english: str, sign: int) -> None:
        """Add a chunk, or with -1 take one away."""
        terms = body.split()
        spelled = {key_of(term) for term in terms}
        self.chunks += sign
        self.terms += sign * len(terms)
        self.languages[language] += sign
        for term in spelled:
            self.bodies[term] += sign
        for term in spelled | {key_of(term) for term in english.split()}:
            self.anyhow[term] += sign


def copy_documents(
    connection: "Connection", version: int, first: int, documents: Sequence[LexicalDocument], change: Change
) -> None:
    """Add chunks, numbered from `first` on, with their postings, and count them in `change`."""
    hits: dict[str, list[int]] = defaultdict(list)
    english: dict[str, list[int]] = defaultdict(list)
    with connection.cursor() as cursor, cursor.copy("COPY chunks FROM STDIN") as copy:
        for number, document in enumerate(documents, first):
            copy.write_row((number, *document))
            change.count(document.language, document.body, document.english, 1)
            terms = document.body.split()
            code = length_code(len(terms))
            for term, count in Counter(key_of(term) for term in terms).items():
                hits[term].append(number << 32 | count << 8 | code)
            for term in document.english.split():
                english[key_of(term)].append(number)
    with connection.cursor() as cursor, cursor.copy("COPY postings FROM STDIN") as copy:
        for term in sorted(hits.keys() | english.keys()):
            copy.write_row((term, version, _array(hits.get(term)), _array(english.get(term))))


def copy_vectors(connection: "Connection", numbers: Iterable[int], embeddings: "NDArray[np.float32]") -> None:
    """Add vectors, `(n, dim)`, by the numbers of their chunks."""
    # As pgvector receives them: the dimension, a field that is not used, and big-endian float32.
    dimension = embeddings.shape[1]
    head = struct.pack(">hh", dimension, 0)
    length = len(head) + 4 * dimension
    with connection.cursor() as cursor, cursor.copy("COPY vectors FROM STDIN (FORMAT BINARY)") as copy:
        copy.write(_SIGNATURE)
        for number, row in zip(numbers, embeddings, strict=True):
            copy.write(struct.pack(">hiii", 2, 4, number, length) + head + row.astype(">f4").tobytes())
        copy.write(_END)


def write_counts(connection: "Connection", version: int, change: Change) -> None:
    """Add the new counts of each term whose count changes."""
    changed = sorted(term for term in change.anyhow if change.anyhow[term] or change.bodies[term])
    for first in range(0, len(changed), _TERMS_AT_ONCE):
        some = changed[first : first + _TERMS_AT_ONCE]
        values: Mapping[str, object] = {
            "version": version,
            "terms": some,
            "bodies": [change.bodies[term] for term in some],
            "chunks": [change.anyhow[term] for term in some],
        }
        connection.execute(_COUNTS, values)


def _array(values: list[int] | None) -> str | None:
    return None if values is None else "{" + ",".join(map(str, values)) + "}"


def mark_dead(connection: "Connection", base: Version, chunk_ids: Sequence[str], change: Change) -> int:
    """How many chunks of the base the next version lacks, by their ids; `change` has what they held."""
    dead = 0
    for first in range(0, len(chunk_ids), _IDS_AT_ONCE):
        rows = connection.execute(
            "SELECT c.number, c.language, c.body, c.english FROM chunks c WHERE c.id = ANY(%(ids)s)"
            + live("c.number", base),
            {"ids": list(chunk_ids[first : first + _IDS_AT_ONCE])},
        ).fetchall()
        for _, language, body, english in rows:
            change.count(language, body, english, -1)
        numbers = [number for number, *_ in rows]
        connection.execute("INSERT INTO dead SELECT unnest(%s::int[]), %s", [numbers, base.version + 1])
        dead += len(rows)
    return dead


def keep_vectors(connection: "Connection", base: Version, numbers: Mapping[str, int]) -> None:
    """Take over the base's vectors of these chunks, whose new numbers these are, by id."""
    ids = list(numbers)
    for first in range(0, len(ids), _IDS_AT_ONCE):
        some = ids[first : first + _IDS_AT_ONCE]
        connection.execute(
            _KEPT_VECTORS + live("c.number", base), {"ids": some, "numbers": [numbers[one] for one in some]}
        )
