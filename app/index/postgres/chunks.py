"""The chunks and their terms in PostgreSQL: BM25 by SQL, with the scores of tantivy."""

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from footnote.app.core.text.analysis import STEMMED
from footnote.app.core.text.term_counts import TermCounts
from footnote.app.core.types import Chunk
from footnote.app.index.bm25 import K1, length_norms
from footnote.app.index.documents import LexicalDocument
from footnote.app.index.lexical_index import weighted_terms
from footnote.app.index.postgres.schema import Version, live
from footnote.app.index.postgres.session import Sessions
from footnote.app.index.postgres.spellings import Spellings
from footnote.app.index.postgres.terms import is_spelled, key_of
from footnote.app.index.seam import LexicalHit

if TYPE_CHECKING:
    pass

_PAGE = 1_000
_FIELDS = "c.id, c.path, c.language, c.body, c.english, c.chunk"
_COUNTS = """
SELECT w.term, c.bodies, c.chunks FROM unnest(%(terms)s::text[]) AS w(term), LATERAL (
    SELECT bodies, chunks FROM counts WHERE term = w.term AND version <= %(version)s ORDER BY version DESC LIMIT 1
) AS c
"""
_SPELLED = """
SELECT term FROM (
    SELECT DISTINCT ON (term) term, chunks FROM counts WHERE version <= %(version)s ORDER BY term, version DESC
) AS c WHERE chunks > 0
"""
# Rounded before the cut: chunks that tie add the same numbers, but not always in the same order.
_SEARCH = """
SELECT c.id, s.score FROM (
    SELECT f.number, sum(f.weight * f.count / (f.count + f.norm))::real AS score
    FROM (
        SELECT (h >> 32)::int AS number, w.weight, (h >> 8 & 16777215)::float8 AS count,
            (%(norms)s::float8[])[(h & 255)::int + 1] AS norm
        FROM unnest(%(terms)s::text[], %(weights)s::float8[]) AS w(term, weight)
        JOIN postings p ON p.term = w.term AND p.version <= %(version)s, unnest(p.hits) AS h
    ) AS f
    WHERE TRUE {narrowed}
    GROUP BY f.number ORDER BY score DESC FETCH FIRST %(top_k)s ROWS WITH TIES
) AS s JOIN chunks c ON c.number = s.number
ORDER BY s.score DESC, c.id LIMIT %(top_k)s
"""
_WITH_ALL = """
SELECT {fields} FROM (
    SELECT f.number FROM (
        SELECT p.term, (h >> 32)::int AS number FROM postings p, unnest(p.hits) AS h
        WHERE p.term = ANY(%(terms)s) AND p.version <= %(version)s
        UNION ALL
        SELECT p.term, e AS number FROM postings p, unnest(p.english) AS e
        WHERE p.term = ANY(%(terms)s) AND p.version <= %(version)s
    ) AS f WHERE TRUE {live} GROUP BY f.number HAVING count(DISTINCT f.term) = %(all)s LIMIT %(limit)s
) AS s JOIN chunks c ON c.number = s.number
"""


class PostgresChunks:
    """The chunks of one version."""

    def __init__(self, sessions: Sessions, version: Version) -> None:
        self._sessions = sessions
        self._version = version
        self._norms = length_norms(version.terms / version.chunks if version.chunks else 0.0)
        self._languages = [code for code in STEMMED if version.languages.get(code)]
        self._spellings: Spellings | None = None
        self._lock = threading.Lock()

    def count(self) -> int:
        return self._version.chunks

    def chunks_with(self, term: str) -> int:
        return self._counted([term]).get(key_of(term), (0, 0))[1]

    def search(self, question: str, top_k: int, paths: Collection[str] | None = None) -> list[LexicalHit]:
        counts = TermCounts(self.count(), lambda term: self._counted([term]).get(key_of(term), (0, 0))[0])
        weights = {
            key_of(term): (K1 + 1.0) * weight * counts.idf(term)
            for term, weight in weighted_terms(question, self._languages, counts).items()
        }
        if not weights or (paths is not None and not paths):
            return []
        filtered = "" if paths is None else " AND f.number IN (SELECT number FROM chunks WHERE path = ANY(%(paths)s))"
        query = _SEARCH.format(narrowed=live("f.number", self._version) + filtered)
        values = {
            "terms": list(weights),
            "weights": list(weights.values()),
            "norms": self._norms,
            "paths": None if paths is None else list(paths),
            "top_k": top_k,
            "version": self._version.version,
        }
        return [LexicalHit(chunk_id, score) for chunk_id, score in self._sessions.rows(query, values)]

    def with_all(self, terms: Collection[str], limit: int) -> list[Chunk] | None:
        keys = sorted({key_of(term) for term in terms})
        query = _WITH_ALL.format(fields=_FIELDS, live=live("f.number", self._version))
        values = {"terms": keys, "all": len(keys), "limit": limit + 1, "version": self._version.version}
        found = self._sessions.rows(query, values) if keys else []
        return None if len(found) > limit else [LexicalDocument(*row).to_chunk() for row in found]

    def has_near(self, term: str, distance: int) -> bool:
        if self.chunks_with(term):
            return True
        with self._lock:
            if self._spellings is None:
                spelled = self._sessions.rows(_SPELLED, {"version": self._version.version})
                self._spellings = Spellings(key for (key,) in spelled if is_spelled(key))
        return self._spellings.has_near(term, distance)

    def get(self, chunk_ids: Collection[str]) -> dict[str, Chunk]:
        ids = [chunk_id for chunk_id in set(chunk_ids) if "\x00" not in chunk_id]
        if not ids:
            return {}
        query = f"SELECT {_FIELDS} FROM chunks c WHERE c.id = ANY(%(ids)s)" + live("c.number", self._version)
        return {row[0]: LexicalDocument(*row).to_chunk() for row in self._sessions.rows(query, {"ids": ids})}

    def documents(self) -> Iterator[LexicalDocument]:
        query = f"SELECT c.number, {_FIELDS} FROM chunks c WHERE c.number > %(after)s" + live("c.number", self._version)
        return (
            LexicalDocument(*fields) for fields in paged(lambda values: self._sessions.rows(query + LIMITED, values))
        )

    def all_chunks(self) -> Iterator[Chunk]:
        return (document.to_chunk() for document in self.documents())

    def _counted(self, terms: Collection[str]) -> dict[str, tuple[int, int]]:
        """In how many chunks each is as their language spells it, and in how many in any way, by key."""
        values = {"terms": [key_of(term) for term in terms], "version": self._version.version}
        return {key: (bodies, chunks) for key, bodies, chunks in self._sessions.rows(_COUNTS, values)}


LIMITED = f" ORDER BY 1 LIMIT {_PAGE}"


def paged(rows: Callable[[dict[str, Any]], Sequence[tuple[Any, ...]]]) -> Iterator[tuple[Any, ...]]:
    """All rows without their first value, which is the number after which the next page begins."""
    after = -1
    while page := rows({"after": after}):
        yield from (row[1:] for row in page)
        after = page[-1][0]
