"""Requests get what the OpenAPI document says: each kind of deviation that was found, and what schemathesis finds."""

import pytest
from fastapi.testclient import TestClient

from footnote.app.core.settings import load_settings
from footnote.app.http.app import create_app
from footnote.ingest.flow import ingest
from tests.conftest import CORPUS
from tests.serving import KEY, until

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


def test_what_a_text_must_hold_is_described(client):
    document = client.get("/openapi.json").json()
    schemas = document["components"]["schemas"]
    parameters = {one["name"]: one["schema"] for one in document["paths"]["/search"]["get"]["parameters"]}
    assert schemas["QueryIn"]["properties"]["question"]["pattern"] == parameters["q"]["pattern"] != ""
    assert parameters["where"]["anyOf"][0]["items"]["pattern"]
