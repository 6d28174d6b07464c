"""Sums of a synthetic week: counted by several processes, reported, purged; and what goes wrong with their file."""

import json
import pickle
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from footnote.app.cli.main import app
from footnote.app.core.errors import UsageLogError
from footnote.app.core.types import TokenUse
from footnote.app.index.usage_file import USAGE_FILE, purge_usage
from footnote.app.usage.report import usage_of
from footnote.app.usage.sums import Spent, percentile_ms, step_of
from footnote.app.usage.usage_log import UsageLog
from tests.serving import until

DAY_S = 86_400
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC).timestamp()


@pytest.fixture(scope="module")
def answered(engine):
    return engine.ask("Which port does Relay listen on?")


@pytest.fixture(scope="module")
def refused(engine):
    return engine.ask("Who won the football world cup in 1954?")


@pytest.fixture
def clock():
    now = [MONDAY]

    def read():
        return now[0]

    read.now = now
    return read


@pytest.fixture
def log(tmp_path, clock):
    return UsageLog(tmp_path, 400, clock)


def taking(answer, ms, model="openai:gpt-4o", tokens=None):
    return replace(answer, model=model, tokens=tokens, timings=replace(answer.timings, total=ms))


def a_week(log, clock, answered, refused):
    """Ten questions a day, each day slower: 6 written, 2 of them refused by the gate, 2 from the cache."""
    used = TokenUse(1000, 100, 20, 0.0035)
    for day in range(7):
        clock.now[0] = MONDAY + day * DAY_S
        for number in range(6):
            log.count(taking(answered, 100 * (day + 1) + number, tokens=used), False)
        for _ in range(2):
            log.count(taking(refused, 50, "openai:gpt-4o"), False)
            log.count(taking(answered, 9999, tokens=used), True)
        log.write()


def test_a_synthetic_week(log, clock, answered, refused):
    a_week(log, clock, answered, refused)
    (cited,) = {citation.path for citation in answered.citations}
    found = usage_of(log.read(7), [cited, "never/one.md", "never/two.md"], 10, True)
    assert [day.day for day in found.days] == [f"2026-11-{number}" for number in range(23, 30)]
    first = found.days[0]
    assert (first.questions, first.answered, first.refused, first.from_cache) == (10, 8, 2, 2)
    assert (first.prompt_tokens, first.completion_tokens, first.cost_usd) == (6000, 600, 0.021)
    assert first.p50_ms == pytest.approx(102, rel=0.03)
    assert first.p95_ms == pytest.approx(105, rel=0.03)
    assert found.days[6].p95_ms == pytest.approx(705, rel=0.03)  # not what was given from the cache
    assert (found.total.day, found.total.questions, found.total.cost_usd) == ("all", 70, 0.147)
    assert found.refused_by == {refused.refused_by: 14}
    assert [(one.model, one.answers) for one in found.models] == [("openai:gpt-4o", 70)]
    assert [(one.path, one.answers) for one in found.top_cited] == [(cited, 56)]
    assert found.never_cited == ["never/one.md", "never/two.md"]
    assert len(log.read(2).answers) == 2 * 3


def test_old_days_are_deleted(tmp_path, clock, answered):
    log = UsageLog(tmp_path, 3, clock)
    for day in range(6):
        clock.now[0] = MONDAY + day * DAY_S
        log.count(answered, False)
        log.write()
    assert sorted(key.day for key in log.read(100).answers) == ["2026-11-26", "2026-11-27", "2026-11-28"]
    with sqlite3.connect(tmp_path / USAGE_FILE) as connection:
        assert connection.execute("SELECT min(day) FROM cited").fetchone() == ("2026-11-25",)


def test_no_word_of_a_question_is_on_the_disk(log, tmp_path, answered):
    log.count(replace(answered, question="zebra", asked_as="zebra", text="zebra"), False)
    log.write()
    assert b"zebra" not in (tmp_path / USAGE_FILE).read_bytes()
    assert (tmp_path / USAGE_FILE).stat().st_mode & 0o077 == 0


ADDING = """
import pickle, sys
from pathlib import Path
from footnote.app.usage.usage_log import UsageLog
log, answer = UsageLog(Path(sys.argv[1]), 400), pickle.loads(Path(sys.argv[2]).read_bytes())
for _ in range(40):
    for _ in range(5):
        log.count(answer, False)
    log.write()
log.close()
"""


def test_processes_add_to_the_same_sums(tmp_path, answered):
    (tmp_path / "answer").write_bytes(pickle.dumps(answered))
    command = [sys.executable, "-c", ADDING, str(tmp_path), str(tmp_path / "answer")]
    started = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    assert [(process.communicate(timeout=60)[1], process.returncode) for process in started] == [("", 0)] * 3
    (spent,) = UsageLog(tmp_path, 400).read(2).answers.values()
    assert spent == Spent(600)


