"""`footnote gaps --issues`."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from footnote.app.cli.main import app
from footnote.app.questions.question_log import Heading, QuestionLog


def test_gaps_are_printed_as_issues(tmp_path: Path) -> None:
    log = QuestionLog(tmp_path, 90)
    log.keep_feedback("How do I *reset* it?", False, (Heading("a.md", ("Users",)),), None, "Says <b>nothing</b>.")
    result = CliRunner().invoke(app, ["gaps", "--issues", "--index-dir", str(tmp_path)])
    assert result.exit_code == 0
    head, blank, counts, *rest = result.stdout.splitlines()
    assert (head, blank) == (r"## Docs do not answer: How do I \*reset\* it?", "")
    assert counts.startswith("Asked 1 time (1 not helpful) in 1 question, last on 20")
    assert rest == [
        "",
        "Readers said:",
        "",
        r"- Says \<b\>nothing\</b\>.",
        "",
        "Nearest places in the docs:",
        "",
        r"- a.md › Users",
    ]


@pytest.mark.parametrize("other", [["--json"], ["--clear"], ["--dismiss", "1"]])
def test_issues_are_no_other_mode(tmp_path: Path, other: list[str]) -> None:
    result = CliRunner().invoke(app, ["gaps", "--issues", *other, "--index-dir", str(tmp_path)])
    assert result.exit_code == 2
    if "--json" in other:
        assert json.loads(result.stdout)["type"] == "urn:footnote:problem:settings"
