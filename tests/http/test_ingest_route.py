"""`POST /ingest` and `GET /ingest/{id}`, on a service of two workers; errors that need no ingest in this process."""

import json
import os
import re
import signal
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from fastapi.testclient import TestClient

from footnote.app.core.settings import Settings, load_settings
from footnote.app.http.app import create_app
from footnote.app.index.generations import Generations
from footnote.app.index.job import Job, job_files, lock_job, write_job
from footnote.app.models.embedder import Embedder
from footnote.ingest.flow import ingest
from tests.conftest import WriteDocs
from tests.serving import KEY, Running, Serve, alive, children, until

AUTHORIZED = {"Authorization": f"Bearer {KEY}"}
PROBLEM = "urn:footnote:problem:"


class Site(NamedTuple):
    """A service and the docs and index that it has."""

    service: Running
    docs_dir: Path
    index_dir: Path

    def start(self, **body: bool) -> str:
        """Start an ingest; its id."""
        status, headers, job = self.service.request("POST", "/ingest", body or None, AUTHORIZED)
        assert status == 202, job
        assert headers["Location"] == f"/ingest/{job['id']}"
        assert (job["state"], job["stage"], job["report"], job["problem"]) == ("running", None, None, None)
        return str(job["id"])

    def job(self, job_id: str) -> dict[str, Any]:
        """What is said of it; any worker may answer."""
        status, _, job = self.service.request("GET", f"/ingest/{job_id}", headers=AUTHORIZED)
        assert (status, job["id"]) == (200, job_id)
        return dict(job)

    def ended(self, job_id: str) -> dict[str, Any]:
        """The same at its end."""
        return dict(until(lambda: (job := self.job(job_id))["state"] != "running" and job, self.service.log))

    def pid(self, job_id: str) -> int:
        return self.service.numbers(rf"ingest {job_id}: started as process (\d+)")[0]


def site(serve: Serve, folder: Path, write_docs: WriteDocs, embedder: Embedder, *arguments: str) -> Site:
    docs_dir = write_docs(folder / "docs", {"a.md": "# A\n\nRelay listens on port 7070.\n"})
    # The docs folder is given here and nowhere else: it is the one of the last ingest.
    settings = load_settings(env_file=None, docs_dir=docs_dir, index_dir=folder / "index")
    ingest(settings, lambda *_: None, embedder)
    service = serve(*arguments, "--index-dir", str(settings.folders.index_dir), admin_key=KEY)
    return Site(service, docs_dir, settings.folders.index_dir)


def slow_docs(pages: int = 200) -> Mapping[str, str]:
    """Pages that take a while to embed, other ones at each call."""
    return {f"slow/{n}.md": f"# {n}\n\n{f'{uuid.uuid4()} ' * 25}\n" for n in range(pages)}


@pytest.fixture(scope="module")
def two_workers(
    serve: Serve, tmp_path_factory: pytest.TempPathFactory, write_docs: WriteDocs, embedder: Embedder
) -> Site:
    made = site(serve, tmp_path_factory.mktemp("site"), write_docs, embedder, "--workers", "2")
    made.service.all_serve(1)
    return made


def test_an_ingest_is_started_shown_and_its_generation_served(two_workers: Site, write_docs: WriteDocs) -> None:
    write_docs(two_workers.docs_dir, {"b.md": "# B\n\nThe colour is green.\n"})
    job_id = two_workers.start()
    running = two_workers.service.request("POST", "/ingest", None, AUTHORIZED)
    assert (running[0], running[2]["type"]) == (409, PROBLEM + "ingest-running")
    assert f"GET /ingest/{job_id}" in running[2]["detail"]
    job = two_workers.ended(job_id)
    assert (job["state"], job["stage"], job["done"], job["total"]) == ("done", "write", 1, 1)
    assert job["problem"] is None
    report = job["report"]
    assert (report["generation"], report["published"], report["added"]) == (2, True, ["b.md"])
    assert report["docs_dir"] == str(two_workers.docs_dir)
    two_workers.service.all_serve(2)


