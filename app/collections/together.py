"""together: the collections that a caller asks, one or several, each as they see it."""

from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import ExitStack, aclosing
from dataclasses import replace
from typing import TypeVar

from footnote.app.access.types import PathLimits
from footnote.app.core.errors import FootnoteError, NotReadyError
from footnote.app.core.events import Event
from footnote.app.core.settings import Settings
from footnote.app.core.stop import Stop
from footnote.app.core.types import Answer
from footnote.app.engine.joining.engine import JoinedEngine
from footnote.app.engine.joining.named import NamedEngine
from footnote.app.engine.joining.told import named_event
from footnote.app.service.answers import Answers, Asked, Asking
from footnote.app.service.capacity import Capacity
from footnote.app.service.seen import Seen
from footnote.app.watching.metrics import Metrics

T = TypeVar("T")
_ALL = "together"


class Together:
    """As `Seen`, of one or several collections that have names; the first decides about what is done once."""

    def __init__(self, seen: Mapping[str, Seen], answers: Answers, capacity: Capacity) -> None:
        self._seen = dict(seen)
        self._answers = answers
        self._capacity = capacity

    @property
    def first(self) -> Seen:
        """The one that decides."""
        return next(iter(self._seen.values()))

    @property
    def names(self) -> list[str]:
        return list(self._seen)

    @property
    def settings(self) -> Settings:
        return self.first.settings

    @property
    def metrics(self) -> Metrics:
        return self.first.metrics

    @property
    def limits(self) -> PathLimits | None:
        """Those of the only one; of several each has its own."""
        return self.first.limits if len(self._seen) == 1 else None

    @property
    def generation(self) -> int:
        """The generation of the only one; 0 of several. Raises as `Service.engine`."""
        generations = [one.generation for one in self._seen.values()]
        return generations[0] if len(generations) == 1 else 0

    async def run(self, work: Callable[[JoinedEngine | NamedEngine], T]) -> T:
        """The result of `work(engine)`, computed on a worker thread; raises as `Service.run`."""
        _ = self.generation  # not ready is said at once

        def leased() -> T:
            with ExitStack() as leases:
                engines = {name: leases.enter_context(one.leased()) for name, one in self._seen.items()}
                if len(engines) == 1:
                    return work(NamedEngine(*next(iter(engines.items()))))
                return work(JoinedEngine(engines))

        return await self._capacity.run(leased)

    def ask(self, asking: Asking) -> Asked:
        """What happens while the question is answered; as `Service.ask`."""
        if len(self._seen) == 1:
            ((name, one),) = self._seen.items()
            asked = one.ask(asking)
            return asked._replace(events=_named(asked.events, name))
        seen = tuple((name, one.identity, one.limits) for name, one in self._seen.items())

        def work(stop: Stop) -> Iterator[Event]:
            with ExitStack() as leases:
                engines = {name: leases.enter_context(one.leased()) for name, one in self._seen.items()}
                joined = JoinedEngine(engines)
                yield from joined.stream(asking.question, asking.top_k, asking.query_filter, asking.turns, stop)

        whole = replace(asking, together=seen)
        return self._answers.ask(_ALL, whole, lambda: self._capacity.stream(work))


def ready_ones(seen: Mapping[str, Seen]) -> dict[str, Seen]:
    """Those that can answer now.

    Raises:
        FootnoteError: none can; says why.
    """
    ready: dict[str, Seen] = {}
    problems: list[FootnoteError] = []
    for name, one in seen.items():
        try:
            _ = one.generation
            ready[name] = one
        except FootnoteError as error:
            problems.append(error)
    if problems and not ready:
        # One that is still loading will answer, whatever keeps the others.
        raise next((error for error in problems if isinstance(error, NotReadyError)), problems[0])
    return ready


async def _named(events: AsyncGenerator[Event, None], name: str) -> AsyncGenerator[Event, None]:
    async with aclosing(events):
        async for event in events:
            generation = event.generation if isinstance(event, Answer) else 0
            yield named_event(event, name, generation)
