"""Requests get what the OpenAPI document says: each kind of deviation that was found, and what schemathesis finds."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from footnote.app.core.settings import load_settings
from footnote.app.http.app import create_app
from footnote.ingest.flow import ingest
from tests.conftest import CORPUS
from tests.serving import KEY, until

CONFIG = Path(__file__).parent / "schemathesis.toml"
PORT = "Which port does Relay listen on?"
CITATION = {"path": "a.md", "start_line": 1, "end_line": 1, "start": 0, "end": 1, "quote": "x", "sha256": "0"}


@pytest.fixture(scope="module")
def app(tmp_path_factory, embedder):
    """A service with all that can be switched on, and an index of its own, which requests may change."""
    index_dir = tmp_path_factory.mktemp("contract") / "index"
    settings = load_settings(
        env_file=None,
        docs_dir=CORPUS,
        index_dir=index_dir,
        reranker="none",
        admin_key=KEY,
        keep_questions=True,
        saved_answers=True,
    )
    ingest(settings, lambda *_: None, embedder)
    return create_app(settings)


@pytest.fixture(scope="module")
def client(app):
    with TestClient(app, headers={"Authorization": f"Bearer {KEY}"}) as client:
        until(lambda: client.get("/health/ready").status_code == 200)
        yield client


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/query", {"question": PORT, "top_k": True}),
        ("/query", {"question": PORT, "top_k": "4"}),
        ("/ingest", {"rebuild": 0}),
        ("/ingest", {"checksum": "no"}),
        ("/rollback", {"to": True}),
        ("/verify", {"citations": [{**CITATION, "end": False}]}),
        ("/verify", {"citations": [{**CITATION, "start_line": "1"}]}),
        ("/feedback", {"question": PORT, "helpful": 1}),
        ("/v1/chat/completions", {"messages": [{"role": "user", "content": PORT}], "n": True}),
        ("/v1/chat/completions", {"messages": [{"role": "user", "content": PORT}], "stream": "yes"}),
        (
            "/v1/chat/completions",
            {"messages": [{"role": "user", "content": PORT}], "stream_options": {"include_usage": 1}},
        ),
    ],
)
def test_a_number_a_truth_and_a_text_are_three_things(client, path, body):
    assert client.post(path, json=body).status_code == (400 if path.startswith("/v1") else 422)


def test_a_whole_number_may_be_written_with_a_point(client):
    assert client.post("/query", json={"question": PORT, "top_k": 2.0}).status_code == 200
    assert client.post("/query", json={"question": PORT, "top_k": 2.5}).status_code == 422


@pytest.mark.parametrize("name", ["9" * 5000, "nobody asked this", ""])
def test_a_gap_that_is_not_there_is_not_found(client, name):
    answers = [client.get("/gaps", params={"question": name})]
    answers += [client.post(path, json={"question": name}) for path in ("/gaps/dismiss", "/gaps/resolve")]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert {answer.json()["type"] for answer in answers} == {"urn:footnote:problem:gap-unknown"}


def test_a_generation_that_is_not_there_is_not_found(client):
    for body in ({"to": 99}, None):
        answer = client.post("/rollback", json=body)
        assert (answer.status_code, answer.json()["type"]) == (404, "urn:footnote:problem:generation-unknown")


def test_each_error_is_described_in_the_shape_that_it_has(client):
    document = client.get("/openapi.json").json()
    described = 0
    for path, operations in document["paths"].items():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if not status.startswith("2") and status != "304":
                    described += 1
                    kind = "application/json" if path.startswith("/v1/") else "application/problem+json"
                    assert list(response["content"]) == [kind], (path, status)
    assert described > 50
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_what_texts_and_numbers_must_be_is_described(client):
    document = client.get("/openapi.json").json()
    schemas = document["components"]["schemas"]
    parameters = {one["name"]: one["schema"] for one in document["paths"]["/search"]["get"]["parameters"]}
    assert schemas["QueryIn"]["properties"]["question"]["pattern"] == parameters["q"]["pattern"] != ""
    assert schemas["QueryIn"]["properties"]["top_k"]["anyOf"][0] == {"type": "integer", "minimum": 1, "maximum": 50}
    assert schemas["RollbackIn"]["properties"]["to"]["anyOf"][0] == {"type": "integer", "minimum": 1}
    assert parameters["where"]["anyOf"][0]["items"]["pattern"]


def test_schemathesis_finds_nothing(serve, tmp_path, embedder):
    docs = tmp_path / "docs"
    shutil.copytree(CORPUS, docs)
    settings = {"docs_dir": docs, "index_dir": tmp_path / "index"}
    ingest(load_settings(env_file=None, **settings), lambda *_: None, embedder)
    service = serve(**settings, admin_key=KEY, saved_answers=True, query_queue=100)
    until(lambda: service.request("GET", "/health/ready")[0] == 200)
    found = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--no-color", "--config-file", CONFIG),
            *("run", f"http://127.0.0.1:{service.port}/openapi.json", "--header", f"Authorization: Bearer {KEY}"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout
