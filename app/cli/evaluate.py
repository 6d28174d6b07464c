"""`footnote eval`. What it runs is imported when it runs: other commands must not wait for it."""

import json
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from footnote.app.core.console import command, err, out, plain, print_json, show
from footnote.app.core.errors import NothingToEvaluateError, SettingsError
from footnote.app.core.settings import Settings, load_settings

if TYPE_CHECKING:
    from footnote.app.evaluation.compare import ScoredQuestion, Tolerances
    from footnote.app.evaluation.reports.report import Report
    from footnote.app.evaluation.types import Question

FAILED = 1
EPILOG = """\
Examples:

  footnote eval                                all question files of the docs folder

  footnote eval questions.jsonl --retrieval-only --html report.html

  footnote eval questions.jsonl --save baseline.json

  footnote eval questions.jsonl --baseline baseline.json --junit report.xml

  footnote eval questions.jsonl --ragas --judge-llm openai:gpt-4o

  footnote eval questions.jsonl --retrieval-only --query-rewrite multi --llm openai:gpt-4o

  footnote eval --generate 20 --output drafts.jsonl

  footnote eval questions.jsonl --fit-gate     how strict to be with these docs

Exit codes: 0 done, 1 a metric fell, a question failed or there was none, 2 usage or a wrong line of a question
file.
"""


def eval_command(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="QUESTIONS", help="Question files, or folders with *questions.jsonl or .yaml."),
    ] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Only questions with this tag; repeated: any of them.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first N questions.")] = None,
    retrieval_only: Annotated[bool, typer.Option("--retrieval-only", help="Ask for passages, not answers.")] = False,
    judge: Annotated[
        bool, typer.Option("--judge", help="Let a language model compare answers with references.")
    ] = False,
    ragas: Annotated[
        bool, typer.Option("--ragas", help="RAGAS' faithfulness, answer relevancy, context precision (`make ragas`).")
    ] = False,
    judge_llm: Annotated[
        str | None,
        typer.Option(help="The model of --judge and --ragas. Default: FOOTNOTE_JUDGE_LLM, or the one that answers."),
    ] = None,
    query_rewrite: Annotated[
        str | None,
        typer.Option(metavar="MODE", help="off, rewrite, multi or hyde. Default: FOOTNOTE_QUERY_REWRITE, or off."),
    ] = None,
    baseline: Annotated[Path | None, typer.Option(help="Compare with this saved run; exit code 1 on a fall.")] = None,
    tolerance: Annotated[
        list[str] | None,
        typer.Option(metavar="[METRIC=]N", help="How far metrics may fall. Default: 0.02. May be repeated."),
    ] = None,
    save: Annotated[Path | None, typer.Option(help="Write the run to this file, as JSON.")] = None,
    junit: Annotated[Path | None, typer.Option(help="Write JUnit XML to this file.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page with charts and misses to this file.")] = None,
    generate: Annotated[int | None, typer.Option(min=1, help="Draft N questions from the docs, for --output.")] = None,
    output: Annotated[Path | None, typer.Option(help="The file for drafted questions (.jsonl).")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file for drafted questions.")] = False,
    fit_gate: Annotated[
        bool, typer.Option("--fit-gate", help="Fit FOOTNOTE_STRICTNESS to the questions; keep it where it is better.")
    ] = False,
    seed: Annotated[int, typer.Option(min=0, help="Of the intervals, and of the passages to draft from.")] = 0,
    llm: Annotated[
        str | None, typer.Option(help="extractive, provider:model, or a .gguf file. Default: FOOTNOTE_LLM, or auto.")
    ] = None,
    index_dir: Annotated[Path | None, typer.Option(help="Where the index lives. Default: chroma_db.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")] = False,
) -> None:
    """Measure retrieval, refusals, citations and answers on questions whose answers are known."""
    with command(as_json):
        settings = load_settings(
            index_dir=index_dir,
            llm=llm,
            judge_llm=judge_llm,
            query_rewrite=query_rewrite,
            llm_fallback="error",  # quotes in place of a model that failed say nothing of it
        )
        if generate:
            if output is None or baseline or save or junit or html:
                raise SettingsError("--generate goes with --output FILE, and with no report or baseline")
            _generate(settings, files or [], generate, output, force, seed, as_json)
            return
        if fit_gate:
            if baseline or save or junit or html or judge or ragas:
                raise SettingsError("--fit-gate goes with no report, baseline or judge")
            _fit_gate(settings, questions_of(settings, files or [], tag or [], limit), seed, as_json)
            return
        if output or force:
            raise SettingsError("--output and --force belong to --generate")
        if baseline and save and baseline.resolve() == save.resolve():
            raise SettingsError("--save would overwrite the baseline, also with a run that fell: name another file")
        if (judge or ragas) and retrieval_only:
            raise SettingsError("--judge and --ragas judge answers: leave out --retrieval-only")
        if judge_llm and not (judge or ragas):
            raise SettingsError("--judge-llm goes with --judge or --ragas")
        from footnote.app.evaluation.compare import Tolerances

        outputs = {file: kind for file, kind in ((save, "json"), (junit, "junit"), (html, "html")) if file}
        for file in outputs:
            _require_folder(file)
        tolerances = Tolerances.parse(tolerance or [])
        before = _baseline(baseline)  # before an hour of questions, not after
        questions = questions_of(settings, files or [], tag or [], limit)
        report = _report(settings, questions, before, tolerances, retrieval_only, judge, ragas, seed)
        for file, kind in outputs.items():
            _write(file, _rendered(report, kind))
        _keep_for_the_page(settings, report)
        if as_json:
            print_json(_rendered(report, "json"))
        else:
            from footnote.app.evaluation.reports.table import render_run

            show(render_run(report))
        fell = report.comparison is not None and bool(report.comparison.fallen)
        if fell or report.counts["failed"] or not report.counts["scored"]:
            raise typer.Exit(FAILED)


