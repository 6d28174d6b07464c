"""The command line with a repository: what it says, dry runs, status, and watching."""

import json
import threading
from pathlib import Path

from typer.testing import CliRunner, Result

from footnote.app.cli.main import app
from footnote.app.core.errors import FootnoteError
from footnote.app.core.settings import Settings
from footnote.app.models.embedder import Embedder
from footnote.ingest.commands.watch import watch_and_ingest
from footnote.ingest.flow import IngestReport
from tests.git_server import GitServer, Repository
from tests.ingest.ingesting import run
from tests.serving import until

ZEBRA = "# Zebra\n\nThe zebra is striped.\n"


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_the_commands_say_which_commit_it_is(
    repository: Repository, server: GitServer, tmp_path: Path, embedder: Embedder
) -> None:
    index, address = ("--index-dir", tmp_path / "index"), f"{server.url()}#main:docs"
    first = repository.head
    assert f"from {address} at {first[:12]} in" in invoke("ingest", address, *index).stdout
    second = repository.commit({"docs/zebra.md": ZEBRA})
    assert f"commit {first[:12]} of main" in " ".join(invoke("status", *index).stdout.split())
    told = json.loads(invoke("status", "--json", *index).stdout)
    assert told["git"] == {"source": address, "branch": "main", "commit": first, "uncommitted": 0}
    assert told["docs_changes"] is None and f"is at {second[:12]}, {first[:12]} is checked out" in told["docs_problem"]
    assert told["disk"]["checkout"] > 0
    planned = json.loads(invoke("ingest", "--dry-run", "--json", *index).stdout)
    assert (planned["commit"], planned["added"], planned["changed"]) == (second, ["zebra.md"], [])
    done = json.loads(invoke("ingest", "--json", *index).stdout)
    assert (done["source"], done["commit"], done["branch"], done["uncommitted"]) == (address, second, "main", [])
    assert invoke("ingest", "--check", *index).exit_code == 0
    assert invoke("ingest", "--dry-run", *index).stdout.startswith("nothing to do")
    server_less = invoke("ingest", address.replace("/site/", "/none/"), "--json", "--replace", *index)
    assert (server_less.exit_code, json.loads(server_less.stdout)["type"]) == (1, "urn:footnote:problem:git-source")


def test_a_watch_asks_the_repository_and_goes_on_after_an_error(
    of_git: Settings, repository: Repository, embedder: Embedder
) -> None:
    reports: list[IngestReport] = []
    errors: list[FootnoteError] = []
    stop = threading.Event()
    settings = of_git.changed(git_poll_s=0.1)
    arguments = (settings, lambda *_: None, reports.append, errors.append, stop)
    watching = threading.Thread(target=watch_and_ingest, args=arguments)
    watching.start()
    try:
        until(lambda: reports)
        repository.git("branch", "--move", "main", "gone")
        until(lambda: errors)
        repository.git("branch", "--move", "gone", "main")
        second = repository.commit({"docs/zebra.md": ZEBRA})
        until(lambda: reports[-1].manifest.commit == second)
    finally:
        stop.set()
        watching.join()
    assert len(errors) == 1 and "no branch or tag 'main'" in str(errors[0])


def test_a_checkout_is_in_no_backup(of_git: Settings, embedder: Embedder, tmp_path: Path) -> None:
    run(of_git, embedder)
    made = invoke("backup", tmp_path / "index.tar.gz", "--index-dir", of_git.folders.index_dir)
    assert made.exit_code == 0, made.output
    restored = invoke("restore", tmp_path / "index.tar.gz", "--index-dir", tmp_path / "restored")
    assert restored.exit_code == 0, restored.output
    assert not (tmp_path / "restored" / "checkout").exists()
    again = of_git.changed(index_dir=tmp_path / "restored")
    report = run(again, embedder)
    assert report.manifest.commit and not report.embedded
