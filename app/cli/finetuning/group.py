"""`footnote tune-llm`: the commands, one registration each."""

import typer

from footnote.app.cli.finetuning import lora

EPILOG = "Example:\n\n  footnote tune-llm lora train.jsonl --held-out heldout.jsonl --base model.gguf --to tuned"

group = typer.Typer(
    no_args_is_help=True,
    epilog=EPILOG,
    help="Tune a language model to answer from your docs, and prove that it helped.",
)

group.command("lora", epilog=lora.EPILOG)(lora.lora_command)
