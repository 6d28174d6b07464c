"""An index that was built from one docs folder, and an ingest of another one."""

import json
import os
import pty
import select
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from footnote.app.cli.main import app
from footnote.app.core.settings import Settings
from footnote.app.index.generations import live_manifest
from tests.conftest import MAIN, WriteDocs
from tests.ingest.ingesting import contents
from tests.serving import ROOT

OTHER = {"other.md": "# Other\n\nThe colour is green.\n"}


@pytest.fixture
def other(write_docs: WriteDocs, tmp_path: Path) -> Path:
    return write_docs(tmp_path / "other", OTHER)


def ingest(settings: Settings, *arguments: str | Path, **env: str) -> Result:
    command = ["ingest", *map(str, arguments), "--index-dir", str(settings.folders.index_dir)]
    return CliRunner().invoke(app, command, env=env)


def live_folder(settings: Settings) -> str:
    return live_manifest(settings.folders.index_dir).docs_dir


@pytest.mark.parametrize("flags", [[], ["--json"], ["--rebuild"], ["--purge"], ["--watch"]])
def test_an_index_of_another_folder_is_not_replaced_unasked(ingested: Settings, other: Path, flags: list[str]) -> None:
    before = contents(ingested.folders.index_dir)
    result = ingest(ingested, other, *flags)
    assert result.exit_code == 2
    said = json.loads(result.stdout)["detail"] if "--json" in flags else result.stderr
    message = f"the index in {ingested.folders.index_dir} was built from {ingested.folders.docs_dir}, not from {other}"
    assert message in said
    assert f"`footnote ingest {other} --index-dir {ingested.folders.index_dir} --replace`" in said
    assert contents(ingested.folders.index_dir) == before


def test_a_folder_that_the_environment_names_is_asked_about_too(ingested: Settings, other: Path) -> None:
    assert ingest(ingested, FOOTNOTE_DOCS_DIR=str(other)).exit_code == 2
    assert ingest(ingested, "--replace", FOOTNOTE_DOCS_DIR=str(other)).exit_code == 0
    assert live_folder(ingested) == str(other)


@pytest.mark.parametrize("flags", [[], ["--rebuild"], ["--json"]])
def test_with_replace_it_is_replaced(ingested: Settings, other: Path, flags: list[str]) -> None:
    assert ingest(ingested, other, "--replace", *flags).exit_code == 0
    assert live_folder(ingested) == str(other)
    assert ingest(ingested).exit_code == 0  # the folder of the last time


