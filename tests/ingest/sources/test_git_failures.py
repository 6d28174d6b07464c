"""What goes wrong with a repository: one error that says what to do, and the index answers as before."""

import http.server
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from footnote.app.core.errors import GitSourceError
from footnote.app.core.settings import Settings
from footnote.app.index.generations import live_manifest
from footnote.app.models.embedder import Embedder
from footnote.app.service.status import describe
from footnote.ingest.commands.cli import docs_state
from footnote.ingest.sources import git
from footnote.ingest.sources.tree import Tree
from tests.git_server import LOGIN, GitServer, Repository, git_server
from tests.ingest.ingesting import files_below, run, search
from tests.ingest.sources.conftest import checkout_of


@pytest.fixture
def guarded(repository: Repository) -> Iterator[GitServer]:
    """A server that asks for a login."""
    with git_server(repository.folder.parent, LOGIN) as running:
        yield running


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def fails(settings: Settings, embedder: Embedder, match: str, *hidden: str) -> None:
    with pytest.raises(GitSourceError, match=match) as failed:
        run(settings, embedder)
    assert not any(word in str(failed.value) for word in hidden)


def test_a_login_is_used_and_nowhere_kept(of_git: Settings, guarded: GitServer, embedder: Embedder) -> None:
    settings = of_git.changed(docs_dir=f"{guarded.url(login=LOGIN)}#main:docs")
    report = run(settings, embedder)
    assert report.published and LOGIN[1] not in report.manifest.source
    kept = {LOGIN[1].encode(), b"pass-word%2F1234", b"pass-word"}
    for file in files_below(of_git.folders.index_dir):
        assert not any(word in file.read_bytes() for word in kept), file
    described = describe(report.manifest, settings).model_dump_json()
    assert "pass-word" not in described and '"docs_dir":"git+http://***@' in described
    # It is not in the index, so it has to be given again.
    again = of_git.changed(docs_dir=report.manifest.source)
    assert docs_state(settings, report.manifest)[1] is None
    problem = docs_state(again, report.manifest)[1]
    assert problem and "refuses the login" in problem


@pytest.mark.parametrize("login", [None, ("reader", "wrong-word"), ("wrong-word", "")])
def test_a_wrong_login_is_told_without_repeating_it(
    of_git: Settings, guarded: GitServer, embedder: Embedder, login: tuple[str, str] | None
) -> None:
    settings = of_git.changed(docs_dir=f"{guarded.url(login=login)}#main:docs")
    fails(settings, embedder, "refuses the login: git's own credentials are used", "wrong-word")
    assert not of_git.folders.index_dir.exists()


def test_a_login_does_not_follow_to_another_host(
    of_git: Settings, guarded: GitServer, repository: Repository, embedder: Embedder
) -> None:
    heard: list[str | None] = []

    class Elsewhere(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.headers.get("Authorization"))
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="elsewhere"')
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    class Redirecting(Elsewhere):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", f"http://localhost:{other.server_address[1]}{self.path}")
            self.send_header("Content-Length", "0")
            self.end_headers()

    with (
        http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as other,
        http.server.ThreadingHTTPServer(("127.0.0.1", 0), Redirecting) as first,
    ):
        threads = [threading.Thread(target=server.serve_forever, args=(0.02,)) for server in (other, first)]
        for thread in threads:
            thread.start()
        address = f"git+http://reader:{LOGIN[0]}@127.0.0.1:{first.server_address[1]}/site"
        fails(of_git.changed(docs_dir=address), embedder, "refuses the login")
        for server in (other, first):
            server.shutdown()
        for thread in threads:
            thread.join()
    assert heard and set(heard) == {None}


@pytest.mark.parametrize(
    ("rest", "match"),
    [
        ("/site/.git#mian:docs", "no branch or tag 'mian': it has main. If it was deleted, name another one"),
        ("/site/.git#main:dosc", r"main of the repository of .* has no folder 'dosc'.* markdown is in docs"),
        ("/site/.git#main:code.c", "code.c is no folder there"),
        ("/none/.git#main:docs", "is no repository, or none that this login may read"),
    ],
)
def test_what_is_not_there_is_named(
    of_git: Settings, server: GitServer, embedder: Embedder, rest: str, match: str
) -> None:
    settings = of_git.changed(docs_dir=f"git+http://127.0.0.1:{server.port}{rest}")
    fails(settings, embedder, match)
    assert not (of_git.folders.index_dir / "CURRENT").exists()
    assert not list(of_git.folders.index_dir.glob("checkout/*"))


