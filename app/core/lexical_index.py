"""Lexical search: BM25 over stems and identifiers. One Protocol, two engines."""

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import NamedTuple, Protocol

import tantivy

from app.core.analysis import question_terms, terms
from app.core.errors import IndexDamagedError
from app.core.types import Chunk

_WRITER_BYTES = 64_000_000


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


def _by_score(hits: Iterable[LexicalHit], top_k: int) -> list[LexicalHit]:
    return sorted(hits, key=lambda hit: (-hit.score, hit.chunk_id))[:top_k]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("path", tokenizer_name="raw", index_option="basic")
    # Terms come analysed and joined by spaces, so both engines see the same ones.
    builder.add_text_field("body", tokenizer_name="whitespace", index_option="freq")
    return builder.build()


class TantivyIndex:
    """BM25 on disk (k1 = 1.2, b = 0.75)."""

    def __init__(self, index: tantivy.Index) -> None:
        self._index = index
        self._schema = index.schema
        self._searcher = index.searcher()

    @classmethod
    def build(cls, folder: Path, chunks: Iterable[Chunk]) -> "TantivyIndex":
        """Write a new index into an empty folder."""
        folder.mkdir(parents=True, exist_ok=True)
        index = tantivy.Index(_schema(), path=str(folder))
        # One thread: with more, the segments and so the order of equal scores vary from run to run.
        writer = index.writer(_WRITER_BYTES, num_threads=1)
        for chunk in chunks:
            body = " ".join(terms(chunk.index_text))
            writer.add_document(tantivy.Document(id=chunk.id, path=chunk.path, body=body))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return cls(index)

    @classmethod
    def open(cls, folder: Path) -> "TantivyIndex":
        """Open for reading.

        Raises:
            IndexDamagedError: the folder holds no readable index.
        """
        try:
            return cls(tantivy.Index.open(str(folder)))
        except (ValueError, OSError) as error:
            raise IndexDamagedError(f"the lexical index {folder} cannot be read: run `footnote ingest`") from error

    def count(self) -> int:
        """Chunks in the index."""
        return int(self._searcher.num_docs)

    def search(self, question: str, top_k: int, paths: Collection[str] | None = None) -> list[LexicalHit]:
        clauses = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "body", term, index_option="freq"))
            for term in dict.fromkeys(question_terms(question))
        ]
        if not clauses:
            return []
        query = tantivy.Query.boolean_query(clauses)
        if paths is not None:
            allowed = tantivy.Query.term_set_query(self._schema, "path", list(paths))
            restriction = tantivy.Query.const_score_query(allowed, 0.0)
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, restriction)])
        found = self._searcher.search(query, top_k, count=False).hits
        return _by_score(
            (
                LexicalHit(str(self._searcher.doc(address)["id"][0]), float(score))
                for score, address in found
                if score > 0
            ),
            top_k,
        )


class RankBM25Index:
    """rank-bm25 in memory, over every chunk: the reference, for small corpora (O(chunks) a question)."""

    def __init__(self, chunks: Collection[Chunk]) -> None:
        from rank_bm25 import BM25Okapi

        self._ids = [chunk.id for chunk in chunks]
        self._paths = [chunk.path for chunk in chunks]
        # Same constants as tantivy, so that the engines differ in nothing but speed and idf floor.
        self._bm25 = BM25Okapi([terms(chunk.index_text) for chunk in chunks], k1=1.2, b=0.75)

    def count(self) -> int:
        """Chunks in the index."""
        return len(self._ids)

    def search(self, question: str, top_k: int, paths: Collection[str] | None = None) -> list[LexicalHit]:
        scores = self._bm25.get_scores(list(dict.fromkeys(question_terms(question))))
        allowed = None if paths is None else frozenset(paths)
        return _by_score(
            (
                LexicalHit(chunk_id, float(score))
                for chunk_id, path, score in zip(self._ids, self._paths, scores, strict=True)
                if score > 0 and (allowed is None or path in allowed)
            ),
            top_k,
        )
