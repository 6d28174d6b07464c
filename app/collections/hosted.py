"""hosted: one collection as a service has it: all that is about this one alone."""

import asyncio
from contextlib import suppress

from footnote.app.core.collections import Collection
from footnote.app.core.request_context import done_for
from footnote.app.core.settings import Settings
from footnote.app.core.told_commands import told_for
from footnote.app.engine.models import Models
from footnote.app.engine.pool import ModelPool
from footnote.app.reading.library import Library
from footnote.app.service.capacity import Capacity
from footnote.app.service.jobs import Jobs
from footnote.app.service.keeping import make_keeping
from footnote.app.service.pushes import Pushes
from footnote.app.service.service import Service
from footnote.app.sharing.store import make_answer_store
from footnote.app.watching.metrics import Metrics

_LOOK_S = 0.05


class Hosted:
    """What lives as long as the collection is as it is: it is neither changed nor removed from the file.

    Attributes:
        collection: its name, its title, its settings.
        service: answers; made by `prepare`, and opened by `start`.
        jobs: ingests that clients start; made by `prepare`.
        pushes: those that a webhook starts; as well.
        keeping: what is kept of its answers.
        answers: those that readers saved; None where that is off.
        library: the pages of its kept generations.
    """

    service: Service
    jobs: Jobs
    pushes: Pushes

    def __init__(self, collection: Collection, metrics: Metrics, has_name: bool) -> None:
        """Nothing is loaded yet; with `has_name` there are others beside it."""
        self.collection = collection
        self.keeping = make_keeping(collection.settings, metrics)
        index_dir = collection.settings.folders.index_dir
        self.answers = make_answer_store(index_dir, collection.settings.sharing)
        self._name = collection.name if has_name else None
        self.library = Library(index_dir, self._name)
        self._metrics = metrics
        self.beginning: asyncio.Task[None] | None = None  # what starts it once the one before is let go
        self._following: asyncio.Task[None] | None = None
        self._is_stopped = False

    @property
    def settings(self) -> Settings:
        return self.collection.settings

    def prepare(self, pool: ModelPool | None, capacity: Capacity | None, before: Models | None = None) -> None:
        """Make what answers that it is loading; see `Service`."""
        self.service = Service(self.settings, self._metrics, pool, capacity, before, self._name)
        self.jobs = Jobs(self.settings)
        self.pushes = Pushes(self.jobs)

    def start(self) -> None:
        """Open the live generation, and each one that is published from now on; nothing once it is stopped."""
        if self._is_stopped:
            return
        with done_for(self._name), told_for(self.settings.project.as_collection):
            self._following = asyncio.create_task(self.service.follow())

    async def stop(self) -> None:
        """Take no more questions, end ingests, and close the index once the last question is answered."""
        self._is_stopped = True
        if self._following:
            self._following.cancel()
            with suppress(asyncio.CancelledError):
                await self._following
        self.service.close()
        await asyncio.to_thread(self.pushes.close)
        await asyncio.to_thread(self.jobs.close)
        await asyncio.to_thread(self.keeping.close)

    async def let_go(self) -> None:
        """Wait until nothing of the index is open any more."""
        while not self.service.is_let_go:
            await asyncio.sleep(_LOOK_S)
