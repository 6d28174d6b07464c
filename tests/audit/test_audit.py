"""What the audit keeps: lines, their file, the secret of questions, and what becomes of it all on a full disk."""

import errno
import json
import logging
import multiprocessing
import os
import stat

import pytest

from footnote.app.audit.acts import act_of, is_kept
from footnote.app.audit.audit import Audit, make_audit
from footnote.app.audit.audit_file import AUDIT_FILE, AuditFile
from footnote.app.audit.entry import Request
from footnote.app.audit.noting import Notes, note_pages, note_question, noting
from footnote.app.audit.salt import AUDIT_SALT, hashed, read_salt
from footnote.app.core.errors import AuditError, SettingsError
from footnote.app.core.settings import load_settings
from footnote.app.http import scopes

AT_S = 1_800_000_000.25


def audit_of(folder, **flags):
    return Audit(folder, load_settings(env_file=None, **{"audit": "true", **flags}).audit)


def request(status=200, method="POST", route="/query", caller="key:a", at_s=AT_S, **more):
    return Request("id-1", at_s, caller, method, route, status, 12.345, **more)


def lines(folder, name=AUDIT_FILE):
    return [json.loads(line) for line in (folder / name).read_text("ascii").splitlines()]


def test_a_request_is_one_line(tmp_path):
    audit_of(tmp_path, audit_questions="true").keep(
        request(generation=3, path="guides/ü.md", collections=("handbook",)), Notes(question="Wo?\u2028\ud800")
    )
    [line] = lines(tmp_path)
    assert line == {
        "time": "2027-01-15T08:00:00.250Z",
        "request_id": "id-1",
        "caller": "key:a",
        "act": "ask",
        "route": "POST /query",
        "status": 200,
        "ms": 12.3,
        "collections": ["handbook"],
        "generation": 3,
        "question": "Wo?\u2028?",
        "pages": ["guides/ü.md"],
    }


def test_a_request_that_came_to_no_collection_names_none(tmp_path):
    audit_of(tmp_path).keep(request(status=401), Notes())
    assert [line["collections"] for line in lines(tmp_path)] == [[]]


def test_an_answer_is_told_by_its_quotes_and_verdicts(tmp_path, engine):
    answer = engine.ask("Which port does Relay listen on?")
    refused = engine.ask("Who won the world cup in 1998?")
    audit = audit_of(tmp_path)
    audit.keep(request(), Notes("ask", answer.question, answer, True, generation=answer.generation))
    audit.keep(request(), Notes("ask", refused.question, refused))
    line, refusal = lines(tmp_path)
    assert line["citations"] == [{"path": one.path, "sha256": one.sha256} for one in answer.citations]
    assert line["citations"]
    assert sum(line["sentences"].values()) == len(answer.sentences)
    assert (line["refused"], line["refused_by"], line["from_cache"]) == (False, None, True)
    assert (refusal["refused"], refusal["refused_by"], refusal["citations"]) == (True, refused.refused_by, [])
    assert refused.refused_by
    for words in (answer.question, answer.citations[0].quote):
        assert words not in (tmp_path / AUDIT_FILE).read_text()


def test_the_same_question_has_the_same_hash_and_nobody_can_guess_it(tmp_path):
    first, other = audit_of(tmp_path / "a"), audit_of(tmp_path / "b")
    for question in ("Which port?", " which  PORT? ", "Which door?"):
        first.keep(request(), Notes(question=question))
    other.keep(request(), Notes(question="Which port?"))
    same, as_well, another = [line["question_hmac"] for line in lines(tmp_path / "a")]
    assert same == as_well != another
    assert lines(tmp_path / "b")[0]["question_hmac"] != same
    audit_of(tmp_path / "a").keep(request(), Notes(question="Which port?"))  # as after a restart
    assert lines(tmp_path / "a")[-1]["question_hmac"] == same
    assert same == hashed("Which port?", (tmp_path / "a" / AUDIT_SALT).read_bytes())


def test_only_the_service_can_read_it(tmp_path):
    audit_of(tmp_path).keep(request(), Notes(question="Which port?"))
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in (AUDIT_FILE, AUDIT_SALT)} == {0o600}
    assert sorted(os.listdir(tmp_path)) == [AUDIT_FILE, AUDIT_SALT]


def test_a_damaged_secret_is_named(tmp_path):
    (tmp_path / AUDIT_SALT).write_bytes(b"short")
    with pytest.raises(AuditError, match=r"audit\.salt is damaged: delete it"):
        read_salt(tmp_path)


def test_the_file_begins_anew_and_old_ones_go(tmp_path):
    file = AuditFile(tmp_path, most_bytes=100, older_files=2)
    for number in range(40):
        file.append(b"%02d %s\n" % (number, b"x" * 30))
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [AUDIT_FILE, f"{AUDIT_FILE}.1", f"{AUDIT_FILE}.2", "audit.lock"]
    kept = [
        int(line[:2])
        for name in (f"{AUDIT_FILE}.2", f"{AUDIT_FILE}.1", AUDIT_FILE)
        for line in (tmp_path / name).read_text().splitlines()
    ]
    assert kept == list(range(33, 40))
    none = AuditFile(tmp_path / "none", most_bytes=10, older_files=0)
    none.append(b"0123456789\n")
    none.append(b"next\n")
    assert (tmp_path / "none" / AUDIT_FILE).read_bytes() == b"next\n"


def _append(folder, name, count):
    file = AuditFile(folder, most_bytes=2000, older_files=50)
    for number in range(count):
        file.append(f"{name} {number} {'x' * (number % 90)}\n".encode())


