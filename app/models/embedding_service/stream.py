"""stream: the vectors of all texts of an ingest, as they arrive, from several requests at the same time.

What may pass is tried again until the server gave nothing for long: an ingest runs for hours, and what it got is kept.
"""

import asyncio
import logging
import random
import time
from collections.abc import AsyncGenerator, Generator, Iterable

import httpx
import numpy as np
from numpy.typing import NDArray

from footnote.app.models.embedding_service.batches import Batch, Batches
from footnote.app.models.embedding_service.failures import Later, Refused, TooLarge
from footnote.app.models.embedding_service.reply import Answer, answer_of, body_of, failure_of, max_bytes
from footnote.app.models.embedding_service.server import Server
from footnote.app.models.embedding_service.waiting import backoff_s

log = logging.getLogger(__name__)

FIRST_CONTACT_S = 20.0  # a wrong address is said soon
_CONNECT_S = 10.0
_TELL_AFTER_S, _TELL_EVERY_S = 3.0, 60.0  # whoever waits is told that it is for the server
Arrived = tuple[int, NDArray[np.float32]]


def arriving(server: Server, texts: Iterable[str]) -> Generator[Arrived, None, None]:
    """The number of a batch's first text and `(n, dim)` unit vectors, in any order, of all texts.

    What came before an error is given before it is raised. Closing it ends all requests.

    Raises:
        Refused: some have none; the message says what to do.
        NoVectors: what came are not their vectors.
    """
    with asyncio.Runner() as runner:
        stream = _Stream(server, texts).arriving()
        try:
            while (arrived := runner.run(anext(stream, None))) is not None:
                yield arrived
        finally:
            runner.run(stream.aclose())


class _Stream:
    """Asks for each of `texts` once, over one event loop."""

    def __init__(self, server: Server, texts: Iterable[str]) -> None:
        self._server = server
        self._limits = server.limits
        self._batches = Batches(texts, self._limits.batch, self._limits.batch_kb * 1_000)
        # Who takes slowly is not given more than this ahead.
        self._arrived: asyncio.Queue[Arrived | None] = asyncio.Queue(self._limits.concurrency)
        self._quiet_until = 0.0
        self._got_at: float | None = None
        self._told_at: float | None = None

    async def arriving(self) -> AsyncGenerator[Arrived, None]:
        timeout = httpx.Timeout(self._limits.timeout_s, connect=min(_CONNECT_S, self._limits.timeout_s))
        connections = httpx.Limits(max_connections=self._limits.concurrency)
        async with httpx.AsyncClient(timeout=timeout, limits=connections, headers=self._server.headers) as http:
            asking = asyncio.create_task(self._ask_all(http))
            try:
                while (arrived := await self._arrived.get()) is not None:
                    yield arrived
                await asking
            finally:
                asking.cancel()
                await asyncio.wait([asking])

    async def _ask_all(self, http: httpx.AsyncClient) -> None:
        askers = [asyncio.create_task(self._ask(http)) for _ in range(self._limits.concurrency)]
        try:
            # The first error ends the wait; what others got is in the queue.
            await asyncio.wait(askers, return_when=asyncio.FIRST_EXCEPTION)
            await self._arrived.put(None)
        finally:
            for asker in askers:
                asker.cancel()
            await asyncio.wait(askers)
        for asker in askers:
            if not asker.cancelled():
                asker.result()

    async def _ask(self, http: httpx.AsyncClient) -> None:
        while batch := self._batches.take():
            try:
                answer = await self._answered(http, batch)
            except TooLarge as error:
                if len(batch.texts) == 1:
                    raise Refused(
                        f"{error}; a text of {len(batch.texts[0]):,} characters is too long for it: lower "
                        "FOOTNOTE_CHUNK_SIZE_CHARS, or let the server cut its input"
                    ) from error
                self._batches.split(batch)
                continue
            self._got_at = time.monotonic()
            self._be_quiet(answer.pause_s)
            await self._arrived.put((batch.first, answer.vectors))

    async def _answered(self, http: httpx.AsyncClient, batch: Batch) -> Answer:
        tries, failing_since = 0, 0.0
        while True:
            while (quiet_s := self._quiet_until - time.monotonic()) > 0:
                # Longer by a little, so that not all ask at the same moment.
                await asyncio.sleep(quiet_s + random.uniform(0, min(1.0, quiet_s / 10)))
            try:
                async with asyncio.timeout(self._limits.timeout_s):  # the client's own limit is for each part
                    return await self._once(http, batch)
            except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, TimeoutError) as error:
                later = failure_of(self._server, error)
            except Later as error:
                later = error
            if isinstance(later, Refused):
                raise later
            failing_since = failing_since or time.monotonic()
            self._give_up_in_time(later, failing_since)
            self._tell(later, failing_since)
            self._be_quiet(later.after_s or 0.0)
            await asyncio.sleep(backoff_s(tries))
            tries += 1

    async def _once(self, http: httpx.AsyncClient, batch: Batch) -> Answer:
        async with http.stream("POST", self._server.url, content=body_of(self._server, batch.texts)) as response:
            content = bytearray()
            async for part in response.aiter_bytes():
                content += part
                if len(content) > max_bytes(batch.texts):
                    raise Refused("its answer is too long to be one of an embedding server")
        return answer_of(self._server, response, bytes(content), batch.texts)

    def _be_quiet(self, seconds: float) -> None:
        """Send nothing for so long: a limit is one of all requests."""
        self._quiet_until = max(self._quiet_until, time.monotonic() + seconds)

    def _tell(self, later: Later, failing_since: float) -> None:
        """Say that it is waited for, soon and not at each try; not of a limit that lets others through."""
        now = time.monotonic()
        silent_s = max(now - max(failing_since, self._got_at or 0.0), later.after_s or 0.0)
        if silent_s < _TELL_AFTER_S or (self._told_at is not None and now - self._told_at < _TELL_EVERY_S):
            log.info("the embedding server: %s; trying again", later)
            return
        self._told_at = now
        log.warning(
            "waiting for the embedding server %s (%s, from %s): trying again for up to %.0f s",
            self._server.place,
            later,
            self._server.url_setting,
            self._give_up_s(later),
        )

    def _give_up_s(self, later: Later) -> float:
        was_never_there = later.is_first_contact and self._got_at is None
        return min(self._limits.give_up_s, FIRST_CONTACT_S) if was_never_there else self._limits.give_up_s

    def _give_up_in_time(self, later: Later, failing_since: float) -> None:
        url_setting = self._server.url_setting
        give_up_s, setting = self._give_up_s(later), "raise FOOTNOTE_EMBEDDER_GIVE_UP_S"
        if later.after_s is not None and later.after_s > give_up_s:
            raise Refused(f"{later}; it wants to be left alone for {later.after_s:.0f} s: try again then, or {setting}")
        if later.is_first_contact and self._got_at is None:
            fix = f"is the server running, and {url_setting} right?"
        elif later.is_limit:
            fix = f"{setting}, or try later"
        else:
            fix = f"{setting}, check {url_setting}, or try later"
        # Behind a limit of requests a batch may wait for long while others get through.
        since = max(failing_since, self._got_at or 0.0) if later.is_limit else failing_since
        if time.monotonic() - since >= give_up_s:
            raise Refused(f"{later}; so it went for {give_up_s:.0f} s: {fix}")