def _keep_for_the_page(settings: Settings, report: "Report") -> None:
    from footnote.app.evaluation.reports.last import keep_last

    try:
        keep_last(settings.folders.index_dir, report)
    except OSError as error:
        err.print(plain(f"not kept for the page: {error}"))


def _baseline(file: Path | None) -> "tuple[str, list[ScoredQuestion]] | None":
    if file is None:
        return None
    from footnote.app.evaluation.reports.saved import read_baseline

    return str(file), read_baseline(file)


def questions_of(settings: Settings, places: list[Path], tags: list[str], limit: int | None) -> "list[Question]":
    """The questions of these places, or of the docs folder, with any of the tags.

    Raises:
        NothingToEvaluateError: there are none.
    """
    from footnote.app.evaluation.questions import find_question_files, read_questions
    from footnote.app.index.docs_folder import with_docs_dir

    places = places or [with_docs_dir(settings).folders.docs_dir]
    questions = read_questions(find_question_files(places))
    chosen = [one for one in questions if not tags or set(tags) & set(one.tags)][:limit]
    if not chosen:
        where = ", ".join(map(str, places))
        what = f"with the tag {' or '.join(tags)} " if questions else ""
        raise NothingToEvaluateError(
            f"no question {what}in {where}: name a file, or draft one with `footnote eval --generate 20 --output FILE`"
        )
    return chosen


