"""asked: what both searches found for a question, read once, so that it can be ranked with any weights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from langchain_core.cross_encoders import BaseCrossEncoder

from footnote.app.core.types import Chunk
from footnote.app.index.lexical_index import LexicalHit
from footnote.app.index.reader import Index
from footnote.app.index.vector_store import VectorHit
from footnote.app.models.embedder import Embedder
from footnote.app.retrieval.fuse import FusedHit, fuse
from footnote.app.retrieval.weights import Weights


@dataclass(frozen=True, slots=True)
class Asked:
    """The candidates of both searches, best first, and the logit of each that any of the weights would rerank.

    Attributes:
        depth: how many each search was asked for.
        rerank_depth: how many of the fused list are reranked.
    """

    lexical: Sequence[LexicalHit]
    vector: Sequence[VectorHit]
    chunks: Mapping[str, Chunk]
    logits: Mapping[str, float]
    depth: int
    rerank_depth: int

    def fused(self, weights: Weights) -> list[FusedHit]:
        """Both searches as one, best first."""
        return _fused(self.lexical, self.vector, self.depth, weights)

    def ranked(self, weights: Weights) -> list[Chunk]:
        """What is reranked, in the final order."""
        read = self.fused(weights)[: self.rerank_depth]
        order = sorted(read, key=lambda one: -(self.logits[one.chunk_id] + weights.fused_weight * one.fused.score))
        return [self.chunks[one.chunk_id] for one in order]


def ask(
    question: str,
    index: Index,
    embedder: Embedder,
    reranker: BaseCrossEncoder,
    fusions: Sequence[Weights],
    depth: int,
    rerank_depth: int,
) -> Asked:
    """Search once, and read what any of the fusions would rerank."""
    lexical = index.lexical.search(question, depth)
    vector = index.vectors.search(embedder.embed_query(question), depth)
    found = index.chunks.get([*(one.chunk_id for one in lexical), *(one.chunk_id for one in vector)])
    read = sorted(
        {one.chunk_id for weights in fusions for one in _fused(lexical, vector, depth, weights)[:rerank_depth]}
    )
    logits = reranker.score([(question, found[one].index_text) for one in read])
    return Asked(lexical, vector, found, dict(zip(read, logits, strict=True)), depth, rerank_depth)


def _fused(lexical: Sequence[LexicalHit], vector: Sequence[VectorHit], depth: int, weights: Weights) -> list[FusedHit]:
    return fuse(lexical, vector, depth, weights.lexical_share, 1 - weights.lexical_share, weights.cosine_span)
