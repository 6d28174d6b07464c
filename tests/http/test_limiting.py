"""Too many requests over HTTP: 429 with what a client needs to know, for one caller and nobody else."""

from contextlib import ExitStack

import pytest
from fastapi.testclient import TestClient

from footnote.app.access.keys.types import NewKey
from footnote.app.access.types import Grant
from footnote.app.core.settings import load_settings
from footnote.app.http.app import create_app
from footnote.app.http.limiting import kind_of

QUESTION = {"question": "Which port?"}
NO_INDEX = 503
KEY = "test-key-0123456789"


@pytest.fixture
def service(tmp_path):
    """Makes a client of a service without an index: what gets through is told so."""
    with ExitStack() as open_services:

        def make(**flags):
            app = create_app(load_settings(env_file=None, index_dir=tmp_path / "index", **flags))
            return open_services.enter_context(TestClient(app, client=("192.0.2.1", 50_000)))

        yield make


def test_one_question_too_many_is_refused_before_anything_of_it_is_looked_at(service):
    client = service(rate_limit="2/hour")
    assert [client.post("/query", json=QUESTION).status_code for _ in range(2)] == [NO_INDEX, NO_INDEX]
    refused = client.post("/query", content=b"{")
    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    problem = refused.json()
    assert problem["type"] == "urn:footnote:problem:rate-limit-exceeded"
    assert problem["title"] == "Too many requests"
    assert problem["request_id"] == refused.headers["x-request-id"]
    assert "2 questions an hour" in problem["detail"]
    wait_s = int(refused.headers["retry-after"])
    assert 0 < wait_s <= 3601
    assert refused.headers["ratelimit-policy"] == '"questions-per-hour";q=2;w=3600'
    assert refused.headers["ratelimit"] == f'"questions-per-hour";r=0;t={wait_s}'


def test_each_response_that_is_counted_tells_what_is_left(service):
    client = service(rate_limit="5/hour")
    told = [client.post("/query", json=QUESTION).headers["ratelimit"].split(";")[1] for _ in range(3)]
    assert told == ["r=4", "r=3", "r=2"]
    assert "ratelimit" not in client.get("/health/live").headers
    assert "ratelimit" not in client.get("/index").headers  # which counts for the other limit, and there is none


def test_another_address_is_not_affected(service):
    client = service(rate_limit="1/hour")
    assert [client.post("/query", json=QUESTION).status_code for _ in range(2)] == [NO_INDEX, 429]
    other = TestClient(client.app, client=("192.0.2.2", 50_000))
    assert other.post("/query", json=QUESTION).status_code == NO_INDEX


def test_who_shows_a_key_is_counted_by_it_and_who_shows_another_one_by_the_address(service):
    client = service(rate_limit_requests="2/hour", admin_key=KEY)
    good, bad = ({"Authorization": f"Bearer {key}"} for key in (KEY, "wrong"))
    assert [client.get("/generations", headers=bad).status_code for _ in range(3)] == [401, 401, 429]
    elsewhere = TestClient(client.app, client=("192.0.2.2", 50_000))
    assert [one.get("/gaps", headers=good).status_code for one in (client, elsewhere, client)] == [200, 200, 429]
    assert elsewhere.get("/generations", headers=bad).status_code == 401


def test_where_keys_are_asked_for_whoever_tries_some_is_counted(service):
    client = service(rate_limit_requests="2/hour", auth="keys")
    assert [client.post("/session", json={"key": f"fn_{one}"}).status_code for one in range(3)] == [401, 401, 429]
    assert client.get("/index").status_code == 429


def test_visitors_of_a_page_that_has_a_key_do_not_share_a_limit(service, tmp_path):
    client = service(rate_limit="1/hour", auth="keys")
    (tmp_path / "index").mkdir(exist_ok=True)
    new = NewKey("widget", Grant(frozenset({"ask"})), origins=frozenset({"https://docs.example.com"}))
    _, shown = client.app.state.recogniser.keys.create(new)
    headers = {"Authorization": f"Bearer {shown}", "Origin": "https://docs.example.com"}
    visitor = TestClient(client.app, client=("192.0.2.2", 50_000))
    for one in (client, visitor):
        assert [one.post("/query", json=QUESTION, headers=headers).status_code for _ in range(2)] == [NO_INDEX, 429]


def test_openais_clients_get_it_in_their_shape(service):
    client = service(rate_limit="1/hour")
    client.post("/v1/chat/completions", content=b"{")
    refused = client.post("/v1/chat/completions", json={"model": "footnote", "messages": []})
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    error = refused.json()["error"]
    assert (error["type"], error["code"]) == ("invalid_request_error", "rate_limit_exceeded")
    assert "FOOTNOTE_RATE_LIMIT" in error["message"]


def test_all_doors_of_questions_share_one_limit_and_cheap_requests_have_their_own(service):
    client = service(rate_limit="1/hour", rate_limit_requests="1/hour")
    client.post("/query", content=b"{")
    for method, path in [
        ("GET", "/search?q=port"),
        ("GET", "/search/why-not"),
        ("POST", "/v1/chat/completions"),
        ("POST", "/mcp"),
    ]:
        assert client.request(method, path).status_code == 429, path
    assert [client.get("/index").status_code for _ in range(2)] == [NO_INDEX, 429]
    for _ in range(3):
        for path in ("/health/live", "/", "/docs", "/openapi.json"):
            assert client.get(path).status_code == 200, path


def test_a_page_of_another_site_can_read_the_refusal(service):
    client = service(rate_limit="1/hour", allowed_origins="https://docs.example.com")
    origin = {"Origin": "https://docs.example.com"}
    client.post("/query", content=b"{", headers=origin)
    refused = client.post("/query", content=b"{", headers=origin)
    assert refused.status_code == 429
    assert refused.headers["access-control-allow-origin"] == "https://docs.example.com"


@pytest.mark.parametrize("path", ["/footnote/query", "/query"])
def test_a_service_below_a_path_counts_as_well(path):
    scope = {"type": "http", "method": "POST", "path": path, "root_path": path.removesuffix("/query")}
    assert kind_of(scope) == "question"


def _statuses(client, *forwarded):
    return [client.request("GET", "/index", headers={"X-Forwarded-For": one})[0] for one in forwarded]


def test_a_proxy_says_who_asks_and_a_client_cannot(serve):
    running = serve(rate_limit_requests="1/hour")
    with running.client() as client:  # on the loopback, as a proxy on the same machine
        assert _statuses(client, "192.0.2.1", "192.0.2.2") == [NO_INDEX, NO_INDEX]
        # What a client writes itself stands before what the proxy adds.
        assert _statuses(client, "198.51.100.7, 192.0.2.1", "192.0.2.2") == [429, 429]


def test_nobody_who_is_no_proxy_can_say_so(serve):
    running = serve(rate_limit_requests="1/hour", trusted_proxies="192.0.2.9")
    with running.client() as client:
        assert _statuses(client, "198.51.100.1", "198.51.100.2") == [NO_INDEX, 429]
