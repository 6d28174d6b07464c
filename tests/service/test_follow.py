"""`footnote serve --follow`: one following child, whatever happens to it or to the service."""

import os
import signal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from footnote.app.cli.main import app
from footnote.app.core.errors import ReplicaError
from footnote.app.core.settings import load_settings
from footnote.app.objects.directory import Directory
from footnote.app.replicas.publish import publish
from footnote.app.service.jobs import Jobs
from footnote.ingest.flow import ingest
from tests.conftest import WriteDocs
from tests.serving import Serve, alive, until


@pytest.fixture
def release(tmp_path: Path, write_docs: WriteDocs, embedder):
    """Ingests a page with a port, and publishes."""

    def run(port: int) -> None:
        docs = write_docs(tmp_path / "docs", {"a.md": f"# A\n\nRelay listens on port {port}.\n"})
        ingest(load_settings(env_file=None, docs_dir=docs, index_dir=tmp_path / "writer"), lambda *_: None, embedder)
        publish(tmp_path / "writer", Directory(tmp_path / "target"), lambda *_: None)

    return run


def test_a_replica_waits_for_the_first_index_and_takes_up_each(serve: Serve, release, tmp_path: Path) -> None:
    service = serve(index_dir=tmp_path / "replica", follow=tmp_path / "target", follow_every_s=0.1)
    until(lambda: "nothing was published to" in service.log, "the follower to say so")
    status, _, problem = service.request("GET", "/health/ready")
    assert (status, problem["type"]) == (503, "urn:footnote:problem:not-ready")
    assert f"no generation of {tmp_path / 'target'} was taken up yet" in problem["detail"]
    release(7070)
    service.serves(1)
    until(lambda: f"follow: generation 1 of {tmp_path / 'target'} is live: " in service.log, "the follower's own line")
    (follower,) = service.numbers(r"following the source in process (\d+)")
    os.kill(follower, signal.SIGKILL)
    until(lambda: len(service.numbers(r"following the source in process (\d+)")) == 2, "another child")
    release(8080)
    service.serves(2)
    status, _, answer = service.request("POST", "/query", {"question": "Which port does Relay listen on?"})
    assert [citation["quote"] for citation in answer["citations"]] == ["Relay listens on port 8080."]
    followers = service.numbers(r"following the source in process (\d+)")
    service.stop()
    assert not any(alive(pid) for pid in followers)


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (["--watch", "--follow", "x"], 2, "--watch and --follow exclude each other"),
        (["--follow", "x", "--index-dir", "writer"], 3, "holds an index of its own"),
        (["--follow", "ftp://x/y"], 2, "ftp://x/y: write a folder"),
    ],
)
def test_what_cannot_be_followed_is_refused_at_once(
    release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], code: int, says: str
) -> None:
    release(7070)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("uvicorn.run", lambda *_, **__: pytest.fail("it was served"))
    done = CliRunner().invoke(app, ["serve", "--port", "0", *options])
    assert done.exit_code == code, done.output
    assert says in " ".join(done.output.split())


def test_no_ingest_is_started_before_the_source_was_reached(tmp_path: Path) -> None:
    settings = load_settings(env_file=None, index_dir=tmp_path / "replica", follow=str(tmp_path / "target"))
    with pytest.raises(ReplicaError, match="this service follows .*target: ingest on the writer"):
        Jobs(settings).start(rebuild=False, checksum=False)
    assert not (tmp_path / "replica").exists()
