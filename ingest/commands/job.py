"""What an ingest that the service started tells of itself: see `footnote.app.index.job`."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from footnote.app.core.errors import PROBLEM_TYPE, FootnoteError, SettingsError
from footnote.app.index.job import INTERRUPTED, Job, JobProblem, is_job_id, job_files, read_job, write_job
from footnote.ingest.commands.report import report_json
from footnote.ingest.flow import IngestReport

_EVERY_S = 0.25  # between two writes of progress within a stage


class JobReport:
    """Writes the state of one job. What cannot be written is lost: no ingest fails for that."""

    def __init__(self, index_dir: Path, job_id: str) -> None:
        self._index_dir = index_dir
        started = read_job(index_dir, job_id)
        self._job = Job(job_id, started.started_at if started else datetime.now(UTC).isoformat(timespec="seconds"))
        self._written_at = 0.0
        self._write()

    def on_progress(self, stage: str, done: int, total: int) -> None:
        """Write how far it is; within a stage a few times a second."""
        new_stage = stage != self._job.stage
        self._job = replace(self._job, stage=stage, done=done, total=total)
        if new_stage or time.monotonic() - self._written_at >= _EVERY_S:
            self._write()

    def done(self, report: IngestReport) -> None:
        """Write what it did."""
        self._job = replace(self._job, state="done", report=json.loads(report_json(report)))
        self._write()

    def failed(self, problem: JobProblem) -> None:
        """Write why it failed."""
        self._job = replace(self._job, state="failed", problem=problem)
        self._write()

    def _write(self) -> None:
        with suppress(OSError):
            write_job(self._index_dir, self._job)
        self._written_at = time.monotonic()


@contextmanager
def reporting(index_dir: Path, job_id: str) -> Iterator[JobReport]:
    """The report of a job; whatever ends the block, the job says so.

    Raises:
        SettingsError: this is no id of a job, or the service has not started it.
    """
    if not is_job_id(job_id) or not job_files(index_dir, job_id)[1].is_file():
        raise SettingsError(f"--job {job_id}: no such job; only the service uses this option")
    report = JobReport(index_dir, job_id)
    try:
        yield report
    except FootnoteError as error:
        report.failed(JobProblem.of(error))
        raise
    except KeyboardInterrupt:
        report.failed(INTERRUPTED)
        raise
    except Exception as error:
        detail = f"the ingest failed unexpectedly ({error!r}): the index in use is complete; see the service's log"
        report.failed(JobProblem(PROBLEM_TYPE + "internal", "Internal error", detail))
        raise
