"""`footnote tune-llm data`. What it runs is imported when it runs."""

import json
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from footnote.app.cli.options import AsJson, CollectionName, IndexDir, Llm
from footnote.app.core.collections import collection_settings
from footnote.app.core.console import command, counted, err, plain, print_json, show
from footnote.app.core.errors import SettingsError

EPILOG = """\
Examples:

  footnote tune-llm data examples --draft 300            from the docs alone

  footnote tune-llm data examples --kept --questions questions.jsonl --draft 300 --never-train test-questions.jsonl

  footnote tune-llm data examples --draft 300 --prompt compact --passages 3 --format trl     for a small model

Then: footnote tune-llm check examples/train.jsonl

Exit codes: 0 written, 1 nothing to learn from, 2 usage or a wrong line of a file, 3 index, 4 model, 130 interrupted:
then nothing is written.
"""
_INTERRUPTED = "interrupted: nothing was written"


class Answers(StrEnum):
    EXTRACTIVE = "extractive"
    LLM = "llm"


class Prompt(StrEnum):
    FULL = "full"
    COMPACT = "compact"


class Format(StrEnum):
    OPENAI = "openai"
    TRL = "trl"
    SHAREGPT = "sharegpt"


Files = list[Path] | None


def data_command(
    folder: Annotated[Path, typer.Argument(metavar="OUT", help="The folder to write into.")],
    kept: Annotated[
        bool, typer.Option("--kept", help="Of kept answers those that readers liked and that are proven.")
    ] = False,
    questions: Annotated[
        Files, typer.Option(metavar="FILE", help="Question files, with labels or reference answers; may be repeated.")
    ] = None,
    draft: Annotated[int, typer.Option(min=0, help="So many questions drafted from the docs, at most.")] = 0,
    style: Annotated[
        Files, typer.Option(metavar="FILE", help="Your own examples, JSONL in any of the formats; may be repeated.")
    ] = None,
    never_train: Annotated[
        Files, typer.Option(metavar="FILE", help="Test questions, whose pages are in no example; may be repeated.")
    ] = None,
    answers: Annotated[
        Answers, typer.Option(help="Where no reference answer is: quotes of the docs, or what FOOTNOTE_LLM writes.")
    ] = Answers.EXTRACTIVE,
    prompt: Annotated[
        Prompt | None,
        typer.Option(
            help="As Footnote asks hosted models (full) or small local ones (compact). Default: as FOOTNOTE_LLM."
        ),
    ] = None,
    passages: Annotated[int, typer.Option(min=1, max=20, help="Numbered sources in a prompt.")] = 4,
    without_oracle: Annotated[
        float, typer.Option(min=0.0, max=0.9, help="Share of prompts without what answers: the refusal is learned.")
    ] = 0.2,
    refusals: Annotated[float, typer.Option(min=0.0, max=0.9, help="Share of refusals, at most.")] = 0.25,
    held_out: Annotated[float, typer.Option(min=0.0, max=0.9, help="Share of the cases, by page.")] = 0.15,
    drop_personal_data: Annotated[
        bool, typer.Option("--drop-personal-data", help="Leave out what looks like it; without, it is reported.")
    ] = False,
    format: Annotated[Format, typer.Option(help="For OpenAI, for trl, or as ShareGPT.")] = Format.OPENAI,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same files.")] = 0,
    force: Annotated[bool, typer.Option("--force", help="Overwrite what OUT has.")] = False,
    llm: Llm = None,
    collection: CollectionName = None,
    index_dir: IndexDir = None,
    as_json: AsJson = False,
) -> None:
    """Make training examples: the very prompts that Footnote sends, with cited answers, and a held-out part."""
    with command(as_json, _INTERRUPTED):
        settings = collection_settings(collection, index_dir=index_dir, llm=llm)
        from footnote.app.answering.language_model import has_compact_prompt
        from footnote.app.core.progress import progress_bars
        from footnote.app.engine.engine import open_engine
        from footnote.app.finetuning.examples.curate import Wanted, curate, read_inputs
        from footnote.app.finetuning.examples.folder import require_writable
        from footnote.app.models.llm.chat import EXTRACTIVE, resolve_llm

        form: Literal["full", "compact"] = "compact" if has_compact_prompt(settings.llm) else "full"
        if prompt:
            form = prompt.value
        wanted = Wanted(
            kept,
            tuple(questions or ()),
            draft,
            tuple(style or ()),
            tuple(never_train or ()),
            answers.value,
            form,
            passages,
            without_oracle,
            refusals,
            held_out,
            drop_personal_data,
            format.value,
            seed,
        )
        if answers == Answers.LLM and resolve_llm(settings.llm) == EXTRACTIVE:
            raise SettingsError("--answers llm needs a language model: name one in FOOTNOTE_LLM, such as openai:gpt-4o")
        read = read_inputs(wanted)
        require_writable(folder, force)
        engine = open_engine(settings, search_only=answers == Answers.EXTRACTIVE)
        try:
            with progress_bars(err, "questions") as on_progress:
                card = curate(engine, settings, wanted, read, folder, on_progress)
        finally:
            engine.close()
        if as_json:
            print_json(json.dumps(card, ensure_ascii=False))
        else:
            show(plain(_said(card, folder)))


def _said(card: Mapping[str, Any], folder: Path) -> str:
    train, held_out = card["train"], card["held_out"]
    lines = [
        f"{counted(train['examples'], 'example')} to learn from, {train['refusals']} of them refusals, and "
        f"{held_out['examples']} held out, in {folder}",
    ]
    if card["settings"]["prompt"] == "full":
        lines[0] += "; with the prompt of hosted models (a .gguf file takes --prompt compact)"
    if train["own examples"]:
        lines[0] += f"; with {counted(train['own examples'], 'example')} of your own"
    lines.append(
        f"{counted(held_out['questions'], 'held-out question')} of "
        f"{counted(len(card['held_out_pages']), 'page')} for `footnote tune-llm report`"
    )
    if card["left_out"]:
        lines.append("left out:")
        lines += [f"  {count} x {reason}" for reason, count in card["left_out"].items()]
    for kind, found in card["personal_data"].items():
        lines.append(f"looks like personal data: {kind}, {found['found']} times; {folder / 'card.md'} says where")
    if not held_out["questions"]:
        lines.append("no held-out questions for the report: add --questions or --draft, or raise --held-out")
    lines.append(f"next: footnote tune-llm check {folder / 'train.jsonl'}")
    return "\n".join(lines)
