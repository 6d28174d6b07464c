"""streaming: what happens while a question is answered, as server-sent events.

events of the engine -> events of the schema -> bytes, with a ping where nothing happens for long
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from typing import Protocol

from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event

from footnote.app.core.errors import FootnoteError
from footnote.app.core.events import Event
from footnote.app.core.types import Answer
from footnote.app.http.problems import internal_problem, named, problem_of
from footnote.app.schemas import events as out
from footnote.app.schemas.problem import Problem
from footnote.app.schemas.telling import Teller

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
        for part in speaker.failed(named(problem_of(error))):
            yield part
    except Exception:
        log.exception("a stream failed")
        for part in speaker.failed(named(internal_problem())):
            yield part
    finally:
        if coming.done():
            await events.aclose()
        else:
            coming.cancel()


def _bytes(event: out.QueryEvent) -> bytes:
    return format_sse_event(data_str=event.data.model_dump_json(), event=event.event)
