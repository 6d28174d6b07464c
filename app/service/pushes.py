"""pushes: an ingest for each push that a webhook tells of; while one runs, one more waits, so that none is lost.

Any number of pushes come down to that one, as an ingest takes what the repository has when it begins.
"""

import logging
import threading
from functools import partial

from footnote.app.core.errors import FootnoteError, IngestRunningError
from footnote.app.core.request_context import in_this_context
from footnote.app.index.job import Job
from footnote.app.service.jobs import Jobs

log = logging.getLogger(__name__)

_EVERY_S = 0.5  # between two looks at whether the running ingest has ended, whoever started it


class Pushes:
    """Starts ingests for pushes."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._waiting: threading.Thread | None = None

    def pushed(self) -> Job | None:
        """The ingest that was started; None where one is running, and another one will start after it.

        Raises:
            ReplicaError, OtherDocsError, IndexWriteError: see `Jobs.start`.
        """
        with self._lock:
            if self._waiting is None:
                try:
                    return self._jobs.start(rebuild=False, checksum=False)
                except IngestRunningError:
                    wait = in_this_context(partial(self._wait))
                    self._waiting = threading.Thread(target=wait, name="push waits", daemon=True)
                    self._waiting.start()
            return None

    def close(self) -> None:
        """Start none any more."""
        self._closed.set()
        waiting = self._waiting
        if waiting:
            waiting.join()

    def _wait(self) -> None:
        while not self._closed.wait(_EVERY_S):
            # A push that arrives now either finds it waiting, and then it has not begun, or finds it running.
            with self._lock:
                try:
                    self._jobs.start(rebuild=False, checksum=False)
                except IngestRunningError:
                    continue
                except FootnoteError as error:
                    log.warning("the ingest that a push waited for does not start: %s", error)
                self._waiting = None
                return
