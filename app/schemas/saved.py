"""Saved answers as `GET /a/{id}` and `footnote verify --saved --json` show them."""

from typing import Any

from pydantic import BaseModel, Field

from footnote.app.schemas.verification import VerificationOut


class SavedOut(BaseModel):
    """`POST /answers`."""

    id: str
    path: str = Field(description="Where it is found: `/a/` and the id.", examples=["/a/5f0c…"])
    saved_at: str = Field(description="ISO 8601, in UTC.")
    kept_until: str = Field(description="When it is deleted.")


class SharedAnswerOut(BaseModel):
    """`GET /a/{id}`."""

    id: str
    saved_at: str = Field(description="ISO 8601, in UTC.")
    kept_until: str = Field(description="When it is deleted.")
    answer: dict[str, Any] = Field(description="As `POST /query` gave it, without `timings_ms`.")
    holds: bool | None = Field(description="Whether every citation is valid; null where that could not be checked.")
    verification: VerificationOut | None = Field(description="As of `POST /verify`, against the docs of today.")
    problem: str | None = Field(description="Why it could not be checked.")


class RecheckedOut(BaseModel):
    """One saved answer in a list of all."""

    id: str
    question: str
    saved_at: str = Field(description="ISO 8601, in UTC.")
    holds: bool
    verification: VerificationOut


class SavedAnswersOut(BaseModel):
    """`footnote verify --saved --json`."""

    docs_dir: str = Field(description="The folder that was searched.")
    saved: int = Field(description="How many answers are saved.")
    not_holding: int = Field(description="Of how many not every citation is valid.")
    answers: list[RecheckedOut] = Field(description="Those that do not hold, oldest first.")
