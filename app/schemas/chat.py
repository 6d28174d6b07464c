"""A conversation as OpenAI's clients send it, and the answer in their shapes: `POST /v1/chat/completions`."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from footnote.app.schemas.answers import AnswerOut, CollectionsIn, FiltersIn
from footnote.app.schemas.shape import WholeNumber

MODEL = "footnote"

Role = Literal["system", "developer", "user", "assistant", "tool", "function"]
FinishReason = Literal["stop", "length"]


class _In(BaseModel):
    model_config = ConfigDict(strict=True)


class PartIn(_In):
    """A part of a message; other fields are ignored."""

    type: str = Field(description="`text`: nothing else can be read.")
    text: str | None = None


class MessageIn(_In):
    """A message; other fields are ignored."""

    role: Role = Field(description="Only what users and assistants said is read.")
    content: str | list[PartIn] | None = None


class StreamOptionsIn(_In):
    include_usage: bool | None = Field(None, description="Whether the tokens come as the last chunk.")


class FormatIn(_In):
    type: str = Field(description="`text`: an answer has no other format.")


class ChatIn(_In):
    """A conversation whose last question is asked; fields that are not listed here are ignored."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"model": MODEL, "messages": [{"role": "user", "content": "How do I ingest again?"}]}]
        }
    )

    model: str = Field(MODEL, description=f"`{MODEL}`.")
    messages: list[MessageIn] = Field(
        description="The last one of a user is the question, those before it are the conversation.", min_length=1
    )
    stream: bool | None = None
    stream_options: StreamOptionsIn | None = None
    filters: FiltersIn | None = Field(None, description="Footnote's own: as of `POST /query`.")
    collection: CollectionsIn = Field(None, description="Footnote's own: as of `POST /query`.")
    n: WholeNumber | None = Field(None, description="One answer is all there is.")
    tool_choice: str | dict[str, JsonValue] | None = Field(None, description="`none` or `auto`: no tool is called.")
    response_format: FormatIn | None = None


class UrlCitationOut(BaseModel):
    url: str
    title: str
    start_index: int = Field(description="The first character of the `[n]` in the content, from 0.")
    end_index: int = Field(description="The character after it.")


class AnnotationOut(BaseModel):
    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitationOut


class UsageOut(BaseModel):
    """The tokens of language models; zero where none was asked or its server does not count."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class MessageOut(BaseModel):
    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    annotations: list[AnnotationOut]


class ChoiceOut(BaseModel):
    index: Literal[0] = 0
    message: MessageOut
    logprobs: None = None
    finish_reason: FinishReason


class _Headed(BaseModel):
    id: str
    created: int = Field(description="Seconds since 1970.")
    model: str
    system_fingerprint: str | None = Field(None, description="The generation of the index: `footnote-g3`.")


class CompletionOut(_Headed):
    """An answer as OpenAI's clients read it."""

    object: Literal["chat.completion"] = "chat.completion"
    choices: list[ChoiceOut]
    usage: UsageOut
    footnote: AnswerOut | None = Field(
        None, description="What `POST /query` returns: quotes, hashes, whether it is refused. Null for a helper prompt."
    )


class DeltaOut(BaseModel):
    role: Literal["assistant"] | None = None
    content: str | None = None
    annotations: list[AnnotationOut] | None = None


class CompletionChunkChoiceOut(BaseModel):
    index: Literal[0] = 0
    delta: DeltaOut
    finish_reason: FinishReason | None = None


class NamedSourceOut(BaseModel):
    id: str
    name: str
    url: str


class SourceMetadataOut(BaseModel):
    source: str = Field(description="Unique for each citation: what has the same is shown as one source.")
    name: str
    path: str
    lines: str
    sha256: str


class SourceOut(BaseModel):
    source: NamedSourceOut
    document: list[str] = Field(description="The exact quote.")
    metadata: list[SourceMetadataOut]


class SourceEventOut(BaseModel):
    """A citation as Open WebUI shows it."""

    type: Literal["source"] = "source"
    data: SourceOut


class CompletionChunkOut(_Headed):
    """A part of an answer; unset fields are not sent."""

    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    choices: list[CompletionChunkChoiceOut]
    usage: UsageOut | None = None
    footnote: AnswerOut | None = Field(None, description="With the last part of the content.")
    event: SourceEventOut | None = Field(None, description="For Open WebUI alone, in place of annotations.")


class ChatErrorOut(BaseModel):
    message: str
    type: Literal["invalid_request_error", "server_error"]
    param: str | None = Field(description="The field that is wrong, where it is one.")
    code: str = Field(description="The last part of the problem's type, such as `over_capacity`.")


class ChatErrorBody(BaseModel):
    """An error in OpenAI's shape."""

    error: ChatErrorOut


class ModelOut(BaseModel):
    id: str
    object: Literal["model"] = "model"
    created: Annotated[int, Field(description="Not known: 0.")] = 0
    owned_by: str = "footnote"


class ModelsOut(BaseModel):
    object: Literal["list"] = "list"
    data: list[ModelOut]
