"""What lives as long as the HTTP service: models loaded once, the live index, the bounded queue."""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from app.capacity import Capacity
from app.core.errors import FootnoteError
from app.core.generations import Generations, Published
from app.core.index import open_index
from app.core.settings import Settings
from app.engine import Engine, Models, load_models
from app.problems import NotReadyError

log = logging.getLogger(__name__)

T = TypeVar("T")
_POLL_S = 1.0  # between two looks at which generation is live
_DRAIN_POLL_S = 0.05


class _Lease:
    """An engine and the number of questions that use it; closed when replaced and no longer used."""

    def __init__(self, engine: Engine, published: Published | None) -> None:
        self.engine = engine
        self.published = published
        self.users = 0
        self.retired = False


class Service:
    """Loads in the background, so that the process is live at once and ready later.

    A new generation is opened and warmed beside the one in use; a question is answered from one
    generation from beginning to end.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._capacity = Capacity(settings.query_workers, settings.query_queue)
        self._generations = Generations(settings.index_dir)
        self._lock = threading.Lock()
        self._live: _Lease | None = None
        self._models: Models | None = None
        self._problem: FootnoteError = NotReadyError("models and index are loading: try again in a moment")

    async def follow(self) -> None:
        """Open the live generation, and each later one as it is published; runs until cancelled."""
        while True:
            try:
                await self._follow_once()
            except FootnoteError as error:
                self._report(error)
            except Exception as error:  # whatever a library raises, the next try may go through
                log.debug("opening failed", exc_info=error)
                self._report(NotReadyError(f"opening the index failed and is tried again: {error}"))
            await asyncio.sleep(_POLL_S)

    async def _follow_once(self) -> None:
        published = self._generations.published()
        if self._live and published == self._live.published:
            return
        if self._live and published and published.generation == self._live.engine.index.generation:
            # The index folder was deleted and built again: its folders have the names of those in use,
            # and Chroma would take one for the other. The old ones are let go first.
            replaced = self._live
            self._replace(None)
            while replaced.users:
                await asyncio.sleep(_DRAIN_POLL_S)
        self._replace(_Lease(await asyncio.to_thread(self._open), published))

    def close(self) -> None:
        """Stop taking questions and close the index once the last one is answered."""
        self._capacity.close()
        self._replace(None)

    @property
    def engine(self) -> Engine:
        """The engine that answers now, for what needs no index access; questions go through `run`.

        Raises:
            FootnoteError: it is not ready; says why.
        """
        live = self._live
        if live is None:
            # The same object is raised for every request until ready: it must not gather tracebacks.
            raise self._problem.with_traceback(None)
        return live.engine

    async def run(self, work: Callable[[Engine], T]) -> T:
        """The result of `work(engine)`, computed on a worker thread.

        Raises:
            OverCapacityError: too many questions are waiting.
        """
        _ = self.engine  # not ready is said at once, not after a wait in the queue

        def leased() -> T:
            with self._leased() as engine:
                return work(engine)

        return await self._capacity.run(leased)

    @contextmanager
    def _leased(self) -> Iterator[Engine]:
        with self._lock:
            lease = self._live
            if lease is None:
                raise NotReadyError("the service is stopping")
            lease.users += 1
        try:
            yield lease.engine
        finally:
            with self._lock:
                lease.users -= 1
            self._close_if_done(lease)

    def _replace(self, new: _Lease | None) -> None:
        with self._lock:
            old, self._live = self._live, new
            if old:
                old.retired = True
        self._problem = NotReadyError("models and index are loading: try again in a moment")
        if new:
            log.info("serving generation %d", new.engine.index.generation)
        if old:
            self._close_if_done(old)

    def _close_if_done(self, lease: _Lease) -> None:
        with self._lock:
            done = lease.retired and lease.users == 0
            lease.retired = lease.retired and not done  # closed once only
        if done:
            lease.engine.close()

    def _report(self, error: FootnoteError) -> None:
        if str(error) != str(self._problem):
            log.warning("%s: %s", "the index in use stays" if self._live else "not ready", error)
        self._problem = error

    def _open(self) -> Engine:
        if self._models is None:
            self._models = load_models(self.settings)
        index = open_index(self.settings.index_dir, self.settings.lexical)
        try:
            engine = Engine(index, self._models, self.settings)
            engine.warm_up()
        except BaseException:
            index.close()
            raise
        return engine
