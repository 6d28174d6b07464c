"""seen: the service as one of those who ask sees it."""

from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TypeVar

from footnote.app.access.types import PathLimits
from footnote.app.core.settings import Settings
from footnote.app.engine.engine import Engine
from footnote.app.index.manifest import Manifest
from footnote.app.service.answers import Asked, Asking
from footnote.app.service.service import Service
from footnote.app.watching.metrics import Metrics

T = TypeVar("T")


class Seen:
    """All that the doors may use of a service: whatever they ask, they get nothing beyond the limits."""

    def __init__(self, service: Service, limits: PathLimits | None) -> None:
        self._service = service
        self.limits = limits

    @property
    def settings(self) -> Settings:
        return self._service.settings

    @property
    def metrics(self) -> Metrics:
        return self._service.metrics

    @property
    def generation(self) -> int:
        """The generation that is served; raises as `Service.engine`."""
        return self._service.engine.index.generation

    @property
    def identity(self) -> Hashable:
        """What answers now; raises as `Service.engine`."""
        return self._service.identity

    def leased(self) -> AbstractContextManager[Engine]:
        """The engine for as long as a block lasts; raises as `Service.leased`."""
        return self._service.leased(self.limits)

    async def manifest(self) -> Manifest:
        """What there is to be asked; raises as `run`."""
        if self.limits is None:
            return self._service.engine.index.manifest
        return await self.run(lambda engine: engine.index.manifest)

    async def run(self, work: Callable[[Engine], T]) -> T:
        """The result of `work(engine)`, computed on a worker thread; raises as `Service.run`."""
        return await self._service.run(work, self.limits)

    def ask(self, asking: Asking) -> Asked:
        """What happens while the question is answered; as `Service.ask`."""
        return self._service.ask(replace(asking, limits=self.limits))