def test_the_body_says_how_to_ingest(two_workers: Site) -> None:
    before = Generations(two_workers.index_dir).live()
    reports = [two_workers.ended(two_workers.start(**body))["report"] for body in ({}, {"rebuild": True})]
    assert [(report["published"], report["generation"]) for report in reports] == [(False, before), (True, before + 1)]
    # What `--checksum` finds, a test cannot make: a change that leaves all times as they were.
    job_id = two_workers.start(checksum=True)
    command = Path(f"/proc/{two_workers.pid(job_id)}/cmdline")  # empty for a moment, until the child is what it runs
    until(
        lambda: (
            command.read_bytes().split(b"\0")[-5:-1] == [b"footnote.ingest", b"--job", job_id.encode(), b"--checksum"]
        )
    )
    assert two_workers.ended(job_id)["state"] == "done"


def test_what_the_last_ingest_left_out_stays_out(
    serve: Serve, tmp_path: Path, write_docs: WriteDocs, embedder: Embedder
) -> None:
    made = site(serve, tmp_path, write_docs, embedder)
    write_docs(made.docs_dir, {"drafts/d.md": "# D\n\nNot yet.\n"})
    given = load_settings(env_file=None, docs_dir=made.docs_dir, index_dir=made.index_dir, exclude="drafts/")
    ingest(given, lambda *_: None, embedder)
    report = made.ended(made.start())["report"]
    assert (report["published"], report["files"], report["added"]) == (False, 1, [])


def test_deletions_are_held_unless_the_body_allows_them(two_workers: Site, write_docs: WriteDocs) -> None:
    write_docs(two_workers.docs_dir, {f"gone/{n}.md": f"# {n}\n\nPage {n}.\n" for n in range(12)})
    assert two_workers.ended(two_workers.start())["state"] == "done"
    for page in (two_workers.docs_dir / "gone").iterdir():
        page.unlink()
    held = two_workers.ended(two_workers.start())
    assert (held["state"], held["problem"]["type"]) == ("failed", PROBLEM + "deletions")
    report = two_workers.ended(two_workers.start(allow_deletes=True))["report"]
    assert (report["published"], len(report["deleted"])) == (True, 12)


def test_an_ingest_that_fails_says_why(two_workers: Site) -> None:
    away = two_workers.docs_dir.rename(two_workers.docs_dir.with_name("away"))
    job = two_workers.ended(two_workers.start())
    away.rename(two_workers.docs_dir)
    assert (job["state"], job["report"]) == ("failed", None)
    assert (job["problem"]["type"], job["problem"]["title"]) == (PROBLEM + "docs-folder", "Docs folder")
    assert str(two_workers.docs_dir) in job["problem"]["detail"]
    until(lambda: f"ingest {job['id']}: error: " in two_workers.service.log)


def test_an_ingest_runs_at_low_priority_and_one_that_is_killed_has_failed(
    two_workers: Site, write_docs: WriteDocs
) -> None:
    write_docs(two_workers.docs_dir, slow_docs())
    before = Generations(two_workers.index_dir).live()
    job_id = two_workers.start()
    embedding = until(lambda: (job := two_workers.job(job_id))["done"] > 0 and job["stage"] == "embed" and job)
    assert 0 < embedding["done"] < embedding["total"]
    pid = two_workers.pid(job_id)
    nice = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[16]
    assert int(nice) == os.nice(0) + 10
    os.kill(pid, signal.SIGKILL)
    job = two_workers.ended(job_id)
    assert (job["state"], job["problem"]["type"]) == ("failed", PROBLEM + "ingest-interrupted")
    assert "ended without a report" in job["problem"]["detail"]
    assert Generations(two_workers.index_dir).live() == before
    until(lambda: not Path(f"/proc/{pid}").exists(), "the zombie to be gone")
    for page in (two_workers.docs_dir / "slow").iterdir():
        page.unlink()
    assert two_workers.ended(two_workers.start())["state"] == "done"


def test_only_the_last_twenty_are_kept(two_workers: Site) -> None:
    planted = []
    for number in range(25):
        job = Job(uuid.uuid4().hex, "", "done")
        write_job(two_workers.index_dir, job)
        os.close(lock_job(two_workers.index_dir, job.id))
        lock = job_files(two_workers.index_dir, job.id)[1]
        os.utime(lock, ns=(2**62 + number, 2**62 + number))  # newer than the others, one by one
        planted.append(job.id)
    two_workers.ended(newest := two_workers.start())
    left = {file.stem for file in (two_workers.index_dir / "jobs").glob("*.json")}
    assert left == {*planted[-19:], newest}
    assert {file.stem for file in (two_workers.index_dir / "jobs").glob("?*.lock")} - left <= {".lock", ""}
    assert two_workers.service.request("GET", f"/ingest/{planted[0]}", headers=AUTHORIZED)[0] == 404


