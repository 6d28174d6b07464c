"""Lexical search: BM25 over stems and identifiers. What all engines share, and the reference."""

from collections import Counter
from collections.abc import Collection, Iterable

from footnote.app.core.text.analysis import question_variants, stemmed_as, terms
from footnote.app.core.text.term_counts import TermCounts
from footnote.app.core.types import Chunk
from footnote.app.index.seam import LexicalHit


def weighted_terms(question: str, languages: Collection[str], counts: TermCounts) -> dict[str, float]:
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


def by_score(hits: Iterable[LexicalHit], top_k: int) -> list[LexicalHit]:
    """The `top_k` best, best first, ties by id."""
    return sorted(hits, key=lambda hit: (-hit.score, hit.chunk_id))[:top_k]


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
        weighted = weighted_terms(question, self._languages, self._counts)
        scores = [0.0] * len(self._ids)
        for term, weight in weighted.items():
            scores += weight * self._bm25.get_scores([term])
        allowed = None if paths is None else frozenset(paths)
        return by_score(
            (
                LexicalHit(chunk_id, float(score))
                for chunk_id, path, score in zip(self._ids, self._paths, scores, strict=True)
                if score > 0 and (allowed is None or path in allowed)
            ),
            top_k,
        )
