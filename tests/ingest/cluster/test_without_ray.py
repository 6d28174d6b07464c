"""What `footnote ingest --ray` says where it cannot run."""

import sys
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from footnote.app.cli.main import app
from footnote.ingest.cluster.workers import _Jobs
from tests.conftest import CORPUS


@pytest.fixture
def no_ray(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)


@pytest.mark.usefixtures("no_ray")
def test_without_the_extra_it_says_how_to_install_it() -> None:
    result = CliRunner().invoke(app, ["ingest", str(CORPUS), "--ray", "auto"])
    assert result.exit_code == 2
    assert "pip install -c constraints.txt -e '.[ray]'" in " ".join(result.stderr.split())


@pytest.mark.parametrize("mode", ["--watch", "--check", "--dry-run"])
def test_it_goes_with_no_mode_that_runs_here(mode: str) -> None:
    result = CliRunner().invoke(app, ["ingest", "--ray", "auto", mode])
    assert result.exit_code == 2
    assert "--ray takes neither --watch, --check nor --dry-run" in result.stderr


def test_a_number_of_workers_needs_an_address() -> None:
    result = CliRunner().invoke(app, ["ingest", "--ray-workers", "2"])
    assert (result.exit_code, "--ray-workers needs --ray ADDRESS" in result.stderr) == (2, True)


def test_what_was_lost_is_done_before_what_follows_and_nothing_is_read_ahead() -> None:
    read: list[int] = []

    def tasks() -> Iterator[str]:
        for number in range(4):
            read.append(number)
            yield "abcd"[number]

    jobs = _Jobs(tasks())
    first, second = jobs.take(), jobs.take()
    assert first and second
    assert read == [0, 1]
    jobs.put_back(first)
    assert not jobs.are_done()
    taken = [jobs.take() for _ in range(3)]
    assert [(job.number, job.task) for job in taken if job] == [(0, "a"), (2, "c"), (3, "d")]
    assert jobs.are_done()
    assert jobs.take() is None
