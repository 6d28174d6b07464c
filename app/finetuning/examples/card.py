"""card: what a set of examples is made of, for programs and for people; without a date, so one seed gives one card."""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from footnote.app.core.files import sha256_of
from footnote.app.core.version import VERSION
from footnote.app.finetuning.examples.make import ExampleSet, counts_of
from footnote.app.finetuning.examples.prompts import Made
from footnote.app.index.manifest import Manifest

_LICENCE = re.compile(r"(?:licen[sc]es?|copying|notice|copyright)(?:[-.].*)?", re.I)
_MAX_ORIGINS = 20


@dataclass(frozen=True, slots=True)
class Origin:
    """What the examples were made from, and how.

    Attributes:
        docs_dir: where licences are looked for.
        settings: by name, as they were given.
        inputs: the files that were read.
        drafted_by: what drafted questions; None where nothing did.
        style: how many examples of the user's own were mixed in.
    """

    manifest: Manifest
    docs_dir: Path
    settings: Mapping[str, Any]
    inputs: Sequence[Path]
    drafted_by: str | None
    style: int


def card_of(made: ExampleSet, origin: Origin, files: Mapping[str, str], held_out_questions: int) -> dict[str, Any]:
    """The card; `files` are the sha256 of what was written, by name."""
    manifest = origin.manifest
    return {
        "footnote": VERSION,
        "settings": dict(origin.settings),
        "index": {
            "generation": manifest.generation,
            "created_at": manifest.created_at,
            "docs": Path(manifest.docs_dir).name,
            "files": manifest.files,
            "chunks": manifest.chunks,
            "embedder": manifest.embedder.name,
        },
        "train": {**_counts(made.train), "own examples": origin.style},
        "held_out": {**_counts(made.held_out), "questions": held_out_questions},
        "left_out": dict(sorted(made.left_out.items())),
        "drafted_by": origin.drafted_by,
        "held_out_pages": sorted(made.split.held_out),
        "never_train_pages": sorted(made.split.never),
        "personal_data": {
            kind: {"found": found.total(), "in": dict(sorted(found.items())[:_MAX_ORIGINS])}
            for kind, found in sorted(made.personal_data.items())
        },
        "licences": licences(origin.docs_dir),
        "inputs": [{"file": file.name, "sha256": sha256_of(file)} for file in origin.inputs],
        "files": dict(sorted(files.items())),
    }


def _counts(made: Sequence[Made]) -> dict[str, Any]:
    refusals = [one for one in made if one.is_refusal]
    return {
        "examples": len(made),
        "refusals": len(refusals),
        "refusals whose answer was taken away": sum(bool(one.case.oracle) for one in refusals),
        "by source": counts_of(made, "source"),
        "by what wrote the reply": counts_of(made, "written_by"),
        "pages": len({page for one in made for page in one.pages}),
        "longest, in characters": max(
            (sum(len(part.content) for part in one.example.messages) for one in made), default=0
        ),
    }


def licences(docs_dir: Path) -> list[dict[str, str]]:
    """The files in the docs folder that say under which licence it is, each with its first line."""
    found = []
    for folder, folders, names in os.walk(docs_dir):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if _LICENCE.fullmatch(name):
                file = Path(folder) / name
                text = file.read_text("utf-8", errors="replace")
                first = next((line.strip() for line in text.splitlines() if line.strip()), "")
                found.append(
                    {"file": file.relative_to(docs_dir).as_posix(), "begins": first[:100], "sha256": sha256_of(file)}
                )
    return found


def card_markdown(card: Mapping[str, Any]) -> str:
    """The card for people."""
    train, held_out, index = card["train"], card["held_out"], card["index"]
    lines = ["# Training examples", ""]
    lines.append(
        f"Made by Footnote {card['footnote']} from generation {index['generation']} of `{index['docs']}` "
        f"({index['files']} files, {index['chunks']} passages, ingested {index['created_at']})."
    )
    lines += ["", "| | train | held out |", "|---|---:|---:|"]
    for name in ("examples", "refusals", "refusals whose answer was taken away", "pages", "longest, in characters"):
        lines.append(f"| {name} | {train[name]:,} | {held_out[name]:,} |")
    for group in ("by source", "by what wrote the reply"):
        for name in sorted({*train[group], *held_out[group]}):
            lines.append(f"| {group}: {name} | {train[group].get(name, 0):,} | {held_out[group].get(name, 0):,} |")
    lines.append(f"| examples of your own | {train['own examples']:,} | 0 |")
    lines += ["", f"`heldout-questions.jsonl` has {held_out['questions']:,} labelled questions of the held-out side."]
    if card["drafted_by"]:
        lines.append(f"Questions were drafted by {card['drafted_by']}.")
    lines += ["", "## Left out", ""]
    lines += [f"- {count:,} × {reason}" for reason, count in card["left_out"].items()] or ["Nothing."]
    lines += ["", "## Split", ""]
    lines.append(
        f"By page: {len(card['held_out_pages'])} pages are held out, and no training example has a passage of them; "
        f"{len(card['never_train_pages'])} pages of test questions are in no example."
    )
    lines += [f"- {page}" for page in card["held_out_pages"]]
    lines += ["", "## What looks like personal data", ""]
    for kind, found in card["personal_data"].items():
        lines.append(f"- {kind}: {found['found']:,}, in {', '.join(found['in'])}")
    if not card["personal_data"]:
        lines.append("Nothing was found. Patterns find addresses, numbers and keys, and no names.")
    lines += ["", "## Licences", ""]
    for one in card["licences"]:
        lines.append(f"- `{one['file']}`: {one['begins']}")
    if not card["licences"]:
        lines.append(
            "The docs folder has no licence file: find out what may be done with its text before you share a model."
        )
    lines += ["", "## Settings", ""]
    lines += [f"- {name}: {value}" for name, value in card["settings"].items()]
    lines += ["", "## Hashes (sha256)", ""]
    lines += [f"- `{name}`: {digest}" for name, digest in card["files"].items()]
    lines += [f"- read: `{one['file']}`: {one['sha256']}" for one in card["inputs"]]
    return "\n".join(lines) + "\n"
