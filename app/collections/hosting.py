"""hosting: the collections of a service, which follow footnote.toml while it runs."""

import asyncio
import logging
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from footnote.app.access.types import PathLimits
from footnote.app.collections.changes import FileChanges
from footnote.app.collections.hosted import Hosted
from footnote.app.collections.together import Together, ready_ones
from footnote.app.core.collections import Collection, Collections
from footnote.app.core.errors import FootnoteError, SettingsError
from footnote.app.core.settings import Settings
from footnote.app.engine.models import require_models
from footnote.app.engine.pool import ModelPool
from footnote.app.service.answers import Answers
from footnote.app.service.capacity import Capacity
from footnote.app.service.seen import Seen
from footnote.app.watching.metrics import Metrics

log = logging.getLogger(__name__)

_LOOK_S = 1.0  # between two looks at the file; one costs a stat


class Hosting:
    """All collections by name, in the order of the file; models, queue and cache are those of all."""

    def __init__(self, settings: Settings, metrics: Metrics | None = None) -> None:
        """Nothing is loaded before `start`.

        Raises:
            SettingsError: the file is wrong.
        """
        self.settings = settings
        self.metrics = metrics or Metrics()
        self.problem: str | None = None  # why what the file says now is not served
        self._changes = FileChanges(settings)
        self._collections = self._changes.collections()
        self._hosted = {one.name: self._made(one, self._collections) for one in self._collections}
        self._pool = ModelPool()
        self._capacity: Capacity | None = None
        service = settings.service
        self._answers = Answers(service.answer_cache, int(service.answer_cache_mb * 1_000_000), self.metrics)
        self._following: asyncio.Task[None] | None = None
        self._leaving: set[asyncio.Task[None]] = set()

    def __iter__(self) -> Iterator[Hosted]:
        return iter(list(self._hosted.values()))

    @property
    def names(self) -> list[str]:
        return list(self._hosted)

    def public(self) -> frozenset[str]:
        """The names of those that may be asked without a key."""
        return frozenset(one.name for one in self._collections if one.public)

    @property
    def has_names(self) -> bool:
        """Whether a file names them; without one, nobody has to know of collections."""
        return self._collections.file is not None

    def index_dirs(self) -> dict[str, Path]:
        """The index folders by name; by "" where there are no names."""
        return {one.collection.name if self.has_names else "": one.settings.folders.index_dir for one in self}

    def get(self, name: str) -> Hosted | None:
        """The one of this name."""
        return self._hosted.get(name)

    def together(self, asked: Mapping[str, PathLimits | None], are_named: bool) -> Seen | Together:
        """What answers from these collections, each within the limits of the caller.

        Where nobody has named them, those that cannot answer yet are left out.

        Raises:
            FootnoteError: none of them can answer; says why.
        """
        seen = {name: Seen(self._hosted[name].service, limits) for name, limits in asked.items()}
        if not self.has_names:
            return next(iter(seen.values()))
        assert self._capacity
        return Together(seen if are_named else ready_ones(seen), self._answers, self._capacity)

    def require_ready(self) -> None:
        """Be sure that one of them can answer; raises why the first cannot."""
        ready_ones({one.collection.name: Seen(one.service, None) for one in self})

    def start(self) -> None:
        """Open all of them, and follow the file from now on."""
        service = self.settings.service
        self._capacity = Capacity(service.query_workers, service.query_queue, self.metrics)
        for one in self:
            one.prepare(self._pool, self._capacity)
            one.start()
        if self._changes.can_come:
            self._following = asyncio.create_task(self._follow())

    async def close(self) -> None:
        """Take no more questions, and close all of them."""
        if self._following:
            self._following.cancel()
            with suppress(asyncio.CancelledError):
                await self._following
        if self._capacity:
            self._capacity.close()
        await asyncio.gather(*self._leaving)  # what is being replaced starts the next one
        await asyncio.gather(*(one.stop() for one in self))

    async def _follow(self) -> None:
        """Take up what the file says whenever it changes; one that is wrong changes nothing."""
        while True:
            await asyncio.sleep(_LOOK_S)
            try:
                await self.look()
            except Exception:  # whatever it is, the next look may do better
                log.exception("following the collections failed")

    async def look(self) -> None:
        """Take up what the file says, if it has changed since the last look."""
        try:
            collections = await asyncio.to_thread(self._new_collections)
        except FootnoteError as error:
            self.problem = str(error)
            log.error("the collections stay as they are: %s", error)
            return
        if collections:
            self.problem = None
            self._take_up(collections)

    def _new_collections(self) -> Collections | None:
        """What the file says, if it has changed and all that is new in it can be opened; raises if it cannot."""
        collections = self._changes.new_collections()
        for one in collections or ():
            old = self._hosted.get(one.name)
            if old is None or old.settings != one.settings:
                try:
                    require_models(one.settings)
                except FootnoteError as error:
                    assert collections
                    raise SettingsError(f"{collections.file}: [collections.{one.name}] {error}") from error
        return collections

    def _take_up(self, collections: Collections) -> None:
        before, self._collections, self._hosted = self._hosted, collections, {}
        for one in collections:
            old = before.pop(one.name, None)
            if old and old.settings == one.settings and old.library.collection == _name(one, collections):
                old.collection = one  # its title, or who may ask
                self._hosted[one.name] = old
                continue
            new = self._hosted[one.name] = self._made(one, collections)
            # What the old one has loaded is there until the new one has taken its part of it.
            new.prepare(self._pool, self._capacity, old.service.models if old else None)
            log.info("collection %s: %s", one.name, "changed" if old else "added")
            new.beginning = self._in_background(_replaced(old, new))
        for gone in before.values():
            log.info("collection %s: removed", gone.collection.name)
            self._in_background(gone.stop())

    def _in_background(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)
        return task

    def _made(self, one: Collection, collections: Collections) -> Hosted:
        return Hosted(one, self.metrics, _name(one, collections) is not None)


def _name(one: Collection, collections: Collections) -> str | None:
    """What it is called; None where nobody names collections."""
    return one.name if collections.file else None


async def _replaced(old: Hosted | None, new: Hosted) -> None:
    """Let the old one go and start the new one: Chroma must not open a folder while it closes it."""
    if old:
        await old.stop()
        if old.beginning:  # the file has changed again, before the one before was let go
            await asyncio.wait({old.beginning})
        await old.let_go()
    new.start()
