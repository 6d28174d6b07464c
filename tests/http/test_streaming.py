"""`POST /query` as a stream: the events, that they are the answer, and clients that go away."""

import http.client
import json
import time
from contextlib import contextmanager

import pytest
from fastapi.testclient import TestClient

from footnote.app.core.settings import load_settings
from footnote.app.http import streaming
from footnote.app.http.app import create_app
from footnote.app.schemas.answers import AnswerOut
from tests.serving import until

PORT = "Which port does Relay listen on?"
STREAM = {"Accept": "text/event-stream"}


def events_of(response):
    """`(event, data)` of a whole stream."""
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/event-stream")
    return parsed(response.text)


def parsed(text):
    events = []
    for block in text.split("\n\n"):
        lines = [line for line in block.split("\n") if line and not line.startswith(":")]
        if lines:
            name, data = lines
            events.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return events


def of(events, name):
    return [data for event, data in events if event == name]


@contextmanager
def serving(**flags):
    with TestClient(create_app(load_settings(env_file=None, **flags))) as client:
        until(lambda: client.get("/health/ready").status_code == 200)
        yield client


@pytest.fixture(scope="module")
def client(guide_index):
    with serving(index_dir=guide_index.index_dir) as client:
        yield client


@pytest.fixture
def llm_client(guide_index, fake_llm):
    """A client of a service whose answers the fake writes; what was answered is not kept."""
    settings = {"index_dir": guide_index.index_dir, "reranker": "none", "llm_base_url": fake_llm.base_url}
    with serving(**settings, query_workers=1, query_queue=0, answer_cache=0, llm_fallback="error") as client:
        yield client


@pytest.fixture
def falling_back(guide_index, fake_llm):
    """The same of a service that answers with quotes where the fake fails, and keeps answers."""
    settings = {"index_dir": guide_index.index_dir, "reranker": "none", "llm_base_url": fake_llm.base_url}
    with serving(**settings, query_workers=1, query_queue=0) as client:
        yield client


def assert_is_the_answer(events):
    """The parts put together are what the last event has."""
    assert [event for event, _ in events].count("done") == 1
    name, done = events[-1]
    assert name == "done"
    AnswerOut.model_validate(done)
    told = "".join(data["markdown"] for event, data in events if event in ("sentence", "refusal"))
    assert told == done["answer"]
    sentences = [
        {name: said[name] for name in ("text", "citations", "verdict", "reason")} for said in of(events, "sentence")
    ]
    assert sentences == done["sentences"]
    assert of(events, "citation") == done["citations"]
    seen = set()
    for event, data in events:
        if event == "citation":
            seen.add(data["number"])
        elif event == "sentence":
            assert seen.issuperset(data["citations"])
    assert [one["text"] for one in of(events, "notice") if one["kind"] == "dropped"] == [
        one["text"] for one in done["dropped"]
    ]
    return done


def test_an_extractive_answer_as_a_stream_is_the_plain_one(client):
    response = client.post("/query", json={"question": PORT}, headers=STREAM)
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["x-accel-buffering"] == "no"
    events = events_of(response)
    done = assert_is_the_answer(events)
    plain = client.post("/query", json={"question": PORT}).json()
    assert {**done, "timings_ms": None} == {**plain, "timings_ms": None}
    names = [event for event, _ in events]
    assert names[:6] == ["stage"] * 5 + ["sources"]
    assert [data["name"] for data in of(events, "stage")] == [
        "embed",
        "lexical",
        "vector",
        "fuse",
        "rerank",
        "answer",
        "check",
    ]
    assert all(data["ms"] >= 0 and data["count"] >= 0 for data in of(events, "stage"))
    (sources,) = of(events, "sources")
    assert [hit["chunk"]["path"] for hit in sources["hits"]][0] == done["citations"][0]["path"]


def test_every_quote_has_its_part_of_an_extractive_answer(client):
    events = events_of(client.post("/query", json={"question": "How do I upgrade and delete?"}, headers=STREAM))
    done = assert_is_the_answer(events)
    if len(done["sentences"]) > 1:
        assert all(said["markdown"].strip() for said in of(events, "sentence"))


def test_what_is_wrong_with_the_question_is_a_notice_and_stands_in_the_first_part(client):
    events = events_of(client.post("/query", json={"question": "Why is the default RELAY_PORT 8080?"}, headers=STREAM))
    done = assert_is_the_answer(events)
    assert [one["text"] for one in of(events, "notice") if one["kind"] == "premise"] == [
        premise["text"] for premise in done["premises"]
    ]


