"""What the docs lack: `footnote gaps --json`."""

from pydantic import BaseModel, ConfigDict, Field

from footnote.app.schemas.shape import Shape


class HeadingOut(Shape):
    path: str
    heading_path: list[str] = Field(description="Outermost first; empty for the page as a whole.")


class AskedQuestionOut(Shape):
    question: str
    count: int
    last_asked: str


class RemarkOut(Shape):
    """What a reader said of an answer that did not help."""

    question: str
    comment: str | None
    answer: str | None


class GapOut(Shape):
    """Questions of about the same meaning that the docs do not answer."""

    question: str = Field(description="The most central one, as it was asked.")
    count: int = Field(description="How often they were asked: `refused` and `unhelpful`.")
    refused: int
    unhelpful: int
    helpful: int = Field(description="Answers to the same questions that helped.")
    questions: int = Field(description="How many different questions there are.")
    last_asked: str = Field(description="ISO 8601, in UTC.")
    examples: list[AskedQuestionOut] = Field(description="Others of them, up to three, the most asked first.")
    nearest: list[HeadingOut] = Field(description="Up to three headings that they come nearest to.")
    remarks: list[RemarkOut] = Field(description="Up to three, the newest first.")


class DismissedOut(BaseModel):
    """`footnote gaps --dismiss --json` and `POST /gaps/dismiss`."""

    question: str = Field(description="The most central one of the gap.")
    questions: int = Field(description="How many different questions it had.")
    dismissed: int = Field(description="Askings and words on answers that are left out from now on.")


class GapIn(BaseModel):
    """One gap, by any of its questions."""

    model_config = ConfigDict(extra="forbid", strict=True)

    question: str = Field(max_length=8000, description="One of its questions, or its number among all gaps.")


class ResolvedOut(BaseModel):
    """`POST /gaps/resolve`."""

    question: str = Field(description="The most central one of the gap.")
    answered: list[str] = Field(description="Questions that are answered now, and left out from now on.")
    unanswered: list[str] = Field(description="Questions that still are not.")
    not_judged: list[str] = Field(
        description="Questions that asking again cannot judge: an answer did not help, or a language model refused."
    )


class GapsOut(BaseModel):
    """`footnote gaps --json` and `GET /gaps`."""

    count: int = Field(description="Askings in all gaps, shown or not.")
    questions: int = Field(description="Different questions in them.")
    answered_now: int | None = Field(
        description="Questions left out because they are answered now; null without --ask."
    )
    not_judged: int | None = Field(
        description="Questions that --ask did not ask: an answer did not help, or a language model refused."
    )
    gaps: list[GapOut] = Field(description="The most asked first.")
    not_shown: int = Field(description="Gaps beyond --top.")
