"""The audit over HTTP: each door leaves its line, with who came through it."""

import json
import shutil
import time

import pytest
from fastapi.testclient import TestClient

from footnote.app.audit.audit_file import AUDIT_FILE
from footnote.app.core.settings import load_settings
from footnote.app.http.app import create_app

QUESTION = "Which port does Relay listen on?"
KEY = "test-key-0123456789"
MCP = {"Accept": "application/json, text/event-stream", "Host": "localhost"}


@pytest.fixture(scope="module")
def index_dir(guide_index, tmp_path_factory):
    folder = tmp_path_factory.mktemp("audited") / "index"
    shutil.copytree(guide_index.index_dir, folder)
    return folder


@pytest.fixture(scope="module")
def client(index_dir):
    flags = {"index_dir": index_dir, "reranker": "none", "audit": "true", "admin_key": KEY}
    app = create_app(load_settings(env_file=None, **flags))
    with TestClient(app, client=("192.0.2.1", 50_000)) as client:
        for _ in range(3000):
            if client.get("/health/ready").status_code == 200:
                break
            time.sleep(0.01)
        yield client


@pytest.fixture
def kept(index_dir):
    """The lines that came since the last time, oldest first."""
    file = index_dir / AUDIT_FILE
    seen = len(file.read_text().splitlines()) if file.exists() else 0

    def read():
        nonlocal seen
        found = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
        fresh, seen = found[seen:], len(found)
        return fresh

    return read


def call(client, tool, **arguments):
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}
    return client.post("/mcp", json=message, headers=MCP)


def test_every_way_to_ask_leaves_a_line(client, kept):
    answer = client.post("/query", json={"question": QUESTION})
    [line] = kept()
    assert line["request_id"] == answer.headers["x-request-id"]
    assert (line["caller"], line["act"], line["route"]) == ("address:192.0.2.1", "ask", "POST /query")
    assert (line["status"], line["collections"], line["generation"]) == (200, ["docs"], 1)
    told = answer.json()
    assert line["citations"] == [{"path": one["path"], "sha256": one["sha256"]} for one in told["citations"]]
    assert line["sentences"] == {"supported": len(told["sentences"])}

    client.post("/query", json={"question": QUESTION}, headers={"Accept": "text/event-stream"})
    client.post("/v1/chat/completions", json={"model": "footnote", "messages": [{"role": "user", "content": QUESTION}]})
    assert call(client, "ask", question=QUESTION).status_code == 200
    doors = kept()
    assert [one["route"] for one in doors] == ["POST /query", "POST /v1/chat/completions", "POST /mcp"]
    for one in doors:
        assert one["act"] == "ask"
        for field in ("caller", "question_hmac", "citations", "sentences", "refused", "generation"):
            assert one[field] == line[field], (one["route"], field)
    assert doors[0]["from_cache"]


def test_what_is_found_and_read_is_named(client, kept):
    found = client.get("/search", params={"q": QUESTION}).json()
    page = found["hits"][0]["chunk"]["path"]
    client.get(f"/view/{page}")
    client.get(f"/files/1/{page}")
    call(client, "search", query=QUESTION)
    call(client, "fetch", id=page)
    call(client, "list_docs")
    searched, *read, by_tool, fetched = kept()
    assert searched["act"] == by_tool["act"] == "search"
    assert searched["pages"][0] == by_tool["pages"][0] == page
    assert searched["question_hmac"] == by_tool["question_hmac"]
    assert [(one["act"], one["pages"]) for one in [*read, fetched]] == [("read", [page])] * 3


def test_the_key_is_who_came(client, kept):
    bearer = {"Authorization": f"Bearer {KEY}"}
    assert client.get("/gaps", headers=bearer).status_code == 200
    assert client.get("/gaps", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert client.get("/index", headers=bearer).status_code == 200
    assert [(one["caller"], one["act"], one["status"]) for one in kept()] == [
        ("admin", "gaps", 200),
        ("address:192.0.2.1", "gaps", 401),
    ]


def test_what_nobody_did_leaves_no_line(client, kept):
    for path in ("/health/live", "/", "/overview", "/nothing", "/metrics"):
        client.get(path)
    assert kept() == []


def test_too_many_requests_leave_one(tmp_path):
    settings = load_settings(env_file=None, index_dir=tmp_path, audit="true", rate_limit="1/hour")
    with TestClient(create_app(settings), client=("192.0.2.1", 50_000)) as client:
        assert [client.post("/query", json={"question": QUESTION}).status_code for _ in range(4)] == [
            503,
            429,
            429,
            429,
        ]
    lines = [json.loads(line) for line in (tmp_path / AUDIT_FILE).read_text().splitlines()]
    assert [(line["status"], line["act"]) for line in lines] == [(503, "ask"), (429, "ask")]


def test_where_it_is_required_and_cannot_be_kept_nothing_is_answered(tmp_path):
    (tmp_path / AUDIT_FILE).mkdir()
    settings = load_settings(env_file=None, index_dir=tmp_path, audit="required")
    with TestClient(create_app(settings)) as client:
        refused = client.post("/query", json={"question": QUESTION})
        assert refused.status_code == 503
        assert refused.json()["type"] == "urn:footnote:problem:audit"
        assert int(refused.headers["retry-after"]) > 0
        assert client.get("/health/live").status_code == 200
        (tmp_path / AUDIT_FILE).rmdir()
        after = client.post("/query", json={"question": QUESTION}).json()
        assert after["type"] != refused.json()["type"]


def test_where_it_is_not_required_the_answer_is_given(tmp_path, caplog):
    (tmp_path / AUDIT_FILE).mkdir()
    settings = load_settings(env_file=None, index_dir=tmp_path, audit="true")
    with TestClient(create_app(settings)) as client:
        types = {client.post("/query", json={"question": QUESTION}).json()["type"] for _ in range(3)}
    assert "urn:footnote:problem:audit" not in types
    assert caplog.text.count("cannot be written (Is a directory)") == 1
