"""The file of kept answers: what is kept, how long, what a reader's word finds, and that it never gets in the way."""

import logging
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from footnote.app.core.errors import AnswerLogError
from footnote.app.core.settings import load_settings
from footnote.app.core.types import Sentence
from footnote.app.index.kept_file import KEPT_ANSWERS
from footnote.app.kept import answer_log
from footnote.app.kept.answer_log import AnswerLog, make_answer_log
from footnote.app.kept.rows import Feedback, Selection
from tests.clock import NOW
from tests.kept.asked import CUP, DAY, PORT

ROOT = Path(__file__).parents[2]
WRITER = """
import pickle, sys
from dataclasses import replace
from pathlib import Path
from footnote.app.kept.answer_log import AnswerLog
log = AnswerLog(Path(sys.argv[1]), 90)
answer = pickle.loads(Path(sys.argv[3]).read_bytes())
for number in range(40):
    log.keep(replace(answer, question=f"question {sys.argv[2]} {number}"))
    log.keep_word(f"question {sys.argv[2]} {number}", number % 2 == 0)
"""


def asked(answers, selection=answer_log.EVERY):
    return [kept.question for kept in answers.read(selection)]


def warnings(caplog):
    return [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]


def files_of(folder):
    return b"".join(file.read_bytes() for file in folder.iterdir())


def test_an_answer_is_kept_with_all_that_it_was_written_from(answers, quoted):
    answers.keep(replace(quoted, asked_as="As read"), "compact", from_cache=True)
    (kept,) = answers.read()
    assert (kept.id, kept.asked_s, kept.question, kept.asked_as) == (1, NOW, PORT, "As read")
    assert (kept.text, kept.mode, kept.model, kept.generation) == (quoted.text, "extractive", "extractive", 1)
    assert (kept.prompt, kept.from_cache, kept.arm, kept.feedback) == ("compact", True, None, None)
    assert (kept.refused, kept.refused_by, kept.total_ms) == (False, None, quoted.timings.total)
    assert kept.sentences == quoted.sentences and kept.premises == () and kept.tokens is None
    chunks = [hit.chunk for hit in quoted.hits]
    assert [(one.path, one.heading_path, one.text) for one in kept.passages] == [
        (one.path, one.heading_path, one.text) for one in chunks
    ]
    assert [(one.start, one.end, one.start_line, one.sha256) for one in kept.passages] == [
        (one.start, one.end, one.start_line, one.sha256) for one in chunks
    ]
    assert [(one.number, one.path, one.quote) for one in kept.citations] == [
        (one.number, one.path, one.quote) for one in quoted.citations
    ]


def test_a_refusal_is_kept_as_well(answers, refusal):
    answers.keep(refusal)
    (kept,) = answers.read()
    assert (kept.refused, kept.refused_by, kept.refusal_reason) == (True, "gate", refusal.refusal_reason)
    assert len(kept.passages) == 4


@pytest.mark.parametrize(
    "text", ["a\x00b", "\x1b[31mred\x07", "tab\tline\nend\r", "ünï 🎉", "'; DROP TABLE answers; --"]
)
def test_any_text_comes_back_as_it_was(answers, asking, text):
    answers.keep(asking(text, text=text, dropped=(Sentence(text, (), "unsupported", text),), notice=text))
    assert answers.keep_word(text, True, None, text)
    (kept,) = answers.read()
    assert (kept.question, kept.text, kept.notice, kept.feedback.comment) == (text, text, text, text)
    assert kept.dropped == (Sentence(text, (), "unsupported", text),)


def test_half_characters_are_replaced(answers, asking, quoted):
    hit = replace(quoted.hits[0], chunk=replace(quoted.hits[0].chunk, path="\udcff.md"))
    answers.keep(asking("a\ud800b", text="c\udfffd", hits=(hit,)))
    answers.keep_word("a?b", False, None, "\ud800")
    (kept,) = answers.read()
    assert (kept.question, kept.text, kept.passages[0].path) == ("a?b", "c?d", "?.md")
    assert kept.feedback == Feedback(False, "?", NOW)


def test_only_the_owner_can_read_the_file(answers, quoted, tmp_path):
    before = os.umask(0)
    try:
        answers.keep(quoted)
    finally:
        os.umask(before)
    assert [(file.name, file.stat().st_mode & 0o777) for file in tmp_path.iterdir()] == [(KEPT_ANSWERS, 0o600)]


