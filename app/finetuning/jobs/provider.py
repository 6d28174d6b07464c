"""provider: the fine-tuning API of OpenAI over HTTP, for it and for services that are compatible with it.

What only reads is sent again where it fails; what makes a job is not, unless it was refused: a job costs money.
"""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import httpx

from footnote.app.core.errors import FineTuningError, FineTuningUnreachableError, SettingsError
from footnote.app.core.progress import OnProgress
from footnote.app.finetuning.jobs.account import Account
from footnote.app.finetuning.jobs.reading import event_of, job_of
from footnote.app.finetuning.jobs.sending import Sender, Sleep
from footnote.app.finetuning.jobs.types import Job, JobEvent, Wanted

_PAGE = 100
_MEGABYTE = 1_000_000


class Provider:
    """Makes, reads and cancels jobs.

    Raises:
        SettingsError: the address cannot be used.
    """

    def __init__(self, account: Account, sleep: Sleep = time.sleep) -> None:
        self.account = account
        self._sender = Sender(account, sleep)

    def close(self) -> None:
        """Close the connections."""
        self._sender.http.close()

    def upload(self, file: Path, on_progress: OnProgress) -> str:
        """The id of the file once it is uploaded; a connection that breaks is begun anew.

        Raises:
            SettingsError: the file cannot be read.
            FineTuningError, FineTuningUnreachableError: it was refused, or the provider cannot be reached.
        """

        def send() -> httpx.Response:
            with file.open("rb") as opened:
                counting = _Counting(opened, file.stat().st_size, on_progress)
                files = {"file": (file.name, counting, "application/jsonl")}
                return self._sender.upload("/files", {"purpose": "fine-tune"}, files)

        try:
            said = self._sender.said(self._sender.answered(send, repeats=True))
        except OSError as error:
            raise SettingsError(f"cannot read {file}: {error.strerror}") from error
        if not isinstance(said.get("id"), str):
            raise FineTuningError(f"{self.account.name} did not say under which id it has the file: see its logs")
        return str(said["id"])

    def create(self, training_file: str, validation_file: str | None, wanted: Wanted) -> Job:
        """The job that was made of uploaded files; of one whose answer got lost, the one that is there.

        Raises:
            FineTuningError, FineTuningUnreachableError: as `upload`.
        """
        body = body_of(training_file, validation_file, wanted)
        known = self._ids_of(training_file)
        try:
            response = self._sender.answered(lambda: self._sender.post("/fine_tuning/jobs", body), repeats=False)
            if response.status_code < 500:
                return self._job(self._sender.said(response))
            problem: Exception = self._sender.refused(response, None)
        except FineTuningUnreachableError as error:
            problem = error
        # It may have been made all the same, and a second one would cost as much again.
        made = [job for job in self.jobs(limit=_PAGE) if job.training_file == training_file and job.id not in known]
        if made:
            return made[0]
        raise problem

    def job(self, job_id: str) -> Job:
        """The job as it is now; raises as `upload`."""
        return self._job(self._sender.get(f"/fine_tuning/jobs/{_part(job_id)}"))

    def cancel(self, job_id: str) -> Job:
        """The job, which ends as soon as the provider can; raises as `upload`."""
        path = f"/fine_tuning/jobs/{_part(job_id)}/cancel"
        try:
            return self._job(self._sender.said(self._sender.answered(lambda: self._sender.post(path))))
        except FineTuningError:
            job = self.job(job_id)
            # Where the answer to a first try got lost, the second is refused.
            if job.status == "cancelled":
                return job
            raise

    def jobs(self, limit: int = 20) -> list[Job]:
        """The newest jobs, newest first; raises as `upload`."""
        found = self._pages("/fine_tuning/jobs", limit)
        return [job for job in map(job_of, found) if job]

    def events(self, job_id: str, seen: frozenset[str] = frozenset()) -> list[JobEvent]:
        """What happened to a job and is not among what was seen, oldest first; raises as `upload`."""
        new: list[JobEvent] = []
        for said in self._pages(f"/fine_tuning/jobs/{_part(job_id)}/events", None):
            event = event_of(said)
            if event and event.id in seen:
                break
            if event:
                new.append(event)
        # The provider's order is the newest first; within one second it alone knows it.
        new.reverse()
        return sorted(new, key=lambda event: event.created_s)

    def _pages(self, path: str, limit: int | None) -> Iterator[Any]:
        """What is listed, page by page, as far as it is asked for."""
        after, given = None, 0
        while True:
            size = _PAGE if limit is None else min(_PAGE, limit - given)
            query = {"limit": size} | ({"after": after} if after else {})
            said = self._sender.get(path, query)
            rows = said.get("data")
            rows = rows if isinstance(rows, list) else []
            yield from rows
            given += len(rows)
            last = rows[-1].get("id") if rows and isinstance(rows[-1], Mapping) else None
            if not said.get("has_more") or not last or last == after or (limit is not None and given >= limit):
                return
            after = last

    def _ids_of(self, training_file: str) -> frozenset[str]:
        """The jobs that there are of this file; none where the provider does not list any."""
        try:
            return frozenset(job.id for job in self.jobs(limit=_PAGE) if job.training_file == training_file)
        except (FineTuningError, FineTuningUnreachableError):
            return frozenset()

    def _job(self, said: Mapping[str, Any]) -> Job:
        job = job_of(said)
        if job is None:
            raise FineTuningError(f"what {self.account.name} answered is no fine-tuning job: see its logs")
        return job


def body_of(training_file: str, validation_file: str | None, wanted: Wanted) -> dict[str, Any]:
    """What a job is made of, as OpenAI's API wants it."""
    parameters: dict[str, Any] = {}
    if wanted.epochs is not None:
        parameters["n_epochs"] = wanted.epochs
    if wanted.beta is not None:
        parameters["beta"] = wanted.beta
    method: dict[str, Any] = {"type": wanted.method}
    if parameters:
        method[wanted.method] = {"hyperparameters": parameters}
    body: dict[str, Any] = {"training_file": training_file, "model": wanted.model, "method": method}
    if validation_file:
        body["validation_file"] = validation_file
    if wanted.suffix:
        body["suffix"] = wanted.suffix
    if wanted.seed is not None:
        body["seed"] = wanted.seed
    return body


class _Counting:
    """A file that says how much of it was read, in megabytes."""

    def __init__(self, opened: BinaryIO, size: int, on_progress: OnProgress) -> None:
        self._opened, self._size, self._on_progress = opened, size, on_progress

    def read(self, size: int = -1) -> bytes:
        part = self._opened.read(size)
        self._on_progress("upload", self._opened.tell() // _MEGABYTE, max(1, self._size // _MEGABYTE))
        return part

    def __getattr__(self, name: str) -> Any:
        return getattr(self._opened, name)


def _part(name: str) -> str:
    """An id as a part of a path."""
    if not name or not all(sign.isalnum() or sign in "-_.:" for sign in name) or set(name) <= {"."}:
        raise SettingsError(f"{name!r} is no id of a job: `footnote tune-llm openai list` names them")
    return name
