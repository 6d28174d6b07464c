"""The retrieval half of a query: (lexical + vector) -> fuse -> rerank."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache

from footnote.app.core.setting_groups import SearchSettings
from footnote.app.core.timing import timed
from footnote.app.core.types import Hit
from footnote.app.index.filters import QueryFilter
from footnote.app.index.lexical_index import LexicalHit
from footnote.app.index.reader import Index
from footnote.app.index.vector_store import VectorHit
from footnote.app.models.embedder import Embedder
from footnote.app.models.reranker import Reranker
from footnote.app.retrieval.fuse import FusedHit, fuse
from footnote.app.retrieval.rerank import rerank

_KEPT_EMBEDDINGS = 1_000


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What a question found, and milliseconds per stage; `lexical_ms` and `vector_ms` overlap.

    Attributes:
        hits: the best `top_k`, best first.
        candidates: all that were reranked, best first; `hits` are the first of them.
        files: how many files the filter let through; None without a filter. With 0 nothing was searched.
        lexical, vector: all that each search found, best first; the fusion does not keep all of it.
    """

    hits: tuple[Hit, ...]
    candidates: tuple[Hit, ...]
    files: int | None = None
    embed_ms: float = 0.0
    lexical_ms: float = 0.0
    vector_ms: float = 0.0
    fuse_ms: float = 0.0
    rerank_ms: float = 0.0
    lexical: tuple[LexicalHit, ...] = ()
    vector: tuple[VectorHit, ...] = ()


class Retriever:
    """Searches one index; safe to call from several threads."""

    def __init__(
        self, index: Index, embedder: Embedder, reranker: Reranker | None, search: SearchSettings, threads: int = 1
    ) -> None:
        index.require_embedder(embedder.fingerprint)
        self.index = index
        # The same question comes again: of another client, with another filter, from a search to an answer.
        self._embed = lru_cache(_KEPT_EMBEDDINGS)(embedder.embed_query)
        self._reranker = reranker
        self._search = search
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="lexical")

    def close(self) -> None:
        """Let the search threads go."""
        self._pool.shutdown(wait=False)

    def retrieve(self, question: str, top_k: int, query_filter: QueryFilter | None = None) -> Retrieval:
        """The `top_k` best hits, best first; fewer, or none, when the filter leaves no more.

        Each search gives `candidates` chunks, and the best `rerank_depth` of both are reranked; as many as `top_k` if
        that is more.
        """
        search = self._search
        kept = max(search.rerank_depth, top_k)
        depth = max(search.candidates, kept)
        selection = self.index.select(query_filter)
        if selection is not None and not selection.allowed:
            return Retrieval((), (), files=0)
        allowed = selection.allowed if selection else None
        lexical_search = self._pool.submit(timed, lambda: self.index.lexical.search(question, depth, allowed))
        embedding, embed_ms = timed(lambda: self._embed(question))
        vector, vector_ms = timed(lambda: self.index.vectors.search(embedding, depth, selection))
        lexical, lexical_ms = lexical_search.result()
        hits, fuse_ms = timed(
            lambda: self._with_chunks(
                fuse(
                    lexical,
                    vector,
                    depth,
                    search.lexical_weight,
                    search.vector_weight,
                    search.cosine_span,
                )[:kept]
            )
        )
        hits, rerank_ms = timed(lambda: rerank(question, hits, self._reranker, search.fused_weight))
        files = None if allowed is None else len(allowed)
        stages = (embed_ms, lexical_ms, vector_ms, fuse_ms, rerank_ms)
        return Retrieval(tuple(hits[:top_k]), tuple(hits), files, *stages, tuple(lexical), tuple(vector))

    def warm_up(self, with_reranker: bool) -> None:
        """Read from disk what the first question would wait for."""
        if with_reranker:
            self.retrieve("warm up", 1)
        else:
            self.index.vectors.search(self._embed("warm up"), 1)
            self.index.chunks.get([hit.chunk_id for hit in self.index.lexical.search("warm up", 1)])

    def _with_chunks(self, fused: list[FusedHit]) -> list[Hit]:
        chunks = self.index.chunks.get([hit.chunk_id for hit in fused])
        return [Hit(chunks[hit.chunk_id], hit.lexical, hit.vector, hit.fused) for hit in fused]