def _report(
    settings: Settings,
    questions: "list[Question]",
    before: "tuple[str, list[ScoredQuestion]] | None",
    tolerances: "Tolerances",
    retrieval_only: bool,
    judge: bool,
    ragas: bool,
    seed: int,
) -> "Report":
    from footnote.app.core.progress import progress_bars
    from footnote.app.engine.engine import open_engine
    from footnote.app.evaluation.compare import ScoredQuestion, compare
    from footnote.app.evaluation.judging.judge import Judge
    from footnote.app.evaluation.judging.ragas import Ragas
    from footnote.app.evaluation.reports.report import Report
    from footnote.app.evaluation.run import evaluate

    judging = Judge(settings.judge, settings.llm, settings.models.threads) if judge or ragas else None
    with Ragas(settings.judge.ragas_python, judging) if judging and ragas else nullcontext() as by_ragas:
        engine = open_engine(settings, search_only=retrieval_only)
        with progress_bars(err, "questions") as on_progress:
            run = evaluate(
                engine,
                questions,
                settings,
                on_progress,
                with_answers=not retrieval_only,
                judge=judging if judge else None,
                ragas=by_ragas,
                seed=seed,
            )
    comparison = None
    if before:
        now = [ScoredQuestion.of(one) for one in run.results if one.status == "scored"]
        comparison = compare(*before, now, tolerances, seed)
    return Report.of(run, comparison)


def _rendered(report: "Report", kind: str) -> str:
    if kind == "json":
        from footnote.app.evaluation.reports.saved import run_json

        return run_json(report)
    if kind == "junit":
        from footnote.app.evaluation.reports.junit import run_junit

        return run_junit(report)
    from footnote.app.evaluation.reports.html import run_html

    return run_html(report)


def _fit_gate(settings: Settings, questions: "list[Question]", seed: int, as_json: bool) -> None:
    from footnote.app.cli.tune import keep
    from footnote.app.core.progress import progress_bars
    from footnote.app.engine.engine import open_engine
    from footnote.app.tuning.gate import fit_gate

    engine = open_engine(settings, search_only=True)
    with progress_bars(err, "questions") as on_progress:
        found = fit_gate(engine, questions, settings, on_progress, seed)
    fit = found.fit
    if fit.is_better:
        keep(settings.folders.index_dir, engine.models, strictness=fit.chosen)
    if as_json:
        print_json(json.dumps({"metric": "balanced accuracy", **asdict(found), "written": fit.is_better}))
    else:
        show(
            f"balanced accuracy of {fit.questions} questions: {fit.before:.3f} with FOOTNOTE_STRICTNESS={found.set:g}, "
            f"{fit.after:.3f} where it is chosen on other questions "
            f"({fit.after - fit.before:+.3f}, {fit.low:+.3f} to {fit.high:+.3f})\n"
            f"answered of the answerable: {found.answered[0]:.2f}, with {fit.chosen:g} {found.answered[1]:.2f}\n"
            f"refused of the others: {found.refused[0]:.2f}, with {fit.chosen:g} {found.refused[1]:.2f}\n"
            + (f"{fit.chosen:g} is kept" if fit.is_better else "that is not better beyond noise: nothing was written")
        )
    if not fit.is_better:
        raise typer.Exit(FAILED)


def _generate(
    settings: Settings, places: list[Path], count: int, output: Path, force: bool, seed: int, as_json: bool
) -> None:
    _require_folder(output)
    if output.suffix.lower() != ".jsonl":
        raise SettingsError(f"--output {output}: drafts are JSONL, so its name must end in .jsonl")
    if output.exists() and not force:
        raise SettingsError(f"{output} is there already: name another file, or overwrite it with --force")
    from footnote.app.core.progress import progress_bars
    from footnote.app.evaluation.drafting.generate import generate
    from footnote.app.evaluation.questions import find_question_files, read_questions

    known = read_questions(find_question_files(places)) if places else []
    with progress_bars(err, "questions") as on_progress:
        drafts = generate(settings, count, [one.text for one in known], seed, on_progress)
    _write(output, drafts.jsonl())
    if as_json:
        print_json(drafts.summary_json(output))
    else:
        out.print(plain(drafts.summary(output)), markup=False, soft_wrap=True)


def _require_folder(file: Path) -> None:
    if not file.parent.is_dir():
        raise SettingsError(f"cannot write {file}: there is no folder {file.parent}")


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise SettingsError(f"cannot write {file}: {error.strerror}") from error
