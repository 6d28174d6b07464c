"""The file of unanswered questions: what is kept of a refusal, how long, and that it never gets in the way."""

import json
import logging
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from footnote.app.core.errors import QuestionLogError
from footnote.app.core.settings import load_settings
from footnote.app.questions.question_log import (
    MOST_ROWS,
    QUESTION_LOG,
    Heading,
    KeptQuestion,
    QuestionLog,
    make_question_log,
)
from footnote.ingest.flow import ingest
from tests.clock import NOW, Clock

ROOT = Path(__file__).parents[2]
CUP = "Who won the football world cup in 1998?"
DAY = 86_400
WRITER = """
import sys
from pathlib import Path
from footnote.app.questions.question_log import QuestionLog
log = QuestionLog(Path(sys.argv[1]), 90)
for number in range(40):
    log.keep_feedback(f"question {sys.argv[2]} {number}", helpful=False)
"""


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def questions(tmp_path, clock):
    return QuestionLog(tmp_path, 90, clock)


@pytest.fixture(scope="module")
def refusal(engine):
    answer = engine.ask(CUP)
    assert answer.refused
    return answer


def keep(questions, *asked):
    for question in asked:
        questions.keep_feedback(question, helpful=False)


def asked(questions, **since):
    return [kept.question for kept in questions.read(**since)]


def warnings(caplog):
    return [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]


def test_a_refusal_is_kept_with_reason_place_and_model(questions, refusal):
    questions.keep_refusal(refusal)
    nearest = tuple(Heading(section.path, section.heading_path) for section in refusal.nearest)
    assert len(nearest) == 4
    assert questions.read() == [
        KeptQuestion(NOW, "refused", CUP, "gate", refusal.refusal_reason, 1, "extractive", "extractive", nearest)
    ]


def test_an_answer_is_not_kept(questions, engine, tmp_path):
    questions.keep_refusal(engine.ask("Which port does Relay listen on?"))
    assert list(tmp_path.iterdir()) == []


def test_what_a_reader_says_is_kept(questions):
    place = Heading("a.md", ("A", "B"))
    questions.keep_feedback("Why?", False, (place, place, Heading("b.md", ())), "Because.", "No.")
    questions.keep_feedback("How?", True, tuple(Heading(f"{number}.md", ()) for number in range(9)))
    assert questions.read() == [
        KeptQuestion(NOW, "unhelpful", "Why?", nearest=(place, Heading("b.md", ())), answer="Because.", comment="No."),
        KeptQuestion(NOW, "helpful", "How?", nearest=tuple(Heading(f"{number}.md", ()) for number in range(4))),
    ]


@pytest.mark.parametrize(
    "text", ["a\x00b", "\x1b[31mred\x07", "tab\tline\nend\r", "ünï 🎉", "'; DROP TABLE questions; --"]
)
def test_any_text_comes_back_as_it_was(questions, text):
    questions.keep_feedback(text, False, (Heading(text, (text,)),), text, text)
    (kept,) = questions.read()
    assert (kept.question, kept.answer, kept.comment, kept.nearest) == (text, text, text, (Heading(text, (text,)),))


def test_half_characters_are_replaced(questions):
    questions.keep_feedback("a\ud800b", False, (Heading("\udcff.md", ()),))
    (kept,) = questions.read()
    assert (kept.question, kept.nearest) == ("a?b", (Heading("\udcff.md", ()),))


def test_only_the_owner_can_read_the_file(questions, tmp_path):
    before = os.umask(0)
    try:
        keep(questions, "one")
    finally:
        os.umask(before)
    assert [(file.name, file.stat().st_mode & 0o777) for file in tmp_path.iterdir()] == [(QUESTION_LOG, 0o600)]


def test_several_processes_write_at_once(questions, tmp_path):
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, tmp_path, str(name)], env=env) for name in range(3)]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    everything = {f"question {name} {number}" for name in range(3) for number in range(40)}
    # By the time of now, and not of the fixture's clock, which would hide them.
    kept = asked(QuestionLog(tmp_path, 90))
    assert (len(kept), set(kept)) == (120, everything)


def test_a_file_that_is_deleted_meanwhile_is_begun_anew(questions, tmp_path):
    keep(questions, "one")
    (tmp_path / QUESTION_LOG).unlink()
    keep(questions, "two")
    assert asked(questions) == ["two"]


VERSION_1 = """
CREATE TABLE questions (
    id INTEGER PRIMARY KEY, asked_s INTEGER, kind TEXT, question TEXT, refused_by TEXT, reason TEXT,
    generation INTEGER, mode TEXT, model TEXT, nearest TEXT, answer TEXT, comment TEXT
);
CREATE INDEX asked ON questions (asked_s);
INSERT INTO questions (asked_s, kind, question, nearest) VALUES (1800000000, 'unhelpful', 'old', '[]');
PRAGMA user_version = 1;
"""


@pytest.fixture
def old_file(tmp_path):
    """A log as the version before wrote it."""
    with closing(sqlite3.connect(tmp_path / QUESTION_LOG)) as connection:
        connection.executescript(VERSION_1)
    return tmp_path / QUESTION_LOG


