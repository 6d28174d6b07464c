"""answers: what is asked twice is answered once, at the same time or later.

asking -> kept? -> being answered? -> a new flight -> kept

A flight is what happens while one question is answered, for any number of listeners, from its beginning on. When the
last of them goes away, it is ended.
"""

import asyncio
import logging
import pickle
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Hashable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from footnote.app.access.types import PathLimits
from footnote.app.conversation.turns import Turn
from footnote.app.core.errors import NotReadyError
from footnote.app.core.events import Event
from footnote.app.core.types import Answer
from footnote.app.index.filters import QueryFilter
from footnote.app.watching.metrics import Metrics

log = logging.getLogger(__name__)

How = Literal["hit", "miss", "collapsed"]


@dataclass(frozen=True, slots=True)
class Asking:
    """A question, and all else that its answer depends on beside the index and the settings.

    What narrows the files that may be read belongs in here: a kept answer is given to equal askings alone.
    """

    question: str
    top_k: int | None
    query_filter: QueryFilter
    turns: tuple[Turn, ...] = ()
    limits: PathLimits | None = None
    together: Hashable = None  # which indexes, and within which limits, where there are several


class Asked(NamedTuple):
    """`events` end with the answer; `how` says whether it was kept, is being given to others too, or neither."""

    events: AsyncGenerator[Event, None]
    how: How


class Answers:
    """The answers that are under way and those that are kept, the least used of which go first.

    Args:
        most: how many are kept; with 0 each asking has a flight of its own.
        most_bytes: how much they may take, as far as it can be told.
    """

    def __init__(self, most: int, most_bytes: int, metrics: Metrics | None = None) -> None:
        self._metrics = metrics or Metrics()
        self._most = most
        self._most_bytes = most_bytes
        self._flying: dict[tuple[Hashable, Asking], _Flight] = {}
        self._kept: OrderedDict[Asking, tuple[_Flight, int]] = OrderedDict()
        self._kept_bytes = 0
        self._index: Hashable = None

    def ask(self, index: Hashable, asking: Asking, start: Callable[[], AsyncIterator[Event]]) -> Asked:
        """What happens while the asking is answered from the index; `start` begins to answer it."""
        asked = self._asked(index, asking, start)
        self._metrics.asked(asked.how)
        return asked

    def _asked(self, index: Hashable, asking: Asking, start: Callable[[], AsyncIterator[Event]]) -> Asked:
        if index != self._index:
            self._index, self._kept_bytes = index, 0
            self._kept.clear()
        if asking in self._kept:
            self._kept.move_to_end(asking)
            return Asked(self._kept[asking][0].listen(), "hit")
        flight = self._flying.get((index, asking))
        if flight:
            return Asked(flight.listen(), "collapsed")
        flight = _Flight(start)
        if self._most:
            self._flying[index, asking] = flight
            flight.when_over(lambda: self._land(index, asking, flight))
        return Asked(flight.listen(), "miss")

    def _land(self, index: Hashable, asking: Asking, flight: "_Flight") -> None:
        if self._flying.get((index, asking)) is flight:
            del self._flying[index, asking]
        answer = flight.answer
        if answer and answer.notice:
            log.warning("%s", answer.notice)
        # What failed may work the next time.
        if answer is None or answer.check_failed or answer.rewrite_failed or answer.notice or index != self._index:
            return
        size = len(pickle.dumps(flight.events))
        self._kept[asking] = flight, size
        self._kept_bytes += size
        while len(self._kept) > self._most or self._kept_bytes > self._most_bytes:
            _, (_, freed) = self._kept.popitem(last=False)
            self._kept_bytes -= freed


class _Flight:
    """One question being answered, from the first listener on."""

    def __init__(self, start: Callable[[], AsyncIterator[Event]]) -> None:
        self.events: list[Event] = []
        self._start = start
        self._listeners = 0
        self._task: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._error: Exception | None = None
        self._land: Callable[[], None] = lambda: None

    @property
    def answer(self) -> Answer | None:
        """What it ended with; None if it did not."""
        last = self.events[-1] if self.events else None
        return last if isinstance(last, Answer) else None

    def when_over(self, land: Callable[[], None]) -> None:
        self._land = land

    async def listen(self) -> AsyncGenerator[Event, None]:
        """All that happens, from the beginning on.

        Raises:
            FootnoteError: the question could not be answered.
        """
        if self._task is None:
            self._task = asyncio.create_task(self._fly())
        self._listeners += 1
        heard = 0
        try:
            while self.answer is None or heard < len(self.events):
                for event in self.events[heard:]:
                    heard += 1
                    yield event
                if self._task.done() and self.answer is None:
                    raise (self._error or NotReadyError("the service is stopping")).with_traceback(None)
                if heard == len(self.events) and self.answer is None:
                    await self._news.wait()
        finally:
            self._listeners -= 1
            if not self._listeners and not self._task.done():
                self._land()  # nobody is to join what is being ended
                self._task.cancel()

    async def _fly(self) -> None:
        try:
            async for event in self._start():
                self.events.append(event)
                self._tell()
        except Exception as error:
            self._error = error
        finally:
            self._land()
            # Once the task is done, which it is when this has returned.
            asyncio.get_running_loop().call_soon(self._tell)

    def _tell(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()
