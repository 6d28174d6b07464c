"""`footnote tune-llm pairs`. What it runs is imported when it runs."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

from footnote.app.cli.options import AsJson, CollectionName, IndexDir
from footnote.app.cli.selecting import answer_log_of
from footnote.app.core.collections import collection_settings
from footnote.app.core.console import command, counted, plain, print_json, show
from footnote.app.core.errors import NothingToLearnError, SettingsError

EPILOG = """\
Examples:

  footnote tune-llm pairs pairs.jsonl

  footnote tune-llm pairs pairs.jsonl --never-train examples/heldout-questions.jsonl

Then: footnote tune-llm openai start pairs.jsonl --method dpo

Exit codes: 0 written, 1 there is no pair, 2 usage or a setting, 3 index.
"""


class Prompt(StrEnum):
    FULL = "full"
    COMPACT = "compact"


class Format(StrEnum):
    OPENAI = "openai"
    TRL = "trl"


def pairs_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write, JSONL.")],
    never_train: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Test questions, whose pages are in no pair; may be repeated."),
    ] = None,
    prompt: Annotated[
        Prompt | None,
        typer.Option(
            help="As Footnote asks hosted models (full) or small local ones (compact). Default: as FOOTNOTE_LLM."
        ),
    ] = None,
    drop_personal_data: Annotated[
        bool, typer.Option("--drop-personal-data", help="Leave out what looks like it; without, it is reported.")
    ] = False,
    format: Annotated[Format, typer.Option(help="For OpenAI's DPO, or for trl's.")] = Format.OPENAI,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
    collection: CollectionName = None,
    index_dir: IndexDir = None,
    as_json: AsJson = False,
) -> None:
    """Make pairs of kept answers for DPO: one that a reader liked, one that a reader did not, to the same prompt."""
    with command(as_json):
        settings = collection_settings(collection, index_dir=index_dir)
        from footnote.app.answering.language_model import has_compact_prompt
        from footnote.app.cli.evaluating.options import require_folder
        from footnote.app.core.files import write_private
        from footnote.app.finetuning.examples.never import pages_of_tests, require_known
        from footnote.app.finetuning.examples.pairs import pairs_of

        require_folder(file)
        if file.exists() and not force:
            raise SettingsError(f"{file} is there already: name another file, or overwrite it with --force")
        kept = answer_log_of(settings)
        never = pages_of_tests(never_train or [])
        if never:
            from footnote.app.index.generations import Generations
            from footnote.app.index.manifest import read_files

            generations = Generations(settings.folders.index_dir)
            require_known(never, [one.path for one in read_files(generations.folder(generations.live()))])
        form: Literal["full", "compact"] = "compact" if has_compact_prompt(settings.llm) else "full"
        found = pairs_of(kept.read(), prompt.value if prompt else form, never, drop_personal_data)
        if not found.pairs:
            reasons = "; ".join(f"{count} x {reason}" for reason, count in found.left_out.most_common(3))
            raise NothingToLearnError(
                f"no kept answers make a pair ({reasons or 'of none a reader has said whether it helped'}): set "
                "FOOTNOTE_KEEP_ANSWERS, and let readers say what helped"
            )
        try:
            write_private(file, (f"{pair.line(format.value)}\n" for pair in found.pairs))
        except OSError as error:
            raise SettingsError(f"cannot write {file}: {error.strerror}") from error
        left_out, personal = dict(found.left_out.most_common()), dict(sorted(found.personal_data.items()))
        if as_json:
            fields = {"pairs": len(found.pairs), "file": str(file), "left_out": left_out, "personal_data": personal}
            print_json(json.dumps(fields, ensure_ascii=False))
            return
        lines = [f"{counted(len(found.pairs), 'pair')} in {file}"]
        lines += [f"left out: {count} x {reason}" for reason, count in left_out.items()]
        lines += [f"looks like personal data: {kind}, in {counted(count, 'pair')}" for kind, count in personal.items()]
        lines.append(f"next: footnote tune-llm check {file}")
        show(plain("\n".join(lines)))
