"""completion: an answer, or a reply to a helper prompt, in the shapes of OpenAI, at once or in chunks."""

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from fastapi.sse import format_sse_event

from footnote.app.core.events import Event
from footnote.app.core.types import Answer
from footnote.app.http.openai.annotations import Address, Annotator, renumbered, title_of
from footnote.app.http.openai.errors import error_body
from footnote.app.http.openai.open_webui import source_event
from footnote.app.schemas import events
from footnote.app.schemas.answers import AnswerOut
from footnote.app.schemas.chat import (
    MODEL,
    ChoiceOut,
    CompletionChunkChoiceOut,
    CompletionChunkOut,
    CompletionOut,
    DeltaOut,
    FinishReason,
    MessageOut,
    SourceEventOut,
    UsageOut,
)
from footnote.app.schemas.problem import Problem
from footnote.app.schemas.telling import Teller

_DONE = format_sse_event(data_str="[DONE]")


def fingerprint(generation: int) -> str:
    """What names a generation to clients that show what answered."""
    return f"footnote-g{generation}"


def completion(answer: Answer, address: Address) -> CompletionOut:
    """The answer at once."""
    annotator, content, annotations = Annotator(address), "", []
    for told in Teller().told(answer):
        match told:
            case events.CitationEvent():
                annotator.add(told.data)
            case events.SentenceEvent() | events.RefusalEvent():
                annotations += annotator.annotated(told.data.markdown)
                content += told.data.markdown
            case events.DoneEvent():
                done = told.data
    return CompletionOut(
        id=_new_id(),
        created=int(time.time()),
        model=MODEL,
        system_fingerprint=fingerprint(answer.generation),
        choices=[
            ChoiceOut(message=MessageOut(content=content, annotations=annotations), finish_reason=_finish_reason(done))
        ],
        usage=_usage(done),
        footnote=done,
    )


def helper_completion(reply: str) -> CompletionOut:
    """The reply to a helper prompt at once."""
    message = MessageOut(content=reply, annotations=[])
    choice = ChoiceOut(message=message, finish_reason="stop")
    return CompletionOut(id=_new_id(), created=int(time.time()), model=MODEL, choices=[choice], usage=_usage(None))


def helper_chunks(reply: str, with_usage: bool) -> Iterator[bytes]:
    """The same as a stream."""
    chunks = _Chunks(None, with_usage)
    yield chunks.said(DeltaOut(role="assistant", content=reply))
    yield from chunks.ended(None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a client wants its stream.

    Args:
        usage: whether the tokens come last.
        sources: whether each citation is an event for Open WebUI, in place of annotations.
        sources_before: how many sources it shows before them.
    """

    usage: bool
    sources: bool
    sources_before: int


class ChunkSpeaker:
    """The events of one answer as chunks.

    Args:
        generation: the live one when the question was asked; the end names that of the answer.
    """

    def __init__(self, generation: int, address: Address, wanted: Wanted) -> None:
        self._chunks = _Chunks(fingerprint(generation), wanted.usage)
        self._address = address
        self._wanted = wanted
        self._teller = Teller()
        self._annotator = Annotator(address)
        self._has_begun = False

    def told(self, event: Event) -> Iterator[bytes]:
        if not self._has_begun:
            self._has_begun = True
            yield self._chunks.said(DeltaOut(role="assistant", content=""))
        for told in self._teller.told(event):
            match told:
                case events.CitationEvent(data=citation):
                    if self._wanted.sources:
                        shown = source_event(citation, title_of(citation), self._address(citation))
                        yield self._chunks.said(DeltaOut(), shown)
                    else:
                        self._annotator.add(citation)
                case events.SentenceEvent() | events.RefusalEvent():
                    yield self._chunks.said(self._delta(told.data.markdown))
                case events.DoneEvent(data=done):
                    yield from self._chunks.ended(done)

    def failed(self, problem: Problem) -> Iterator[bytes]:
        yield format_sse_event(data_str=error_body(problem).model_dump_json())

    def _delta(self, part: str) -> DeltaOut:
        if self._wanted.sources:
            return DeltaOut(content=renumbered(part, self._wanted.sources_before))
        annotations = self._annotator.annotated(part)
        return DeltaOut(content=part, annotations=annotations) if annotations else DeltaOut(content=part)


class _Chunks:
    """Chunks of one answer; only the fields that are set are sent."""

    def __init__(self, fingerprint: str | None, with_usage: bool) -> None:
        self._id, self._created = _new_id(), int(time.time())
        self._fingerprint = fingerprint
        self._with_usage = with_usage

    def said(self, delta: DeltaOut, event: SourceEventOut | None = None) -> bytes:
        return self._sent([CompletionChunkChoiceOut(index=0, delta=delta, finish_reason=None)], event=event)

    def ended(self, done: AnswerOut | None) -> Iterator[bytes]:
        """The last chunks, with all of the answer; None for a reply to a helper prompt."""
        if done:
            self._fingerprint = fingerprint(done.generation)
        reason = _finish_reason(done) if done else "stop"
        yield self._sent([CompletionChunkChoiceOut(index=0, delta=DeltaOut(), finish_reason=reason)], footnote=done)
        if self._with_usage:
            yield self._sent([], usage=_usage(done))
        yield _DONE

    def _sent(
        self,
        choices: list[CompletionChunkChoiceOut],
        usage: UsageOut | None = None,
        footnote: AnswerOut | None = None,
        event: SourceEventOut | None = None,
    ) -> bytes:
        chunk = CompletionChunkOut(
            id=self._id,
            object="chat.completion.chunk",
            created=self._created,
            model=MODEL,
            system_fingerprint=self._fingerprint,
            choices=choices,
        )
        if usage:
            chunk.usage = usage
        if footnote:
            chunk.footnote = footnote
        if event:
            chunk.event = event
        return format_sse_event(data_str=chunk.model_dump_json(exclude_unset=True))


def _finish_reason(done: AnswerOut) -> FinishReason:
    return "length" if done.truncated else "stop"


def _usage(done: AnswerOut | None) -> UsageOut:
    prompt, completion = (done.tokens.prompt, done.tokens.completion) if done and done.tokens else (0, 0)
    return UsageOut(prompt_tokens=prompt, completion_tokens=completion, total_tokens=prompt + completion)


def _new_id() -> str:
    return f"chatcmpl-{uuid.uuid4().hex}"