def test_several_processes_write_at_once(quoted, tmp_path_factory, tmp_path):
    import pickle

    pickled = tmp_path_factory.mktemp("answer") / "answer"
    pickled.write_bytes(pickle.dumps(quoted))
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-c", WRITER, tmp_path]
    writers = [subprocess.Popen([*command, str(name), pickled], env=env) for name in range(2)]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    kept = list(AnswerLog(tmp_path, 90).read())
    assert {one.question for one in kept} == {f"question {name} {number}" for name in range(2) for number in range(40)}
    assert len(kept) == 80
    assert all(one.feedback.helpful == (int(one.question.split()[-1]) % 2 == 0) for one in kept)


def test_nothing_is_read_where_there_is_no_file(answers, tmp_path):
    assert (list(answers.read()), answers.get(1), answers.delete([1]), answers.clear()) == ([], None, 0, 0)
    assert not answers.keep_word(PORT, True)
    assert list(tmp_path.iterdir()) == []


def test_more_rows_than_are_read_at_once_come_in_order_both_ways(answers, asking, monkeypatch):
    monkeypatch.setattr(answer_log, "_BATCH", 3)
    for number in range(8):
        answers.keep(asking(str(number)))
    assert asked(answers) == list("01234567")
    assert [kept.question for kept in answers.read(newest_first=True)] == list("76543210")
    assert answers.get(8).question == "7" and answers.get(9) is None and answers.get(0) is None


def test_an_answer_is_deleted_when_it_is_too_old(answers, asking, clock, tmp_path):
    answers.keep(asking("old and secret"))
    clock.now_s += 90 * DAY
    assert asked(answers) == ["old and secret"]
    clock.now_s += 1
    # Not read from then on, and gone from the file with the next one that is kept.
    assert asked(answers) == [] and answers.get(1) is None and not answers.keep_word("old and secret", True)
    assert b"old and secret" in files_of(tmp_path)
    answers.keep(asking("new"))
    assert asked(answers) == ["new"]
    assert b"old and secret" not in files_of(tmp_path)


def test_only_the_newest_are_kept(answers, asking, monkeypatch):
    monkeypatch.setattr(answer_log, "MOST_ROWS", 3)
    for number in range(5):
        answers.keep(asking(str(number)))
    assert [(kept.id, kept.question) for kept in answers.read()] == [(3, "2"), (4, "3"), (5, "4")]


def test_the_last_word_on_the_newest_answer_with_this_text_counts(answers, asking, clock):
    answers.keep(asking("Why?", text="Because [1]."))
    answers.keep(asking("Why?", text="Because [1]."))
    answers.keep(asking("Why?", text="Otherwise [1]."))
    assert answers.keep_word("Why?", True, "Because  [1].\n", "yes")
    clock.now_s += 5
    assert answers.keep_word("Why?", False, "Because [1].", None)
    assert [kept.feedback for kept in answers.read()] == [None, Feedback(False, None, NOW + 5), None]
    assert not answers.keep_word("Why?", True, "Because")
    assert not answers.keep_word("How?", True, "Because [1].")
    # Two texts were given: without one it is not clear which is meant.
    assert not answers.keep_word("Why?", True)


def test_a_word_without_a_text_finds_the_only_one_and_a_follow_up_by_what_it_was_read_as(answers, asking):
    answers.keep(asking("And on Linux?", asked_as="How do I install it on Linux?"))
    assert answers.keep_word("And on Linux?", True)
    assert answers.keep_word("How do I install it on Linux?", False)
    (kept,) = answers.read()
    assert kept.feedback == Feedback(False, None, NOW)


def test_a_word_finds_a_long_answer_by_its_beginning_and_markup_as_it_was_shown(answers, asking):
    long = "word " * 900
    answers.keep(asking("Long?", text=long))
    answers.keep(asking("Markup?", text="Use <b>it</b> [1]."))
    assert answers.keep_word("Long?", True, long[:4000])
    assert not answers.keep_word("Long?", True, long[:100])
    assert answers.keep_word("Markup?", True, "Use &lt;b>it&lt;/b> [1].")


