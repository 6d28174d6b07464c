"""One writer, three replicas, nginx, load; one replica is killed and one parted from the source."""

import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from footnote.app.models.embedder import Embedder
from footnote.app.objects.open import open_objects
from tests.replicas.fleet import Clients, Writer, ask
from tests.servers import Passage, running_nginx, s3_environment
from tests.serving import KEY, Running, Serve, until

pytestmark = pytest.mark.scale


@pytest.fixture
def passage(s3_server: str) -> Iterator[Passage]:
    with closing(Passage(s3_server)) as passage:
        yield passage


def test_readers_see_no_error_and_no_mixed_answer(
    serve: Serve,
    s3_server: str,
    s3_bucket: str,
    passage: Passage,
    embedder: Embedder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = f"s3://{s3_bucket}/fleet"
    writer = Writer(tmp_path, open_objects(source), embedder)
    assert writer.release() == 1

    def replica(name: str, address: str) -> Running:
        for variable, value in s3_environment(address).items():
            monkeypatch.setenv(variable, value)
        folder = tmp_path / name
        return serve("--follow", source, index_dir=folder, follow_every_s=0.2, query_workers=1, admin_key=KEY)

    first, killed, parted = (
        replica(name, at) for name, at in (("a", s3_server), ("b", s3_server), ("c", passage.address))
    )
    for one in (first, killed, parted):
        one.serves(1)
    with running_nginx(tmp_path / "nginx", [first.port, killed.port, parted.port]) as port:
        clients = Clients(port)
        clients.start(2)
        try:
            writer.release()
            for one in (first, killed, parted):
                one.serves(2)
            passage.cut()
            writer.release()
            first.serves(3)
            killed.serves(3)
            until(lambda: parted.request("GET", "/index")[2]["replica"]["error"], "the parted one to say so")
            assert parted.generation() == 2
            killed.stop(signal.SIGKILL)
            writer.release()
            first.serves(4)
            seen = sum(clients.answers.values())
            until(lambda: sum(clients.answers.values()) > seen + 10, "answers of both that are left")
            lag = parted.request("GET", "/health/ready")
            assert (lag[0], lag[2]["generation"], lag[2]["replica"]["source_generation"]) == (200, 2, 2)
            assert lag[2]["replica"]["contact_s"] > 0
            passage.mend()
            parted.serves(4)
        finally:
            clients.stop()
        assert clients.errors == []
        assert clients.answers.keys() >= {2, 4}
        status, answer = ask(port, "Which position is the valve set to?")
        assert (status, answer["generation"]) == (200, 4)
        _refuses(first)
    described = first.request("GET", "/index")[2]["replica"]
    assert described["source"] == source
    assert (described["generation"], described["publishings_behind"], described["behind_s"]) == (4, 0, 0)


def _refuses(replica: Running) -> None:
    """Whatever would change its generations."""
    for path in ("/ingest", "/rollback"):
        status, _, problem = replica.request("POST", path, headers={"Authorization": f"Bearer {KEY}"})
        assert (status, problem["type"]) == (409, "urn:footnote:problem:replica")
        assert "run `footnote publish` there" in problem["detail"]
