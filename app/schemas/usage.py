"""How much was asked, as `footnote usage --json` prints it."""

from pydantic import BaseModel, Field


class DayOut(BaseModel):
    """A day, UTC, or all days together.

    `p50_ms` and `p95_ms` are of answers that were made, not given from the cache; None where there are none.
    """

    day: str = Field(examples=["2026-11-27"])
    questions: int
    answered: int
    refused: int
    from_cache: int
    p50_ms: float | None
    p95_ms: float | None
    prompt_tokens: int
    completion_tokens: int
    cost_usd: float
    unpriced: int = Field(description="Answers that took tokens whose price is not known; `cost_usd` leaves them out.")


class ModelUsageOut(BaseModel):
    """What one model wrote; `extractive` is no language model."""

    model: str
    answers: int
    prompt_tokens: int
    completion_tokens: int
    cost_usd: float
    unpriced: int


class CitedPageOut(BaseModel):
    """A page, and in how many answers it was cited."""

    path: str
    answers: int


class UsageOut(BaseModel):
    """The last days, the newest last."""

    keeps_usage: bool
    days: list[DayOut]
    total: DayOut
    refused_by: dict[str, int]
    models: list[ModelUsageOut]
    top_cited: list[CitedPageOut]
    pages: int | None = Field(description="Pages of the live index; None where there is none.")
    never_cited: list[str] = Field(description="Those of them that no answer of these days cites.")
