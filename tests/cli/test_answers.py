"""`footnote answers`: what it lists, shows, deletes and exports."""

import json
import stat
import time
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from footnote.app.cli.main import app
from footnote.app.core.types import Sentence
from footnote.app.index.kept_file import KEPT_ANSWERS
from footnote.app.kept.answer_log import AnswerLog
from footnote.app.questions.question_log import QUESTION_LOG, QuestionLog

PORT = "Which port does Relay listen on?"
CUP = "Who won the football world cup in 1998?"
DAY = 86_400


@pytest.fixture
def footnote(tmp_path):
    def run(*arguments, **env):
        env = {"FOOTNOTE_INDEX_DIR": str(tmp_path / "index"), **env}
        return CliRunner().invoke(app, ["answers", *arguments], env=env)

    return run


@pytest.fixture
def answers(tmp_path, engine):
    """Three kept answers: a week old and disliked, refused, and new and liked."""
    (tmp_path / "index").mkdir()
    old = AnswerLog(tmp_path / "index", 90, lambda: time.time() - 7 * DAY)
    unproven = (Sentence("It may be.", (), "unverified", "not found: may"),)
    old.keep(replace(engine.ask(PORT), question="Old \x1b[31m?", text="Old one [1].", sentences=unproven))
    old.keep_word("Old \x1b[31m?", False, None, "No [bold]good[/bold].")
    log = AnswerLog(tmp_path / "index", 90)
    log.keep(engine.ask(CUP))
    log.keep(replace(engine.ask(PORT), asked_as="Read so"), from_cache=True)
    log.keep_word(PORT, True)
    return log


def questions(result):
    assert result.exit_code == 0, result.output
    return [one["question"] for one in json.loads(result.stdout)["answers"]]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], [PORT, CUP, "Old \x1b[31m?"]),
        (["--days", "3"], [PORT, CUP]),
        (["--since", "2020-01-01", "--disliked"], ["Old \x1b[31m?"]),
        (["--since", "2100-01-01T08:00"], []),
        (["--liked"], [PORT]),
        (["--refused"], [CUP]),
        (["--answered", "--supported"], [PORT]),
        (["--contains", "FOOTBALL"], [CUP]),
        (["--path", "configuration.md", "--mode", "extractive", "--model", "extractive"], [PORT, CUP, "Old \x1b[31m?"]),
        (["--mode", "llm"], []),
        (["--top", "1"], [PORT]),
    ],
)
def test_answers_are_listed_newest_first_as_selected(footnote, answers, options, expected):
    assert questions(footnote("list", "--json", *options)) == expected


def test_a_list_for_readers_says_what_became_of_each(footnote, answers):
    result = footnote("list", "--top", "2")
    assert result.exit_code == 0
    shown = result.stdout
    assert f"3. {PORT}\n" in shown and f"2. {CUP}\n" in shown
    assert "refused by the gate" in shown and ", from cache" in shown and "   helpful" in shown
    assert shown.endswith("1 more: raise --top.\n")
    old = footnote("list", "--disliked").stdout
    # Texts are untrusted: neither escapes nor markup.
    assert "\x1b" not in old and "not helpful: No [bold]good[/bold]." in old and "1 unverified" in old


def test_none_is_said_so_and_whether_any_would_be_kept(footnote, tmp_path):
    (tmp_path / "index").mkdir()
    off = "FOOTNOTE_KEEP_ANSWERS is off: with true, what is asked from then on is kept."
    assert footnote("list").stdout == f"No such answer is kept. {off}\n"
    assert footnote("list", FOOTNOTE_KEEP_ANSWERS="true").stdout == "No such answer is kept.\n"
    assert json.loads(footnote("list", "--json").stdout) == {"count": 0, "answers": []}


def test_one_is_shown_with_its_passages(footnote, answers):
    shown = footnote("show", "3").stdout
    (kept,) = (one for one in answers.read() if one.id == 3)
    assert shown.startswith(f"{PORT}\nread as: Read so\n")
    for number, passage in enumerate(kept.passages, 1):
        assert f"{number}. {passage.path}:{passage.start_line}-{passage.end_line}" in shown
    document = json.loads(footnote("show", "3", "--json").stdout)
    assert (document["id"], document["answer"], document["asked_as"]) == (3, kept.text, "Read so")
    assert [one["text"] for one in document["passages"]] == [one.text for one in kept.passages]
    assert document["feedback"]["helpful"] is True and document["asked"].endswith("+00:00")
    assert "unverified: It may be. (not found: may)" in footnote("show", "1").stdout


