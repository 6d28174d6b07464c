"""What a reader says of an answer: `POST /feedback`."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from footnote.app.schemas.shape import NOT_BLANK


class CitedIn(BaseModel):
    """A citation of the answer, as it was; other fields are ignored."""

    model_config = ConfigDict(strict=True)

    path: str = Field(max_length=1000)
    heading_path: list[Annotated[str, Field(max_length=1000)]] = Field([], max_length=10)
    collection: str | None = Field(None, max_length=100)


class FeedbackIn(BaseModel):
    """Whether an answer helped."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"question": "How do I ingest again?", "helpful": False}]},
    )

    question: str = Field(description="The question that was answered.", json_schema_extra=NOT_BLANK)
    helpful: bool
    answer: str | None = Field(None, max_length=4000, description="The answer, for those who read the gaps.")
    comment: str | None = Field(None, max_length=2000, description="What the reader says of it.")
    citations: list[CitedIn] = Field([], max_length=50, description="Those of the answer; path and headings are kept.")
    collection: str | None = Field(
        None, max_length=100, description="The one that was asked; without it that of the first citation, or each."
    )
