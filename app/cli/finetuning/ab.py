"""`footnote tune-llm ab`. What compares is imported when it runs."""

import time
from typing import Annotated

import typer

from footnote.app.cli.options import AsJson, CollectionName, IndexDir
from footnote.app.cli.selecting import Days, Since, answer_log_of, since_s
from footnote.app.core.collections import collection_settings
from footnote.app.core.console import command, print_json, show
from footnote.app.core.errors import NothingToEvaluateError

EPILOG = """\
Examples:

  footnote tune-llm ab

  footnote tune-llm ab --days 14 --difference 0.02

  footnote tune-llm ab --json

Exit codes: 0 compared, whatever the verdict, 1 no answers of both models are kept, 2 usage or a setting, 3 no
such index folder.
"""
_DIFFERENCE = 0.05


def ab_command(
    days: Days = None,
    since: Since = None,
    difference: Annotated[
        float,
        typer.Option(min=0.001, max=1, help="The smallest difference of shares that matters, to say what is missing."),
    ] = _DIFFERENCE,
    seed: Annotated[int, typer.Option(min=0, help="Of the intervals.")] = 0,
    collection: CollectionName = None,
    index_dir: IndexDir = None,
    as_json: AsJson = False,
) -> None:
    """Compare the two models of FOOTNOTE_LLM_SPLIT by the answers that are kept and what readers said of them."""
    with command(as_json):
        settings = collection_settings(collection, index_dir=index_dir)
        from dataclasses import replace

        from footnote.app.finetuning.ab.compare import compare
        from footnote.app.finetuning.ab.experiment import experiment
        from footnote.app.finetuning.ab.report import comparison_json, render_comparison
        from footnote.app.kept.rows import Selection

        kept = answer_log_of(settings)
        rows = kept.read(Selection(since_s=since_s(days, since, time.time())))
        # Passages are most of an answer, and are not looked at.
        found = experiment(replace(one, passages=(), citations=()) for one in rows if one.arm)
        if not (found.a.by_question and found.b.by_question):
            raise NothingToEvaluateError(
                "no answers of two models are kept: set FOOTNOTE_LLM_SPLIT, FOOTNOTE_LLM_B and "
                "FOOTNOTE_KEEP_ANSWERS=true for the service, and compare once questions were asked"
            )
        comparison = compare(found, difference, seed)
        print_json(comparison_json(comparison)) if as_json else show(render_comparison(comparison))
