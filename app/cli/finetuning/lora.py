"""`footnote tune-llm lora`. What it runs is imported when it runs."""

import json
import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from footnote.app.cli.options import AsJson
from footnote.app.core.console import command, err, plain, print_json, show
from footnote.app.core.errors import SettingsError
from footnote.app.core.settings import load_settings
from footnote.app.finetuning.lora.options import LoraOptions, Precision

if TYPE_CHECKING:
    from footnote.app.finetuning.lora.run import Trained
    from footnote.app.finetuning.lora.watching import Step
    from footnote.app.kept.rows import PromptForm

EPILOG = """\
Examples:

  footnote tune-llm lora train.jsonl --held-out heldout.jsonl --base model.gguf --to tuned

  footnote tune-llm lora train.jsonl --held-out heldout.jsonl --base model.gguf --to tuned --resume

  footnote tune-llm lora train.jsonl --held-out heldout.jsonl --base Qwen/Qwen2.5-0.5B-Instruct --to tuned

It needs the extra fine-tuning: make fine-tuning, and then .venv-fine-tuning/bin/footnote.

Exit codes: 0 trained, 1 not enough memory or the losses are no numbers, 2 usage, folder or a wrong line of a file,
4 the base cannot be loaded, 130 interrupted: a checkpoint is left.
"""
_DEFAULTS = LoraOptions()
_LINES = 40  # of progress where there is no bar


def lora_command(
    train_file: Annotated[Path, typer.Argument(metavar="TRAIN.jsonl", help="Examples to learn from.")],
    held_out: Annotated[
        Path, typer.Option(metavar="FILE.jsonl", help="Examples that say when to stop; never learned from.")
    ],
    to: Annotated[Path, typer.Option(metavar="FOLDER", help="Where adapter, card, log and plot are written.")],
    base: Annotated[
        str | None,
        typer.Option(
            metavar="MODEL|FILE.gguf",
            help="A .gguf file, a folder of transformers, or a name on Hugging Face. Default: a file in FOOTNOTE_LLM.",
        ),
    ] = None,
    rank: Annotated[int, typer.Option(min=1, help="Of the adapter's matrices.")] = _DEFAULTS.rank,
    alpha: Annotated[int, typer.Option(min=1, help="The adapter counts alpha / rank.")] = _DEFAULTS.alpha,
    learning_rate: Annotated[float, typer.Option(help="The highest; it falls to zero.")] = _DEFAULTS.learning_rate,
    epochs: Annotated[float, typer.Option(help="How often each example is read.")] = _DEFAULTS.epochs,
    steps: Annotated[int, typer.Option(min=0, help="Steps, whatever --epochs says; 0: by epochs.")] = _DEFAULTS.steps,
    batch: Annotated[int, typer.Option(min=1, help="Examples read at once.")] = _DEFAULTS.batch,
    accumulate: Annotated[int, typer.Option(min=1, help="Batches that make a step.")] = _DEFAULTS.accumulate,
    max_length: Annotated[
        int, typer.Option(min=1, help="Longest prompt and reply, in tokens; longer examples are left out.")
    ] = _DEFAULTS.max_length,
    evaluations: Annotated[
        int, typer.Option(min=1, help="How often, at most, the held-out examples are read and a checkpoint is written.")
    ] = _DEFAULTS.evaluations,
    patience: Annotated[
        int, typer.Option(min=1, help="Stop after so many evaluations that are no better.")
    ] = _DEFAULTS.patience,
    seed: Annotated[int, typer.Option(min=0, help="One seed, one result.")] = _DEFAULTS.seed,
    threads: Annotated[int, typer.Option(min=0, help="Threads; 0: one per core.")] = _DEFAULTS.threads,
    precision: Annotated[
        Precision, typer.Option(help="auto: bfloat16 where the device computes in it, else float32.")
    ] = _DEFAULTS.precision,
    save_memory: Annotated[bool, typer.Option("--save-memory", help="Less memory, a third slower.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the last checkpoint in --to.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Train although memory looks too small.")] = False,
    as_json: AsJson = False,
) -> None:
    """Train a LoRA adapter of an open model on this machine, for llama.cpp and for peft."""
    interrupted = f"interrupted: the same command with --resume goes on from the last checkpoint in {to}"
    with command(as_json, interrupted):
        options = LoraOptions(
            rank,
            alpha,
            learning_rate,
            epochs,
            steps,
            batch,
            accumulate,
            max_length,
            evaluations,
            patience,
            seed,
            threads,
            precision,
            save_memory,
        )
        from footnote.app.finetuning.lora.run import Request, run

        name = base or _served_base()
        request = Request(train_file, held_out, name, to, options, resume, force, _asked_with(name))
        with _progress() as on_step:
            trained = run(request, on_step, _say)
        if as_json:
            print_json(_as_json(trained))
        else:
            show(plain(_said(trained, held_out)))


