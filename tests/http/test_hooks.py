"""`POST /hooks/git`: who is heard, what starts an ingest, and a push that is answered from."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from fastapi.testclient import TestClient

from footnote.app.audit.audit_file import AUDIT_FILE
from footnote.app.core.errors import IngestRunningError, SettingsError
from footnote.app.core.settings import load_settings
from footnote.app.http.app import create_app
from footnote.app.index.job import Job
from footnote.app.service import pushes
from footnote.app.service.jobs import Jobs
from footnote.app.service.pushes import Pushes
from tests.git_server import GitServer, Repository, git_server
from tests.ingest.ingesting import PAGES
from tests.serving import KEY, Running, Serve, until

SECRET = "webhook-secret-0123"
GITLAB_KEY = b"0123456789abcdef0123456789abcdef"
GITLAB_SECRET = "whsec_" + base64.b64encode(GITLAB_KEY).decode()
PUSH: Mapping[str, object] = {"ref": "refs/heads/main", "after": "1" * 40, "repository": {"default_branch": "main"}}


class Recorded(Pushes):
    """Counts pushes in place of starting ingests."""

    def __init__(self) -> None:
        self.count = 0

    def pushed(self) -> Job | None:
        self.count += 1
        return Job("a" * 32, "2026-01-01T00:00:00+00:00") if self.count == 1 else None


class Hook:
    """The route alone, without a service behind it."""

    def __init__(self, tmp_path: Path, secret: str | None, **settings: object) -> None:
        given = {"docs_dir": "git+https://host.example/site#main:docs", **settings}
        app = create_app(load_settings(env_file=None, index_dir=tmp_path / "index", git_webhook_secret=secret, **given))
        (hosted,) = app.state.collections
        self.pushes = hosted.pushes = Recorded()
        self.metrics = app.state.metrics
        self._client = TestClient(app)

    def send(self, body: bytes | Mapping[str, object], **headers: str | bytes) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._client.post("/hooks/git", content=content, headers={"content-type": "application/json", **named})

    def github(self, body: bytes | Mapping[str, object], event: str = "push", **headers: str) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.send(content, x_github_event=event, x_hub_signature_256=signed(content), **headers)

    def counted(self, result: str) -> float | None:
        return self.metrics.registry.get_sample_value("footnote_webhooks_total", {"result": result})


def signed(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@pytest.fixture
def hook(tmp_path: Path) -> Hook:
    return Hook(tmp_path, SECRET)


def test_a_push_starts_an_ingest_and_another_one_waits(hook: Hook) -> None:
    started = hook.github(PUSH)
    assert (started.status_code, started.json()) == (202, {"status": "started", "ingest": "a" * 32})
    assert started.headers["Location"] == "/ingest/" + "a" * 32
    queued = hook.github(PUSH)
    assert (queued.status_code, queued.json()) == (202, {"status": "queued", "ingest": None})
    assert (hook.counted("started"), hook.counted("queued"), hook.counted("refused")) == (1, 1, 0)


def test_gitlab_and_what_sends_a_form_are_heard_as_well(hook: Hook, tmp_path: Path) -> None:
    assert hook.send(PUSH, x_gitlab_token=SECRET, x_gitlab_event="Push Hook").status_code == 202
    form = urlencode({"payload": json.dumps(PUSH)}).encode()
    assert hook.github(form, content_type="application/x-www-form-urlencoded").status_code == 202
    signing = Hook(tmp_path, GITLAB_SECRET)
    body = json.dumps(PUSH).encode()
    digest = hmac.new(GITLAB_KEY, b"id-1.1700000000." + body, hashlib.sha256).digest()
    headers = {"webhook_id": "id-1", "webhook_timestamp": "1700000000", "x_gitlab_event": "Push Hook"}
    right = "v1," + base64.b64encode(digest).decode()
    assert signing.send(body, webhook_signature=right, **headers).status_code == 202
    assert signing.send(body, webhook_signature=f"v1,AAAA {right}", **headers).status_code == 202
    assert signing.send(body, webhook_signature=right, **{**headers, "webhook_id": "id-2"}).status_code == 401
    assert signing.send(body + b" ", webhook_signature=right, **headers).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x_hub_signature_256": signed(b"another body")},
        {"x_hub_signature_256": signed(json.dumps(PUSH).encode(), "another-secret-0123")},
        {"x_hub_signature_256": signed(json.dumps(PUSH).encode()).removeprefix("sha256=")},
        {"x_hub_signature_256": "sha256="},
        {"x_hub_signature_256": "sha256=\u00e9"},
        {"x_hub_signature": "sha1=" + hmac.new(SECRET.encode(), json.dumps(PUSH).encode(), "sha1").hexdigest()},
        {"x_gitlab_token": SECRET + "x"},
        {"x_gitlab_token": ""},
        {"webhook_signature": "v1,"},
        {"webhook_signature": "v1"},
        {"authorization": f"Bearer {SECRET}"},
    ],
)
def test_what_is_not_signed_with_the_secret_is_refused(hook: Hook, headers: dict[str, str]) -> None:
    refused = hook.send(
        PUSH, x_github_event="push", **{name: value.encode("latin-1") for name, value in headers.items()}
    )
    assert (refused.status_code, refused.json()["type"]) == (401, "urn:footnote:problem:unauthorized")
    assert SECRET not in refused.text
    assert hook.pushes.count == 0 and hook.counted("refused") == 1


def test_without_a_secret_the_route_is_off(tmp_path: Path) -> None:
    off = Hook(tmp_path, None)
    for response in (off.github(PUSH), off.send(PUSH, x_gitlab_token="")):
        assert (response.status_code, response.json()["type"]) == (403, "urn:footnote:problem:webhook-off")
    assert off.pushes.count == 0
    with pytest.raises(SettingsError, match="FOOTNOTE_GIT_WEBHOOK_SECRET: must be at least 16"):
        load_settings(env_file=None, git_webhook_secret="short")


def test_a_ping_is_answered(hook: Hook) -> None:
    pong = hook.github(b"{}", "ping")
    assert (pong.status_code, pong.json()) == (200, {"status": "pong"})
    assert hook.pushes.count == 0


@pytest.mark.parametrize(
    ("change", "event", "reason"),
    [
        ({"ref": "refs/heads/other"}, "push", "the docs are of main"),
        ({"ref": "refs/heads/feature/main"}, "push", "the docs are of main"),
        ({"ref": "refs/heads/main", "deleted": True}, "push", "the branch was deleted"),
        ({"after": "0" * 40}, "push", "the branch was deleted"),
        ({}, "issues", "only pushes start an ingest"),
        ({"ref": None}, "push", "only pushes start an ingest"),
    ],
)
def test_what_does_not_change_the_docs_is_ignored(
    hook: Hook, change: Mapping[str, object], event: str, reason: str
) -> None:
    ignored = hook.github({**PUSH, **change}, event)
    assert (ignored.status_code, ignored.json()) == (200, {"status": "ignored", "reason": reason})
    assert hook.pushes.count == 0 and hook.counted("ignored") == 1


@pytest.mark.parametrize(
    ("docs", "ref", "starts"),
    [
        ("git+https://host.example/site#v1", "refs/tags/v1", True),
        ("git+https://host.example/site#refs/tags/v1", "refs/tags/v1", True),
        ("git+https://host.example/site", "refs/heads/main", True),
        ("git+https://host.example/site", "refs/heads/other", False),
        ("docs", "refs/heads/other", True),
    ],
)
def test_the_branch_is_that_of_the_docs(tmp_path: Path, docs: str, ref: str, starts: bool) -> None:
    hook = Hook(tmp_path, SECRET, docs_dir=docs)
    assert hook.github({**PUSH, "ref": ref}).status_code == (202 if starts else 200)
    assert hook.pushes.count == starts


@pytest.mark.parametrize("body", [b"", b"no", b"[]", b"[" * 100_000, b"\xff", b'"x"'])
def test_what_is_no_json_object_is_refused(hook: Hook, body: bytes) -> None:
    assert hook.github(body).status_code == 400
    assert hook.github(body, content_type="application/x-www-form-urlencoded").status_code == 400


def test_a_push_of_many_commits_has_room_and_more_has_none(hook: Hook) -> None:
    commits = {"commits": [{"message": "x" * 1000} for _ in range(500)]}
    assert hook.github({**PUSH, **commits}).status_code == 202
    assert hook.github({**PUSH, "commits": "x" * 1_100_000}).status_code == 413


class Busy(Jobs):
    """One ingest runs until it is let go."""

    def __init__(self) -> None:
        self.running = threading.Event()
        self.started = 0

    def start(self, rebuild: bool, checksum: bool, replace: bool = False, allow_deletes: bool = False) -> Job:
        if self.running.is_set():
            raise IngestRunningError("an ingest is running")
        self.running.set()
        self.started += 1
        return Job(f"{self.started:032x}", "2026-01-01T00:00:00+00:00")


def test_of_pushes_during_an_ingest_one_more_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pushes, "_EVERY_S", 0.01)
    jobs = Busy()
    one = Pushes(jobs)
    assert one.pushed() is not None
    assert [one.pushed() for _ in range(5)] == [None] * 5
    assert jobs.started == 1
    jobs.running.clear()
    until(lambda: jobs.started == 2)
    assert one.pushed() is None
    jobs.running.clear()
    until(lambda: jobs.started == 3)
    assert one.pushed() is None
    one.close()
    jobs.running.clear()
    assert jobs.started == 3


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "served" / "site")
    made.commit({f"docs/{path}": text for path, text in PAGES.items()})
    return made


@pytest.fixture
def server(repository: Repository) -> Iterator[GitServer]:
    with git_server(repository.folder.parent) as running:
        yield running


def test_a_push_is_answered_from(serve: Serve, server: GitServer, repository: Repository, tmp_path: Path) -> None:
    template = "https://host.example/blob/{commit}/docs/{path}#L{start_line}-L{end_line}"
    service = serve(
        "--watch",
        docs_dir=f"{server.url()}#main:docs",
        index_dir=tmp_path / "index",
        git_webhook_secret=SECRET,
        git_poll_s=86_400,
        admin_key=KEY,
        link_template=template,
    )
    service.serves(1)
    assert service.request("GET", "/index")[2]["git"]["commit"] == repository.head
    second = repository.commit({"docs/zebra.md": "# Zebra\n\nThe zebra sleeps at port 9090.\n"})
    assert _pushed(service, "refs/heads/other")["status"] == "ignored"
    job = _pushed(service, "refs/heads/main")
    assert job["status"] == "started"
    service.serves(2)
    answer = service.request("POST", "/query", {"question": "Where does the zebra sleep?"})[2]
    cited = answer["citations"][0]
    assert (cited["path"], cited["url"]) == (
        "zebra.md",
        f"https://host.example/blob/{second}/docs/zebra.md#L{cited['start_line']}-L{cited['end_line']}",
    )
    shown = repository.git("show", f"{second}:docs/zebra.md").splitlines()
    assert cited["quote"] in "\n".join(shown[cited["start_line"] - 1 : cited["end_line"]])
    done = service.request("GET", f"/ingest/{job['ingest']}", headers={"Authorization": f"Bearer {KEY}"})[2]
    assert (done["report"]["commit"], done["report"]["added"]) == (second, ["zebra.md"])


def _pushed(service: Running, ref: str) -> dict[str, str]:
    body = json.dumps({**PUSH, "ref": ref}).encode()
    url = f"http://127.0.0.1:{service.port}/hooks/git"
    headers = {"X-GitHub-Event": "push", "X-Hub-Signature-256": signed(body), "Content-Type": "application/json"}
    answer = httpx.post(url, content=body, headers={**headers, "Host": "testserver"}, timeout=60)
    assert answer.status_code in (200, 202), answer.text
    return dict(answer.json())


def test_where_there_are_several_collections_the_address_names_one(tmp_path: Path) -> None:
    tables = (f"[collections.{name}]\ndocs = 'git+https://host.example/{name}#main'\n" for name in ("one", "two"))
    (tmp_path / "footnote.toml").write_text("".join(tables), "utf-8")
    app = create_app(load_settings(env_file=None, config=tmp_path / "footnote.toml", git_webhook_secret=SECRET))
    pushed = {}
    for hosted in app.state.collections:
        pushed[hosted.collection.name] = hosted.pushes = Recorded()
    content = json.dumps(PUSH).encode()
    headers = {"x-github-event": "push", "x-hub-signature-256": signed(content), "content-type": "application/json"}

    def sent(address: str) -> httpx.Response:
        return TestClient(app).post(address, content=content, headers=headers)

    started = sent("/hooks/git?collection=two")
    assert (started.status_code, started.headers["location"]) == (202, f"/ingest/{'a' * 32}?collection=two")
    assert (sent("/hooks/git").status_code, sent("/hooks/git?collection=three").status_code) == (422, 404)
    assert {name: one.count for name, one in pushed.items()} == {"one": 0, "two": 1}


def test_a_push_and_one_that_is_refused_stand_in_the_audit(tmp_path: Path) -> None:
    hook = Hook(tmp_path, SECRET, audit="true")
    assert [hook.github(PUSH).status_code, hook.send(PUSH, x_github_event="push").status_code] == [202, 401]
    lines = [json.loads(line) for line in (tmp_path / "index" / AUDIT_FILE).read_text("utf-8").splitlines()]
    assert [(line["act"], line["route"], line["status"]) for line in lines] == [
        ("ingest", "POST /hooks/git", 202),
        ("ingest", "POST /hooks/git", 401),
    ]
