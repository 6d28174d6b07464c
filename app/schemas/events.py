"""The events of `POST /query` as a stream: what each is called, and the JSON of its data."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from footnote.app.core.events import StageName
from footnote.app.core.types import RefusedBy
from footnote.app.schemas.answers import AnswerOut, CitationOut, SectionOut, SentenceOut
from footnote.app.schemas.problem import Problem
from footnote.app.schemas.search import HitOut
from footnote.app.schemas.shape import Shape

NoticeKind = Literal["asked as", "premise", "dropped", "unknown markers", "truncated", "check failed", "model failed"]


class StageOut(Shape):
    """A stage that is done."""

    name: StageName
    ms: float
    count: int = Field(description="How many chunks came out of it; of `answer` and `check`, how many sentences.")


class SourcesOut(Shape):
    """The passages that the answer is written from."""

    hits: list[HitOut] = Field(description="Best first.")


class SaidOut(SentenceOut):
    """A sentence of the answer, checked; it does not change any more."""

    markdown: str = Field(
        description="What the answer has of it, with markers, white space and headings before it: those of all "
        "sentences put together are `answer`."
    )


class NoticeOut(Shape):
    """What a reader should know of the answer beside its text."""

    kind: NoticeKind
    text: str = Field(description="Of `dropped`, the sentence that was left out.")
    reason: str = Field("", description="Of `dropped`, why.")


class RefusalOut(Shape):
    """That the docs do not say."""

    markdown: str = Field(description="The same as `answer`.")
    refused_by: RefusedBy | None
    reason: str | None
    nearest: list[SectionOut]


class _Named(BaseModel):
    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


class StageEvent(_Named):
    event: Literal["stage"] = "stage"
    data: StageOut


class SourcesEvent(_Named):
    event: Literal["sources"] = "sources"
    data: SourcesOut


class CitationEvent(_Named):
    """A source, before the first sentence that cites it."""

    event: Literal["citation"] = "citation"
    data: CitationOut


class SentenceEvent(_Named):
    event: Literal["sentence"] = "sentence"
    data: SaidOut


class NoticeEvent(_Named):
    event: Literal["notice"] = "notice"
    data: NoticeOut


class RefusalEvent(_Named):
    event: Literal["refusal"] = "refusal"
    data: RefusalOut


class DoneEvent(_Named):
    """The end: what the plain request returns."""

    event: Literal["done"] = "done"
    data: AnswerOut


class ErrorEvent(_Named):
    """The end of a stream that failed on the way: what came before is not to be used."""

    event: Literal["error"] = "error"
    data: Problem


QueryEvent = Annotated[
    StageEvent | SourcesEvent | CitationEvent | SentenceEvent | NoticeEvent | RefusalEvent | DoneEvent | ErrorEvent,
    Field(discriminator="event"),
]
