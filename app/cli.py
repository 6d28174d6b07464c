"""The command line: `footnote ingest | ask | search | verify | eval | status | gaps | serve`.

Imports here must stay light: `ask` and `search` should start in about a second.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.core.console import command, out, print_json
from app.core.settings import load_settings
from app.core.version import VERSION
from app.evaluation.cli import EPILOG as EVAL_EPILOG
from app.evaluation.cli import eval_command
from app.gaps_cli import EPILOG as GAPS_EPILOG
from app.gaps_cli import gaps_command
from ingest.cli import EPILOG as INGEST_EPILOG
from ingest.cli import ingest_command, rollback_command

if TYPE_CHECKING:
    from app.core.filters import QueryFilter

app = typer.Typer(
    name="footnote",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command(name="ingest", epilog=INGEST_EPILOG)(ingest_command)
app.command(name="rollback", epilog="Example:\n\n  footnote rollback")(rollback_command)
app.command(name="eval", epilog=EVAL_EPILOG)(eval_command)

Question = Annotated[str, typer.Argument(help="The question, in quotes.")]
IndexDir = Annotated[Path | None, typer.Option(help="Where the index lives. Default: chroma_db.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
PathFilter = Annotated[str | None, typer.Option("--path", help="Only this file, folder or glob, e.g. guides/.")]
TagFilter = Annotated[list[str] | None, typer.Option("--tag", help="Only files with this tag; may be repeated.")]
FieldFilter = Annotated[
    list[str] | None,
    typer.Option("--where", metavar="NAME=VALUE", help="Only files with this front-matter field; may be repeated."),
]


def _version(wanted: bool) -> None:
    if wanted:
        out.print(f"footnote {VERSION}")
        raise typer.Exit


@app.callback(
    epilog='Example: footnote ingest docs, then footnote ask "How do I install it?"\n\n'
    "Settings: FOOTNOTE_* in the environment or in .env; docs/configuration.md lists them. "
    "Exit codes: 0 done, 1 failed, 2 usage or setting, 3 index, 4 model, 130 interrupted."
)
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Ask a folder of markdown docs; every sentence of the answer cites file and lines."""


