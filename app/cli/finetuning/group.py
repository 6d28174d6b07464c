"""group: the commands of `footnote tune-llm`, in the order in which they are used."""

from footnote.app.cli.finetuning import ab, advise, check, data, lora, pairs, report
from footnote.app.cli.finetuning.openai.group import group as openai
from footnote.app.core.command_line import CommandLine

EPILOG = """\
Examples:

  footnote tune-llm data examples --questions questions.jsonl --draft 300

  footnote tune-llm check examples/train.jsonl

  footnote tune-llm lora examples/train.jsonl --held-out examples/heldout.jsonl --base model.gguf --to tuned

  footnote tune-llm report examples/heldout-questions.jsonl --adapter tuned/adapter.gguf
"""
group = CommandLine(
    no_args_is_help=True,
    epilog=EPILOG,
    help="Tune a language model to answer from your docs' passages, and prove that it helped.",
)
group.command("data", epilog=data.EPILOG)(data.data_command)
group.command("pairs", epilog=pairs.EPILOG)(pairs.pairs_command)
group.command("check", epilog=check.EPILOG)(check.check_command)
group.add_typer(openai, name="openai")
group.command("lora", epilog=lora.EPILOG)(lora.lora_command)
group.command("report", epilog=report.EPILOG)(report.report_command)
group.command("ab", epilog=ab.EPILOG)(ab.ab_command)
group.command("advise", epilog=advise.EPILOG)(advise.advise_command)
