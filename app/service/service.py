"""What lives as long as the HTTP service: models loaded once, the live index, the bounded queue."""

import asyncio
import logging
import threading
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import NamedTuple, TypeVar

from footnote.app.access.types import PathLimits
from footnote.app.core.errors import FootnoteError, IndexDamagedError, NotReadyError
from footnote.app.core.events import Event
from footnote.app.core.request_context import answered_from, in_this_context
from footnote.app.core.settings import Settings
from footnote.app.core.stop import Stop
from footnote.app.engine.engine import Engine
from footnote.app.engine.models import Models, load_models
from footnote.app.engine.pool import ModelPool
from footnote.app.index.generations import Generations
from footnote.app.index.lease import LEASE
from footnote.app.index.reader import Index, open_generation
from footnote.app.index.store import make_store
from footnote.app.models.llm.lineup.outlook import log_outlook
from footnote.app.service.answers import Answers, Asked, Asking
from footnote.app.service.capacity import Capacity
from footnote.app.service.views import Views
from footnote.app.watching.metrics import Metrics

log = logging.getLogger(__name__)

T = TypeVar("T")
_LOOK_S = 0.25  # between two looks at which generation is live; one costs 30 us
_AGAIN_S = 1.0  # between two tries to open one that cannot be opened
_DRAIN_POLL_S = 0.05
_LOADING = "models and index are loading: try again in a moment"


class _Identity(NamedTuple):
    """A generation's folder: one that was deleted and built again under the same number is another one."""

    generation: int
    inode: int
    mtime_ns: int


class _Serving:
    """Engines and the number of questions that use them; closed when replaced and no longer used."""

    def __init__(self, views: Views, identity: _Identity) -> None:
        self.views = views
        self.engine = views.whole
        self.identity = identity
        self.users = 0
        self.retired = False