def test_an_index_answers_as_before_whatever_becomes_of_its_repository(
    of_git: Settings, repository: Repository, server: GitServer, embedder: Embedder
) -> None:
    run(of_git, embedder)
    before, live = search(of_git, embedder), checkout_of(of_git).live()
    repository.git("branch", "--move", "main", "trunk")
    fails(of_git, embedder, "no branch or tag 'main': it has trunk")
    repository.git("branch", "--move", "trunk", "main")
    repository.git("mv", "docs", "guide")
    repository.commit({})
    fails(of_git, embedder, "has no folder 'docs'.* markdown is in guide")
    server.close()
    fails(of_git, embedder, "cannot be reached: look at the URL and the network")
    problem = docs_state(of_git, live_manifest(of_git.folders.index_dir))[1]
    assert problem and "cannot be reached" in problem
    assert search(of_git, embedder) == before and checkout_of(of_git).live() == live
    record = json.loads((of_git.folders.index_dir / "ingests.json").read_text())
    assert record["counts"] == {"published": 1, "failed": 3}
    server.close = lambda: None  # type: ignore[method-assign]


def test_a_host_that_says_nothing_is_given_up(of_git: Settings, silent_port: int, embedder: Embedder) -> None:
    settings = of_git.changed(docs_dir=f"git+http://127.0.0.1:{silent_port}/site", git_timeout_s=0.5)
    fails(settings, embedder, r"was not fetched within 0.5 s \(FOOTNOTE_GIT_TIMEOUT_S\)")


def test_too_large_a_repository_is_refused(of_git: Settings, repository: Repository, embedder: Embedder) -> None:
    run(of_git, embedder)
    live = checkout_of(of_git).live()
    repository.commit({"docs/large.md": "word " * 100_000, "docs/zebra.md": "# Zebra\n"})
    fails(of_git.changed(git_max_mb=0.4), embedder, r"has more than 0.4 MB \(FOOTNOTE_GIT_MAX_MB\)")
    assert checkout_of(of_git).live() == live
    assert run(of_git, embedder).plan.added == ("large.md", "zebra.md")


def test_what_is_fetched_is_limited_while_it_arrives(
    of_git: Settings, repository: Repository, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git, "_LOOK_S", 0.0)
    monkeypatch.setattr(Tree, "write", lambda *_: pytest.fail("it has arrived"))
    fails(of_git.changed(git_max_mb=0.000001), embedder, r"has more than 0 kB \(FOOTNOTE_GIT_MAX_MB\)")


def test_without_git_a_folder_is_ingested_and_a_repository_is_not(
    of_git: Settings, repository: Repository, embedder: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git, "git_program", lambda: None)
    fails(of_git, embedder, "git is not installed here")
    report = run(of_git.changed(docs_dir=repository.folder / "docs"), embedder)
    assert report.published and report.manifest.commit == ""


def test_nobody_is_asked_for_a_password(
    of_git: Settings, guarded: GitServer, embedder: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = tmp_path / "asked"
    program = tmp_path / "ask"
    program.write_text(f"#!/bin/sh\ntouch {asked}\necho word\n")
    program.chmod(0o755)
    monkeypatch.setenv("SSH_ASKPASS", str(program))
    monkeypatch.setenv("DISPLAY", ":0")
    fails(of_git.changed(docs_dir=f"{guarded.url()}#main:docs"), embedder, "refuses the login")
    assert not asked.exists()


def test_ssh_asks_nobody_either_and_the_operators_own_command_stays(
    of_git: Settings, embedder: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = tmp_path / "heard"
    (tmp_path / "bin").mkdir()
    for name in ("ssh", "own"):
        (tmp_path / "bin" / name).write_text(f'#!/bin/sh\necho {name} "$@" >> {heard}\nexit 255\n')
        (tmp_path / "bin" / name).chmod(0o755)
    import os

    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    settings = of_git.changed(docs_dir="git+ssh://reader@host.example/site#main")
    fails(settings, embedder, "is no repository, or none that this login may read")
    assert "ssh -oBatchMode=yes" in heard.read_text() and "reader@host.example" in heard.read_text()
    monkeypatch.setenv("GIT_SSH_COMMAND", "own")
    fails(settings, embedder, "is no repository")
    assert "own" in heard.read_text().splitlines()[-1]
