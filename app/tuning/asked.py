"""asked: what both searches found for a question, read once, so that it can be ranked with any weights."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from langchain_core.cross_encoders import BaseCrossEncoder

from footnote.app.core.types import Chunk
from footnote.app.index.reader import Index
from footnote.app.index.seam import LexicalHit, VectorHit
from footnote.app.models.embedder import Embedder
from footnote.app.retrieval.fuse import FusedHit, fuse
from footnote.app.retrieval.weights import Weights


@dataclass(frozen=True, slots=True)
class Asked:
    """The candidates of both searches, best first, and the logit of each that any of the weights would rerank.

    Attributes:
        depth: how many each search was asked for.
    """

    lexical: Sequence[LexicalHit]
    vector: Sequence[VectorHit]
    chunks: Mapping[str, Chunk]
    logits: Mapping[str, float]
    depth: int

    def fused(self, weights: Weights) -> list[FusedHit]:
        """Both searches as one, best first."""
        return _fused(self.lexical, self.vector, self.depth, weights)

    def ranked(self, choices: Sequence[Weights], rerank_depth: int) -> Iterator[list[Chunk]]:
        """With each of the weights what is reranked, in the final order; `rerank_depth` is no more than was asked."""
        fusions: dict[Weights, list[FusedHit]] = {}
        for weights in choices:
            fusion = replace(weights, fused_weight=0.0)
            if fusion not in fusions:
                fusions[fusion] = self.fused(fusion)[:rerank_depth]
            scores = {
                one.chunk_id: self.logits[one.chunk_id] + weights.fused_weight * one.fused.score
                for one in fusions[fusion]
            }
            # Equals stay in the order of the fusion, as in `rerank`.
            yield [self.chunks[one] for one in sorted(scores, key=lambda chunk_id: -scores[chunk_id])]


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
    return Asked(lexical, vector, found, dict(zip(read, logits, strict=True)), depth)


def _fused(lexical: Sequence[LexicalHit], vector: Sequence[VectorHit], depth: int, weights: Weights) -> list[FusedHit]:
    return fuse(lexical, vector, depth, weights.lexical_share, 1 - weights.lexical_share, weights.cosine_span)
