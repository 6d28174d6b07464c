"""Passages with the rank and score of each stage: `footnote search --json` and `GET /search`."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field

from footnote.app.schemas.answers import AskedCollectionOut, CollectionName
from footnote.app.schemas.shape import Shape, is_empty

if TYPE_CHECKING:
    from footnote.app.retrieval.retrieve import Retrieval


class StageScoreOut(Shape):
    rank: int = Field(description="From 1, best first.")
    score: float


class ChunkOut(Shape):
    id: str
    path: str
    title: str
    heading_path: list[str]
    start_line: int
    end_line: int
    start: int
    end: int
    text: str
    sha256: str
    metadata: dict[str, Any]


class HitOut(Shape):
    chunk: ChunkOut
    lexical: StageScoreOut | None = Field(description="BM25.")
    vector: StageScoreOut | None = Field(description="Cosine similarity.")
    fused: StageScoreOut = Field(description="Both searches together, 0 to 1.")
    reranked: StageScoreOut | None = Field(
        description="The cross-encoder's logit, and the rank in the final order, where the fused score counts too."
    )
    collection: CollectionName = None


class RewrittenOut(BaseModel):
    """What was searched beside the question."""

    queries: list[str] = Field(
        description="What a language model wrote and was searched beside the question (FOOTNOTE_QUERY_REWRITE)."
    )
    rewrite_failed: str | None = Field(
        description="Why the question was searched alone although a language model was asked; null if nothing failed."
    )


class SearchOut(RewrittenOut):
    question: str
    generation: int = Field(description="That was asked; 0 where several collections were, see `collections`.")
    collections: list[AskedCollectionOut] = Field(
        [],
        description="Those that were asked, with their generations; left out where there is only one.",
        exclude_if=is_empty,
    )
    hits: list[HitOut] = Field(description="Best first.")

    @classmethod
    def of(
        cls,
        question: str,
        retrieval: "Retrieval",
        generation: int,
        generations: Mapping[str, int] = MappingProxyType({}),
    ) -> "SearchOut":
        """What a search found, in one generation or, by collection, in those of several."""
        return cls(
            question=question,
            generation=generation,
            collections=[AskedCollectionOut(name=name, generation=of) for name, of in generations.items()],
            hits=[HitOut.model_validate(hit) for hit in retrieval.hits],
            queries=list(retrieval.rewritten.texts),
            rewrite_failed=retrieval.rewritten.failed,
        )
