"""What lives as long as the HTTP service: models loaded once, the open index, the bounded queue."""

import asyncio
import logging
from collections.abc import Callable
from typing import TypeVar

from app.capacity import Capacity
from app.core.errors import FootnoteError
from app.core.index import open_index
from app.core.settings import Settings
from app.engine import Engine, Models, load_models
from app.problems import NotReadyError

log = logging.getLogger(__name__)

T = TypeVar("T")
_RETRY_S = 1.0  # between two tries to open an index that is not there yet


class Service:
    """Loads in the background, so that the process is live at once and ready later."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._capacity = Capacity(settings.query_workers, settings.query_queue)
        self._engine: Engine | None = None
        self._models: Models | None = None
        self._problem: FootnoteError = NotReadyError("models and index are loading: try again in a moment")

    async def load(self) -> None:
        """Load the models, then open the index; tries again until both are there."""
        while self._engine is None:
            try:
                self._engine = await asyncio.to_thread(self._open)
                log.info("ready: generation %d", self._engine.index.generation)
            except FootnoteError as error:
                if str(error) != str(self._problem):
                    log.warning("not ready: %s", error)
                self._problem = error
                await asyncio.sleep(_RETRY_S)
            except Exception:  # whatever a library raises, the next try may go through
                log.exception("not ready")
                self._problem = NotReadyError("loading failed, see the service's log; it is tried again")
                await asyncio.sleep(_RETRY_S)

    def close(self) -> None:
        self._capacity.close()
        if self._engine:
            self._engine.index.close()

    @property
    def engine(self) -> Engine:
        """The engine that answers.

        Raises:
            FootnoteError: it is not ready; says why.
        """
        if self._engine is None:
            # The same object is raised for every request until ready: it must not gather tracebacks.
            raise self._problem.with_traceback(None)
        return self._engine

    async def run(self, work: Callable[[Engine], T]) -> T:
        """The result of `work(engine)`, computed on a worker thread.

        Raises:
            OverCapacityError: too many questions are waiting.
        """
        engine = self.engine
        return await self._capacity.run(lambda: work(engine))

    def _open(self) -> Engine:
        if self._models is None:
            self._models = load_models(self.settings)
        index = open_index(self.settings.index_dir, self.settings.lexical)
        try:
            return Engine(index, self._models, self.settings)
        except FootnoteError:
            index.close()
            raise
