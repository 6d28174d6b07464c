"""Lexical search in tantivy, which holds the chunks as well."""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import tantivy

from footnote.app.core.text.analysis import STEMMED
from footnote.app.core.text.term_counts import TermCounts
from footnote.app.core.types import Chunk
from footnote.app.index.documents import LexicalDocument
from footnote.app.index.embedded.lexical_segments import (
    open_searcher,
    schema,
    stored_document,
    stored_documents,
    write_segments,
)
from footnote.app.index.lexical_index import by_score, weighted_terms
from footnote.app.index.seam import LexicalHit

# Of `LexicalDocument`: a term as English spells it is in one of them.
_ENGLISH_FIELDS = ("body", "english")


class TantivyIndex:
    """BM25 on disk (k1 = 1.2, b = 0.75), and the chunks themselves."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._schema = schema()
        self._searcher = searcher
        self._languages = [code for code in STEMMED if searcher.doc_freq("language", code)]

    @classmethod
    def build(cls, folder: Path, chunks: Iterable[Chunk]) -> "TantivyIndex":
        """Write a new index into a new folder."""
        write_segments(folder, chunks)
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path) -> "TantivyIndex":
        """Open for reading.

        Raises:
            IndexDamagedError: the folder holds no readable index.
        """
        return cls(open_searcher(folder))

    def count(self) -> int:
        """Chunks in the index."""
        return int(self._searcher.num_docs)

    def chunks_with(self, term: str) -> int:
        """Chunks that hold the term, as `footnote.app.core.text.analysis.terms` spells it."""
        return sum(int(self._searcher.doc_freq(field, term)) for field in _ENGLISH_FIELDS)

    def with_all(self, terms: Collection[str], limit: int) -> list[Chunk] | None:
        """The chunks that hold all the terms, in no particular order; None when they are more than `limit`."""
        query = tantivy.Query.boolean_query([(tantivy.Occur.Must, self._spelled(one)) for one in set(terms)])
        found = self._searcher.search(query, limit + 1, count=False).hits
        if len(found) > limit:
            return None
        return [stored_document(self._searcher.doc(address)).to_chunk() for _, address in found]

    def has_near(self, term: str, distance: int) -> bool:
        """Whether any chunk holds a term that at most so many letters make from this one."""
        queries = [
            tantivy.Query.fuzzy_term_query(self._schema, one, term, distance=distance) for one in _ENGLISH_FIELDS
        ]
        return any(self._searcher.search(query, 1, count=False).hits for query in queries)

    def _spelled(self, term: str) -> tantivy.Query:
        queries = [tantivy.Query.term_query(self._schema, one, term, index_option="basic") for one in _ENGLISH_FIELDS]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])

    def _term(self, term: str, weight: float) -> tantivy.Query:
        query = tantivy.Query.term_query(self._schema, "body", term, index_option="freq")
        return query if weight == 1.0 else tantivy.Query.boost_query(query, weight)

    def get(self, chunk_ids: Collection[str]) -> dict[str, Chunk]:
        """The chunks by id; an unknown id is missing from the result."""
        if not chunk_ids:
            return {}
        # A term set is looked up by an automaton in each segment: four times the time of single terms, for a few.
        ids = [tantivy.Query.term_query(self._schema, "id", one, index_option="basic") for one in set(chunk_ids)]
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, tantivy.Query.const_score_query(one, 1.0)) for one in ids]
        )
        return {document.chunk_id: document.to_chunk() for document in stored_documents(self._searcher, query)}

    def documents(self) -> Iterator[LexicalDocument]:
        """Every chunk with its terms, in no particular order."""
        return stored_documents(self._searcher, tantivy.Query.all_query())

    def all_chunks(self) -> Iterator[Chunk]:
        """Every chunk, in no particular order."""
        return (document.to_chunk() for document in self.documents())

    def search(self, question: str, top_k: int, paths: Collection[str] | None = None) -> list[LexicalHit]:
        counts = TermCounts(self.count(), lambda term: int(self._searcher.doc_freq("body", term)))
        weighted = weighted_terms(question, self._languages, counts)
        clauses = [(tantivy.Occur.Should, self._term(term, weight)) for term, weight in weighted.items()]
        if not clauses:
            return []
        query = tantivy.Query.boolean_query(clauses)
        if paths is not None:
            allowed = tantivy.Query.term_set_query(self._schema, "path", list(paths))
            restriction = tantivy.Query.const_score_query(allowed, 0.0)
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, restriction)])
        hits = (
            LexicalHit(str(self._searcher.doc(address)["id"][0]), float(score))
            for score, address in self._with_ties(query, top_k)
            if score > 0
        )
        return by_score(hits, top_k)

    def _with_ties(self, query: tantivy.Query, top_k: int) -> list[tuple[float, tantivy.DocAddress]]:
        # tantivy orders equal scores by where the segments lie: to cut by id, all that tie with the last are needed.
        limit = top_k + 1
        while True:
            found: list[tuple[float, tantivy.DocAddress]] = self._searcher.search(query, limit, count=False).hits
            if len(found) < limit or found[-1][0] < found[top_k - 1][0]:
                return found
            limit *= 2
