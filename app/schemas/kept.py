"""The answers that are kept: `footnote answers --json`, and a line of an export."""

import datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field

from footnote.app.core.types import RefusedBy
from footnote.app.schemas.answers import PremiseOut, SentenceOut, TokensOut
from footnote.app.schemas.shape import Shape


def _time(value: object) -> object:
    return datetime.datetime.fromtimestamp(value, datetime.UTC).isoformat() if isinstance(value, int) else value


# ISO 8601, in UTC, of seconds since 1970.
Time = Annotated[str, BeforeValidator(_time)]


class KeptPassageOut(Shape):
    chunk_id: str
    path: str
    heading_path: list[str] = Field(description="Headings above it, outermost first.")
    start_line: int
    end_line: int
    start: int = Field(description="First byte in the file, from 0.")
    end: int = Field(description="The byte after the last.")
    sha256: str = Field(description="Of those bytes.")
    text: str
    context: str = Field(description="What stands above it in the prompt: the header of a table, a lead-in.")


class KeptCitationOut(Shape):
    number: int = Field(description="The n of the answer's [n].")
    path: str
    start_line: int
    end_line: int
    start: int
    end: int
    quote: str
    sha256: str


class FeedbackOut(Shape):
    """What a reader said last of the answer."""

    helpful: bool
    comment: str | None
    given: Time = Field(validation_alias="given_s")


class KeptAnswerOut(Shape):
    """One answer, as it was given."""

    id: int
    asked: Time = Field(validation_alias="asked_s", description="ISO 8601, in UTC.")
    question: str
    asked_as: str | None = Field(description="What a follow-up was read as.")
    answer: str = Field(validation_alias="text", description="With [n] markers.")
    refused: bool
    refused_by: RefusedBy | None
    refusal_reason: str | None
    mode: str = Field(description="`extractive` or `llm`.")
    model: str
    arm: str | None = Field(description="`A` or `B`, where questions are split between two models.")
    prompt: str = Field(description="The form of the instructions: `full` or `compact`.")
    generation: int
    passages: list[KeptPassageOut] = Field(description="As they were sent, best first.")
    sentences: list[SentenceOut]
    citations: list[KeptCitationOut]
    dropped: list[SentenceOut]
    premises: list[PremiseOut]
    truncated: bool
    notice: str | None
    check_failed: str | None
    tokens: TokensOut | None
    total_ms: float
    from_cache: bool = Field(description="No model was asked for it again.")
    feedback: FeedbackOut | None


class ListedAnswersOut(BaseModel):
    """`footnote answers list --json`."""

    count: int = Field(description="How many are selected, those that are not shown included.")
    answers: list[KeptAnswerOut] = Field(description="The newest first.")