def test_an_ingest_under_way_ends_with_the_service(
    serve: Serve, tmp_path: Path, write_docs: WriteDocs, embedder: Embedder
) -> None:
    here = site(serve, tmp_path, write_docs, embedder)
    write_docs(here.docs_dir, slow_docs())
    job_id = here.start()
    until(lambda: here.job(job_id)["stage"] == "embed")
    pid = here.pid(job_id)
    here.service.stop()
    assert not alive(pid) and children(here.service.process.pid) == []
    state = json.loads(job_files(here.index_dir, job_id)[0].read_text())
    assert (state["state"], state["problem"]["type"]) == ("failed", PROBLEM + "ingest-interrupted")
    assert Generations(here.index_dir).live() == 1
    assert not (here.index_dir / "building").exists()


def test_an_ingest_under_way_ends_also_when_the_service_is_killed(
    serve: Serve, tmp_path: Path, write_docs: WriteDocs, embedder: Embedder
) -> None:
    here = site(serve, tmp_path, write_docs, embedder)
    write_docs(here.docs_dir, slow_docs())
    job_id = here.start()
    until(lambda: here.job(job_id)["stage"] == "embed")
    here.service.stop(signal.SIGKILL)
    until(lambda: not alive(here.pid(job_id)), "the ingest to end")
    state = json.loads(job_files(here.index_dir, job_id)[0].read_text())
    assert (state["state"], state["problem"]["type"]) == ("failed", PROBLEM + "ingest-interrupted")
    assert Generations(here.index_dir).live() == 1


def test_an_index_of_another_folder_is_replaced_when_the_body_says_so(
    serve: Serve, tmp_path: Path, write_docs: WriteDocs, embedder: Embedder
) -> None:
    index_dir = site(serve, tmp_path, write_docs, embedder).index_dir
    other = write_docs(tmp_path / "other", {"b.md": "# B\n\nThe colour is green.\n"})
    here = Site(serve(docs_dir=other, index_dir=index_dir, admin_key=KEY), other, index_dir)
    status, _, problem = here.service.request("POST", "/ingest", {}, AUTHORIZED)
    assert (status, problem["type"], problem["title"]) == (409, PROBLEM + "other-docs", "Other docs")
    assert str(tmp_path / "docs") in problem["detail"]
    assert str(other) in problem["detail"]
    assert '"replace": true' in problem["detail"]
    assert Generations(index_dir).live() == 1
    report = here.ended(here.start(replace=True))["report"]
    assert (report["generation"], report["docs_dir"]) == (2, str(other))
    assert here.ended(here.start())["report"]["published"] is False


Post = Callable[..., Any]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(env_file=None, index_dir=tmp_path / "index", admin_key=KEY)


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings)) as client:
        yield client


def assert_problem(response: Any, status: int, slug: str) -> dict[str, Any]:
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    problem = response.json()
    assert (problem["type"], problem["status"]) == (PROBLEM + slug, status)
    return dict(problem)


@pytest.mark.parametrize("headers", [{}, AUTHORIZED])
def test_without_a_key_the_routes_are_off(tmp_path: Path, headers: dict[str, str]) -> None:
    with TestClient(create_app(load_settings(env_file=None, index_dir=tmp_path / "index"))) as client:
        for response in (
            client.post("/ingest", content=b"{", headers=headers),
            client.get(f"/ingest/{uuid.uuid4().hex}", headers=headers),
        ):
            assert "FOOTNOTE_ADMIN_KEY" in assert_problem(response, 403, "ingest-off")["detail"]
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", f"Basic {KEY}", KEY, f"Bearer {KEY}x", f"Bearer {KEY[:-1]}", "Bearer sch\xf6n"],
)
def test_a_missing_and_a_wrong_key_are_treated_alike(
    client: TestClient, settings: Settings, authorization: str | None
) -> None:
    headers = {"X-Request-ID": b"one"}  # else each has one of its own
    if authorization is not None:
        headers["Authorization"] = authorization.encode("latin-1")
    seen = []
    for response in (
        client.post("/ingest", headers=headers),
        client.post("/ingest", content=b"{", headers=headers),
        client.post("/ingest", json={"docs_dir": "/etc"}, headers=headers),
        client.get(f"/ingest/{uuid.uuid4().hex}", headers=headers),
        client.get("/ingest/x", headers=headers),
    ):
        problem = assert_problem(response, 401, "unauthorized")
        assert response.headers["www-authenticate"] == 'Bearer realm="footnote"'
        assert KEY not in response.text
        seen.append((problem, dict(response.headers)))
    assert all(one == seen[0] for one in seen)
    assert seen[0][0]["detail"] == (
        "send the header `Authorization: Bearer` with a key that has the scope `ingest`: the one that "
        "FOOTNOTE_ADMIN_KEY holds, or one of `footnote keys`"
    )
    assert not settings.folders.index_dir.exists()