@app.command(
    epilog="""\
Examples:

  footnote ask "How do I ingest again?"

  footnote ask "Which port does it listen on?" --path deployment.md

  footnote ask "How do I roll back?" --llm openai:gpt-4o --json
"""
)
def ask(
    question: Question,
    top_k: Annotated[int | None, typer.Option(min=1, max=50, help="Passages to answer from. Default: 4.")] = None,
    path: PathFilter = None,
    tag: TagFilter = None,
    where: FieldFilter = None,
    llm: Annotated[
        str | None, typer.Option(help="extractive, provider:model, or a .gguf file. Default: FOOTNOTE_LLM, or auto.")
    ] = None,
    index_dir: IndexDir = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question from the docs, with citations."""
    with command(as_json):
        settings = load_settings(index_dir=index_dir, llm=llm)
        query_filter = _filter(path, tag, where)
        from app.engine import open_engine

        answer = open_engine(settings).ask(question, top_k, query_filter)
        if as_json:
            from app.schemas import AnswerOut

            print_json(AnswerOut.model_validate(answer).model_dump_json())
        else:
            from app.render import render_answer

            out.print(render_answer(answer))
        from app.question_log import make_question_log

        questions = make_question_log(settings)
        if questions:
            questions.keep_refusal(answer)


@app.command(
    epilog="""\
Examples:

  footnote search "chunk size"

  footnote search "FOOTNOTE_TOP_K" --explain

  footnote search "install" --path 'guides/**' --tag linux --top-k 10 --json
"""
)
def search(
    question: Question,
    top_k: Annotated[int, typer.Option(min=1, max=200, help="Hits to show.")] = 10,
    explain: Annotated[bool, typer.Option(help="Show each stage's rank and score.")] = False,
    path: PathFilter = None,
    tag: TagFilter = None,
    where: FieldFilter = None,
    index_dir: IndexDir = None,
    as_json: AsJson = False,
) -> None:
    """Show the passages that an answer would be written from, best first."""
    with command(as_json):
        settings = load_settings(index_dir=index_dir)
        query_filter = _filter(path, tag, where)
        from app.core.text import without_surrogates
        from app.engine import open_engine

        question = without_surrogates(question)
        engine = open_engine(settings, search_only=True)
        hits = engine.search(question, top_k, query_filter).hits
        if as_json:
            from app.schemas import HitOut, SearchOut

            shown = [HitOut.model_validate(hit) for hit in hits]
            result = SearchOut(question=question, generation=engine.index.generation, hits=shown)
            print_json(result.model_dump_json())
        else:
            from app.render import render_hits

            out.print(render_hits(hits, explain))


@app.command(
    epilog="""\
Examples:

  footnote ask "How long are backups kept?" --json > answer.json

  footnote verify answer.json

  footnote ask "How long are backups kept?" --json | footnote verify - --docs handbook --json

Exit codes: 0 all citations are valid, 1 some are not, 2 no saved answer or no docs folder.
"""
)
def verify(
    answer: Annotated[str, typer.Argument(help="A file with a saved answer (ask --json), or - for standard input.")],
    docs: Annotated[Path | None, typer.Option(help="The docs folder. Default: the one that was ingested.")] = None,
    allow_moved: Annotated[
        bool, typer.Option("--allow-moved", help="Exit with 0 also where a quote stands elsewhere now.")
    ] = False,
    index_dir: IndexDir = None,
    as_json: AsJson = False,
) -> None:
    """Check that the docs, as they are now, still hold what a saved answer cites."""
    with command(as_json):
        settings = load_settings(docs_dir=docs, index_dir=index_dir)
        from app import verify as checks
        from app.status import manifest_if_any

        citations = checks.read_citations(checks.read_saved(answer))
        docs_dir = checks.docs_folder(settings, manifest_if_any(settings))
        result = checks.describe(checks.verify(citations, docs_dir, settings), docs_dir)
        if as_json:
            print_json(result.model_dump_json())
        else:
            from app.render import render_verification

            out.print(render_verification(result))
        held = result.counts["valid"] + result.counts["moved"] * allow_moved
        raise typer.Exit(int(held < len(citations)))


@app.command(epilog="Example:\n\n  footnote status --json")
def status(index_dir: IndexDir = None, as_json: AsJson = False) -> None:
    """Show what the index holds, what built it, and whether the docs changed since."""
    with command(as_json):
        settings = load_settings(index_dir=index_dir)
        from app.schemas import DocsChangesOut, StatusOut
        from app.status import describe, live_manifest
        from ingest.cli import docs_state

        manifest = live_manifest(settings)
        changes, problem = docs_state(settings, manifest)
        described = StatusOut(
            **describe(manifest, settings).model_dump(),
            docs_changes=DocsChangesOut.model_validate(changes) if changes else None,
            docs_problem=problem,
        )
        if as_json:
            print_json(described.model_dump_json())
        else:
            from app.render import render_status

            out.print(render_status(described))


app.command(name="gaps", epilog=GAPS_EPILOG)(gaps_command)


@app.command(
    epilog="""\
Examples:

  footnote serve

  footnote serve --host 0.0.0.0 --port 9000

  footnote serve --watch                       and keep up with the docs folder

  footnote serve --workers 2
"""
)
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on. Default: 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on. Default: 8000.")] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes that answer; each loads the models. Default: 1.")
    ] = None,
    watch: Annotated[
        bool | None, typer.Option("--watch/--no-watch", help="Ingest at every change of the docs folder.")
    ] = None,
    llm: Annotated[
        str | None, typer.Option(help="extractive, provider:model, or a .gguf file. Default: FOOTNOTE_LLM, or auto.")
    ] = None,
    index_dir: IndexDir = None,
) -> None:
    """Serve questions over HTTP; interactive documentation is at /docs."""
    with command(as_json=False):
        settings = load_settings(host=host, port=port, workers=workers, watch=watch, llm=llm, index_dir=index_dir)
        from app.server import serve as serve_http

        serve_http(settings)


def _filter(path: str | None, tags: list[str] | None, where: list[str] | None) -> "QueryFilter | None":
    if not (path or tags or where):
        return None
    from app.core.filters import QueryFilter, parse_fields

    return QueryFilter(path, tuple(tags or ()), parse_fields(where or ()))
