"""Lexical search: BM25 over stems and identifiers. One Protocol, two engines."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

import tantivy

from footnote.app.core.text.analysis import STEMMED, question_variants, stemmed_as, terms
from footnote.app.core.text.term_counts import TermCounts
from footnote.app.core.types import Chunk
from footnote.app.index.lexical_segments import (
    LexicalDocument,
    open_searcher,
    schema,
    stored_document,
    stored_documents,
    write_segments,
)

# Of `LexicalDocument`: a term as English spells it is in one of them.
_ENGLISH_FIELDS = ("body", "english")


class LexicalHit(NamedTuple):
    """`score` is BM25, above 0."""

    chunk_id: str
    score: float


class LexicalIndex(Protocol):
    def search(self, question: str, top_k: int, paths: Collection[str] | None = None) -> list[LexicalHit]:
        """At most `top_k` chunks, best first, ties by id; only chunks that share a term with the question.

        `paths` restricts the search to those files; None means all.
        """
        ...


def _weighted(question: str, languages: Collection[str], counts: TermCounts) -> dict[str, float]:
    """The question's terms as these languages spell them, each with what its BM25 counts.

    The spellings of a word count as if each were as frequent as the most frequent one. By its own count `docker`, which
    another stemmer cuts to `dock`, would be the rarer the fewer pages are in that language, and these would come first.
    """
    weights: dict[str, float] = {}
    for variants in question_variants(question, languages):
        idfs = {term: counts.idf(term) for term in variants if len(variants) == 1 or counts.chunks_with(term)}
        for term, idf in idfs.items():
            weights[term] = max(weights.get(term, 0.0), min(idfs.values()) / idf)
    return weights


def _by_score(hits: Iterable[LexicalHit], top_k: int) -> list[LexicalHit]:
    return sorted(hits, key=lambda hit: (-hit.score, hit.chunk_id))[:top_k]


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
        weighted = _weighted(question, self._languages, counts)
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
        return _by_score(hits, top_k)

    def _with_ties(self, query: tantivy.Query, top_k: int) -> list[tuple[float, tantivy.DocAddress]]:
        # tantivy orders equal scores by where the segments lie: to cut by id, all that tie with the last are needed.
        limit = top_k + 1
        while True:
            found: list[tuple[float, tantivy.DocAddress]] = self._searcher.search(query, limit, count=False).hits
            if len(found) < limit or found[-1][0] < found[top_k - 1][0]:
                return found
            limit *= 2


class RankBM25Index:
    """rank-bm25 in memory, over every chunk: the reference, for small corpora (O(chunks) a question)."""

    def __init__(self, chunks: Collection[Chunk]) -> None:
        from rank_bm25 import BM25Okapi

        self._ids = [chunk.id for chunk in chunks]
        self._paths = [chunk.path for chunk in chunks]
        self._languages = sorted({stemmed_as(chunk.language) for chunk in chunks})
        # Same constants as tantivy, so that the engines differ in nothing but speed and idf floor.
        self._bm25 = BM25Okapi([terms(chunk.index_text, chunk.language) for chunk in chunks], k1=1.2, b=0.75)
        holding = Counter(term for document in self._bm25.doc_freqs for term in document)
        self._counts = TermCounts(len(self._ids), lambda term: holding[term])

    def count(self) -> int:
        """Chunks in the index."""
        return len(self._ids)

    def search(self, question: str, top_k: int, paths: Collection[str] | None = None) -> list[LexicalHit]:
        weighted = _weighted(question, self._languages, self._counts)
        scores = [0.0] * len(self._ids)
        for term, weight in weighted.items():
            scores += weight * self._bm25.get_scores([term])
        allowed = None if paths is None else frozenset(paths)
        return _by_score(
            (
                LexicalHit(chunk_id, float(score))
                for chunk_id, path, score in zip(self._ids, self._paths, scores, strict=True)
                if score > 0 and (allowed is None or path in allowed)
            ),
            top_k,
        )