def test_several_processes_lose_and_mix_no_line(tmp_path):
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_append, args=(tmp_path, name, 200)) for name in "abc"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    text = "".join(path.read_text() for path in tmp_path.glob(f"{AUDIT_FILE}*"))
    expected = [f"{name} {number} {'x' * (number % 90)}" for name in "abc" for number in range(200)]
    assert sorted(text.splitlines()) == sorted(expected)
    assert len(list(tmp_path.glob(f"{AUDIT_FILE}.*"))) > 5


def test_a_link_in_its_place_is_not_followed(tmp_path):
    (tmp_path / AUDIT_FILE).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic links"):
        AuditFile(tmp_path, 100, 1).append(b"line\n")
    assert not (tmp_path / "elsewhere").exists()


@pytest.fixture
def disk(monkeypatch):
    """A disk of which a test says how many bytes of a write it has room for; None for all."""

    class Disk:
        room = None

    write = os.write

    def limited(descriptor, data):
        if Disk.room == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(descriptor, data[: Disk.room])

    monkeypatch.setattr("footnote.app.audit.audit_file.os.write", limited)
    return Disk


def test_what_a_full_disk_cut_stands_on_a_line_of_its_own(tmp_path, disk):
    file = AuditFile(tmp_path, 10_000, 1)
    disk.room = 4
    with pytest.raises(OSError, match="4 of 10 bytes"):
        file.append(b'{"a": "b"\n')
    disk.room = None
    file.append(b'{"whole":1}\n')
    assert (tmp_path / AUDIT_FILE).read_bytes() == b'{"a"\n{"whole":1}\n'


def test_lines_wait_while_the_disk_is_full_and_the_log_says_it_once(tmp_path, disk, caplog):
    audit = audit_of(tmp_path)
    audit.keep(request(at_s=AT_S), Notes())
    disk.room = 0
    for _ in range(3):
        audit.keep(request(at_s=AT_S + 1), Notes())
    [said] = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert f"{AUDIT_FILE} cannot be written (No space left on device): check space" in said
    assert len(lines(tmp_path)) == 1
    disk.room = None
    audit.keep(request(at_s=AT_S + 2), Notes())
    assert [line["time"][-7:] for line in lines(tmp_path)] == ["00.250Z", *["01.250Z"] * 3, "02.250Z"]


def test_more_than_can_wait_is_lost_and_counted(tmp_path, disk, caplog, monkeypatch):
    monkeypatch.setattr("footnote.app.audit.audit._MOST_WAITING", 2)
    audit = audit_of(tmp_path)
    disk.room = 0
    for _ in range(5):
        audit.keep(request(), Notes())
    disk.room = None
    audit.keep(request(), Notes())
    assert len(lines(tmp_path)) == 3
    assert "3 lines of the audit were lost" in caplog.text


def test_where_it_is_required_nothing_is_done_until_it_can_be_kept(tmp_path, disk):
    audit = audit_of(tmp_path, audit="required")
    audit.require()
    disk.room = 0
    audit.keep(request(), Notes())
    with pytest.raises(AuditError, match="No space left on device"):
        audit.require()
    disk.room = None
    audit.require()
    assert len(lines(tmp_path)) == 1


def test_where_it_is_required_the_file_must_be_there_to_begin_with(tmp_path):
    (tmp_path / AUDIT_FILE).mkdir()
    with pytest.raises(AuditError, match="cannot be written"):
        audit_of(tmp_path, audit="required").require()


def test_of_the_refusals_of_one_caller_the_first_of_a_minute_is_kept(tmp_path):
    audit = audit_of(tmp_path)
    for second in range(0, 130, 10):
        audit.keep(request(429, at_s=AT_S + second), Notes())
    audit.keep(request(429, caller="key:b"), Notes())
    audit.keep(request(401), Notes())
    assert [(line["caller"], line["status"], line["time"][14:19]) for line in lines(tmp_path)] == [
        ("key:a", 429, "00:00"),
        ("key:a", 429, "01:00"),
        ("key:a", 429, "02:00"),
        ("key:b", 429, "00:00"),
        ("key:a", 401, "00:00"),
    ]


def test_what_is_kept():
    assert is_kept(act_of("POST", "/query"), 200)
    assert is_kept(act_of("POST", "/query"), 503)
    assert not is_kept(act_of("GET", "/overview"), 200)
    assert not is_kept(act_of("GET", "other"), 404)
    assert is_kept(act_of("GET", "/index"), 403)
    assert is_kept(act_of("POST", "other"), 429)


def test_every_route_that_asks_for_a_scope_has_an_act():
    assert [route for route in scopes.NEEDED if act_of(*route.replace(":path", "").split(" ", 1)) == "other"] == []


def test_outside_of_a_request_nothing_is_noted():
    note_question("ask", "Which port?")
    with noting() as notes:
        note_question("search", "Which port?")
        note_pages("search", ["a.md", "b.md", "a.md"], 4)
    note_question("ask", "Another?")
    assert (notes.act, notes.question, notes.pages, notes.generation) == ("search", "Which port?", ("a.md", "b.md"), 4)


@pytest.mark.parametrize(("value", "mode"), [("True", "true"), (False, "false"), ("REQUIRED", "required")])
def test_the_setting(value, mode, tmp_path):
    settings = load_settings(env_file=None, audit=value).audit
    assert settings.mode == mode
    assert (make_audit(tmp_path, settings) is None) == (mode == "false")


def test_what_is_none_of_its_values_is_refused():
    with pytest.raises(SettingsError, match="FOOTNOTE_AUDIT: .*did you mean required"):
        load_settings(env_file=None, audit="require")
