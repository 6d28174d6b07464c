"""`footnote tune-llm openai status | events | cancel | list`. What they run is imported when it runs."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from footnote.app.cli.finetuning.openai.showing import (
    EVERY_S,
    Every,
    Use,
    event_line,
    finish,
    job_json,
    provider_of,
    status_line,
    watch,
)
from footnote.app.cli.options import AsJson
from footnote.app.core.console import command, plain, print_json, show
from footnote.app.core.errors import SettingsError
from footnote.app.core.settings import load_settings

STATUS_EPILOG = """\
Examples:

  footnote tune-llm openai status ftjob-abc123

  footnote tune-llm openai status ftjob-abc123 --watch --use      go on watching, and use the model

Exit codes: 0 done, or under way; 1 the job failed or was cancelled; 2 a setting; 4 the provider; 130 interrupted.
"""
EVENTS_EPILOG = "Example:\n\n  footnote tune-llm openai events ftjob-abc123 --follow"
CANCEL_EPILOG = "Example:\n\n  footnote tune-llm openai cancel ftjob-abc123"
LIST_EPILOG = "Example:\n\n  footnote tune-llm openai list --limit 50"

JobId = Annotated[str, typer.Argument(metavar="JOB", help="The job's id.")]


def status_command(
    job_id: JobId,
    watches: Annotated[bool, typer.Option("--watch", help="Show what happens until it ends.")] = False,
    use: Use = False,
    every: Every = EVERY_S,
    as_json: AsJson = False,
) -> None:
    """Show a job; with --watch until it ends, from any machine and as often as you like."""
    with command(as_json):
        settings = load_settings()
        with provider_of(settings) as provider:
            job = watch(provider, job_id, every, quiet=as_json) if watches else provider.job(job_id)
        if job.has_ended:
            finish(job, settings, use, as_json)
        elif use:
            raise SettingsError(f"{job.id} is {job.status}: --use needs a job that has succeeded, or --watch")
        else:
            print_json(job_json(job)) if as_json else show(plain(status_line(job)))


def events_command(
    job_id: JobId,
    follow: Annotated[bool, typer.Option("--follow", help="Go on until the job ends.")] = False,
    every: Every = EVERY_S,
    as_json: AsJson = False,
) -> None:
    """Print all that happened to a job, oldest first; with --json --follow a line of JSON each."""
    with command(as_json, f"interrupted: the job goes on, and so does `events {plain(job_id)} --follow`"):
        settings = load_settings()
        from footnote.app.finetuning.jobs.types import JobEvent
        from footnote.app.finetuning.jobs.watching import watched

        with provider_of(settings) as provider:
            if not follow:
                events = provider.events(job_id)
                if as_json:
                    print_json(json.dumps([asdict(one) for one in events], ensure_ascii=False))
                elif events:
                    show(plain("\n".join(map(event_line, events))))
                return
            for one in watched(provider, job_id, every):
                if isinstance(one, JobEvent):
                    print_json(json.dumps(asdict(one), ensure_ascii=False)) if as_json else show(plain(event_line(one)))


def cancel_command(job_id: JobId, as_json: AsJson = False) -> None:
    """Cancel a job. What it has trained until then may be billed."""
    with command(as_json):
        with provider_of(load_settings()) as provider:
            job = provider.cancel(job_id)
        print_json(job_json(job)) if as_json else show(plain(status_line(job)))


def list_command(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="So many at most.")] = 20, as_json: AsJson = False
) -> None:
    """List the newest jobs, newest first."""
    with command(as_json):
        with provider_of(load_settings()) as provider:
            found = provider.jobs(limit)
        if as_json:
            print_json(json.dumps([asdict(one) for one in found], ensure_ascii=False))
        else:
            show(plain("\n".join(map(status_line, found)) or "there are no jobs"))
