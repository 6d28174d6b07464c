"""`footnote keys`: the key alone on standard output, what the list says, and revoking."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from footnote.app.access.keys.expiry import expires_s
from footnote.app.access.keys.store import KeyStore
from footnote.app.access.types import READER_SCOPES, Grant
from footnote.app.cli.main import app
from footnote.app.core.errors import SettingsError
from tests.conftest import WriteDocs
from tests.serving import ROOT

Run = Callable[..., Result]
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC).timestamp()


@pytest.fixture
def footnote(tmp_path: Path) -> Run:
    def run(*arguments: str, **env: str) -> Result:
        return CliRunner().invoke(app, ["keys", *arguments], env={"FOOTNOTE_INDEX_DIR": str(tmp_path / "index"), **env})

    return run


@pytest.fixture
def store(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path / "index")


def test_the_key_alone_is_on_standard_output(footnote: Run, store: KeyStore) -> None:
    made = footnote("create", "jane")
    assert made.exit_code == 0
    assert re.fullmatch(r"fn_[A-Za-z0-9_-]{43}\n", made.stdout)
    caller = store.caller(made.stdout.strip(), None)
    assert caller and caller.grants == (Grant(READER_SCOPES),)
    assert "only time that it is shown" in made.stderr and "FOOTNOTE_AUTH=keys" in made.stderr
    assert made.stdout.strip() not in made.stderr
    assert "FOOTNOTE_AUTH" not in footnote("create", "joe", FOOTNOTE_AUTH="keys").stderr


def test_what_was_asked_for_is_what_the_key_may_do(footnote: Run, store: KeyStore) -> None:
    options = ["--scope", "ask", "--scope", "read", "--collection", "docs", "--path", "guides/", "--path", "*install*"]
    made = footnote("create", "widget", *options, "--origin", "https://docs.example.com", "--expires", "90d", "--json")
    said = json.loads(made.stdout)
    caller = store.caller(said["key"], "https://docs.example.com")
    limits = (frozenset({"docs"}), frozenset({"guides/", "*install*"}))
    assert caller and caller.grants == (Grant(frozenset({"ask", "read"}), *limits),)
    assert store.caller(said["key"], None) is None
    listed = json.loads(footnote("list", "--json").stdout)["keys"]
    del said["key"]
    assert listed == [said | {"last_used": datetime.now(UTC).date().isoformat()}]
    assert (said["scopes"], said["collections"], said["state"]) == (["ask", "read"], ["docs"], "good")
    lasts = datetime.fromisoformat(said["expires"]) - datetime.fromisoformat(said["created"])
    assert lasts.days == 90


def test_the_list_shows_each_key_with_its_limits_and_never_the_key(footnote: Run) -> None:
    assert footnote("list").stdout == "There is no key yet: make one with `footnote keys create NAME`.\n"
    secret = footnote("create", "jane [bold]").stdout.strip()
    footnote("create", "partner", "--path", "guides/", "--expires", "2999-01-31", "--scope", "search")
    footnote("revoke", json.loads(footnote("list", "--json").stdout)["keys"][0]["id"])
    text = footnote("list").stdout
    assert secret not in text
    assert re.search(rf"^[0-9a-f]{{8}}  jane \[bold\]  {secret[:7]}…{secret[-4:]}  revoked$", text, re.MULTILINE)
    shown = r"   scopes: search\n   paths: guides/\n   created .*, expires 2999-02-01 00:00, never used"
    assert re.search(shown, text)
    assert "scopes: ask, search, read, feedback" in text and "revoked 20" in text


def test_a_revoked_key_is_named_and_refused(footnote: Run, store: KeyStore) -> None:
    secret = footnote("create", "jane").stdout.strip()
    key_id = store.all()[0].id
    done = footnote("revoke", key_id[:3])
    assert (done.exit_code, done.stdout) == (0, f"{key_id} (jane) is revoked\n")
    assert store.caller(secret, None) is None
    again = footnote("revoke", secret, "--json")
    assert again.exit_code == 0 and json.loads(again.stdout)["state"] == "revoked"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["revoke", "0"], "footnote keys list"),
        (["create", ""], "1 to 100 characters"),
        (["create", "x", "--scope", "write"], "the scopes are ask, search, read, feedback, ingest, admin"),
        (["create", "x", "--scope", "admin", "--origin", "https://a.example"], "without origins"),
        (["create", "x", "--scope", "ingest", "--path", "a/"], "sees every page"),
        (["create", "x", "--path", "!a"], "names no file"),
        (["create", "x", "--origin", "docs.example.com"], "is no origin"),
        (["create", "x", "--expires", "2001-01-31"], "is over"),
    ],
)
def test_a_refusal_names_the_fix_and_makes_no_key(
    footnote: Run, store: KeyStore, arguments: list[str], message: str
) -> None:
    refused = footnote(*arguments)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert message in " ".join(refused.stderr.split())
    as_json = footnote(*arguments, "--json")
    assert as_json.exit_code == 2 and message in json.loads(as_json.stdout)["detail"]
    assert store.all() == []


def test_help_has_examples(footnote: Run) -> None:
    for name in ("create", "list", "revoke"):
        assert "Example" in footnote(name, "--help").stdout


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1d", datetime(2026, 11, 28, 12, tzinfo=UTC)),
        (" 90d ", datetime(2027, 2, 25, 12, tzinfo=UTC)),
        ("2026-11-27", datetime(2026, 11, 28, tzinfo=UTC)),
        ("2028-02-29", datetime(2028, 3, 1, tzinfo=UTC)),
    ],
)
def test_an_end_is_days_from_now_or_a_last_day(written: str, expected: datetime) -> None:
    assert expires_s(written, NOON) == expected.timestamp()


@pytest.mark.parametrize(
    "written",
    ["", "d", "0d", "90", "-1d", "1.5d", "36501d", "٣d", "2027-02-30", "2027-1-1", "20270131", "9999-12-31", "never"],
)
def test_what_is_no_end_is_refused(written: str) -> None:
    with pytest.raises(SettingsError, match="such as 90d"):
        expires_s(written, NOON)


def test_a_day_that_is_over_is_refused() -> None:
    with pytest.raises(SettingsError, match="is over"):
        expires_s("2026-11-26", NOON)


def test_what_a_pipe_takes_is_the_key_and_its_line_end(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "footnote.app", "keys", "create", "ci", "--index-dir", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    assert len(done.stdout) == 47 and KeyStore(tmp_path, time.time).caller(done.stdout.strip(), None)


def test_a_collection_that_is_not_there_is_told(footnote: Run) -> None:
    created = footnote("create", "jane", "--collection", "handbook")
    assert (created.exit_code, "there is no collection 'handbook' now, only docs" in created.stderr) == (0, True)
    assert "there is no collection" not in footnote("create", "jane", "--collection", "docs").stderr


def test_a_path_that_matches_nothing_is_told(footnote: Run, tmp_path: Path, write_docs: WriteDocs) -> None:
    said = "no page matches 'secrets/' now"
    assert said not in footnote("create", "early", "--path", "secrets/").stderr  # nothing is ingested yet
    docs = write_docs(tmp_path / "docs", {"guides/a.md": "# A\n\none\n"})
    assert CliRunner().invoke(app, ["ingest", str(docs), "--index-dir", str(tmp_path / "index")]).exit_code == 0
    created = footnote("create", "jane", "--path", "secrets/", "--path", "guides/")
    assert (created.exit_code, said in created.stderr, "'guides/'" in created.stderr) == (0, True, False)


def test_a_key_in_a_folder_without_an_index_is_told(footnote: Run, tmp_path: Path, write_docs: WriteDocs) -> None:
    said = f"there is no index in {tmp_path / 'index'} yet: a service knows this key if"
    first, second = footnote("create", "jane"), footnote("create", "joe")
    assert (first.exit_code, said in first.stderr, said in second.stderr) == (0, True, False)
    docs = write_docs(tmp_path / "docs", {"a.md": "# A\n\none\n"})
    assert CliRunner().invoke(app, ["ingest", str(docs), "--index-dir", str(tmp_path / "other")]).exit_code == 0
    assert "there is no index" not in footnote("create", "jane", "--index-dir", str(tmp_path / "other")).stderr
    typo = footnote("create", "jane", "--index-dir", str(tmp_path / "other"), FOOTNOTE_KEYS_DIR=str(tmp_path / "typo"))
    assert f"there were no keys in {tmp_path / 'typo'} before: a service knows this one if" in typo.stderr


def test_keys_that_others_may_read_are_told_in_the_list(footnote: Run, tmp_path: Path) -> None:
    footnote("create", "jane")
    assert footnote("list").stderr == ""
    (tmp_path / "index" / "keys.sqlite3").chmod(0o644)
    listed = footnote("list", "--json")
    assert len(json.loads(listed.stdout)["keys"]) == 1
    assert "is open to other users (mode 644): run `chmod 600 " in listed.stderr


def test_keys_that_others_may_read_are_told_at_the_start_of_a_service(
    footnote: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    footnote("create", "jane")
    monkeypatch.setattr("footnote.app.http.server.serve", lambda *_: None)
    command = ["serve", "--index-dir", str(tmp_path / "index")]
    assert CliRunner().invoke(app, command).stderr == ""
    (tmp_path / "index" / "keys.sqlite3").chmod(0o644)
    assert "is open to other users (mode 644)" in CliRunner().invoke(app, command).stderr
