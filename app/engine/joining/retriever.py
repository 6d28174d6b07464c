"""retriever: a question searched in each of several collections, and what was found reranked together.

Each search is that of its own collection: its embedder, its languages, its weights. Scores of two embedders say nothing
about each other, and so do BM25 scores of two indexes; one reranker reads all candidates, and its logits do.
"""

from collections.abc import Mapping
from functools import partial

from footnote.app.core.spans import span
from footnote.app.core.timing import staged
from footnote.app.core.types import Hit, Rewritten
from footnote.app.engine.joining.names import joined_hits
from footnote.app.index.filters import QueryFilter
from footnote.app.models.reranker import Reranker
from footnote.app.retrieval.rerank import rerank
from footnote.app.retrieval.retrieve import FACTS, Retrieval, Retriever

_NOTHING = Rewritten()


class JoinedRetriever:
    """Searches several indexes; safe to call from several threads.

    Args:
        retrievers: by collection.
        reranker: reads the candidates of all; without one they come by their fused scores.
        fused_weight: as of `rerank`.
    """

    def __init__(self, retrievers: Mapping[str, Retriever], reranker: Reranker | None, fused_weight: float) -> None:
        self._retrievers = retrievers
        self._reranker = reranker
        self._fused_weight = fused_weight

    def retrieve(
        self, question: str, top_k: int, query_filter: QueryFilter | None = None, *, rewritten: Rewritten = _NOTHING
    ) -> Retrieval:
        """The `top_k` best hits of all, best first; fewer, or none, when the filter leaves no more.

        Each collection gives as many candidates as it would rerank by itself. `lexical`, `vector` and `fused` stay
        empty: there is no list of all.
        """
        with span("retrieve", FACTS) as retrieving:
            found = {
                name: retriever.gathered(question, top_k, query_filter, rewritten=rewritten)
                for name, retriever in self._retrievers.items()
            }
            of_all = [hit for name, one in found.items() for hit in joined_hits(name, one.candidates)]
            of_all.sort(key=_fused, reverse=True)  # stable: of equal ones those of the first collection
            ordering = partial(rerank, question, of_all, self._reranker, self._fused_weight)
            hits, rerank_ms = staged("rerank", ordering)
            retrieving.set("footnote.candidates", len(hits))
        of_each = found.values()
        files = [one.files for one in of_each if one.files is not None]
        return Retrieval(
            hits=tuple(hits[:top_k]),
            candidates=tuple(hits),
            files=sum(files) if query_filter else None,
            embed_ms=sum(one.embed_ms for one in of_each),
            lexical_ms=sum(one.lexical_ms for one in of_each),
            vector_ms=sum(one.vector_ms for one in of_each),
            fuse_ms=sum(one.fuse_ms for one in of_each),
            rerank_ms=rerank_ms,
            rewritten=rewritten,
        )


def _fused(hit: Hit) -> float:
    return hit.fused.score