def test_it_says_why_it_was_built_from_nothing(
    ingested: Settings, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("footnote.ingest.plan._MIN_REPLACED", 1)
    report = json.loads(ingest(ingested, other, "--replace", "--json").stdout)
    assert report["rebuilt_because"] == f"it was built from {ingested.folders.docs_dir}"


def test_the_same_folder_by_another_path_is_no_other_folder(
    ingested: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    docs_dir = ingested.folders.docs_dir
    (tmp_path / "link").symlink_to(docs_dir)
    monkeypatch.chdir(tmp_path)
    for path in (docs_dir.name, f"{docs_dir}/", tmp_path / "link", docs_dir / "guides" / ".."):
        result = ingest(ingested, path)
        assert (result.exit_code, result.stderr) == (0, ""), path
        assert "nothing changed" in result.stdout


def test_of_a_collection_the_command_that_replaces_names_the_collection(
    ingested: Settings, other: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    table = "[collections.{}]\ndocs = '../{}'\nindex = '{}'\n"
    index_dir = ingested.folders.index_dir
    Path("footnote.toml").write_text(
        table.format("one", other.name, index_dir) + table.format("two", "nowhere", "other-db"), "utf-8"
    )
    for command in (["ingest", "--json"], ["status", "--collection", "one", "--json"], ["serve", "--watch"]):
        result = CliRunner().invoke(app, command)
        said = " ".join((result.stdout + result.stderr).replace("\\", "").split())
        assert f"not from {other}: replace it with `footnote ingest --collection one --replace`" in said, command
    assert f"the docs folder {tmp_path}/nowhere does not exist; name another one with docs = of" in (
        missing := CliRunner().invoke(app, ["ingest", "--collection", "two"]).stderr
    )
    assert "[collections.two] in footnote.toml" in missing
    typed = CliRunner().invoke(app, ["ingest", str(other), "--collection", "one"])
    assert f"`footnote ingest {other} --collection one --replace`" in typed.stderr


def test_a_copy_is_another_folder(ingested: Settings, tmp_path: Path) -> None:
    shutil.copytree(ingested.folders.docs_dir, tmp_path / "copy")
    assert ingest(ingested, tmp_path / "copy").exit_code == 2


def test_a_folder_that_is_missing_is_said_first(ingested: Settings, tmp_path: Path) -> None:
    result = ingest(ingested, tmp_path / "nope", "--json")
    assert json.loads(result.stdout)["type"] == "urn:footnote:problem:docs-folder"


def test_a_preview_shows_what_would_be_replaced(ingested: Settings, other: Path) -> None:
    result = ingest(ingested, other, "--dry-run")
    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, "+ other.md")


def test_an_index_that_cannot_be_read_is_no_index_of_another_folder(ingested: Settings, other: Path) -> None:
    (ingested.folders.index_dir / "CURRENT").write_text("x")
    assert ingest(ingested, other).exit_code == 0


def test_status_says_that_the_next_ingest_would_not_run(ingested: Settings, other: Path) -> None:
    env = {"FOOTNOTE_DOCS_DIR": str(other), "FOOTNOTE_INDEX_DIR": str(ingested.folders.index_dir)}
    status = json.loads(CliRunner().invoke(app, ["status", "--json"], env=env).stdout)
    assert (status["docs_changes"], status["docs_dir"]) == (None, str(ingested.folders.docs_dir))
    assert f"`footnote ingest {other} --index-dir {ingested.folders.index_dir} --replace`" in status["docs_problem"]


def test_a_service_does_not_watch_another_folder(ingested: Settings, other: Path) -> None:
    env = {"FOOTNOTE_DOCS_DIR": str(other), "FOOTNOTE_INDEX_DIR": str(ingested.folders.index_dir)}
    result = CliRunner().invoke(app, ["serve", "--watch", "--port", "0"], env=env)
    assert result.exit_code == 2
    assert f"`footnote ingest {other} --index-dir {ingested.folders.index_dir} --replace`" in result.stderr


@pytest.mark.parametrize(("answer", "exit_code"), [("y\n", 0), ("n\n", 1), ("\n", 1), ("\x03", 130)])
def test_in_a_terminal_it_is_asked(ingested: Settings, other: Path, answer: str, exit_code: int) -> None:
    parent, child = pty.openpty()
    # The terminal is the process' own, so that Ctrl-C reaches it.
    command = [sys.executable, "-c", f"import os; os.login_tty(0)\n{MAIN}", "ingest", str(other)]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "FOOTNOTE_INDEX_DIR": str(ingested.folders.index_dir)}
    asking = subprocess.Popen(command, env=env, stdin=child, stdout=child, stderr=child)
    os.close(child)
    shown = b""
    while b"[y/N]" not in shown:
        shown += os.read(parent, 1024)
    old, new = ingested.folders.docs_dir, other
    assert f"was built from {old}. Replace it by one of {new}? [y/N]" in shown.decode()
    os.write(parent, answer.encode())
    with suppress(OSError):  # the end of a terminal; what nobody reads would hold up the bars of a slow machine
        while True:
            # Between Python's look at the signals and its read, Ctrl-C is heard by nobody: one presses it again.
            if answer == "\x03" and not select.select([parent], [], [], 1)[0]:
                os.write(parent, answer.encode())
            elif not os.read(parent, 1024):
                break
    assert asking.wait(60) == exit_code
    os.close(parent)
    assert live_folder(ingested) == str(new if exit_code == 0 else old)
