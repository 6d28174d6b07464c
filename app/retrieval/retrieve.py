"""The retrieval half of a query: (lexical + vector), once a query -> fuse -> rerank."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import NamedTuple

from footnote.app.core.request_context import in_this_context
from footnote.app.core.setting_groups import SearchSettings
from footnote.app.core.spans import span
from footnote.app.core.timing import staged
from footnote.app.core.types import Hit, Rewritten, SearchQuery
from footnote.app.index.filters import FileSelection, QueryFilter
from footnote.app.index.reader import Index
from footnote.app.index.seam import LexicalHit, VectorHit
from footnote.app.models.embedder import Embedder
from footnote.app.models.reranker import Reranker
from footnote.app.retrieval.fuse import FusedHit, fuse
from footnote.app.retrieval.fuse_queries import fuse_queries
from footnote.app.retrieval.rerank import rerank

_KEPT_EMBEDDINGS = 1_000
_NOTHING = Rewritten()
FACTS = {"gen_ai.operation.name": "retrieval", "gen_ai.data_source.id": "footnote"}  # of OpenTelemetry


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What a question found, and milliseconds per stage; `lexical_ms` and `vector_ms` overlap.

    Attributes:
        hits: the best `top_k`, best first.
        candidates: all that were reranked, best first; `hits` are the first of them.
        files: how many files the filter let through; None without a filter. With 0 nothing was searched.
        lexical, vector: all that each search found for the question itself, best first.
        fused: all of both and of the queries beside it, best first; only the first of it are reranked.
        rewritten: the queries beside it.
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
    fused: tuple[FusedHit, ...] = ()
    rewritten: Rewritten = _NOTHING

    @property
    def stages_ms(self) -> dict[str, float]:
        """Milliseconds by stage."""
        stages = {"embed": self.embed_ms, "lexical": self.lexical_ms, "vector": self.vector_ms, "fuse": self.fuse_ms}
        return {"rewrite": self.rewritten.ms, **stages, "rerank": self.rerank_ms}


class Depths(NamedTuple):
    """How many chunks each search gives, and how many of both are reranked."""

    searched: int
    reranked: int


def depths(search: SearchSettings, top_k: int) -> Depths:
    """Those of the settings; as many as `top_k` if that is more."""
    reranked = max(search.rerank_depth, top_k)
    return Depths(max(search.candidates, reranked), reranked)


class Retriever:
    """Searches one index; safe to call from several threads."""

    def __init__(
        self, index: Index, embedder: Embedder, reranker: Reranker | None, search: SearchSettings, threads: int = 1
    ) -> None:
        index.require_embedder(embedder.fingerprint)
        self.index = index
        # The same question comes again: of another client, with another filter, from a search to an answer.
        self._embed = lru_cache(_KEPT_EMBEDDINGS)(embedder.embed_query)
        self._embedder = embedder
        self._reranker = reranker
        self.search = search
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="lexical")

    def close(self) -> None:
        """Let the search threads go."""
        self._pool.shutdown(wait=False)

    def retrieve(
        self,
        question: str,
        top_k: int,
        query_filter: QueryFilter | None = None,
        search: SearchSettings | None = None,
        rewritten: Rewritten = _NOTHING,
    ) -> Retrieval:
        """The `top_k` best hits, best first; fewer, or none, when the filter leaves no more.

        Each search gives `candidates` chunks, and the best `rerank_depth` of both are reranked; as many as `top_k` if
        that is more. The queries of `rewritten` are searched beside the question, which alone is what passages are
        reranked for. `search` are other settings than those of the retriever.
        """
        with span("retrieve", FACTS) as retrieving:
            found = self._retrieved(question, top_k, query_filter, search or self.search, rewritten)
            retrieving.set("footnote.candidates", len(found.candidates))
            retrieving.set("footnote.hits", len(found.hits))
            return found

    def _retrieved(
        self, question: str, top_k: int, query_filter: QueryFilter | None, search: SearchSettings, rewritten: Rewritten
    ) -> Retrieval:
        found = self.gathered(question, top_k, query_filter, search, rewritten)
        if found.files == 0:
            return found
        hits, rerank_ms = staged(
            "rerank", lambda: rerank(question, found.candidates, self._reranker, search.fused_weight)
        )
        return replace(found, hits=tuple(hits[:top_k]), candidates=tuple(hits), rerank_ms=rerank_ms)

    def gathered(
        self,
        question: str,
        top_k: int,
        query_filter: QueryFilter | None = None,
        search: SearchSettings | None = None,
        rewritten: Rewritten = _NOTHING,
    ) -> Retrieval:
        """The candidates that `retrieve` would rerank, in the order of the fused list; of `hits` there are none yet."""
        search = search or self.search
        depth, kept = depths(search, top_k)
        selection = self.index.select(query_filter)
        if selection is not None and not selection.allowed:
            return Retrieval((), (), files=0, rewritten=rewritten)
        queries = (SearchQuery(question, question), *rewritten.queries)
        by_words = {
            words: self._pool.submit(
                in_this_context(partial(staged, "lexical", partial(self.by_words, words, depth, selection)))
            )
            for words in dict.fromkeys(query.words for query in queries)
        }
        embedding = {"gen_ai.operation.name": "embeddings", "gen_ai.request.model": self._embedder.fingerprint.name}
        embeddings, embed_ms = staged("embed", lambda: [self._embedding(query) for query in queries], embedding)
        vectors, vector_ms = staged(
            "vector", lambda: [self.index.vectors.search(one, depth, selection) for one in embeddings]
        )
        found = {words: searching.result() for words, searching in by_words.items()}
        lexicals, lexical_ms = [found[query.words][0] for query in queries], sum(ms for _, ms in found.values())
        weights = (search.lexical_weight, search.vector_weight)
        fused, fuse_ms = staged(
            "fuse",
            lambda: fuse_queries(
                [fuse(*both, depth, *weights, search.cosine_span) for both in zip(lexicals, vectors, strict=True)]
            ),
        )
        hits, chunks_ms = staged("chunks", lambda: self._with_chunks(fused[:kept]))
        files = len(selection.allowed) if selection else None
        stages = (embed_ms, lexical_ms, vector_ms, fuse_ms + chunks_ms, 0.0)
        of_question = (tuple(lexicals[0]), tuple(vectors[0]))
        return Retrieval((), tuple(hits), files, *stages, *of_question, tuple(fused), rewritten)

    def by_words(self, question: str, depth: int, selection: FileSelection | None = None) -> list[LexicalHit]:
        """What the lexical search alone finds."""
        return self.index.lexical.search(question, depth, selection.allowed if selection else None)

    def by_meaning(self, question: str, depth: int, selection: FileSelection | None = None) -> list[VectorHit]:
        """What the vector search alone finds."""
        return self.index.vectors.search(self._embed(question), depth, selection)

    def _embedding(self, query: SearchQuery) -> Sequence[float]:
        return self._embedder.embed_documents([query.meaning])[0] if query.is_passage else self._embed(query.meaning)

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
