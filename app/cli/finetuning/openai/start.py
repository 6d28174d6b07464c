"""`footnote tune-llm openai start`. What it runs is imported when it runs."""

import re
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from footnote.app.cli.finetuning import check
from footnote.app.cli.finetuning.openai.showing import (
    EVERY_S,
    Every,
    Use,
    finish,
    job_json,
    provider_of,
    status_line,
    watch,
)
from footnote.app.cli.options import AsJson
from footnote.app.core.console import command, err, plain, print_json, show
from footnote.app.core.errors import SettingsError
from footnote.app.core.settings import Settings, load_settings

if TYPE_CHECKING:
    from footnote.app.core.progress import OnProgress
    from footnote.app.finetuning.jobs.provider import Provider

HAS_ERRORS = 1
EPILOG = """\
Examples:

  footnote tune-llm openai start examples/train.jsonl --validation examples/heldout.jsonl --suffix acme-docs

  footnote tune-llm openai start pairs.jsonl --method dpo --no-watch       make the job, and watch it later

  footnote tune-llm openai start file-abc123                               a file that is uploaded already

Ctrl-C stops watching, not the job: `footnote tune-llm openai status JOB --watch` goes on.

Exit codes: 0 done, 1 errors in the file, or the job failed, 2 usage or a setting, 4 the provider, 130 interrupted.
"""
_UPLOADED = re.compile(r"file-[\w-]+")


class Method(StrEnum):
    SUPERVISED = "supervised"
    DPO = "dpo"


def start_command(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Examples in OpenAI's format, or the id of an upload.")],
    validation: Annotated[
        str | None, typer.Option(metavar="FILE", help="Held-out examples, or the id of an upload.")
    ] = None,
    method: Annotated[Method, typer.Option(help="From replies, or from pairs of a better and a worse one.")] = (
        Method.SUPERVISED
    ),
    model: Annotated[
        str | None, typer.Option(help="The model to tune. Default at OpenAI: gpt-4.1-mini-2025-04-14.")
    ] = None,
    suffix: Annotated[str | None, typer.Option(help="A part of the tuned model's name.")] = None,
    epochs: Annotated[int | None, typer.Option(min=1, max=50, help="Default: the provider chooses.")] = None,
    beta: Annotated[float | None, typer.Option(min=0.0, max=2.0, help="Of dpo. Default: the provider chooses.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="For a job that can be repeated.")] = None,
    checks: Annotated[bool, typer.Option("--check/--no-check", help="Refuse a file with errors.")] = True,
    watches: Annotated[bool, typer.Option("--watch/--no-watch", help="Show what happens until the job ends.")] = True,
    use: Use = False,
    every: Every = EVERY_S,
    as_json: AsJson = False,
) -> None:
    """Check and upload the examples, make a job of them, and watch it until the tuned model is there."""
    with command(as_json, "interrupted: no job was made"):
        settings = load_settings()
        from footnote.app.core.progress import progress_bars
        from footnote.app.finetuning.checking.check import DEFAULT_MODEL
        from footnote.app.finetuning.jobs.announced import DEFAULT_OPENAI_MODEL, announced
        from footnote.app.finetuning.jobs.types import Wanted

        if use and not watches:
            raise SettingsError("--use needs the tuned model, and with --no-watch nobody waits for it")
        if beta is not None and method == Method.SUPERVISED:
            raise SettingsError("--beta is of --method dpo")
        with provider_of(settings) as provider:
            account = provider.account
            model = model or (DEFAULT_OPENAI_MODEL if account.is_openai else None)
            if model is None:
                raise SettingsError(f"name the model that {account.name} is to tune with --model")
            if checks:
                for place in filter(None, (file, validation)):
                    _check(place, method, model or DEFAULT_MODEL, epochs, settings, is_validation=place is validation)
            if account.is_openai:
                for sentence in announced(model, date.today()):
                    err.print(sentence, soft_wrap=True, markup=False)
            wanted = Wanted(model, method.value, suffix or "", epochs, beta, seed)
            with progress_bars(err, "MB") as on_progress:
                training_id = _uploaded(provider, file, on_progress)
                validation_id = _uploaded(provider, validation, on_progress) if validation else None
            try:
                job = provider.create(training_id, validation_id, wanted)
            except KeyboardInterrupt:
                err.print(
                    f"interrupted: the file is uploaded as {training_id}, and whether there is a job of it says "
                    "`footnote tune-llm openai list`",
                    soft_wrap=True,
                    markup=False,
                )
                raise typer.Exit(130) from None
            if not as_json:
                show(plain(status_line(job)))
            if not watches:
                if as_json:
                    print_json(job_json(job))
                else:
                    show(f"watch it: footnote tune-llm openai status {plain(job.id)} --watch")
                return
            finish(watch(provider, job.id, every, quiet=as_json), settings, use, as_json)


def _check(place: str, method: Method, model: str, epochs: int | None, settings: Settings, is_validation: bool) -> None:
    """Refuse a file that the provider would refuse after the upload; what is uploaded already it has seen."""
    from footnote.app.finetuning.checking.check import DEFAULT_EPOCHS, check_file
    from footnote.app.models.llm.lineup.pricing import read_prices

    if _is_upload(place):
        return
    prices = read_prices(settings.llm.prices) if settings.llm.prices else None
    checked = check_file(Path(place), model, epochs or DEFAULT_EPOCHS, prices=prices)
    wanted = "preference" if method == Method.DPO else "openai"
    if checked.form and checked.form != wanted:
        fix = {"openai": "it is for --method supervised", "preference": "it is for --method dpo"}.get(
            checked.form, "make the examples with --format openai"
        )
        raise SettingsError(f"{place} is {checked.form}: {fix}")
    # A few held-out examples are enough.
    errors = [one for one in checked.findings if one.severity == "error" and not (is_validation and one.line == 0)]
    if errors or not checked.examples:
        err.print(plain(check.said(checked)), soft_wrap=True, markup=False)
        raise typer.Exit(HAS_ERRORS)
    if not is_validation:
        err.print(plain(check.said(checked)), soft_wrap=True, markup=False)


def _uploaded(provider: "Provider", place: str, on_progress: "OnProgress") -> str:
    """The id of the file, which is uploaded unless it is the id of one."""
    if _is_upload(place):
        return place
    uploaded = provider.upload(Path(place), on_progress)
    err.print(f"{plain(place)} is uploaded as {plain(uploaded)}", soft_wrap=True, markup=False)
    return uploaded


def _is_upload(place: str) -> bool:
    return bool(_UPLOADED.fullmatch(place)) and not Path(place).exists()
