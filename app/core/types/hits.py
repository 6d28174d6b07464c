"""hits: chunks that were found, with the score of each stage."""

from dataclasses import dataclass

from footnote.app.core.types.chunks import Chunk


@dataclass(frozen=True, slots=True)
class StageScore:
    """Where one search stage placed a chunk. `rank` counts from 1, best first."""

    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved chunk with the rank and score of every stage that saw it.

    Attributes:
        lexical: BM25 score, above 0; None when the lexical search did not return the chunk.
        vector: cosine similarity, [-1, 1]; None when the vector search did not return it.
        fused: the weighted mean of both, calibrated, [0, 1].
        reranked: the cross-encoder's logit, unbounded, and the rank in the final order, for which the fused score
            counts too; None before reranking.
        collection: where it was found, of a search in several; there lexical, vector and fused are of that one.
    """

    chunk: Chunk
    lexical: StageScore | None
    vector: StageScore | None
    fused: StageScore
    reranked: StageScore | None = None
    collection: str | None = None
