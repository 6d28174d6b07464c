"""`footnote tune-llm report`. What asks and measures is imported when it runs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from footnote.app.cli.evaluating.options import require_folder, write
from footnote.app.cli.options import AsJson, CollectionName, IndexDir
from footnote.app.core.collections import collection_settings
from footnote.app.core.console import command, err, plain, print_json, show
from footnote.app.core.errors import FootnoteError, SettingsError
from footnote.app.core.setting_groups import NO_ADAPTER, LLMSettings
from footnote.app.core.settings import Settings
from footnote.app.models.llm.chat import EXTRACTIVE, is_local, resolve_llm

if TYPE_CHECKING:
    from footnote.app.finetuning.proving.prove import DocsSet, Side
    from footnote.app.finetuning.proving.verdict import Proof

FAILED = 1
EPILOG = """\
Examples:

  footnote tune-llm report heldout-questions.jsonl --adapter tuned/adapter.gguf --html report.html

  footnote tune-llm report heldout-questions.jsonl --tuned openai:ft:gpt-4o-mini:acme::1 --deploy

  footnote tune-llm report heldout-questions.jsonl --adapter tuned/adapter.gguf \\
      --unseen-index other_db --unseen-questions others.jsonl

Exit codes: 0 better or no difference, 1 worse, a question failed, or not deployed, 2 usage, a setting or a wrong
line of a question file, 3 index, 4 model.
"""


def report_command(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="QUESTIONS", help="Question files that were held out: heldout-questions.jsonl."),
    ],
    tuned: Annotated[
        str | None, typer.Option(metavar="LLM", help="The tuned model, as FOOTNOTE_LLM. Default: FOOTNOTE_LLM.")
    ] = None,
    adapter: Annotated[
        str | None,
        typer.Option(metavar="FILE.gguf", help="The adapter that tunes it. Default: FOOTNOTE_LLM_ADAPTER."),
    ] = None,
    base: Annotated[
        str | None,
        typer.Option(metavar="LLM", help="The model before. Default: FOOTNOTE_LLM without an adapter."),
    ] = None,
    unseen_index: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="An index of docs that the training never saw.")
    ] = None,
    unseen_questions: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="Questions about those docs; may be repeated.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first N questions of each set.")] = None,
    judge: Annotated[
        bool, typer.Option("--judge", help="Let FOOTNOTE_JUDGE_LLM compare answers with references.")
    ] = False,
    html: Annotated[Path | None, typer.Option(help="Write a page with charts and answers to this file.")] = None,
    save: Annotated[Path | None, typer.Option(help="Write what --json prints to this file.")] = None,
    deploy: Annotated[
        bool,
        typer.Option(
            "--deploy", help="Let the tuned model write the answers from now on, unless it is worse or hardly asked."
        ),
    ] = False,
    seed: Annotated[int, typer.Option(min=0, help="Of the intervals.")] = 0,
    collection: CollectionName = None,
    index_dir: IndexDir = None,
    as_json: AsJson = False,
) -> None:
    """Ask the base and the tuned model the same questions, and say whether the tuned one is better."""
    with command(as_json):
        if (unseen_index is None) != (not unseen_questions):
            raise SettingsError("--unseen-index and --unseen-questions go together: docs, and questions about them")
        for file in (html, save):
            if file:
                require_folder(file)
        # Quotes in place of a model that failed would say nothing of it.
        settings = collection_settings(collection, index_dir=index_dir, llm_fallback="error", llm_split=0.0)
        sides = _settings_of(settings, base, tuned, adapter)
        unseen = (unseen_index, unseen_questions or []) if unseen_index else None
        proof = _proved(settings, sides, _sets(settings, files, unseen, limit), judge, seed, adapter is not None)
        from footnote.app.finetuning.proving.html import proof_html
        from footnote.app.finetuning.proving.report import proof_json, render_proof

        for file, text in ((html, proof_html), (save, proof_json)):
            if file:
                write(file, text(proof), is_private=True)
        failed = any(count for one in proof.sets for count in one.against.failed)
        print_json(proof_json(proof)) if as_json else show(render_proof(proof))
        problem = _problem(proof, failed)
        if deploy:
            _deploy(sides[1].llm, problem)
            if proof.verdict == "no difference" and not problem:
                err.print("no difference to the base was found: that is no proof that it is as good")
        if proof.verdict == "worse" or failed or (deploy and problem):
            raise typer.Exit(FAILED)


def _problem(proof: "Proof", failed: bool) -> str:
    """Why the tuned model should not be used; "" where nothing speaks against it."""
    if proof.verdict == "worse":
        return "it is worse"
    if failed:
        return "a question failed"
    return "there are too few questions to find it worse" if proof.is_too_small else ""


def _settings_of(
    settings: Settings, base: str | None, tuned: str | None, adapter: str | None
) -> tuple[Settings, Settings]:
    """The settings of the base and of the tuned model.

    Raises:
        SettingsError: nothing tells them apart.
    """
    from footnote.app.models.llm.own_llm import another_llm

    before = another_llm(base or settings.llm.name, settings.llm)
    after = another_llm(tuned, settings.llm) if tuned else settings.llm
    if adapter:
        after = after.model_copy(update={"adapter": adapter})
    if EXTRACTIVE in (resolve_llm(before), resolve_llm(after)):
        raise SettingsError("quotes are written by no model: name the one that was tuned with --base, or FOOTNOTE_LLM")
    if before == after:
        raise SettingsError("base and tuned are the same model: name --adapter FILE.gguf, or --tuned LLM")
    if after.adapter != NO_ADAPTER and not is_local(resolve_llm(after)):
        raise SettingsError(f"--adapter goes with a .gguf file, and {after.name} is none: name it with --tuned")
    return settings.model_copy(update={"llm": before}), settings.model_copy(update={"llm": after})


def _deploy(llm: LLMSettings, problem: str) -> None:
    """Write the settings of the tuned model into `.env`, or say on standard error why not."""
    from footnote.app.core.env_file import write_llm

    if problem:
        err.print(f"not deployed: {problem}")
        return
    name = str(Path(llm.name).absolute()) if is_local(llm.name) else llm.name
    adapter = "" if llm.adapter == NO_ADAPTER else str(Path(llm.adapter).absolute())
    for written in write_llm(name, adapter):
        err.print(plain(written.sentence()), markup=False, soft_wrap=True)


def _sets(
    settings: Settings, files: list[Path], unseen: tuple[Path, list[Path]] | None, limit: int | None
) -> "list[DocsSet]":
    from footnote.app.cli.evaluating.questions import questions_of
    from footnote.app.finetuning.proving.prove import DocsSet

    found = [DocsSet(settings, tuple(questions_of(settings, files, [], limit)), is_unseen=False)]
    if unseen:
        folder, others = unseen
        elsewhere = settings.changed(index_dir=folder)
        found.append(DocsSet(elsewhere, tuple(questions_of(elsewhere, others, [], limit)), is_unseen=True))
    return found


def _proved(
    settings: Settings,
    sides: tuple[Settings, Settings],
    sets: "list[DocsSet]",
    judge: bool,
    seed: int,
    names_adapter: bool,
) -> "Proof":
    from footnote.app.core.progress import progress_bars
    from footnote.app.evaluation.judging.judge import Judge
    from footnote.app.finetuning.proving.prove import prove

    judging = Judge(settings.judge, settings.llm, settings.models.threads) if judge else None
    base, tuned = _loaded(*sides, names_adapter)
    with progress_bars(err, "questions") as on_progress:
        return prove(base, tuned, sets, on_progress, judging, seed)


def _loaded(base: Settings, tuned: Settings, names_adapter: bool) -> "tuple[Side, Side]":
    """Both models; what searches is loaded once. `names_adapter`: a flag does, not the setting.

    Raises:
        FootnoteError: one cannot be used; the message says which.
    """
    from footnote.app.engine.models import load_models
    from footnote.app.finetuning.proving.prove import Side

    sides: list[Side] = []
    for which, settings in (("the base", base), ("the tuned model", tuned)):
        try:
            models = load_models(settings, searching=sides[0].models if sides else None)
        except FootnoteError as error:
            said = str(error).replace("FOOTNOTE_LLM_ADAPTER", "--adapter") if names_adapter else str(error)
            raise type(error)(f"{which}: {said}") from error
        sides.append(Side(models, settings))
    first, second = sides
    return first, second
