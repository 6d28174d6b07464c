"""clients: what sends the calls, at once or asynchronously.

Each operation of `calls.py` is a method of both, with its parameters and its description.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing, closing
from types import TracebackType
from typing import Self

import httpx

from footnote.app.client import calls, methods
from footnote.app.client.events import Events
from footnote.app.client.reading import Call, R, failed
from footnote.app.client.sending import STREAM_TYPE, Sender, timeout, wait_s
from footnote.app.schemas.answers import AnswerOut
from footnote.app.schemas.events import QueryEvent

BASE_URL = "http://127.0.0.1:8000"
TIMEOUT_S = 300.0  # a language model on a CPU writes for minutes; a round number


class FootnoteClient:
    """A service of Footnote, asked from one or several threads.

    Args:
        base_url: its address, up to where `/query` begins.
        key: the one of FOOTNOTE_ADMIN_KEY, for the operations that say so.
        timeout_s: how long the service may say nothing, in seconds.
        retries: how often a call is sent again where the service says when, as it does while it starts or is busy.
        http: what sends the requests, where proxies or certificates are to be set; `timeout_s` is not for it, and it
            is closed with the client.

    Raises:
        SettingsError: the address, the key or `timeout_s` is none.

    Every method raises `ServiceError`, whose `type` says what is wrong, or `ServiceUnreachableError`.
    """

    def __init__(
        self,
        base_url: str = BASE_URL,
        key: str | None = None,
        timeout_s: float = TIMEOUT_S,
        retries: int = 2,
        http: httpx.Client | None = None,
    ) -> None:
        self._sender = Sender(base_url, key)
        self._retries = max(0, retries)
        self._http = http or httpx.Client(timeout=timeout(timeout_s))

    ask = methods.plain(calls.ask)
    stream = methods.stream(calls.ask)
    search = methods.plain(calls.search)
    why_not = methods.plain(calls.why_not)
    verify = methods.plain(calls.verify)
    file = methods.plain(calls.file)
    save_answer = methods.plain(calls.save_answer)
    saved_answer = methods.plain(calls.saved_answer)
    give_feedback = methods.plain(calls.give_feedback)
    collections = methods.plain(calls.collections)
    overview = methods.plain(calls.overview)
    index = methods.plain(calls.index)
    evaluation = methods.plain(calls.evaluation)
    live = methods.plain(calls.live)
    ready = methods.plain(calls.ready)
    gaps = methods.plain(calls.gaps)
    dismiss_gap = methods.plain(calls.dismiss_gap)
    resolve_gap = methods.plain(calls.resolve_gap)
    ingest = methods.plain(calls.ingest)
    ingest_status = methods.plain(calls.ingest_status)
    generations = methods.plain(calls.generations)
    changes = methods.plain(calls.changes)
    roll_back = methods.plain(calls.roll_back)

    def send(self, call: Call[R]) -> R:
        """What a call gives."""
        with closing(self._response(call)) as response:
            return call.read(response)

    def send_stream(self, call: Call[AnswerOut]) -> Generator[QueryEvent, None, None]:
        """What happens while a call is answered; closing it ends the work on it."""
        with closing(self._response(call, STREAM_TYPE)) as response:
            events = Events(response)
            try:
                for line in response.iter_lines():
                    yield from events.of(line)
            except httpx.HTTPError as error:
                raise self._sender.unreachable(error) from error
            events.check_over()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _response(self, call: Call[R], accept: str | None = None) -> httpx.Response:
        """The response of a call that succeeded, read unless it is a stream."""
        for tries_left in range(self._retries, -1, -1):
            try:
                response = self._http.send(self._sender.request(self._http, call, accept), stream=True)
                if not response.is_success or accept is None:
                    with closing(response):
                        response.read()
            except httpx.HTTPError as error:
                raise self._sender.unreachable(error) from error
            if response.is_success:
                return response
            problem = failed(response)
            pause_s = wait_s(problem, tries_left)
            if pause_s is None:
                raise problem
            time.sleep(pause_s)
        raise AssertionError("the last try returns or raises")


class AsyncFootnoteClient:
    """As `FootnoteClient`, for asyncio."""

    def __init__(
        self,
        base_url: str = BASE_URL,
        key: str | None = None,
        timeout_s: float = TIMEOUT_S,
        retries: int = 2,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        self._sender = Sender(base_url, key)
        self._retries = max(0, retries)
        self._http = http or httpx.AsyncClient(timeout=timeout(timeout_s))

    ask = methods.plain_async(calls.ask)
    stream = methods.stream_async(calls.ask)
    search = methods.plain_async(calls.search)
    why_not = methods.plain_async(calls.why_not)
    verify = methods.plain_async(calls.verify)
    file = methods.plain_async(calls.file)
    save_answer = methods.plain_async(calls.save_answer)
    saved_answer = methods.plain_async(calls.saved_answer)
    give_feedback = methods.plain_async(calls.give_feedback)
    collections = methods.plain_async(calls.collections)
    overview = methods.plain_async(calls.overview)
    index = methods.plain_async(calls.index)
    evaluation = methods.plain_async(calls.evaluation)
    live = methods.plain_async(calls.live)
    ready = methods.plain_async(calls.ready)
    gaps = methods.plain_async(calls.gaps)
    dismiss_gap = methods.plain_async(calls.dismiss_gap)
    resolve_gap = methods.plain_async(calls.resolve_gap)
    ingest = methods.plain_async(calls.ingest)
    ingest_status = methods.plain_async(calls.ingest_status)
    generations = methods.plain_async(calls.generations)
    changes = methods.plain_async(calls.changes)
    roll_back = methods.plain_async(calls.roll_back)

    async def send(self, call: Call[R]) -> R:
        """What a call gives."""
        return call.read(await self._response(call))

    async def send_stream(self, call: Call[AnswerOut]) -> AsyncGenerator[QueryEvent, None]:
        """What happens while a call is answered; closing it ends the work on it."""
        response = await self._response(call, STREAM_TYPE)
        try:
            events = Events(response)
            async for line in response.aiter_lines():
                for event in events.of(line):
                    yield event
            events.check_over()
        except httpx.HTTPError as error:
            raise self._sender.unreachable(error) from error
        finally:
            await response.aclose()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.close()

    async def _response(self, call: Call[R], accept: str | None = None) -> httpx.Response:
        """The response of a call that succeeded, read unless it is a stream."""
        for tries_left in range(self._retries, -1, -1):
            try:
                response = await self._http.send(self._sender.request(self._http, call, accept), stream=True)
                if not response.is_success or accept is None:
                    async with aclosing(response):
                        await response.aread()
            except httpx.HTTPError as error:
                raise self._sender.unreachable(error) from error
            if response.is_success:
                return response
            problem = failed(response)
            pause_s = wait_s(problem, tries_left)
            if pause_s is None:
                raise problem
            await asyncio.sleep(pause_s)
        raise AssertionError("the last try returns or raises")
