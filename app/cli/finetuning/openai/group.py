"""group: the commands of `footnote tune-llm openai`, in the order in which they are used."""

import typer

from footnote.app.cli.finetuning.openai import jobs, start

group = typer.Typer(
    no_args_is_help=True,
    help="Train with OpenAI, or with a service that has its fine-tuning API (FOOTNOTE_FINE_TUNING_BASE_URL).",
)
group.command("start", epilog=start.EPILOG)(start.start_command)
group.command("status", epilog=jobs.STATUS_EPILOG)(jobs.status_command)
group.command("events", epilog=jobs.EVENTS_EPILOG)(jobs.events_command)
group.command("cancel", epilog=jobs.CANCEL_EPILOG)(jobs.cancel_command)
group.command("list", epilog=jobs.LIST_EPILOG)(jobs.list_command)
