"""`footnote publish` and `footnote follow`: what they print, and their exit codes."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from footnote.app.cli.main import app

Run = Callable[..., Result]


@pytest.fixture
def footnote(guide_index, tmp_path: Path) -> Run:
    """Runs the command line on a copy of the corpus' index."""
    shutil.copytree(guide_index.index_dir, tmp_path / "index")

    def run(*arguments: object, index_dir: Path = tmp_path / "index", **env: str) -> Result:
        env = {"FOOTNOTE_INDEX_DIR": str(index_dir), "FOOTNOTE_RERANKER": "none", **env}
        return CliRunner().invoke(app, list(map(str, arguments)), env=env)

    return run


def test_an_index_goes_to_a_folder_and_from_there_to_another_one(footnote: Run, tmp_path: Path) -> None:
    target, replica = tmp_path / "target", tmp_path / "replica"
    published = footnote("publish", target)
    assert published.exit_code == 0
    assert f"generation 1 is published to {target}: " in published.output
    assert f"generation 1 was published already to {target}: 0 of " in footnote("publish", target).output
    followed = footnote("follow", target, index_dir=replica)
    assert followed.exit_code == 0
    assert f"generation 1 of {target} is live: " in followed.output
    again = footnote("follow", "--json", index_dir=replica, FOOTNOTE_FOLLOW=str(target))
    assert json.loads(again.output)["taken"] is False
    asked = ("search", "Which port does Relay listen on?", "--json")
    assert footnote(*asked, index_dir=replica).output == footnote(*asked).output
    described = json.loads(footnote("status", "--json", index_dir=replica).output)["replica"]
    assert (described["source"], described["generation"], described["error"]) == (str(target), 1, None)
    shown = footnote("status", index_dir=replica).output
    assert "this is a replica: its docs are ingested and published where its source is" in shown
    assert "run `footnote ingest`" not in shown
    assert re.search(rf"replica of +{re.escape(str(target))}, last reached \d+ s ago, up to date then\n", shown)


def test_the_report_of_a_publishing_as_json(footnote: Run, tmp_path: Path) -> None:
    report = json.loads(footnote("publish", tmp_path / "target", "--json").output)
    assert (report["generation"], report["serial"], report["published"]) == (1, 1, True)
    assert report["sent"] == report["parts"] > 10
    assert report["sent_bytes"] <= report["size_bytes"]
    assert report["removed"] == {"releases": 0, "parts": 0, "size_bytes": 0}


def test_a_replica_refuses_to_be_ingested_or_rolled_back(footnote: Run, tmp_path: Path) -> None:
    footnote("publish", tmp_path / "target")
    footnote("follow", tmp_path / "target", index_dir=tmp_path / "replica")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("# A\n\nText.\n")
    for command in (["ingest", tmp_path / "docs", "--replace"], ["rollback"]):
        result = footnote(*command, index_dir=tmp_path / "replica")
        assert result.exit_code == 3
        assert "ingest or roll back on the writer and run `footnote publish` there" in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["publish", "ftp://a/b"], 2, "write a folder, file:/folder, s3://bucket/prefix, rsync://"),
        (["follow"], 2, "set FOOTNOTE_FOLLOW"),
        (["follow", "nothing-there"], 3, "holds an index of its own"),
    ],
)
def test_what_cannot_be_done_is_said(footnote: Run, arguments: list[str], code: int, says: str) -> None:
    result = footnote(*arguments)
    assert result.exit_code == code
    assert says in " ".join(result.output.split())


def test_nothing_is_published_where_there_is_no_index(footnote: Run, tmp_path: Path) -> None:
    result = footnote("publish", tmp_path / "target", index_dir=tmp_path / "none")
    assert result.exit_code == 3
    assert "run `footnote ingest` first" in result.output
    assert not (tmp_path / "target").exists()
    assert not (tmp_path / "none").exists()


def test_nothing_to_follow_is_said_and_leaves_the_folder_free(footnote: Run, tmp_path: Path) -> None:
    result = footnote("follow", tmp_path / "target", index_dir=tmp_path / "replica")
    assert result.exit_code == 3
    assert f"nothing was published to {tmp_path / 'target'} yet" in "".join(result.output.splitlines())
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("# A\n\nText.\n")
    assert footnote("ingest", tmp_path / "docs", index_dir=tmp_path / "replica").exit_code == 0


@pytest.mark.parametrize("command", [["publish"], ["follow"], ["backup"], ["restore"]])
def test_an_endpoint_that_is_none_is_one_error(footnote: Run, tmp_path: Path, command: list[str]) -> None:
    result = footnote(*command, "s3://bucket/docs", index_dir=tmp_path / "index", AWS_ENDPOINT_URL="nonsense")
    assert (result.exit_code, result.exception.__class__) == (2, SystemExit)
    assert "error: AWS_ENDPOINT_URL is 'nonsense', which is no address of a server" in " ".join(result.output.split())


def test_a_rollback_that_cannot_be_written_says_what_to_do_again(
    footnote: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("footnote.app.index.generations.FileLock.acquire", _read_only)
    result = footnote("rollback")
    assert result.exit_code == 1
    assert "check space and permissions and try again" in " ".join(result.output.split())
    assert "footnote ingest" not in result.output


def _read_only(*_: object, **__: object) -> None:
    raise OSError(30, "Read-only file system")