def test_what_is_deleted_leaves_nothing_in_the_file(answers, asking, quoted, tmp_path):
    passage = quoted.hits[0].chunk.text[:40]
    answers.keep(asking("first secret"))
    answers.keep(asking("second", text="second secret", hits=()))
    answers.keep_word("second", True, None, "third secret")
    assert answers.delete([1, 99]) == 1
    assert asked(answers) == ["second"]
    assert b"first secret" not in files_of(tmp_path) and passage.encode() not in files_of(tmp_path)
    assert answers.clear() == 1
    assert b"secret" not in files_of(tmp_path)
    # Ids are not given again: whoever deletes by one deletes nobody else's.
    answers.keep(quoted)
    assert [kept.id for kept in answers.read()] == [3]


def test_old_ones_are_deleted(answers, asking, clock):
    answers.keep(asking("one"))
    clock.now_s += DAY
    answers.keep(asking("two"))
    assert answers.delete_before(NOW + 1) == 1
    assert asked(answers) == ["two"]


def test_a_log_that_cannot_be_written_warns_once_and_fails_nothing(tmp_path, quoted, caplog):
    answers = AnswerLog(tmp_path / "missing", 90)
    answers.keep(quoted)
    answers.keep(quoted)
    assert [message.partition(": ")[0] for message in warnings(caplog)] == ["an answer is not kept"]
    assert "check space and permissions" in warnings(caplog)[0]


def test_a_damaged_file_is_named_with_what_mends_it(answers, quoted, tmp_path, caplog):
    (tmp_path / KEPT_ANSWERS).write_bytes(b"no database " * 1000)
    answers.keep(quoted)
    assert "`footnote answers delete --all` deletes it" in warnings(caplog)[0]
    with pytest.raises(AnswerLogError, match="is damaged") as raised:
        list(answers.read())
    assert raised.value.damaged
    assert answers.clear() == 0
    answers.keep(quoted)
    assert asked(answers) == [PORT]


def test_a_row_that_cannot_be_read_is_damage_as_well(answers, quoted, tmp_path):
    answers.keep(quoted)
    with closing(sqlite3.connect(tmp_path / KEPT_ANSWERS)) as connection:
        connection.execute("UPDATE answers SET passages = '[{}]'")
        connection.commit()
    with pytest.raises(AnswerLogError, match="is damaged"):
        list(answers.read())


def test_a_file_of_another_version_is_left_alone(answers, quoted, tmp_path, caplog):
    with closing(sqlite3.connect(tmp_path / KEPT_ANSWERS)) as connection:
        connection.execute("PRAGMA user_version = 99")
    answers.keep(quoted)
    assert "of another version of Footnote: move it away" in warnings(caplog)[0]


def test_a_selection_narrows(answers, asking, refusal, clock):
    answers.keep(asking("liked", model="openai:gpt-4o", mode="llm"))
    answers.keep_word("liked", True, None, "Fine.")
    answers.keep(asking("disliked", sentences=(Sentence("x", (), "unverified", "y"),)))
    answers.keep_word("disliked", False)
    clock.now_s += 10
    answers.keep(refusal)
    assert asked(answers, Selection(liked=True)) == ["liked"]
    assert asked(answers, Selection(liked=False)) == ["disliked"]
    assert asked(answers, Selection(refused=True)) == [CUP]
    assert asked(answers, Selection(refused=False)) == ["liked", "disliked"]
    assert asked(answers, Selection(supported=True)) == ["liked"]
    assert asked(answers, Selection(since_s=NOW + 10)) == [CUP]
    assert asked(answers, Selection(mode="llm")) == asked(answers, Selection(model="openai:gpt-4o")) == ["liked"]
    assert asked(answers, Selection(contains="FINE")) == ["liked"]
    assert asked(answers, Selection(contains="7070", liked=False)) == ["disliked"]
    assert asked(answers, Selection(path="nowhere.md")) == [] == asked(answers, Selection(arm="A"))
    assert asked(answers, Selection(path="configuration.md", refused=False)) == ["liked", "disliked"]


def test_nothing_is_kept_unless_the_settings_ask_for_it(tmp_path):
    default = load_settings(env_file=None).kept_answers
    assert (default.keep, default.days) == (False, 90)
    assert make_answer_log(tmp_path, default) is None
    on = load_settings(env_file=None, keep_answers=True, keep_answers_days=1).kept_answers
    assert make_answer_log(tmp_path, on) is not None