def test_the_scheme_is_read_in_any_case(client: TestClient) -> None:
    assert client.get("/ingest/x", headers={"Authorization": f"bEARER {KEY}"}).status_code == 404


@pytest.mark.parametrize(
    ("body", "slug"),
    [
        (b"{", "invalid-json"),
        (b"[]", "invalid-request"),
        (b'{"docs_dir": "/etc"}', "invalid-request"),
        (b'{"index_dir": "/tmp/x"}', "invalid-request"),
        (b'{"rebuild": "perhaps"}', "invalid-request"),
    ],
)
def test_a_wrong_body_is_refused(client: TestClient, settings: Settings, body: bytes, slug: str) -> None:
    headers = {**AUTHORIZED, "Content-Type": "application/json"}
    assert_problem(client.post("/ingest", content=body, headers=headers), 422, slug)
    assert not settings.folders.index_dir.exists()


@pytest.mark.parametrize(
    "job_id", ["x", "%2e%2e", "..%2fsecret", "secret", "A" * 32, "0" * 31, "0" * 33, "0" * 32 + "%0a", "0" * 32]
)
def test_an_id_that_is_none_is_not_found(client: TestClient, settings: Settings, job_id: str) -> None:
    secret = {"id": "0" * 32, "state": "done", "started_at": "SECRET", "report": None, "problem": None}
    (settings.folders.index_dir / "jobs").mkdir(parents=True)
    for place in ("secret.json", "jobs/secret.json", f"jobs/{'A' * 32}.json", f"jobs/{'0' * 33}.json"):
        (settings.folders.index_dir / place).write_text(json.dumps(secret))
    response = client.get(f"/ingest/{job_id}", headers=AUTHORIZED)
    assert response.status_code == 404
    assert "SECRET" not in response.text


def test_an_ingest_of_the_command_line_is_in_the_way(client: TestClient, settings: Settings) -> None:
    with Generations(settings.folders.index_dir).lock():
        assert_problem(client.post("/ingest", headers=AUTHORIZED), 409, "ingest-running")
    assert list((settings.folders.index_dir / "jobs").glob("*.json")) == []


def test_an_index_folder_that_cannot_be_written_is_said(client: TestClient, settings: Settings) -> None:
    settings.folders.index_dir.write_text("a file in its place")
    problem = assert_problem(client.post("/ingest", headers=AUTHORIZED), 500, "index-write")
    assert "check space and permissions" in problem["detail"]


def test_a_state_that_is_half_on_disk_is_a_failure(client: TestClient, settings: Settings) -> None:
    (settings.folders.index_dir / "jobs").mkdir(parents=True)
    job_id = uuid.uuid4().hex
    job_files(settings.folders.index_dir, job_id)[0].write_text('{"id": "')
    job = client.get(f"/ingest/{job_id}", headers=AUTHORIZED).json()
    assert (job["state"], job["problem"]["type"]) == ("failed", PROBLEM + "ingest-interrupted")


def test_the_option_of_the_child_is_hidden_and_only_for_the_service(settings: Settings, tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from footnote.app.cli.main import app

    assert "--job" not in CliRunner().invoke(app, ["ingest", "--help"]).output
    for job_id in ("x", "../x", uuid.uuid4().hex):
        arguments = ["ingest", str(tmp_path), "--index-dir", str(settings.folders.index_dir), "--job", job_id]
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code == 2
        assert re.search("no such job; only the service uses this option", result.stderr)
