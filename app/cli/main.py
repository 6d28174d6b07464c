"""The command line: `footnote ingest`, `ask`, `search`, `verify`, `eval`, and what else `footnote --help` lists.

What a command runs is imported when it runs: `ask` and `search` should start in about a second.
"""

from typing import Annotated

import typer

from footnote.app.cli import (
    answers,
    ask,
    backup,
    evaluate,
    gaps,
    keys,
    mcp,
    model,
    replicas,
    restore,
    rollback,
    serve,
    status,
    tune,
    usage,
    verify,
)
from footnote.app.cli.commands import Commands, QuestionCommand
from footnote.app.cli.finetuning.group import group as tune_llm
from footnote.app.core.command_line import CommandLine
from footnote.app.core.console import show
from footnote.app.core.version import VERSION
from footnote.ingest.commands import cli as ingest
from footnote.ingest.commands import importing

app = CommandLine(
    name="footnote",
    cls=Commands,
    context_settings={"help_option_names": ["--help", "-h"]},
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command(name="ingest", epilog=ingest.EPILOG)(ingest.ingest_command)
app.command(name="import", epilog=importing.EPILOG)(importing.import_command)
app.command(name="rollback", epilog=rollback.EPILOG)(rollback.rollback_command)
app.command(name="backup", epilog=backup.EPILOG)(backup.backup_command)
app.command(name="restore", epilog=restore.EPILOG)(restore.restore_command)
app.command(name="publish", epilog=replicas.PUBLISH_EPILOG)(replicas.publish_command)
app.command(name="follow", epilog=replicas.FOLLOW_EPILOG)(replicas.follow_command)
app.command(name="eval", epilog=evaluate.EPILOG)(evaluate.eval_command)
app.command(name="tune", epilog=tune.EPILOG)(tune.tune_command)
app.add_typer(tune_llm, name="tune-llm")
app.command(name="ask", cls=QuestionCommand, epilog=ask.ASK_EPILOG)(ask.ask_command)
app.command(name="search", cls=QuestionCommand, epilog=ask.SEARCH_EPILOG)(ask.search_command)
app.command(name="verify", epilog=verify.EPILOG)(verify.verify_command)
app.command(name="status", epilog=status.EPILOG)(status.status_command)
app.command(name="gaps", epilog=gaps.EPILOG)(gaps.gaps_command)
app.command(name="usage", epilog=usage.EPILOG)(usage.usage_command)
app.add_typer(answers.group, name="answers")
app.add_typer(keys.group, name="keys")
app.add_typer(model.group, name="model")
app.command(name="serve", epilog=serve.EPILOG)(serve.serve_command)
app.command(name="mcp", epilog=mcp.EPILOG)(mcp.mcp_command)


def _version(wanted: bool) -> None:
    if wanted:
        show(f"footnote {VERSION}")
        raise typer.Exit


@app.callback(
    epilog='Example: footnote ingest docs, then footnote ask "How do I install it?"\n\n'
    "Settings: FOOTNOTE_* in the environment or in .env; docs/configuration.md lists them. "
    "Exit codes: 0 done, 1 failed, 2 usage or setting, 3 index, 4 model, 5 port in use, 130 interrupted."
)
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Ask a folder of markdown docs; every sentence of the answer cites file and lines."""
