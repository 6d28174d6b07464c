"""over_http: a running service, asked through its client."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from footnote.app.client import AsyncFootnoteClient
from footnote.app.langchain.own_loop import closed_with
from footnote.app.schemas.events import QueryEvent
from footnote.app.schemas.search import SearchOut
from footnote.app.service.answers import Asking

_AT_ONCE = 8  # of a batch; by default a service works on 4 questions and lets 16 wait. A guess


class OverHttp:
    """Asks no more than the service takes, however many wait: a batch of hundreds must not be turned away."""

    def __init__(self, url: str, key: str | None, timeout_s: float) -> None:
        self.base_url = url
        self._client = AsyncFootnoteClient(url, key, timeout_s)
        self._free = asyncio.Semaphore(_AT_ONCE)
        closed_with(self, self._client.close)

    async def search(self, asking: Asking) -> SearchOut:
        wanted = asking.query_filter
        async with self._free:
            return await self._client.search(
                asking.question, top_k=asking.top_k, path=wanted.path, tags=wanted.tags, fields=dict(wanted.fields)
            )

    async def events(self, asking: Asking) -> AsyncGenerator[QueryEvent, None]:
        wanted = asking.query_filter
        async with self._free:
            events = self._client.stream(
                asking.question,
                top_k=asking.top_k,
                path=wanted.path,
                tags=wanted.tags,
                fields=dict(wanted.fields),
                history=asking.turns,
            )
            async with aclosing(events):
                async for event in events:
                    yield event
