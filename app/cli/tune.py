"""`footnote tune`. What it runs is imported when it runs."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from footnote.app.cli.options import AsJson, CollectionName, IndexDir
from footnote.app.core.collections import collection_settings
from footnote.app.core.console import command, err, print_json, show
from footnote.app.core.errors import SettingsError

if TYPE_CHECKING:
    from footnote.app.engine.models import Models
    from footnote.app.retrieval.weights import Weights
    from footnote.app.tuning.run import Tuned

NOT_BETTER = 1
EPILOG = """\
Examples:

  footnote tune questions.jsonl                fit, and write what is better beyond noise

  footnote tune questions.jsonl --dry-run      fit and say, write nothing

  footnote tune --reset                        back to the weights that are set

Exit codes: 0 written or reset, 1 nothing is better beyond noise or too few questions, 2 usage or a wrong line of a
question file.
"""


def tune_command(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="QUESTIONS", help="Question files, or folders with *questions.jsonl or .yaml."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would come to; write nothing.")] = False,
    reset: Annotated[bool, typer.Option("--reset", help="Remove the weights that were fitted to this index.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="Of the folds and of the interval.")] = 0,
    collection: CollectionName = None,
    index_dir: IndexDir = None,
    as_json: AsJson = False,
) -> None:
    """Fit the weights of the ranking to your own questions, and keep them where they are better beyond noise."""
    with command(as_json):
        settings = collection_settings(collection, index_dir=index_dir)
        from footnote.app.retrieval.weights import FILE

        folder = settings.folders.index_dir
        if reset:
            if files or dry_run:
                raise SettingsError("--reset takes no questions and no --dry-run")
            was_there = (folder / FILE).is_file()
            (folder / FILE).unlink(missing_ok=True)
            said = "removed" if was_there else "there was none"
            print_json(json.dumps({"removed": was_there})) if as_json else show(f"{folder / FILE}: {said}")
            return
        from footnote.app.cli.evaluating.questions import questions_of
        from footnote.app.core.progress import progress_bars
        from footnote.app.engine.engine import open_engine
        from footnote.app.tuning.run import tune

        questions = questions_of(settings, files or [], [], None)
        engine = open_engine(settings, search_only=True)
        with progress_bars(err, "questions") as on_progress:
            found = tune(engine, questions, settings, on_progress, seed)
        written = found.fit.is_better and not dry_run
        if written:
            keep(folder, engine.models, weights=found.fit.chosen)
        if as_json:
            print_json(
                json.dumps({"metric": "MRR@10", **asdict(found), "is_better": found.fit.is_better, "written": written})
            )
        else:
            show(_said(found, folder / FILE if written else None))
        if not found.fit.is_better:
            raise typer.Exit(NOT_BETTER)


def keep(folder: Path, models: "Models", weights: "Weights | None" = None, strictness: float | None = None) -> None:
    """Write what was fitted beside the index, with what was fitted to it before and the same models."""
    from footnote.app.retrieval.weights import Tuning, tuning_of, write_tuning

    assert models.reranker
    names = models.embedder.fingerprint.name, models.reranker.fingerprint.name
    before = tuning_of(folder, *names) or Tuning(*names)
    strictness = before.strictness if strictness is None else strictness
    write_tuning(folder, Tuning(*names, weights or before.weights, strictness))


def _said(found: "Tuned", file: Path | None) -> str:
    fit = found.fit
    lines = [
        f"MRR@10 of {fit.questions} questions: {fit.before:.3f} as it is set, {fit.after:.3f} with weights chosen on "
        f"other questions ({fit.after - fit.before:+.3f}, {fit.low:+.3f} to {fit.high:+.3f})"
    ]
    if found.stale:
        lines.append(f"left out, with labels that match nothing: {found.stale}")
    if not fit.is_better:
        lines.append("that is not better beyond noise: nothing was written")
    else:
        weights = fit.chosen
        lines.append(
            f"lexical share {weights.lexical_share:g}, cosine span {weights.cosine_span:g}, fused weight "
            f"{weights.fused_weight:g}"
        )
        lines.append(f"written to {file}" if file else "nothing was written: --dry-run")
    return "\n".join(lines)