def test_a_refusal_is_an_event(client):
    events = events_of(client.post("/query", json={"question": "Who won the cup in 1998?"}, headers=STREAM))
    done = assert_is_the_answer(events)
    (refusal,) = of(events, "refusal")
    assert refusal == {
        "markdown": "The docs do not say.",
        "refused_by": "gate",
        "reason": done["refusal_reason"],
        "nearest": done["nearest"],
    }
    assert of(events, "sources") == []


def test_a_sentence_is_sent_before_the_next_one_is_written_and_only_what_is_checked(llm_client, fake_llm):
    fake_llm.text = "Relay listens on port 7070 [1]. It costs 5 dollars. It is blue [9]."
    events = events_of(llm_client.post("/query", json={"question": PORT}, headers=STREAM))
    done = assert_is_the_answer(events)
    assert [(said["text"], said["verdict"]) for said in of(events, "sentence")] == [
        ("Relay listens on port 7070.", "supported"),
        ("It is blue.", "unverified"),
    ]
    assert [(one["kind"], one["text"]) for one in of(events, "notice")] == [
        ("dropped", "It costs 5 dollars."),
        ("unknown markers", "citation markers that named no source were removed: 1"),
    ]
    plain = llm_client.post("/query", json={"question": PORT}).json()
    assert {**done, "timings_ms": None} == {**plain, "timings_ms": None}


@pytest.mark.parametrize(
    ("body", "status"), [({"question": " "}, 422), ({"question": "x", "filters": {"path": " "}}, 422), ({}, 422)]
)
def test_what_fails_before_anything_is_sent_is_a_plain_problem(client, body, status):
    response = client.post("/query", json=body, headers=STREAM)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")


def test_a_failure_on_the_way_is_the_last_event(llm_client, fake_llm):
    fake_llm.status = 401
    events = events_of(llm_client.post("/query", json={"question": PORT}, headers=STREAM))
    name, problem = events[-1]
    assert (name, problem["type"], problem["status"]) == ("error", "urn:footnote:problem:llm", 502)
    assert of(events, "done") == []


def test_quotes_come_in_place_of_a_model_that_fails_and_are_not_kept(falling_back, fake_llm):
    fake_llm.status = 401
    events = events_of(falling_back.post("/query", json={"question": PORT}, headers=STREAM))
    assert_is_the_answer(events)
    _, done = events[-1]
    assert (done["mode"], done["model"], done["truncated"]) == ("extractive", "extractive", False)
    assert "something broke" in done["notice"]
    assert done["citations"]
    assert [data for event, data in events if event == "notice"] == [
        {"kind": "model failed", "text": done["notice"], "reason": ""}
    ]
    fake_llm.status = 200
    assert falling_back.post("/query", json={"question": PORT}).json()["mode"] == "llm"


def test_what_was_said_before_a_model_broke_off_stays(falling_back, fake_llm):
    fake_llm.text = "Relay listens on port 7070 [1]. It reads no other port [1]."
    fake_llm.breaks_at = 8
    events = events_of(falling_back.post("/query", json={"question": PORT}, headers=STREAM))
    assert_is_the_answer(events)
    _, done = events[-1]
    assert (done["answer"], done["mode"], done["truncated"]) == ("Relay listens on port 7070 [1].", "llm", True)
    assert done["notice"].endswith(" The answer ends there.")


def test_pings_come_while_nothing_happens(llm_client, fake_llm, monkeypatch):
    monkeypatch.setattr(streaming, "PING_S", 0.05)
    fake_llm.silent.set()
    with llm_client.stream("POST", "/query", json={"question": PORT}, headers=STREAM) as response:
        text = ""
        for part in response.iter_text():
            text += part
            if ": ping" in text:
                fake_llm.go_on.set()
    assert text.count(": ping") >= 1
    assert_is_the_answer(parsed(text))


@pytest.mark.parametrize("accept", ["text/event-stream", "Application/JSON, Text/Event-Stream;q=0.9"])
def test_a_stream_is_asked_for_by_its_media_type(client, accept):
    assert events_of(client.post("/query", json={"question": PORT}, headers={"Accept": accept}))


