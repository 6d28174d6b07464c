"""An ingest that the service started, as any process of the service can see it.

<index_dir>/jobs/<id>.json     what it says of itself, replaced as a whole
<index_dir>/jobs/<id>.lock     locked as long as its process lives; the system frees it however that ends
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from footnote.app.core.errors import PROBLEM_TYPE, FootnoteError

try:
    import fcntl
except ImportError:  # Windows, where the service starts no processes
    fcntl = None  # type: ignore[assignment]

JOBS = "jobs"
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class JobProblem:
    """Why an ingest failed: the same as an error of the command line with `--json`."""

    type: str
    title: str
    detail: str

    @classmethod
    def of(cls, error: FootnoteError) -> "JobProblem":
        return cls(error.problem_type, error.title, str(error))


@dataclass(frozen=True, slots=True)
class Job:
    """An ingest and how far it is.

    Attributes:
        id: a uuid4 in hex.
        started_at: ISO 8601, in UTC.
        stage: `read`, `embed` or `write`, of a repository `fetch` and `checkout` before; None before the first and when
            nothing is to be done.
        done: of the stage, of `total`: files read, chunks embedded or written.
        report: of one that is done: the document that `footnote ingest --json` prints.
        problem: of one that failed.
    """

    id: str
    started_at: str
    state: Literal["running", "done", "failed"] = "running"
    stage: str | None = None
    done: int = 0
    total: int = 0
    report: Mapping[str, Any] | None = None
    problem: JobProblem | None = None


INTERRUPTED = JobProblem(
    PROBLEM_TYPE + "ingest-interrupted",
    "Ingest interrupted",
    "the service was stopped, and this ingest with it: the index in use is complete; start another ingest",
)
_KILLED = JobProblem(
    PROBLEM_TYPE + "ingest-interrupted",
    "Ingest interrupted",
    "the process of this ingest ended without a report (killed, or out of memory; the service's log may say more): "
    "the index in use is complete; start another ingest",
)


def is_job_id(text: str) -> bool:
    """Whether this can be the id of a job, and no path."""
    return _ID.fullmatch(text) is not None


def job_files(index_dir: Path, job_id: str) -> tuple[Path, Path]:
    """The file of its state and the file of its lock."""
    folder = index_dir / JOBS
    return folder / f"{job_id}.json", folder / f"{job_id}.lock"


def write_job(index_dir: Path, job: Job) -> None:
    """Replace the state as a whole. Not synced: a job that a power cut ends has nothing more to say."""
    file, _ = job_files(index_dir, job.id)
    draft = file.with_suffix(".new")
    draft.write_text(json.dumps(asdict(job), ensure_ascii=False), "utf-8")
    draft.replace(file)


def read_job(index_dir: Path, job_id: str) -> Job | None:
    """The job; None if there is none of this id. One whose process died without a word has failed."""
    file, lock = job_files(index_dir, job_id)
    # First the lock, then the state: what a process wrote before its end is then seen.
    alive = _is_locked(lock)
    try:
        fields = json.loads(file.read_text("utf-8"))
        problem = fields.pop("problem")
        job = Job(**fields, problem=problem and JobProblem(**problem))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):  # half of it is on disk after a power cut
        job = Job(job_id, "")
    if job.state == "running" and not alive:
        return Job(job.id, job.started_at, "failed", job.stage, job.done, job.total, problem=_KILLED)
    return job


def lock_job(index_dir: Path, job_id: str) -> int:
    """The descriptor of a locked lock file: hand it to the job's process, and close it.

    A lock of this kind belongs to the open file, so it holds as long as any process has it open.
    """
    _, lock = job_files(index_dir, job_id)
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return descriptor


def running_job(index_dir: Path) -> Job | None:
    """A job that has not come to its end; None if there is none."""
    jobs = (read_job(index_dir, lock.stem) for lock in _locks(index_dir))
    return next((job for job in jobs if job and job.state == "running"), None)


def forget_old_jobs(index_dir: Path, kept: int) -> None:
    """Remove all but the newest; call it while none is running."""
    for lock in sorted(_locks(index_dir), key=lambda file: file.stat().st_mtime_ns, reverse=True)[kept:]:
        for file in (*job_files(index_dir, lock.stem), lock.with_suffix(".new")):
            file.unlink(missing_ok=True)


def _locks(index_dir: Path) -> list[Path]:
    return [lock for lock in (index_dir / JOBS).glob("*.lock") if is_job_id(lock.stem)]


def _is_locked(lock: Path) -> bool:
    try:
        descriptor = os.open(lock, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return False
    except OSError:
        return True
    finally:
        os.close(descriptor)
