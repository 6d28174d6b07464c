"""Ingests that a client of the service starts: each runs in a process of its own and says how far it is in a file."""

import logging
import os
import threading
import uuid
from datetime import UTC, datetime
from functools import partial

from filelock import FileLock

from footnote.app.core.errors import IngestRunningError, IngestUnknownError, ReplicaError
from footnote.app.core.request_context import in_this_context
from footnote.app.core.settings import Settings
from footnote.app.index.docs_folder import require_same_docs, with_docs_dir
from footnote.app.index.generations import Generations
from footnote.app.index.job import JOBS, Job, forget_old_jobs, is_job_id, lock_job, read_job, running_job, write_job
from footnote.app.service.child import Child

log = logging.getLogger(__name__)

_KEPT = 20


class Jobs:
    """Starts ingests and finds what they say, also of those that another process of the service started."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._index_dir = settings.folders.index_dir
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._closed = False

    def get(self, job_id: str) -> Job:
        """The job of this id.

        Raises:
            IngestUnknownError: there is none; only the last 20 are kept.
        """
        job = read_job(self._index_dir, job_id) if is_job_id(job_id) else None
        if job is None:
            raise IngestUnknownError(f"no ingest of this id: the last {_KEPT} are kept, and only those started here")
        return job

    def start(self, rebuild: bool, checksum: bool, replace: bool = False, allow_deletes: bool = False) -> Job:
        """Start an ingest of the docs folder that the settings name.

        Raises:
            IngestRunningError: one is running, whoever started it.
            ReplicaError: the service follows a source.
            OtherDocsError: the index was built from another docs folder, and `replace` is not given.
            IndexWriteError: the index folder cannot be written.
        """
        source = self._settings.replica.follow
        if source:  # the folder itself says so only once the source was reached
            raise ReplicaError(f"this service follows {source}: ingest on the writer and run `footnote publish` there")
        generations = Generations(self._index_dir)
        with generations.write_errors("try again"):
            (self._index_dir / JOBS).mkdir(parents=True, exist_ok=True)
            # One at a time through all processes of the service: an ingest takes its own lock only after a second.
            with FileLock(self._index_dir / JOBS / ".lock"):
                running = running_job(self._index_dir)
                if running:
                    raise IngestRunningError(f"an ingest is running: GET /ingest/{running.id} says how far it is")
                with generations.lock():
                    pass  # none that a command line started
                if not replace:
                    require_same_docs(with_docs_dir(self._settings))
                forget_old_jobs(self._index_dir, _KEPT - 1)
                given = {"--rebuild": rebuild, "--checksum": checksum, "--replace": replace}
                given["--allow-deletes"] = allow_deletes
                return self._started([flag for flag, is_given in given.items() if is_given])

    def _started(self, flags: list[str]) -> Job:
        job = Job(uuid.uuid4().hex, datetime.now(UTC).isoformat(timespec="seconds"))
        command = ["footnote.ingest", "--job", job.id, *flags]
        descriptor = lock_job(self._index_dir, job.id)
        try:
            write_job(self._index_dir, job)
            with self._lock:
                if self._closed:
                    raise IngestRunningError("the service is stopping")
                self._child = Child(f"ingest {job.id}", command, self._settings, (descriptor,))
                child = self._child
        finally:
            os.close(descriptor)
        log.info("ingest %s: started as process %d", job.id, child.pid)
        reap = in_this_context(partial(self._reap, child, job.id))
        threading.Thread(target=reap, name="reap", daemon=True).start()
        return job

    def close(self) -> None:
        """End an ingest that this process started and that is still running; nothing is half published."""
        with self._lock:
            self._closed = True
            child = self._child
        if child:
            child.end()

    def _reap(self, child: Child, job_id: str) -> None:
        code = child.wait()
        with self._lock:
            if self._child is child:
                self._child = None
        log.log(logging.WARNING if code else logging.INFO, "ingest %s: ended with %d", job_id, code)