def test_what_is_counted_is_written_within_seconds_and_at_the_end(tmp_path, answered, monkeypatch):
    monkeypatch.setattr("footnote.app.usage.usage_log._EVERY_S", 0.01)
    log = UsageLog(tmp_path, 400)
    log.count(answered, False)
    until(lambda: UsageLog(tmp_path, 400).read(2))
    monkeypatch.setattr("footnote.app.usage.usage_log._EVERY_S", 60)
    log.count(answered, False)
    log.close()
    (spent,) = UsageLog(tmp_path, 400).read(2).answers.values()
    assert spent.answers == 2


def test_what_cannot_be_written_waits_with_one_warning(tmp_path, answered, caplog):
    log = UsageLog(tmp_path / "missing", 400)
    for _ in range(3):
        log.count(answered, False)
        log.write()
    assert caplog.text.count("usage is not counted") == 1
    (tmp_path / "missing").mkdir()
    log.close()
    (spent,) = log.read(2).answers.values()
    assert spent.answers == 3


def test_a_damaged_file_costs_the_sums_and_no_answer(log, tmp_path, answered, caplog):
    (tmp_path / USAGE_FILE).write_bytes(b"no database" * 1000)
    log.count(answered, False)
    log.write()
    assert "remove it" in caplog.text
    with pytest.raises(UsageLogError, match="is damaged"):
        log.read(7)
    log.clear()
    assert not log.read(7)


def test_a_purge_forgets_pages_that_are_gone_also_when_they_are_counted_late(log, tmp_path, answered):
    path = answered.citations[0].path
    log.count(answered, False)
    log.write()
    purge_usage(tmp_path, answered.generation, [path])
    assert {one.path for one in log.read(400).cited} == {path}
    purge_usage(tmp_path, answered.generation + 1, ["other.md"])
    assert path.encode() not in (tmp_path / USAGE_FILE).read_bytes()
    log.count(answered, False)
    log.write()
    assert not log.read(400).cited
    assert log.read(400).answers


def test_a_percentile_is_right_by_a_fortieth():
    steps = {}
    for ms in range(1, 1001):
        steps[step_of(ms)] = steps.get(step_of(ms), 0) + 1
    assert percentile_ms(steps, 0.5) == pytest.approx(500, rel=0.026)
    assert percentile_ms(steps, 0.95) == pytest.approx(950, rel=0.026)
    assert percentile_ms({}, 0.5) is None


def test_the_command(guide_index, answered, refused, monkeypatch, tmp_path):
    index_dir = tmp_path / "index"
    shutil.copytree(guide_index.index_dir, index_dir, ignore=shutil.ignore_patterns(USAGE_FILE))
    monkeypatch.setenv("FOOTNOTE_INDEX_DIR", str(index_dir))
    run = CliRunner()
    assert "nobody has asked yet" in run.invoke(app, ["usage"]).stdout
    log = UsageLog(index_dir, 400)
    log.count(taking(answered, 120, tokens=TokenUse(10, 5, 0, None)), False)
    log.count(refused, False)
    log.write()
    printed = run.invoke(app, ["usage", "--top", "1"])
    assert printed.exit_code == 0
    assert "50%" in printed.stdout
    assert answered.citations[0].path in printed.stdout
    assert "--never names all" in printed.stdout
    read = json.loads(run.invoke(app, ["usage", "--json"]).stdout)
    assert (read["total"]["questions"], read["total"]["unpriced"]) == (2, 1)
    assert len(read["never_cited"]) == read["pages"] - 1
    assert set(read["never_cited"]) <= set(run.invoke(app, ["usage", "--never"]).stdout.split())
    assert run.invoke(app, ["usage", "--clear", "--days", "3"]).exit_code == 2
    assert json.loads(run.invoke(app, ["usage", "--clear", "--json"]).stdout) == {"cleared": True}
    assert not (index_dir / USAGE_FILE).exists()


def test_without_an_index_there_are_no_pages(monkeypatch, tmp_path):
    monkeypatch.setenv("FOOTNOTE_INDEX_DIR", str(tmp_path))
    read = json.loads(CliRunner().invoke(app, ["usage", "--json"]).stdout)
    assert (read["pages"], read["never_cited"], read["days"]) == (None, [], [])


def test_ask_is_counted(guide_index, monkeypatch, tmp_path):
    shutil.copytree(guide_index.index_dir, tmp_path / "index", ignore=shutil.ignore_patterns(USAGE_FILE))
    monkeypatch.setenv("FOOTNOTE_INDEX_DIR", str(tmp_path / "index"))
    monkeypatch.setenv("FOOTNOTE_RERANKER", "none")
    assert CliRunner().invoke(app, ["ask", "Which port does Relay listen on?"]).exit_code == 0
    (spent,) = UsageLog(tmp_path / "index", 400).read(1).answers.values()
    assert spent.answers == 1
