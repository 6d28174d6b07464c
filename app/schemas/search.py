"""Passages with the rank and score of each stage: `footnote search --json` and `GET /search`."""

from typing import Any

from pydantic import BaseModel, Field

from footnote.app.schemas.shape import Shape


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


class SearchOut(BaseModel):
    question: str
    generation: int
    hits: list[HitOut] = Field(description="Best first.")
