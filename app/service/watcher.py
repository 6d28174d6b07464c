"""`footnote serve --watch` and `--follow`: one process beside the service that keeps its index up to date."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from footnote.app.core.request_context import in_this_context
from footnote.app.core.settings import Settings
from footnote.app.service.child import Child

log = logging.getLogger(__name__)

# Between the end of a child and the next one: at first, and at the most.
_FIRST_WAIT_S, _LONGEST_WAIT_S = 1.0, 60.0


@contextmanager
def watching(settings: Settings, replace: bool = False) -> Iterator[None]:
    """Keep a child watching within the block; it is started again when it dies, and ended with the block.

    With `replace` it may replace an index that was built from another docs folder.

    Raises:
        SettingsError: see `Child`.
    """
    with _kept_running(
        settings,
        "watch",
        "watching the docs",
        "watches the docs",
        ["footnote.ingest", "--watch", *["--replace"] * replace],
    ):
        yield


@contextmanager
def following(settings: Settings) -> Iterator[None]:
    """The same with a child that takes up what the source of the settings publishes."""
    with _kept_running(
        settings, "follow", "following the source", "follows the source", ["footnote.app.replicas.follower"]
    ):
        yield


@contextmanager
def _kept_running(settings: Settings, name: str, doing: str, does: str, command: list[str]) -> Iterator[None]:
    keeper = _Keeper(settings, name, doing, does, command)
    try:
        yield
    finally:
        keeper.close()


class _Keeper:
    def __init__(self, settings: Settings, name: str, doing: str, does: str, command: list[str]) -> None:
        self._settings = settings
        self._name, self._doing, self._does = name, doing, does
        self._command = command
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._child = self._started()
        # Its lines belong to the collection that it was started for.
        self._keeping = threading.Thread(target=in_this_context(self._keep), name=name, daemon=True)
        self._keeping.start()

    def close(self) -> None:
        with self._lock:  # none is started after this
            self._closed.set()
        self._child.end()
        self._keeping.join()

    def _keep(self) -> None:
        wait_s = _FIRST_WAIT_S
        while True:
            started = time.monotonic()
            code = self._child.wait()
            if self._closed.is_set():
                return
            if time.monotonic() - started > _LONGEST_WAIT_S:
                wait_s = _FIRST_WAIT_S
            log.warning("the process that %s ended with %d: another one starts in %d s", self._does, code, wait_s)
            self._closed.wait(wait_s)
            wait_s = min(wait_s * 2, _LONGEST_WAIT_S)
            with self._lock:
                if self._closed.is_set():
                    return
                try:
                    self._child = self._started()
                except OSError as error:  # no memory or no process to be had: the ended one is waited for again
                    log.warning("no process can be started: %s", error)

    def _started(self) -> Child:
        child = Child(self._name, self._command, self._settings)
        log.info("%s in process %d", self._doing, child.pid)
        return child
