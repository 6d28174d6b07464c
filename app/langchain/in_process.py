"""in_process: an index on this machine, asked as the service asks it: its generations are followed, answers kept."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from functools import partial

from footnote.app.core.errors import ModelError
from footnote.app.core.settings import Settings
from footnote.app.core.types import Answer
from footnote.app.engine.engine import Engine, checked_question
from footnote.app.langchain.own_loop import closed_with
from footnote.app.schemas.events import QueryEvent
from footnote.app.schemas.search import SearchOut
from footnote.app.schemas.telling import Teller
from footnote.app.service.answers import Asking
from footnote.app.service.keeping import make_keeping
from footnote.app.service.on_demand import OnDemand
from footnote.app.service.service import Service

# Indexes are opened and closed one after the other: Chroma counts the openings of a folder, and wrongly otherwise.
_switching = asyncio.Lock()


class InProcess:
    """Any number of questions may wait: nobody else's have to be protected."""

    base_url = None

    def __init__(self, settings: Settings) -> None:
        self._on_demand = OnDemand(settings.changed(query_queue=sys.maxsize))
        self._is_open = False
        self._keeping = make_keeping(settings)
        closed_with(self, partial(_close, self._on_demand))

    async def search(self, asking: Asking) -> SearchOut:
        service = await self._ready()
        top_k = asking.top_k or service.settings.search.top_k

        def work(engine: Engine) -> SearchOut:
            found = engine.search(asking.question, top_k, asking.query_filter)
            return SearchOut.of(asking.question, found, engine.index.generation)

        return await service.run(work)

    async def events(self, asking: Asking) -> AsyncGenerator[QueryEvent, None]:
        service = await self._ready()
        settings = service.settings
        question = checked_question(asking.question, settings.service.max_question_chars)
        asked = service.ask(replace(asking, question=question, top_k=asking.top_k or settings.search.top_k))
        teller = Teller()
        async with aclosing(asked.events) as events:
            async for event in events:
                if isinstance(event, Answer):
                    await asyncio.to_thread(self._keeping.keep, event, asked.how != "miss")
                for told in teller.told(event):
                    yield told

    async def _ready(self) -> Service:
        _require_own_threads()
        if not self._is_open:
            async with _switching:
                await self._on_demand.ready()
            self._is_open = True
        return await self._on_demand.ready()


async def _close(on_demand: OnDemand) -> None:
    async with _switching:
        await on_demand.close()


# The models and the index have threads of their own, which a forked process has not: it would wait for them for ever.
_has_begun = _is_forked = False


def _require_own_threads() -> None:
    """Be sure that what is loaded here was not left behind by a fork.

    Raises:
        ModelError: it was.
    """
    global _has_begun
    if _is_forked:
        raise ModelError(
            "this process was forked from one that had asked already, and models do not survive that: ask "
            "for the first time behind the fork, start processes by `spawn`, or ask a service (`url`)"
        )
    _has_begun = True


def _forked() -> None:
    global _is_forked
    _is_forked = _has_begun


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
