"""`footnote tune-llm advise`. What reads the figures is imported when it runs."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from footnote.app.cli.options import AsJson, CollectionName, IndexDir
from footnote.app.core.collections import collection_settings
from footnote.app.core.console import command, print_json, show
from footnote.app.core.errors import SettingsError

EPILOG = """\
Examples:

  footnote tune-llm advise

  footnote tune-llm advise --tuned openai:ft:gpt-4o-mini:acme::1 --training-usd 3 --hour-usd 80

  footnote tune-llm advise --questions-per-day 2000 --examples examples/train.jsonl

Exit codes: 0 advised, whatever the advice, 2 usage, a setting or a wrong file of examples, 3 index.
"""
_MOST = 1e9  # of anything a day, an hour or a year: more is a slip


def advise_command(
    questions_per_day: Annotated[
        float | None, typer.Option(min=0, max=_MOST, help="What is asked. Default: what the kept answers come to.")
    ] = None,
    tuned: Annotated[
        str | None, typer.Option(metavar="LLM", help="The tuned model, as FOOTNOTE_LLM, for its price.")
    ] = None,
    training_usd: Annotated[
        float | None,
        typer.Option(min=0, max=_MOST, help="What the provider takes for a million tokens of training, in US dollars."),
    ] = None,
    examples: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Examples beside those of kept answers; may be repeated."),
    ] = None,
    hours: Annotated[
        float, typer.Option(min=0, max=_MOST, help="Of people who collect, check and prove, a round.")
    ] = 8,
    hour_usd: Annotated[
        float | None, typer.Option(min=0, max=_MOST, help="What such an hour costs, in US dollars.")
    ] = None,
    rounds: Annotated[float, typer.Option(min=0, max=_MOST, help="Trainings a year.")] = 4,
    collection: CollectionName = None,
    index_dir: IndexDir = None,
    as_json: AsJson = False,
) -> None:
    """Say whether fine-tuning is worth it here, by your own docs, evaluation, answers and prices."""
    with command(as_json):
        settings = collection_settings(collection, index_dir=index_dir)
        from footnote.app.finetuning.advising.advice import advise
        from footnote.app.finetuning.advising.gather import Plan, gather
        from footnote.app.finetuning.advising.report import advice_json, render_advice

        plan = Plan(
            questions_per_day=questions_per_day,
            tuned=tuned,
            others=sum(map(_examples_in, examples or ())),
            training_usd=training_usd,
            hours=hours,
            hour_usd=hour_usd,
            rounds_per_year=rounds,
        )
        given = gather(settings, plan, datetime.now(UTC))
        advice = advise(given)
        print_json(advice_json(advice, given)) if as_json else show(render_advice(advice))


def _examples_in(file: Path) -> int:
    """How many examples a file has.

    Raises:
        SettingsError: it cannot be read, or a line is none.
    """
    from footnote.app.evaluation.rows import Problem
    from footnote.app.finetuning.examples.files import read_examples

    try:
        found = list(read_examples(file))
    except OSError as error:
        raise SettingsError(f"cannot read {file}: {error.strerror}") from error
    if problem := next((one for one in found if isinstance(one, Problem)), None):
        raise SettingsError(f"{problem}: see `footnote tune-llm check {file}`")
    return len(found)