def version_of(file):
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]


def test_what_is_dismissed_is_read_no_more_until_it_is_asked_again(questions):
    keep(questions, "one", "one", "two", "ONE")
    assert questions.dismiss(["one", "three"]) == 2
    assert asked(questions) == ["two", "ONE"]
    assert questions.dismiss(["one"]) == 0
    keep(questions, "one")
    assert asked(questions) == ["two", "ONE", "one"]
    assert questions.dismiss(["one"]) == 1
    assert questions.clear() == 5


def test_dismissed_questions_are_deleted_when_they_are_too_old(questions, clock, tmp_path):
    keep(questions, "one")
    questions.dismiss(["one"])
    clock.now_s += 91 * DAY
    keep(questions, "two")
    with closing(sqlite3.connect(tmp_path / QUESTION_LOG)) as connection:
        assert connection.execute("SELECT question FROM questions").fetchall() == [("two",)]


def test_where_there_is_no_log_nothing_is_dismissed(questions, tmp_path):
    assert questions.dismiss(["one"]) == 0
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_the_version_before_is_read_as_it_is(questions, old_file):
    before = old_file.read_bytes()
    assert asked(questions) == ["old"]
    assert old_file.read_bytes() == before


@pytest.mark.parametrize("write", [lambda log: keep(log, "new"), lambda log: log.dismiss(["absent"])])
def test_a_file_of_the_version_before_is_upgraded_by_the_first_write(questions, old_file, write):
    write(questions)
    assert version_of(old_file) == 2
    assert asked(questions)[0] == "old"
    assert questions.dismiss(["old"]) == 1
    assert "old" not in asked(questions)


def test_a_file_of_the_version_before_can_be_cleared(questions, old_file):
    assert questions.clear() == 1
    assert asked(questions) == []


def test_a_file_that_was_made_and_not_written_is_empty(questions, tmp_path):
    (tmp_path / QUESTION_LOG).touch()
    assert (questions.read(), questions.clear()) == ([], 0)
    keep(questions, "one")
    assert asked(questions) == ["one"]


def block_with_a_folder(file):
    file.mkdir()


def block_with_garbage(file):
    file.write_bytes(b"garbage" * 1000)


def block_with_another_version(file):
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 9")


def block_with_a_damaged_page(file):
    log = QuestionLog(file.parent, 90)
    for number in range(20):
        keep(log, f"question {number} " + "x" * 1000)
    content = file.read_bytes()
    file.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))


BLOCKS = [block_with_a_folder, block_with_garbage, block_with_another_version, block_with_a_damaged_page]


@pytest.mark.parametrize("block", BLOCKS)
def test_a_file_that_cannot_be_written_is_one_warning(questions, refusal, tmp_path, caplog, block):
    block(tmp_path / QUESTION_LOG)
    for _ in range(3):
        questions.keep_refusal(refusal)
    (warning,) = warnings(caplog)
    assert warning.startswith(f"a refused question is not kept: {tmp_path / QUESTION_LOG} ")
    assert CUP not in warning


def test_a_missing_folder_is_one_warning_and_is_not_made(tmp_path, refusal, caplog):
    QuestionLog(tmp_path / "absent", 90).keep_refusal(refusal)
    assert len(warnings(caplog)) == 1
    assert not (tmp_path / "absent").exists()


