"""`footnote eval`: its options. What it does is in `evaluating/`."""

from pathlib import Path
from typing import Annotated

import typer

from footnote.app.cli.evaluating.drafts import generate_drafts
from footnote.app.cli.evaluating.gate import fit_strictness
from footnote.app.cli.evaluating.options import EvalOptions
from footnote.app.cli.evaluating.run import run_questions
from footnote.app.cli.options import CollectionName
from footnote.app.core.collections import collection_settings
from footnote.app.core.console import command

FAILED = 1
EPILOG = """\
Examples:

  footnote eval                                all question files of the docs folder

  footnote eval questions.jsonl --retrieval-only --html report.html

  footnote eval questions.jsonl --save baseline.json

  footnote eval questions.jsonl --baseline baseline.json --junit report.xml

  footnote eval questions.jsonl --ragas --judge-llm openai:gpt-4o

  footnote eval questions.jsonl --retrieval-only --query-rewrite multi --llm openai:gpt-4o

  footnote eval questions.jsonl --llm openai:gpt-4o --against openai:gpt-6-luna

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
    against: Annotated[
        str | None,
        typer.Option(metavar="LLM", help="Compare --llm with this language model, written as for --llm."),
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
    collection: CollectionName = None,
    index_dir: Annotated[Path | None, typer.Option(help="Where the index lives. Default: chroma_db.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")] = False,
) -> None:
    """Measure retrieval, refusals, citations and answers on questions whose answers are known."""
    with command(as_json):
        settings = collection_settings(
            collection,
            index_dir=index_dir,
            llm=llm,
            judge_llm=judge_llm,
            query_rewrite=query_rewrite,
            llm_split=0.0,  # one model is measured
            llm_fallback="error",  # quotes in place of a model that failed say nothing of it
        )
        options = EvalOptions(
            files=tuple(files or ()),
            tags=tuple(tag or ()),
            limit=limit,
            retrieval_only=retrieval_only,
            judge=judge,
            ragas=ragas,
            names_judge=judge_llm is not None,
            against=against,
            baseline=baseline,
            tolerance=tuple(tolerance or ()),
            save=save,
            junit=junit,
            html=html,
            generate=generate,
            output=output,
            force=force,
            fit_gate=fit_gate,
            seed=seed,
            as_json=as_json,
        )
        options.check()
        if generate:
            generate_drafts(settings, options)
        elif not (fit_strictness if fit_gate else run_questions)(settings, options):
            raise typer.Exit(FAILED)
