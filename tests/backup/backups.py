"""What the tests of backups share: what was asked, and what an index folder holds."""

import hashlib
import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.serving import ROOT

PORT = "Which port does Relay listen on?"
CUP = "Who won the football world cup in 1998?"
LOGS = ("questions.sqlite3", "answers.sqlite3", "kept_answers.sqlite3", "usage.sqlite3")
KEYS = "keys.sqlite3"


def quiet(stage: str, done: int, total: int) -> None:
    """Progress that nobody sees."""


def rows(file: Path) -> list[object]:
    """Everything a database holds."""
    with closing(sqlite3.connect(file)) as connection:
        return list(connection.iterdump())


def contents(index_dir: Path) -> dict[str, object]:
    """Everything an index folder holds, by path: rows of databases, hashes of all other files."""
    found: dict[str, object] = {}
    for file in sorted(index_dir.rglob("*")):
        path = file.relative_to(index_dir).as_posix()
        if file.is_file() and not file.name.endswith("lock"):
            database = file.suffix == ".sqlite3"
            found[path] = rows(file) if database else hashlib.sha256(file.read_bytes()).hexdigest()
    return found


def backed_up(index_dir: Path) -> dict[str, object]:
    """The same, of what a backup holds; Chroma's database counts who opened it, and is not compared."""
    found = contents(index_dir)
    generation = f"generations/{(index_dir / 'CURRENT').read_text().strip()}/"
    others = (*LOGS, KEYS, "evaluation.json", "tuning.json")
    named = {path.replace(generation, "live/"): value for path, value in found.items()}
    return {
        path: value
        for path, value in named.items()
        if path in others or (path.startswith("live/") and not path.endswith(("chroma.sqlite3", "lease")))
    }


def footnote(*arguments: object, timeout_s: float = 60, **settings: str) -> "subprocess.CompletedProcess[str]":
    """The command, run to its end."""
    command = [sys.executable, "-m", "footnote.app", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, timeout=timeout_s, env=os.environ | settings, check=False
    )


def answer(index_dir: Path, question: str = PORT) -> str:
    """What `footnote ask --json` prints, without how long each stage took."""
    asked = footnote("ask", question, "--json", "--index-dir", index_dir, FOOTNOTE_KEEP_USAGE="false")
    assert asked.returncode == 0, asked.stderr
    assert json.loads(asked.stdout)["citations"]
    return re.sub(r'"timings_ms":\{[^}]*\}', "", asked.stdout)
