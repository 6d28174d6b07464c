"""folder: a set of examples as files, written whole or not at all."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from footnote.app.core.errors import SettingsError
from footnote.app.core.files import sha256_of, write_private
from footnote.app.evaluation.types import Question
from footnote.app.finetuning.examples.card import Origin, card_markdown, card_of
from footnote.app.finetuning.examples.files import Format, write_examples
from footnote.app.finetuning.examples.make import ExampleSet
from footnote.app.finetuning.examples.types import Example

TRAIN, HELD_OUT, QUESTIONS = "train.jsonl", "heldout.jsonl", "heldout-questions.jsonl"
CARD, CARD_MD = "card.json", "card.md"
_FILES = (TRAIN, HELD_OUT, QUESTIONS, CARD_MD, CARD)


def require_writable(folder: Path, force: bool) -> None:
    """Refuse a folder that cannot take the files, before an hour of questions; nothing is left of the try.

    Raises:
        SettingsError: it is a file, cannot be made, or has examples already.
    """
    if folder.exists() and not folder.is_dir():
        raise SettingsError(f"{folder} is a file: name a folder")
    there = [name for name in _FILES if (folder / name).exists()]
    if there and not force:
        raise SettingsError(f"{folder} has {there[0]} already: name another folder, or overwrite it with --force")
    made = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for one in made:
            one.rmdir()
    except OSError as error:
        raise SettingsError(f"cannot make the folder {folder}: {error.strerror}") from error


def write_folder(
    folder: Path,
    made: ExampleSet,
    style: Sequence[Example],
    questions: Sequence[Question],
    origin: Origin,
    format: Format,
) -> dict[str, Any]:
    """Write all files and give the card; the card is the last that is put in place.

    Raises:
        SettingsError: they cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft = Path(mkdtemp(dir=folder, prefix=".examples-"))
        try:
            write_examples(draft / TRAIN, [*(one.example for one in made.train), *style], format)
            write_examples(draft / HELD_OUT, [one.example for one in made.held_out], format)
            write_private(draft / QUESTIONS, map(_row, questions))
            files = {name: sha256_of(draft / name) for name in (TRAIN, HELD_OUT, QUESTIONS)}
            card = card_of(made, origin, files, len(questions))
            write_private(draft / CARD_MD, [card_markdown(card)])
            write_private(draft / CARD, [json.dumps(card, indent=2, ensure_ascii=False) + "\n"])
            for name in _FILES:
                (draft / name).replace(folder / name)
        finally:
            shutil.rmtree(draft)
    except OSError as error:
        raise SettingsError(f"cannot write into {folder}: {error.strerror}") from error
    return card


def _row(question: Question) -> str:
    """As a line of a question file."""
    gold = [
        {"path": one.path}
        | ({"heading": list(one.heading)} if one.heading else {})
        | ({"quote": one.quote} if one.quote else {})
        for one in question.gold
    ]
    row: dict[str, Any] = {
        "id": question.id,
        "question": question.text,
        "answerable": question.answerable,
        "gold": gold,
    }
    if question.answer:
        row["answer"] = question.answer
    tags = [tag for tag in question.tags if tag != "generated"]
    row |= {"tags": tags} | ({"generated": True} if question.generated else {})
    return json.dumps(row, ensure_ascii=False) + "\n"
