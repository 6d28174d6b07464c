"""`footnote serve --watch`: one `python -m ingest --watch` beside the service, as long as the service lives."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

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
    watcher = _Watcher(settings, ["footnote.ingest", "--watch", *["--replace"] * replace])
    try:
        yield
    finally:
        watcher.close()


class _Watcher:
    def __init__(self, settings: Settings, command: list[str]) -> None:
        self._settings = settings
        self._command = command
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._child = self._started()
        self._keeping = threading.Thread(target=self._keep, name="watch", daemon=True)
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
            log.warning("the process that watches the docs ended with %d: another one starts in %d s", code, wait_s)
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
        child = Child("watch", self._command, self._settings)
        log.info("watching the docs in process %d", child.pid)
        return child
