"""views: the engines of one generation, one for all pages and one for each limits that somebody who asks has.

limits -> pages of the generation -> restricted index -> engine, kept for the next one who has them
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from footnote.app.access.limits import readable_files
from footnote.app.access.types import PathLimits
from footnote.app.engine.engine import Engine
from footnote.app.index.reader import Index
from footnote.app.index.restricting.restrict import restrict

MOST_VIEWS = 32  # a guess: each keeps its terms on disk and some threads


class _View:
    """One engine, once it is made; `users` are the questions that it answers or that wait for it."""

    def __init__(self) -> None:
        self.making = threading.Lock()
        self.engine: Engine | None = None
        self.users = 0


class Views:
    """The engine that sees everything, and those that see some pages; safe to use from several threads."""

    def __init__(self, whole: Engine, engine_of: Callable[[Index], Engine], most: int = MOST_VIEWS) -> None:
        self.whole = whole
        self._engine_of = engine_of
        self._most = most
        self._lock = threading.Lock()
        self._views: OrderedDict[PathLimits, _View] = OrderedDict()

    @contextmanager
    def engine(self, limits: PathLimits | None) -> Iterator[Engine]:
        """The engine of those who have these limits, for as long as the block lasts; made when it is first asked for.

        Raises:
            IndexDamagedError: the index cannot be read.
        """
        if limits is None:
            yield self.whole
            return
        with self._lock:
            view = self._views.setdefault(limits, _View())
            self._views.move_to_end(limits)
            view.users += 1
        try:
            with view.making:
                if view.engine is None:
                    view.engine = self._made(limits)
            yield view.engine
        finally:
            with self._lock:
                view.users -= 1
                unused = self._taken_out()
            for one in unused:
                one.close()

    def warm_up(self, limits: list[PathLimits]) -> None:
        """Make the engines of these before somebody waits for them."""
        for one in limits:
            with self.engine(one):
                pass

    def known(self) -> list[PathLimits]:
        """Of whom there are engines, those asked last at the end."""
        with self._lock:
            return list(self._views)

    def close(self) -> None:
        """Close all of them, and the index; no question may be under way."""
        for view in self._views.values():
            if view.engine:
                view.engine.close()
        self._views.clear()
        self.whole.close()

    def _made(self, limits: PathLimits) -> Engine:
        whole = self.whole.index
        return self._engine_of(restrict(whole, readable_files(limits, whole.files)))

    def _taken_out(self) -> list[Engine]:
        """The engines that are too many, of those that nobody uses."""
        unused = [limits for limits, view in self._views.items() if not view.users]
        removed = [self._views.pop(limits) for limits in unused[: max(0, len(self._views) - self._most)]]
        return [view.engine for view in removed if view.engine]
