"""asking: one question over HTTP, through whichever door it came: asked, noted, and told at once or as a stream."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import EventSourceResponse
from starlette.background import BackgroundTask

from footnote.app.access.types import PathLimits
from footnote.app.audit.noting import note_question
from footnote.app.collections.choice import Desk
from footnote.app.core.errors import AnswerStoreError
from footnote.app.core.events import Event
from footnote.app.core.types import Answer
from footnote.app.http.leaving import still_there
from footnote.app.http.streaming import HEADERS, PING_S, Speaker, sent
from footnote.app.schemas.answers import AnswerOut
from footnote.app.service.answers import Asking
from footnote.app.sharing.store import AnswerStore

log = logging.getLogger(__name__)

# RFC 9211.
_CACHE_STATUS = {
    "hit": "footnote; hit",
    "miss": "footnote; fwd=miss",
    "collapsed": "footnote; fwd=miss; collapsed",
}
_GONE = 499  # nobody reads it but the log


@dataclass(frozen=True, slots=True)
class Opened:
    """A question that is being answered: `headers` are for its response, `keep` is to be called once that is sent."""

    events: AsyncGenerator[Event, None]
    headers: dict[str, str]
    keep: Callable[[], None]


class Reception:
    """Takes questions to what answers them, and what became of them to what is kept and to the saved answers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.service = desk.service

    def open(self, asking: Asking) -> Opened:
        """The question, asked.

        Raises:
            FootnoteError: the service is not ready; says why. Whatever else goes wrong comes with the events.
        """
        note_question("ask", asking.question)
        asked = self.service.ask(asking)
        ended: list[Answer] = []

        def keep() -> None:
            for answer in ended:
                self._desk.keep(answer, from_cache=asked.how != "miss")

        headers = {"Cache-Status": _CACHE_STATUS[asked.how], "Vary": "Accept"}
        # One from several collections is not saved: it would have to be looked up in the docs of all.
        hosted = list(self._desk.hosted.values())
        answers = hosted[0].answers if len(hosted) == 1 else None
        return Opened(_noting(asked.events, ended, answers, self.service.limits), headers, keep)


async def streamed(request: Request, opened: Opened, speaker: Speaker) -> Response:
    """The events as the speaker tells them; what fails before anything is sent is raised, with a status of its own."""
    first = asyncio.ensure_future(anext(opened.events))
    if not await still_there(request, first, PING_S):
        return gone()
    if first.done():
        first.result()
    return EventSourceResponse(
        sent(opened.events, first, speaker),
        headers={**HEADERS, **opened.headers},
        background=BackgroundTask(opened.keep),
    )


async def answered(request: Request, opened: Opened) -> Answer | None:
    """The answer; None where the client went away, which ended the work on it."""
    answering = asyncio.ensure_future(_last(opened.events))
    return answering.result() if await still_there(request, answering) else None


def gone() -> Response:
    """For a client that is not there any more."""
    return Response(status_code=_GONE)


async def _noting(
    events: AsyncGenerator[Event, None], ended: list[Answer], answers: AnswerStore | None, limits: PathLimits | None
) -> AsyncGenerator[Event, None]:
    """The events; the answer that they end with is put into `ended`, and noted as given before it is sent."""
    async with aclosing(events):
        async for event in events:
            if isinstance(event, Answer):
                ended.append(event)
                if answers:
                    await run_in_threadpool(note_given, answers, AnswerOut.model_validate(event), limits)
            yield event


async def _last(events: AsyncGenerator[Event, None]) -> Answer:
    async with aclosing(events):
        async for event in events:
            if isinstance(event, Answer):
                return event
    raise AssertionError("the events end with the answer")


def note_given(answers: AnswerStore, out: AnswerOut, limits: PathLimits | None) -> None:
    """Note that this answer is given to those with these limits; where that cannot be written, it cannot be saved."""
    try:
        answers.note_given(out.model_dump(mode="json"), limits)
    except AnswerStoreError as error:
        log.warning("an answer cannot be saved by its reader: %s", error)