class Service:
    """Loads in the background, so that the process is live at once and ready later.

    A new generation is opened and warmed beside the one in use; a question is answered from one
    generation from beginning to end.

    Args:
        settings: of the index and of what answers from it.
        metrics: where questions are counted.
        pool: the models that are loaded already, where there are other services.
        capacity: the queue of all of these; closed by whoever made it.
        before: models that the pool keeps until those of the settings are loaded.
        collection: its name among the figures; None where it has none.
    """

    def __init__(
        self,
        settings: Settings,
        metrics: Metrics | None = None,
        pool: ModelPool | None = None,
        capacity: Capacity | None = None,
        before: Models | None = None,
        collection: str | None = None,
    ) -> None:
        self.settings = settings
        self._pool, self._before = pool, before
        self.metrics = metrics or Metrics()
        service = settings.service
        self._answers = Answers(service.answer_cache, int(service.answer_cache_mb * 1_000_000), self.metrics)
        self._has_own_capacity = capacity is None
        self._capacity = capacity or Capacity(service.query_workers, service.query_queue, self.metrics)
        self._generations = Generations(settings.folders.index_dir, make_store(settings.store))
        # Opens and closes, one after the other: Chroma counts the openings of a folder, and counts wrongly when
        # it is opened while it is closed, as after a rollback.
        self._switching = ThreadPoolExecutor(1, thread_name_prefix="switch")
        self._lock = threading.Lock()
        self._live: _Serving | None = None
        self._closed = False
        self._opened = 0  # generations that are open or being opened
        self._models: Models | None = None
        self._problem: FootnoteError = NotReadyError(_LOADING)
        self._collection = collection
        self.metrics.serves(0, collection)

    async def follow(self) -> None:
        """Open the live generation, and each other one as it is published; runs until cancelled."""
        while True:
            wait_s = _LOOK_S
            try:
                await self._follow_once()
            except FootnoteError as error:
                wait_s = _AGAIN_S
                self._report(error)
            except Exception as error:  # whatever a library raises, the next try may go through
                wait_s = _AGAIN_S
                log.debug("opening failed", exc_info=error)
                self._report(NotReadyError(f"opening the index failed and is tried again: {error}"))
            await asyncio.sleep(wait_s)

    async def _follow_once(self) -> None:
        generation = self._generations.current()
        source = self.settings.replica.follow
        if generation is None and source:
            raise NotReadyError(f"no generation of {source} was taken up yet: `footnote status` and the log say why")
        identity = self._identity(self._generations.live())
        live = self._live
        if live and identity == live.identity:
            return
        if live and identity.generation == live.identity.generation:
            # The index folder was deleted and built again: its folders have the names of those in use,
            # and Chroma would take one for the other. The old ones are let go first.
            self._replace(None)
            while live.users:
                await asyncio.sleep(_DRAIN_POLL_S)
        opening = self._switching.submit(in_this_context(partial(self._open, identity)))
        try:
            serving = await asyncio.wrap_future(opening)
            self._replace(serving)
        except IndexDamagedError:
            # Others may have been published meanwhile, and this one removed: the next look opens the newest.
            if self._generations.current() == identity.generation:
                raise
        except asyncio.CancelledError:
            opening.add_done_callback(self._close_opened)
            raise

    def close(self) -> None:
        """Stop taking questions and close the index once the last one is answered."""
        if self._has_own_capacity:
            self._capacity.close()
        with self._lock:
            self._closed = True
        self._replace(None)
        self._switching.shutdown(wait=False)

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

    @property
    def identity(self) -> Hashable:
        """What answers now; another one after every publishing. Raises as `engine`."""
        _ = self.engine
        live = self._live
        return live.identity if live else None

    @property
    def models(self) -> Models | None:
        """Those that are loaded."""
        return self._models

    @property
    def is_let_go(self) -> bool:
        """Whether nothing of it is open any more."""
        return self._closed and not self._opened

    async def run(self, work: Callable[[Engine], T], limits: PathLimits | None = None) -> T:
        """The result of `work(engine)`, computed on a worker thread; the engine sees the pages within the limits.

        Raises:
            OverCapacityError: too many questions are waiting.
        """
        _ = self.engine  # not ready is said at once, not after a wait in the queue

        def leased() -> T:
            with self.leased(limits) as engine:
                return work(engine)

        return await self._capacity.run(leased)

    def ask(self, asking: Asking) -> Asked:
        """What happens while the question is answered, or happened when it was; close what is not listened to the end.

        Raises:
            FootnoteError: it is not ready; says why. Whatever else goes wrong is raised to those who listen.
        """
        _ = self.engine
        live = self._live
        assert live
        answered_from(live.identity.generation)

        def work(stop: Stop) -> Iterator[Event]:
            with self.leased(asking.limits) as engine:
                yield from engine.stream(asking.question, asking.top_k, asking.query_filter, asking.turns, stop)

        return self._answers.ask(live.identity, asking, lambda: self._capacity.stream(work))

    @contextmanager
    def leased(self, limits: PathLimits | None) -> Iterator[Engine]:
        """The engine that sees the pages within the limits, which stays open for as long as the block lasts.

        Raises:
            NotReadyError: there is none.
        """
        with self._lock:
            live = self._live
            if live is None:
                raise NotReadyError("the service is stopping" if self._closed else _LOADING)
            live.users += 1
        answered_from(live.identity.generation)
        try:
            with live.views.engine(limits) as engine:
                yield engine
        finally:
            with self._lock:
                live.users -= 1
            self._close_if_done(live)

    def _replace(self, new: _Serving | None) -> None:
        with self._lock:
            old, self._live = self._live, new
            if old:
                old.retired = True
        self._problem = NotReadyError(_LOADING)
        self.metrics.serves(new.engine.index.generation if new else 0, self._collection)
        if new:
            log.info("serving generation %d", new.engine.index.generation)
        if old:
            self._close_if_done(old)

    def _close_if_done(self, serving: _Serving) -> None:
        with self._lock:
            done = serving.retired and serving.users == 0
            serving.retired = serving.retired and not done  # closed once only
            if done and not self._closed:
                self._switching.submit(self._let_go, serving)
        if done and self._closed:
            self._let_go(serving)

    def _let_go(self, serving: _Serving) -> None:
        serving.views.close()
        with self._lock:
            self._opened -= 1

    def _report(self, error: FootnoteError) -> None:
        if str(error) != str(self._problem):
            log.warning("%s: %s", "the index in use stays" if self._live else "not ready", error)
        self._problem = error

    def _identity(self, generation: int) -> _Identity:
        """Of one that is missing or damaged it is not to be had; opening it says what is wrong."""
        try:
            status = (self._generations.folder(generation) / LEASE).stat()
        except OSError:
            return _Identity(generation, 0, 0)
        return _Identity(generation, status.st_ino, status.st_mtime_ns)

    def _open(self, identity: _Identity) -> _Serving:
        with self._lock:
            self._opened += 1
        try:
            return self._warm(identity)
        except BaseException:
            with self._lock:
                self._opened -= 1
            raise

    def _warm(self, identity: _Identity) -> _Serving:
        if self._models is None:
            self._models, self._before = load_models(self.settings, False, None, self._pool), None
            tell = in_this_context(partial(log_outlook, self.settings.llm, self.settings.split))
            threading.Thread(target=tell, name="outlook", daemon=True).start()
        folder, store = self._generations.folder(identity.generation), self._generations.store
        index = open_generation(folder, self.settings.search.lexical, store)
        with ExitStack() as undo:
            undo.callback(index.close)
            engine = self._engine_of(index)
            undo.pop_all()
            undo.callback(engine.close)
            # Beside questions the reranker, which is warm by then, would hold up the swap for seconds.
            engine.warm_up(with_reranker=self._live is None)
            views = Views(engine, self._engine_of)
            undo.pop_all()
            undo.callback(views.close)
            # Whoever asked the generation before will ask this one.
            views.warm_up(self._live.views.known() if self._live else [])
            undo.pop_all()
        return _Serving(views, identity)

    def _engine_of(self, index: Index) -> Engine:
        assert self._models
        return Engine(index, self._models, self.settings)

    def _close_opened(self, opening: "Future[_Serving]") -> None:
        if not opening.cancelled() and opening.exception() is None:
            self._let_go(opening.result())