def test_the_openapi_document_describes_every_event(client):
    document = client.get("/openapi.json").json()
    schemas = document["components"]["schemas"]
    union = schemas["QueryEvent"]
    assert union["discriminator"]["propertyName"] == "event"
    names = {name: ref.rpartition("/")[2] for name, ref in union["discriminator"]["mapping"].items()}
    assert set(names) == {"stage", "sources", "citation", "sentence", "notice", "refusal", "done", "error"}
    for name, model in names.items():
        assert schemas[model]["properties"]["event"]["const"] == name
        assert set(schemas[model]["required"]) == {"event", "data"}
    assert schemas["DoneEvent"]["properties"]["data"] == {"$ref": "#/components/schemas/AnswerOut"}
    content = document["paths"]["/query"]["post"]["responses"]["200"]["content"]
    assert content["text/event-stream"]["itemSchema"] == {"$ref": "#/components/schemas/QueryEvent"}
    assert content["application/json"]["schema"] == {"$ref": "#/components/schemas/AnswerOut"}


@pytest.fixture
def service(guide_index, fake_llm, serve):
    """A service in a process of its own, which answers one question at a time and lets none wait."""
    return serve(
        index_dir=guide_index.index_dir,
        llm_base_url=fake_llm.base_url,
        query_workers=1,
        query_queue=0,
        answer_cache=8,
    )


def request(service, headers):
    until(lambda: service.request("GET", "/health/ready")[0] == 200)
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
    body = json.dumps({"question": PORT})
    connection.request("POST", "/query", body, {"Content-Type": "application/json", **headers})
    return connection


def test_a_client_that_goes_away_cancels_the_models_request_and_frees_its_place(service, fake_llm):
    fake_llm.text = "Relay listens on port 7070 [1]. It is blue. And it is green."
    fake_llm.pause_at = 11  # behind "It is blue. And it"
    connection = request(service, STREAM)
    response = connection.getresponse()
    received = b""
    while b"It is blue" not in received:
        received += response.readline()
    assert b"7070" in received
    assert b"event: done" not in received
    status, _, problem = service.request("POST", "/query", {"question": "Where are the backups?"})
    assert (status, problem["type"]) == (503, "urn:footnote:problem:over-capacity")
    response.close()
    connection.close()
    assert fake_llm.hung_up.wait(60)
    fake_llm.pause_at = None
    until(lambda: service.request("POST", "/query", {"question": "Where are the backups?"})[0] == 200)


def test_a_client_of_the_plain_request_that_goes_away_does_too(service, fake_llm):
    fake_llm.pause_at = 2
    connection = request(service, {})
    until(lambda: fake_llm.received)
    time.sleep(0.1)
    connection.close()
    assert fake_llm.hung_up.wait(60)


def test_the_same_question_at_the_same_time_is_answered_once_and_the_last_to_leave_ends_it(service, fake_llm):
    fake_llm.pause_at = 2
    one = request(service, STREAM)
    responses = [one.getresponse()]
    other = request(service, STREAM)
    responses.append(other.getresponse())
    assert [response.headers["cache-status"] for response in responses] == [
        "footnote; fwd=miss",
        "footnote; fwd=miss; collapsed",
    ]
    responses[0].close()
    one.close()
    until(lambda: fake_llm.received)
    assert not fake_llm.hung_up.wait(0.5)
    fake_llm.go_on.set()
    assert_is_the_answer(parsed(responses[1].read().decode()))
    assert len(fake_llm.received) == 1
    other.close()
    status, headers, kept = service.request("POST", "/query", {"question": PORT})
    assert (status, headers["cache-status"], kept["answer"]) == (200, "footnote; hit", fake_llm.text)
    assert service.request("POST", "/query", {"question": PORT, "top_k": 1})[1]["cache-status"] == "footnote; fwd=miss"
    assert len(fake_llm.received) == 2


def test_a_follow_up_is_asked_as_what_the_turn_before_makes_of_it(client):
    body = {"question": "Can I change it?", "history": [{"question": PORT, "answer": "On 7070."}]}
    events = events_of(client.post("/query", json=body, headers=STREAM))
    done = assert_is_the_answer(events)
    assert done["asked_as"] == "Can I change it? (port Relay listen)"
    assert events[0] == ("notice", {"kind": "asked as", "text": done["asked_as"], "reason": ""})
    alone = client.post("/query", json={"question": "Can I change it?"})
    assert alone.json()["asked_as"] is None


@pytest.mark.parametrize(
    "history", [[{"question": "x"}] * 21, [{"question": "x" * 2001}], [{"question": "x", "answer": "x" * 8001}], [{}]]
)
def test_history_is_bounded(client, history):
    assert client.post("/query", json={"question": PORT, "history": history}).status_code == 422