def test_a_file_that_others_hold_is_one_warning(questions, refusal, tmp_path, caplog, monkeypatch):
    keep(questions, "one")
    monkeypatch.setattr("footnote.app.core.sqlite_file.BUSY_S", 0.01)
    with closing(sqlite3.connect(tmp_path / QUESTION_LOG, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        questions.keep_refusal(refusal)
    (warning,) = warnings(caplog)
    assert "locked" in warning
    assert asked(questions) == ["one"]


def test_it_warns_again_after_it_worked_in_between(questions, refusal, tmp_path, caplog):
    file = tmp_path / QUESTION_LOG
    for _ in range(2):
        block_with_a_folder(file)
        questions.keep_refusal(refusal)
        file.rmdir()
        questions.keep_refusal(refusal)
        file.unlink()
    assert len(warnings(caplog)) == 2


def test_a_full_disk_is_one_warning_and_what_was_kept_stays(questions, tmp_path, clock):
    keep(questions, "one")
    code = """
import resource, sys
from pathlib import Path
from footnote.app.core.errors import QuestionLogError
from footnote.app.questions.question_log import QuestionLog
log = QuestionLog(Path(sys.argv[1]), 90, lambda: 1_800_000_000)
log.keep_feedback("two", helpful=False)
size = (Path(sys.argv[1]) / "questions.sqlite3").stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
try:
    log.keep_feedback("x" * 50_000, helpful=False)
except QuestionLogError as error:
    print(error)
"""
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-c", code, tmp_path], env=env, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert "check space and permissions of the index folder" in done.stdout
    assert asked(questions) == ["one", "two"]


@pytest.mark.parametrize("block", BLOCKS)
def test_feedback_that_cannot_be_kept_is_an_error(questions, tmp_path, block):
    block(tmp_path / QUESTION_LOG)
    with pytest.raises(QuestionLogError, match=QUESTION_LOG):
        keep(questions, "one")


def test_old_questions_are_deleted_at_the_next_one(questions, clock, tmp_path):
    keep(questions, "the oldest one")
    clock.now_s += 1
    keep(questions, "the second one")
    clock.now_s = NOW + 90 * DAY + 1
    keep(questions, "the newest one")
    assert asked(questions) == ["the second one", "the newest one"]
    content = (tmp_path / QUESTION_LOG).read_bytes()
    assert (b"the oldest one" in content, b"the second one" in content) == (False, True)


def test_old_questions_are_not_read_though_none_was_kept_since(questions, clock):
    keep(questions, "one")
    clock.now_s += 90 * DAY
    assert asked(questions) == ["one"]
    clock.now_s += 1
    assert asked(questions) == []


def test_reading_goes_back_as_far_as_it_is_told(questions, clock):
    keep(questions, "one")
    clock.now_s += 10
    keep(questions, "two")
    assert asked(questions, since_s=NOW + 10) == ["two"]
    assert asked(questions, since_s=NOW) == ["one", "two"]


def test_the_oldest_go_where_there_are_too_many(questions, tmp_path):
    keep(questions, "one", "two", "three")
    with closing(sqlite3.connect(tmp_path / QUESTION_LOG)) as connection, connection:
        connection.execute("UPDATE questions SET id = ? WHERE question = 'three'", [MOST_ROWS])
    keep(questions, "four")
    assert asked(questions) == ["two", "three", "four"]
    keep(questions, "five")
    assert asked(questions) == ["three", "four", "five"]


def test_ingests_leave_it_alone(tmp_path, write_docs, embedder):
    docs = write_docs(tmp_path / "docs", {"a.md": "# A\n\nOne.\n"})
    settings = load_settings(env_file=None, docs_dir=docs, index_dir=tmp_path / "index")
    ingest(settings, lambda *_: None, embedder)
    questions = make_question_log(settings.folders.index_dir, settings.questions)
    keep(questions, "one")
    for number, how in enumerate([{}, {"rebuild": True}, {"purge": True}, {}, {}]):
        write_docs(docs, {"a.md": f"# A\n\nText {number}.\n"})
        assert ingest(settings, lambda *_: None, embedder, **how).published
        assert asked(questions) == ["one"]


def test_clear_deletes_all_of_it_from_the_disk(questions, tmp_path):
    keep(questions, *(f"a private question {number}" for number in range(60)))
    assert questions.clear() == 60
    assert questions.read() == []
    assert all(b"private" not in file.read_bytes() for file in tmp_path.iterdir())
    keep(questions, "another one")
    assert asked(questions) == ["another one"]


def test_clear_where_there_is_none_makes_none(questions, tmp_path):
    assert (questions.clear(), questions.read()) == (0, [])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("block", [block_with_garbage, block_with_a_damaged_page])
def test_a_damaged_file_is_said_to_be_and_clear_removes_it(questions, tmp_path, block):
    block(tmp_path / QUESTION_LOG)
    with pytest.raises(QuestionLogError, match="`footnote gaps --clear` deletes it"):
        questions.read()
    questions.clear()
    assert list(tmp_path.iterdir()) == []
    keep(questions, "one")
    assert asked(questions) == ["one"]


def test_damaged_headings_are_said_to_be(questions, tmp_path):
    keep(questions, "one")
    with closing(sqlite3.connect(tmp_path / QUESTION_LOG)) as connection, connection:
        connection.execute("UPDATE questions SET nearest = '[['")
    with pytest.raises(QuestionLogError, match="is damaged"):
        questions.read()


def test_another_versions_file_is_left_alone(questions, tmp_path):
    file = tmp_path / QUESTION_LOG
    block_with_another_version(file)
    before = file.read_bytes()
    for use in (questions.read, questions.clear):
        with pytest.raises(QuestionLogError, match="of another version"):
            use()
    assert file.read_bytes() == before


def test_the_settings_say_whether_and_how_long(tmp_path, clock):
    assert make_question_log(tmp_path, load_settings(env_file=None, keep_questions=False).questions) is None
    settings = load_settings(env_file=None, index_dir=tmp_path, keep_questions_days=1)
    keep(QuestionLog(tmp_path, 90, lambda: 0), "long ago")
    keep(make_question_log(settings.folders.index_dir, settings.questions), "one")
    with closing(sqlite3.connect(tmp_path / QUESTION_LOG)) as connection:
        assert connection.execute("SELECT question FROM questions").fetchall() == [("one",)]


def test_the_headings_are_json(questions, tmp_path):
    # The shape on the disk: what a later version has to read.
    questions.keep_feedback("one", False, (Heading("a.md", ("A", "B")), Heading("b.md", ())))
    with closing(sqlite3.connect(tmp_path / QUESTION_LOG)) as connection:
        (nearest,) = connection.execute("SELECT nearest FROM questions").fetchone()
    assert json.loads(nearest) == [["a.md", "A", "B"], ["b.md"]]
