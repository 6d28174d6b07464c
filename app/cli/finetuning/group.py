"""group: the commands of `footnote tune-llm`, in the order in which they are used."""

import typer

from footnote.app.cli.finetuning import data, report

EPILOG = """\
Example:

  footnote tune-llm report heldout-questions.jsonl --tuned tuned.gguf

"""
group = typer.Typer(
    no_args_is_help=True,
    epilog=EPILOG,
    help="Tune a language model to answer from your docs' passages, and prove that it helped.",
)
group.command("data", epilog=data.EPILOG)(data.data_command)
group.command("report", epilog=report.EPILOG)(report.report_command)