def _served_base() -> str:
    name = load_settings().llm.name
    if not name.endswith(".gguf"):
        raise SettingsError("name the model to train with --base: a .gguf file, a folder, or a name on Hugging Face")
    return name


def _asked_with(base: str) -> "PromptForm | None":
    """The form of the prompt that the base will get; None where that is not known yet."""
    prompt = load_settings().llm.prompt
    if prompt == "auto":
        return "compact" if base.endswith(".gguf") else None
    return prompt


def _say(line: str) -> None:
    err.print(plain(line), markup=False, soft_wrap=True)


@contextmanager
def _progress() -> "Iterator[Callable[[Step], None]]":
    """A bar with loss and time left; where there is no terminal, lines."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("train"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=err, disable=not err.is_terminal) as bar:
        task = bar.add_task("")

        def on_step(step: "Step") -> None:
            said = _step(step)
            bar.update(task, completed=step.done, total=step.total, description=said)
            is_due = step.done % max(1, step.total // _LINES) == 0 and not err.is_terminal
            if step.held_out is not None or is_due:
                _say(f"step {step.done} of {step.total}: {said}")

        yield on_step


def _step(step: "Step") -> str:
    said = [] if step.loss is None else [f"loss {step.loss:.3f}"]
    if step.held_out is not None:
        said.append(f"held out {step.held_out:.3f}")
    if step.left_s is not None:
        minutes, seconds = divmod(round(step.left_s), 60)
        said.append(f"{minutes}:{seconds:02} left")
    return ", ".join(said)


def _said(trained: "Trained", held_out: Path) -> str:
    from footnote.app.finetuning.lora.memory import GIGABYTE

    curve = trained.curve
    before = dict(curve.held_out).get(0)
    was = f"{before:.3f} before, " if before is not None else ""
    lines = [
        f"held-out loss: {was}{curve.best:.3f} at step {curve.best_step}, which was kept",
        f"{curve.trained[-1][0]} of {trained.plan.steps} steps, {trained.seconds / 60:.1f} minutes, at most "
        f"{trained.peak_bytes / GIGABYTE:.1f} GB",
    ]
    if before is not None and curve.best >= before:
        lines.append("that is no better than the base: more examples, more epochs, or another --learning-rate")
    if trained.adapter_gguf:
        lines += [f"{trained.adapter_gguf}  sha256 {trained.adapter_sha256}"]
        if trained.base.is_gguf:
            lines += [
                "next, to see whether it answers better:",
                _report_of(trained, held_out),
                "and then, to let it write the answers:",
                f"FOOTNOTE_LLM={trained.base.path}",
                f"FOOTNOTE_LLM_ADAPTER={trained.adapter_gguf.absolute()}",
            ]
    else:
        lines.append(f"{trained.folder / 'adapter'}")
    return "\n".join(lines)


def _report_of(trained: "Trained", held_out: Path) -> str:
    """The command that compares it with its base, on the questions beside the held-out examples."""
    base, questions = trained.base.path, held_out.with_name("heldout-questions.jsonl")
    named = ["--base", base, "--tuned", base, "--adapter", trained.adapter_gguf]
    return shlex.join(map(str, ["footnote", "tune-llm", "report", questions, *named]))


def _as_json(trained: "Trained") -> str:
    card = json.loads((trained.folder / "card.json").read_text("utf-8"))
    return json.dumps({"folder": str(trained.folder), **card, "curve": asdict(trained.curve)}, ensure_ascii=False)
