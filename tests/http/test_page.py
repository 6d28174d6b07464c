"""What the page and the widget are served with, and the routes that the page asks beside those of the API."""

import re
import shutil
import socket
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from footnote.app.core.errors import SettingsError
from footnote.app.core.settings import load_settings
from footnote.app.http.app import create_app
from footnote.app.http.browser import page_url
from footnote.ingest.flow import ingest
from tests.serving import KEY, until

AUTHORIZED = {"Authorization": f"Bearer {KEY}"}
SITE = "https://docs.example.com"


@pytest.fixture(scope="module")
def index_dir(guide_index, tmp_path_factory):
    """An index that tests may change."""
    unasked = shutil.ignore_patterns("questions.sqlite3*", "evaluation.json")
    return shutil.copytree(guide_index.index_dir, tmp_path_factory.mktemp("page") / "index", ignore=unasked)


@pytest.fixture(scope="module")
def client(index_dir):
    settings = load_settings(env_file=None, index_dir=index_dir, admin_key=KEY, allowed_origins=SITE, max_request_kb=8)
    with TestClient(create_app(settings)) as client:
        until(lambda: client.get("/health/ready").status_code == 200)
        yield client


def test_the_page_loads_nothing_but_what_the_service_sends(client):
    page = client.get("/")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["cache-control"] == "no-cache"
    policy = dict(part.strip().partition(" ")[::2] for part in page.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["require-trusted-types-for"] == "'script'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page.text)
    names = re.findall(r'(?:src|href)="\./(assets/[^"]+)"', page.text)
    assert {Path(name).suffix for name in names} == {".js", ".css"}
    for name in names:
        asset = client.get(f"/{name}")
        assert asset.status_code == 200
        assert "immutable" in asset.headers["cache-control"]
        assert asset.headers["x-content-type-options"] == "nosniff"
        assert re.search(r"javascript|css", asset.headers["content-type"])


def test_files_are_packed_for_those_who_can_unpack(client):
    packed = client.get("/widget.js", headers={"Accept-Encoding": "gzip"})
    plain = client.get("/widget.js", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert "Accept-Encoding" in plain.headers["vary"]


@pytest.mark.parametrize("path", ["/assets/none.js", "/assets/..%2findex.html", "/api-docs/%2e%2e"])
def test_nothing_else_is_served(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_the_documentation_of_the_api_comes_from_files(client, path):
    page = client.get(path)
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for name in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert name == "data:," or client.get(f"/{name}").status_code == 200, name


def test_only_pages_of_allowed_sites_may_ask(client, index_dir):
    asked = {"Origin": SITE, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    allowed = client.options("/query", headers=asked)
    assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (200, SITE)
    assert client.get("/widget.js", headers={"Origin": SITE}).headers["access-control-allow-origin"] == SITE
    too_large = client.post("/query", json={"question": "x" * 9000}, headers={"Origin": SITE})
    assert (too_large.status_code, too_large.headers["access-control-allow-origin"]) == (413, SITE)
    other = client.get("/overview", headers={"Origin": "https://attacker.example"})
    assert "access-control-allow-origin" not in other.headers
    asks = {"Origin": "https://other.example", "Access-Control-Request-Method": "POST"}
    refused = client.options("/query", headers=asks)
    assert (refused.status_code, refused.headers["content-type"]) == (400, "application/problem+json")
    assert refused.json()["type"] == "urn:footnote:problem:origin-not-allowed"
    assert "list the origin in FOOTNOTE_ALLOWED_ORIGINS" in refused.json()["detail"]
    with TestClient(create_app(load_settings(env_file=None, index_dir=index_dir))) as closed:
        assert "access-control-allow-origin" not in closed.get("/", headers={"Origin": SITE}).headers


@pytest.mark.parametrize(
    "origin", ["*", "docs.example.com", f"{SITE}/", f"{SITE}/handbook", "https://*.example.com", "null"]
)
def test_an_origin_is_scheme_host_and_port_alone(origin):
    with pytest.raises(SettingsError, match="is no origin: write scheme, host and port alone"):
        load_settings(env_file=None, allowed_origins=f"https://a.example:8443, {origin}")


def test_the_overview_says_what_can_be_asked(client):
    overview = client.get("/overview").json()
    assert (overview["generation"], overview["files"]) == (1, 8)
    assert overview["folders"] == [{"path": "guides/", "files": 3}, {"path": "reference/", "files": 1}]
    assert overview["keeps_questions"] and overview["can_ingest"]
    assert 3 <= len(overview["questions"]) <= 6


def test_gaps_are_shown_and_dismissed_with_the_key_alone(client):
    question = "Who won the cup in 1998?"
    assert client.post("/query", json={"question": question}).json()["refused"]
    assert client.get("/gaps").status_code == 401
    assert client.post("/gaps/dismiss", json={"question": question}).status_code == 401
    gaps = client.get("/gaps", headers=AUTHORIZED).json()
    assert [(gap["question"], gap["refused"]) for gap in gaps["gaps"]] == [(question, 1)]
    unknown = client.post("/gaps/dismiss", json={"question": "What else?"}, headers=AUTHORIZED)
    assert unknown.json()["type"] == "urn:footnote:problem:gap-unknown"
    dismissed = client.post("/gaps/dismiss", json={"question": "who won the cup in 1998"}, headers=AUTHORIZED).json()
    assert dismissed == {"question": question, "questions": 1, "dismissed": 1}
    assert client.get("/gaps", headers=AUTHORIZED).json()["gaps"] == []


def test_gaps_are_off_without_a_key_and_where_nothing_is_kept(index_dir):
    with TestClient(create_app(load_settings(env_file=None, index_dir=index_dir))) as client:
        assert client.get("/gaps").json()["type"] == "urn:footnote:problem:ingest-off"
    settings = load_settings(env_file=None, index_dir=index_dir, admin_key=KEY, keep_questions=False)
    with TestClient(create_app(settings)) as client:
        assert client.get("/gaps", headers=AUTHORIZED).json()["type"] == "urn:footnote:problem:feedback-off"


def test_a_generation_is_made_live_with_the_key_alone(client, index_dir, write_docs, tmp_path, embedder):
    assert client.get("/generations").status_code == 401
    assert client.post("/rollback").status_code == 401
    docs = write_docs(tmp_path / "docs", {"a.md": "# A\n\nText.\n"})
    ingest(load_settings(env_file=None, docs_dir=docs, index_dir=index_dir), lambda *_: None, embedder)
    until(lambda: client.get("/health/ready").json()["generation"] == 2)
    listed = client.get("/generations", headers=AUTHORIZED).json()
    assert [(one["generation"], one["live"]) for one in listed] == [(1, False), (2, True)]
    assert client.post("/rollback", json={"to": 9}, headers=AUTHORIZED).status_code == 404
    assert client.post("/rollback", headers=AUTHORIZED).json() == {"generation": 1, "was": 2}
    until(lambda: client.get("/health/ready").json()["generation"] == 1)
    assert client.post("/rollback", json={"to": 2}, headers=AUTHORIZED).json() == {"generation": 2, "was": 1}
    assert client.post("/rollback", json={"to": 1}, headers=AUTHORIZED).json() == {"generation": 1, "was": 2}
    until(lambda: client.get("/health/ready").json()["generation"] == 1)


def test_an_evaluation_that_never_was_is_not_found(client):
    answer = client.get("/evaluation")
    assert answer.status_code == 404
    assert "footnote eval" in answer.json()["detail"]


def test_the_page_is_opened_once_the_service_listens(serve, index_dir, tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    opened = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}\n')
    browser.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BROWSER", f"{browser} %s")
        service = serve("--port", str(port), "--open", index_dir=index_dir)
        until(lambda: opened.exists() and opened.read_text())
        assert opened.read_text() == f"http://127.0.0.1:{port}/\n"
        service.stop()
    assert page_url("::1", 80) == "http://[::1]:80/"
