"""The last `footnote eval` of an index, as the page shows it: `GET /evaluation`."""

from pydantic import BaseModel, Field


class EstimateOut(BaseModel):
    metric: str = Field(description="Such as `reranked/passage/hit@4`.")
    about: str = Field(description="What it is of, in words; empty for the ranking metrics.")
    value: float
    low: float = Field(description="The lower end of the 95 % interval.")
    high: float
    questions: int = Field(description="On how many questions it rests.")


class MissOut(BaseModel):
    question: str
    why: str
    expected: list[str] = Field(description="Pages that the labels name.")


class LatencyOut(BaseModel):
    stage: str
    p50: float
    p95: float


class EvaluationOut(BaseModel):
    """What was measured, and on what."""

    created_at: str
    generation: int
    mode: str = Field(description="What answered: `extractive` or a model; or `retrieval alone`.")
    summary: str
    metrics: list[EstimateOut]
    latencies_ms: list[LatencyOut]
    missed: int
    misses: list[MissOut] = Field(description="The first of them.")
