"""run: questions -> engine -> evaluation -> reports. What evaluates is imported when it runs."""

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from footnote.app.cli.evaluating.options import EvalOptions, write
from footnote.app.cli.evaluating.questions import questions_of
from footnote.app.core.console import err, plain, print_json, show
from footnote.app.core.errors import FootnoteError
from footnote.app.core.settings import Settings

if TYPE_CHECKING:
    from footnote.app.engine.engine import Engine
    from footnote.app.evaluation.comparing.compare import ScoredQuestion, Tolerances
    from footnote.app.evaluation.reports.report import Report
    from footnote.app.evaluation.types import Question


def run_questions(settings: Settings, options: EvalOptions) -> bool:
    """Ask the questions, write the reports and print one; whether no metric fell and every question could be asked."""
    from footnote.app.evaluation.comparing.compare import Tolerances

    tolerances = Tolerances.parse(options.tolerance)
    before = _baseline(options.baseline)  # before an hour of questions, not after
    questions = questions_of(settings, options.files, options.tags, options.limit, options.outputs)
    report = _report(settings, questions, before, tolerances, options)
    for file, kind in options.reports.items():
        write(file, _rendered(report, kind))
    _keep_for_the_page(settings, report)
    if options.as_json:
        print_json(_rendered(report, "json"))
    else:
        from footnote.app.evaluation.reports.table import render_run

        show(render_run(report))
    fell = report.comparison is not None and bool(report.comparison.fallen)
    failed = report.counts["failed"] or (report.against and any(report.against.failed))
    return not fell and not failed and report.counts["scored"] > 0


def _baseline(file: Path | None) -> "tuple[str, list[ScoredQuestion]] | None":
    if file is None:
        return None
    from footnote.app.evaluation.reports.saved import read_baseline

    return str(file), read_baseline(file)


def _report(
    settings: Settings,
    questions: "list[Question]",
    before: "tuple[str, list[ScoredQuestion]] | None",
    tolerances: "Tolerances",
    options: EvalOptions,
) -> "Report":
    from footnote.app.core.progress import progress_bars
    from footnote.app.engine.engine import open_engine
    from footnote.app.evaluation.asking import Asking
    from footnote.app.evaluation.comparing.against import against
    from footnote.app.evaluation.comparing.compare import ScoredQuestion, compare
    from footnote.app.evaluation.judging.judge import Judge
    from footnote.app.evaluation.judging.ragas import Ragas
    from footnote.app.evaluation.reports.report import Report
    from footnote.app.evaluation.run import evaluate_in_turn

    asks_judge = options.judge or options.ragas
    judging = Judge(settings.judge, settings.llm, settings.models.threads) if asks_judge else None
    with Ragas(settings.judge.ragas_python, judging) if judging and options.ragas else nullcontext() as by_ragas:
        engine = open_engine(settings, search_only=options.retrieval_only)
        sides = [(engine, settings), *([_beside(engine, settings, options.against)] if options.against else [])]
        judge = judging if options.judge else None
        askings = [Asking(*side, with_answers=not options.retrieval_only, judge=judge) for side in sides]
        with progress_bars(err, "questions") as on_progress:
            run, *others = evaluate_in_turn(askings, questions, on_progress, ragas=by_ragas, seed=options.seed)
    comparison = None
    if before:
        now = [ScoredQuestion.of(one) for one in run.results if one.status == "scored"]
        comparison = compare(*before, now, tolerances, options.seed)
    return Report.of(run, comparison, against(run, others[0], options.seed) if others else None)


def _beside(engine: "Engine", settings: Settings, llm: str) -> "tuple[Engine, Settings]":
    """An engine on the same index, with the same models but for the language model, and its settings.

    Raises:
        FootnoteError: the language model cannot be used; the message names `--against`.
    """
    from footnote.app.engine.engine import Engine
    from footnote.app.engine.models import load_models
    from footnote.app.models.llm.own_llm import another_llm

    other = settings.model_copy(update={"llm": another_llm(llm, settings.llm)})
    try:
        models = load_models(other, searching=engine.models)
    except FootnoteError as error:
        raise type(error)(str(error).replace(f"FOOTNOTE_LLM={llm}", f"--against {llm}")) from error
    return Engine(engine.index, models, other), other


def _rendered(report: "Report", kind: str) -> str:
    if kind == "json":
        from footnote.app.evaluation.reports.saved import run_json

        return run_json(report)
    if kind == "junit":
        from footnote.app.evaluation.reports.junit import run_junit

        return run_junit(report)
    from footnote.app.evaluation.reports.html import run_html

    return run_html(report)


def _keep_for_the_page(settings: Settings, report: "Report") -> None:
    from footnote.app.evaluation.reports.last import keep_last

    try:
        keep_last(settings.folders.index_dir, report)
    except OSError as error:
        err.print(plain(f"not kept for the page: {error}"))