def test_one_that_is_not_there_is_an_error(footnote, answers):
    result = footnote("show", "9", "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["type"] == "urn:footnote:problem:kept-answer-unknown"


@pytest.mark.parametrize(
    ("options", "left"),
    [
        (["1", "3", "17"], [2]),
        (["--mentioning", "football"], [1, 3]),
        (["--older-than", "3"], [2, 3]),
        (["--all"], []),
    ],
)
def test_answers_are_deleted_and_leave_nothing(footnote, answers, tmp_path, options, left):
    deleted = 3 - len(left)
    assert json.loads(footnote("delete", "--json", *options).stdout)["deleted"] == deleted
    assert [kept.id for kept in answers.read()] == left
    raw = (tmp_path / "index" / KEPT_ANSWERS).read_bytes()
    assert (b"football world cup" in raw) == (2 in left)
    again = footnote("delete", *options).stdout
    assert again.startswith("0 kept answers deleted")
    assert "--mentioning" not in options or "and 0 questions or remarks of" in again


def test_what_mentions_a_text_is_gone_from_the_gaps_too(footnote, answers, tmp_path):
    log = QuestionLog(tmp_path / "index", 90)
    log.keep_feedback("Who is Jane?", False, comment="Ask JANE@example.com")
    log.keep_feedback("Who is Joe?", False)
    assert footnote("delete", "--all").exit_code == 0
    assert len(log.read()) == 2  # deleting answers that are too old closes no gap
    result = footnote("delete", "--mentioning", "jane@example.com", "--json")
    assert json.loads(result.stdout) == {"deleted": 0, "deleted_of_gaps": 1}
    assert [one.question for one in log.read()] == ["Who is Joe?"]
    assert b"JANE" not in (tmp_path / "index" / QUESTION_LOG).read_bytes()


def test_what_is_not_kept_is_told_apart_from_what_was_deleted(footnote, answers):
    result = footnote("delete", "1", "17")
    assert (result.exit_code, result.stdout) == (1, "1 kept answer deleted\n")
    assert result.stderr == "1 of 2 are not kept: see `footnote answers list`\n"
    assert footnote("delete", "9" * 26).exit_code == 2


@pytest.mark.parametrize("command", [["list"], ["show", "1"], ["delete", "--all"], ["delete", "--mentioning", "x"]])
def test_a_slip_in_the_folder_is_no_empty_log(footnote, tmp_path, command):
    result = footnote(*command, FOOTNOTE_INDEX_DIR=str(tmp_path / "other"))
    assert result.exit_code == 3
    assert "no index in" in result.stderr


@pytest.mark.parametrize("options", [[], ["1", "--all"], ["--older-than", "3", "--mentioning", "x"]])
def test_it_must_be_clear_what_is_deleted(footnote, answers, options):
    result = footnote("delete", *options)
    assert result.exit_code == 2 and "one way" in result.stderr
    assert len(list(answers.read())) == 3


def test_an_empty_text_deletes_nothing(footnote, answers):
    assert footnote("delete", "--mentioning", " ").exit_code == 2
    assert len(list(answers.read())) == 3


def test_an_export_has_a_line_for_each_and_is_private(footnote, answers, tmp_path):
    file = tmp_path / "out.jsonl"
    file.write_text("before")
    refused = footnote("export", str(file), "--answered")
    assert (refused.exit_code, file.read_text()) == (2, "before")
    assert "--force" in refused.stderr
    assert footnote("export", str(file), "--answered", "--force").stdout == f"2 answers written to {file}\n"
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [line["id"] for line in lines] == [1, 3]
    assert lines[1] == json.loads(footnote("show", "3", "--json").stdout)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    piped = footnote("export", "-", "--answered").stdout
    assert piped == file.read_text("utf-8")
    assert json.loads(footnote("export", str(file), "--json", "--force").stdout) == {"written": 3, "file": str(file)}


def test_an_export_overwrites_nothing_of_the_index(footnote, answers, tmp_path):
    before = (tmp_path / "index" / KEPT_ANSWERS).read_bytes()
    result = footnote("export", str(tmp_path / "index" / KEPT_ANSWERS), "--force")
    assert result.exit_code == 2 and "is in the index folder" in result.stderr
    assert (tmp_path / "index" / KEPT_ANSWERS).read_bytes() == before


def test_a_file_that_cannot_be_written_is_named(footnote, answers, tmp_path):
    result = footnote("export", str(tmp_path / "no" / "out.jsonl"))
    assert result.exit_code == 2 and "cannot be written" in result.stderr


@pytest.mark.parametrize(
    "options",
    [
        ["--liked", "--disliked"],
        ["--refused", "--answered"],
        ["--days", "1", "--since", "2026-01-01"],
        ["--since", "x"],
    ],
)
def test_options_that_exclude_each_other_are_refused(footnote, answers, options):
    assert footnote("list", *options).exit_code == 2


def test_a_damaged_file_is_an_error_that_names_the_fix(footnote, answers, tmp_path):
    (tmp_path / "index" / KEPT_ANSWERS).write_bytes(b"no database " * 100)
    result = footnote("list")
    assert result.exit_code == 1 and "`footnote answers delete --all` deletes it" in result.stderr
    assert footnote("delete", "--all").stdout == "0 kept answers deleted\n"
    assert footnote("list").exit_code == 0
