"""Questions about the corpus, and the command line on its index."""

import json

import pytest
from typer.testing import CliRunner

from footnote.app.cli.main import app

PORT = "Which port does Relay listen on?"
PORT_QUOTE = "`RELAY_PORT` is the port that Relay listens on. The default is 7070."
ROWS = (
    {
        "id": "port",
        "question": PORT,
        "answerable": True,
        "gold": [{"path": "configuration.md", "heading": "Network", "quote": PORT_QUOTE}],
        "answer": "7070",
        "kind": "lookup",
    },
    {
        "id": "restore",
        "question": "How do I restore a backup?",
        "answerable": True,
        "gold": [{"path": "guides/backups.md", "heading": "Restore a backup"}],
        "tags": ["how-to"],
    },
    {"id": "football", "question": "Who won the football world cup in 1998?", "answerable": False, "kind": "foreign"},
)


@pytest.fixture
def write_rows(tmp_path):
    """Writes rows into a question file and returns its path."""

    def write(*rows, name="questions.jsonl"):
        file = tmp_path / name
        file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
        return file

    return write


@pytest.fixture
def footnote_eval(guide_index):
    """Runs `footnote eval` on the corpus' index, without a reranker unless told otherwise."""

    def run(*arguments, index_dir=guide_index.index_dir, **env):
        env = {"FOOTNOTE_INDEX_DIR": str(index_dir), "FOOTNOTE_RERANKER": "none", "COLUMNS": "200", **env}
        return CliRunner().invoke(app, ["eval", *map(str, arguments)], env=env)

    return run
