"""stop: how work on one thread learns that nobody waits for its result any more."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Stopped(Exception):
    """Nobody waits for the result: the work ends without one. It is no error, and never shown."""


class Stop:
    """Set once, from any thread; work looks at it between its steps, or is called where it waits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_set = False
        self._calls: list[Callable[[], object]] = []

    def set(self) -> None:
        """Stop the work: what waits is called now."""
        with self._lock:
            self._is_set = True
            calls, self._calls = self._calls, []
        for call in calls:
            call()

    def check(self) -> None:
        """Go on.

        Raises:
            Stopped: it is set.
        """
        if self._is_set:
            raise Stopped

    @contextmanager
    def calling(self, call: Callable[[], object]) -> Iterator[None]:
        """Within the block `call` is called when it is set, on the thread that does so; at once if it is set."""
        with self._lock:
            is_set = self._is_set
            if not is_set:
                self._calls.append(call)
        if is_set:
            call()
        try:
            yield
        finally:
            with self._lock:
                if call in self._calls:
                    self._calls.remove(call)
