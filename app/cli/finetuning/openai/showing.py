"""showing: jobs and events in lines, and a job that is watched until it ends. What runs is imported when it runs."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from footnote.app.core.console import INTERRUPTED, err, plain, print_json, show
from footnote.app.core.settings import Settings

if TYPE_CHECKING:
    from footnote.app.finetuning.jobs.provider import Provider
    from footnote.app.finetuning.jobs.types import Job, JobEvent

NOT_TUNED = 1
EVERY_S = 10.0
Every = Annotated[float, typer.Option(min=0.01, metavar="SECONDS", help="How often the provider is asked.")]
Use = Annotated[bool, typer.Option("--use", help="Write the tuned model as FOOTNOTE_LLM into .env of this folder.")]
# Of the steps of a training so many are shown; `events` shows all.
_SHOWN_STEPS = 20


@contextmanager
def provider_of(settings: Settings) -> "Iterator[Provider]":
    """The provider of the settings, closed at the end."""
    from footnote.app.finetuning.jobs.account import account_of
    from footnote.app.finetuning.jobs.provider import Provider

    provider = Provider(account_of(settings))
    try:
        yield provider
    finally:
        provider.close()


def watch(provider: "Provider", job_id: str, every_s: float, quiet: bool = False, status: str = "") -> "Job":
    """The job at its end; meanwhile what happens to it is shown, unless quiet. Ctrl-C leaves the job running.

    `status` is the one that was shown already.
    """
    from footnote.app.finetuning.jobs.types import Job
    from footnote.app.finetuning.jobs.watching import watched

    try:
        last, shown = None, Thinned()
        for one in watched(provider, job_id, every_s, status=status):
            if isinstance(one, Job):
                last = one
                if not quiet and not one.has_ended:
                    show(plain(status_line(one)))
            elif not quiet and shown.takes(one):
                show(plain(event_line(one)))
    except KeyboardInterrupt:
        err.print(
            f"interrupted: the job goes on. Watch it again with `footnote tune-llm openai status {job_id} --watch`, "
            f"stop it with `footnote tune-llm openai cancel {job_id}`",
            soft_wrap=True,
            markup=False,
        )
        raise typer.Exit(INTERRUPTED) from None
    assert last is not None
    return last


def finish(job: "Job", settings: Settings, use: bool, as_json: bool) -> None:
    """Say how the job ended, and what to do now; the exit code is 1 where there is no tuned model."""
    written = None
    if job.status == "succeeded" and job.tuned_model and use:
        from footnote.app.core.env_file import write_llm

        (written,) = write_llm(f"openai:{job.tuned_model}")
    if as_json:
        print_json(job_json(job))
    else:
        show(plain(status_line(job)))
        if job.status == "succeeded" and job.tuned_model:
            show(plain(_next(job, settings, written.sentence() if written else None)))
    if job.status != "succeeded":
        raise typer.Exit(NOT_TUNED)


def _next(job: "Job", settings: Settings, written: str | None) -> str:
    from footnote.app.finetuning.jobs.account import account_of
    from footnote.app.models.llm.lineup.known import lifetime

    name = f"openai:{job.tuned_model}"
    account = account_of(settings)
    lines = [written or f"use it with FOOTNOTE_LLM={name}, or --use"]
    if (settings.llm.openai_url or "").rstrip("/") != account.base_url.rstrip("/") and not account.is_openai:
        lines.append(f"it answers at {account.base_url}: set FOOTNOTE_LLM_BASE_URL to that")
    life = lifetime(name)
    if life and account.is_openai:
        lines.append(f"it ends with its base model on {life.ends.day} {life.ends:%B %Y}")
    lines.append(f"see whether it helped: footnote tune-llm report heldout-questions.jsonl --tuned {name}")
    return "\n".join(lines)


class Thinned:
    """Which events to show, so that a training of a thousand steps does not fill the screen."""

    def __init__(self) -> None:
        self._part = -1

    def takes(self, event: "JobEvent") -> bool:
        """Whether it is no step, or the first of its part of the training."""
        if event.step is None:
            return True
        part = event.step * _SHOWN_STEPS // event.steps if event.steps else event.step // _SHOWN_STEPS
        is_new = part > self._part
        self._part = max(part, self._part)
        return is_new or event.step == event.steps


def event_line(event: "JobEvent") -> str:
    """`14:02:11  step 30 of 90 (33 %), training loss 0.471`, or what the provider says."""
    when = _clock(event.created_s)
    if event.step is None or event.train_loss is None:
        level = "" if event.level == "info" else f"{event.level}: "
        return f"{when}  {level}{event.message}"
    of = f" of {event.steps} ({event.step / event.steps:.0%})" if event.steps else ""
    valid = "" if event.valid_loss is None else f", validation loss {event.valid_loss:.3f}"
    return f"{when}  step {event.step}{of}, training loss {event.train_loss:.3f}{valid}"


def status_line(job: "Job") -> str:
    """`ftjob-1  running  gpt-4.1-mini, about 4 minutes left`."""
    parts = [job.model]
    if job.tuned_model:
        parts.append(job.tuned_model)
    if job.trained_tokens is not None:
        parts.append(f"{job.trained_tokens:,} tokens trained")
    if job.estimated_finish_s and not job.has_ended:
        left = max(1, round((job.estimated_finish_s - time.time()) / 60))
        parts.append(f"about {left} minute{'s' * (left != 1)} left")
    if job.problem:
        parts.append(job.problem)
    return f"{job.id}  {job.status}  {', '.join(filter(None, parts))}"


def job_json(job: "Job") -> str:
    """The job as one JSON document."""
    return json.dumps({**asdict(job), "has_ended": job.has_ended}, ensure_ascii=False)


def _clock(seconds: int) -> str:
    when = datetime.fromtimestamp(seconds).astimezone()
    return f"{when:%H:%M:%S}" if when.date() == date.today() else f"{when:%Y-%m-%d %H:%M:%S}"
