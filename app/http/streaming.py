"""streaming: what happens while a question is answered, as server-sent events.

events of the engine -> events of the schema -> bytes, with a ping where nothing happens for long
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from typing import Protocol

from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event

from footnote.app.core.errors import FootnoteError
from footnote.app.core.events import AskedAs, Event, Said, Sources, Stage
from footnote.app.core.types import Answer, Citation, Sentence
from footnote.app.http.problems import internal_problem, problem_of
from footnote.app.http.slices import slices
from footnote.app.schemas import events as out
from footnote.app.schemas.answers import AnswerOut, CitationOut, SectionOut
from footnote.app.schemas.problem import Problem
from footnote.app.schemas.search import HitOut

log = logging.getLogger(__name__)

PING_S = 15.0
HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}  # the second is for nginx


class Speaker(Protocol):
    """What tells a client of the events of one answer, in the format of its door."""

    def told(self, event: Event) -> Iterator[bytes]:
        """What is sent of an event."""
        ...

    def failed(self, problem: Problem) -> Iterator[bytes]:
        """What is sent where there is no answer in the end."""
        ...


class QueryEvents:
    """The events of `POST /query`."""

    def __init__(self) -> None:
        self._teller = Teller()

    def told(self, event: Event) -> Iterator[bytes]:
        return map(_bytes, self._teller.told(event))

    def failed(self, problem: Problem) -> Iterator[bytes]:
        yield _bytes(out.ErrorEvent(data=problem))


async def sent(
    events: AsyncGenerator[Event, None], first: "asyncio.Future[Event]", speaker: Speaker
) -> AsyncIterator[bytes]:
    """The bytes of the stream; `first` is its first event, or is to be it."""
    coming = first
    try:
        while True:
            done, _ = await asyncio.wait({coming}, timeout=PING_S)
            if not done:
                yield KEEPALIVE_COMMENT
                continue
            event = coming.result()
            for part in speaker.told(event):
                yield part
            if isinstance(event, Answer):
                return
            coming = asyncio.ensure_future(anext(events))
    except FootnoteError as error:
        log.error("a stream ended: %s", error)
        for part in speaker.failed(problem_of(error)):
            yield part
    except Exception:
        log.exception("a stream failed")
        for part in speaker.failed(internal_problem()):
            yield part
    finally:
        if coming.done():
            await events.aclose()
        else:
            coming.cancel()


def _bytes(event: out.QueryEvent) -> bytes:
    return format_sse_event(data_str=event.data.model_dump_json(), event=event.event)


class Teller:
    """Turns the events of one answer into those of the schema: what of it was told once is not told again."""

    def __init__(self) -> None:
        self._text = ""
        self._sentences = self._citations = self._dropped = 0

    def told(self, event: Event) -> Iterator[out.QueryEvent]:
        match event:
            case AskedAs():
                yield out.NoticeEvent(data=out.NoticeOut(kind="asked as", text=event.question))
            case Stage():
                yield out.StageEvent(data=out.StageOut.model_validate(event))
            case Sources():
                hits = [HitOut.model_validate(hit) for hit in event.hits]
                yield out.SourcesEvent(data=out.SourcesOut(hits=hits))
            case Said():
                yield from self._said(event.text, event.sentences, event.citations, event.dropped)
            case Answer():
                yield from self._ended(event)

    def _said(
        self, text: str, sentences: Sequence[Sentence], citations: Sequence[Citation], dropped: Sequence[Sentence]
    ) -> Iterator[out.QueryEvent]:
        for citation in citations:
            yield out.CitationEvent(data=CitationOut.model_validate(citation))
        for part, sentence in slices(text, sentences or [Sentence("", ())] * bool(text)):
            said = out.SaidOut(
                markdown=part,
                text=sentence.text,
                citations=list(sentence.citations),
                verdict=sentence.verdict,
                reason=sentence.reason,
            )
            yield out.SentenceEvent(data=said)
        for one in dropped:
            yield out.NoticeEvent(data=out.NoticeOut(kind="dropped", text=one.text, reason=one.reason))
        self._text += text
        self._sentences += len(sentences)
        self._citations += len(citations)
        self._dropped += len(dropped)

    def _ended(self, answer: Answer) -> Iterator[out.QueryEvent]:
        done = AnswerOut.model_validate(answer)
        if not done.answer.startswith(self._text):
            raise RuntimeError("an answer does not begin with what was streamed of it")
        for premise in answer.premises:
            yield out.NoticeEvent(data=out.NoticeOut(kind="premise", text=premise.text))
        rest = "" if answer.refused else done.answer[len(self._text) :]
        yield from self._said(
            rest,
            answer.sentences[self._sentences :],
            answer.citations[self._citations :],
            answer.dropped[self._dropped :],
        )
        if answer.refused:
            refusal = out.RefusalOut(
                markdown=done.answer,
                refused_by=answer.refused_by,
                reason=answer.refusal_reason,
                nearest=[SectionOut.model_validate(section) for section in answer.nearest],
            )
            yield out.RefusalEvent(data=refusal)
        for kind, text in _notices(answer):
            yield out.NoticeEvent(data=out.NoticeOut(kind=kind, text=text))
        yield out.DoneEvent(data=done)


def _notices(answer: Answer) -> Iterator[tuple[out.NoticeKind, str]]:
    if answer.unknown_markers:
        yield "unknown markers", f"citation markers that named no source were removed: {answer.unknown_markers}"
    if answer.notice:
        yield "model failed", answer.notice
    elif answer.truncated:
        yield "truncated", "the answer was cut off: raise FOOTNOTE_LLM_MAX_TOKENS"
    if answer.check_failed:
        yield "check failed", answer.check_failed
