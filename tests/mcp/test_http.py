"""`/mcp` of a real service on loopback."""

import asyncio
import json

import httpx
import pytest
from fastapi.testclient import TestClient

from footnote.app.core.settings import load_settings
from footnote.app.http import mcp as route
from footnote.app.http.app import create_app
from footnote.app.mcp.http import allowed
from tests.mcp.clients import NOWHERE, PORT, asked, called, given, refused, without_times
from tests.serving import PATIENCE_S, until

INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
HEADERS = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}


@pytest.fixture(scope="module")
def service(serve, guide_index):
    running = serve(index_dir=guide_index.index_dir, allowed_origins="https://docs.example.com", reranker="bundled")
    running.serves(1)
    return running


@pytest.fixture(scope="module")
def url(service):
    return f"http://127.0.0.1:{service.port}/mcp"


def posted(url, message, **headers):
    return httpx.post(url, json=message, headers={**HEADERS, **headers}, timeout=PATIENCE_S)


def test_tools_answer_as_the_other_routes_do(service, url):
    questions = [PORT, "How do I upgrade and delete?", "Why is the default RELAY_PORT 8080?", NOWHERE]

    async def scenario(client):
        answers = [await client.call_tool("ask", {"question": question}) for question in questions]
        return answers, await client.call_tool("search_explain", {"query": PORT, "top_k": 5})

    answers, explained = asked(url, scenario)
    for question, answer in zip(questions, answers, strict=True):
        _, headers, plain = service.request("POST", "/query", {"question": question})
        assert headers["Cache-Status"] == "footnote; hit"  # of what the tool asked
        assert given(answer) == plain
    assert given(answers[-1])["refused"]
    assert given(explained) == service.request("GET", "/search?q=Which+port+does+Relay+listen+on%3F&top_k=5")[2]


def test_urls_are_those_of_the_service_as_the_client_reached_it(service):
    url = f"http://localhost:{service.port}/mcp"
    found = given(called(url, "search", {"query": PORT}))["results"][0]
    assert found["url"].startswith(f"http://localhost:{service.port}/view/configuration.md?lines=")
    fetched = given(called(url, "fetch", {"id": found["id"]}))
    assert fetched["url"] == f"http://localhost:{service.port}/view/configuration.md"
    assert httpx.get(found["url"]).status_code == 200


def test_each_request_stands_for_itself(url):
    first = posted(url, INITIALIZE)
    assert first.status_code == 200
    assert "mcp-session-id" not in first.headers
    ping = posted(url, {"jsonrpc": "2.0", "id": 2, "method": "ping"}, **{"Mcp-Protocol-Version": "2025-06-18"})
    assert '"result":{}' in ping.text


def test_the_resources_are_read(url):
    async def scenario(client):
        listed = (await client.list_resources()).resources
        return [one.name for one in listed], await client.read_resource(listed[0].uri)

    names, read = asked(url, scenario)
    assert names[0] == "configuration.md" and "RELAY_PORT" in read.contents[0].text


def test_progress_is_told(url):
    told = []

    async def heard(progress, total, message):
        told.append(progress)

    asked(url, lambda client: client.call_tool("ask", {"question": PORT}, progress_callback=heard))
    assert told and told == sorted(set(told))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example.com"}, 421),
        ({"Host": "evil.example.com:8000"}, 421),
        ({"Host": "127.0.0.1.evil.example.com"}, 421),
        ({"Host": "localhost.evil.example.com:80"}, 421),
        ({"Host": "docs.example.com"}, 200),
        ({"Host": "localhost:9000"}, 200),
        ({"Host": "[::1]:9000"}, 200),
        ({"Origin": "http://evil.example.com"}, 403),
        ({"Origin": "https://docs.example.com.evil.com"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:6274"}, 200),
        ({"Origin": "https://docs.example.com"}, 200),
        ({"Origin": "https://docs.example.com:8443"}, 403),
    ],
)
@pytest.mark.parametrize("version", ["2025-06-18", "2026-07-28"])
def test_pages_of_other_sites_are_refused(url, headers, status, version):
    is_modern = version.startswith("2026")
    meta = {
        "io.modelcontextprotocol/protocolVersion": version,
        "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    listing = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": meta}}
    more = {"Mcp-Protocol-Version": version, "Mcp-Method": "tools/list"} if is_modern else {}
    assert posted(url, listing if is_modern else INITIALIZE, **headers, **more).status_code == status


def test_a_client_in_a_browser_may_ask_where_its_site_may(url):
    asks = {
        "Origin": "https://docs.example.com",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,mcp-method,mcp-name,mcp-protocol-version",
    }
    assert httpx.options(url, headers=asks).status_code == 200
    assert httpx.options(url, headers={**asks, "Origin": "https://evil.example.com"}).status_code == 400


def test_the_names_that_count_as_its_own():
    def settings(**flags):
        return allowed(load_settings(env_file=None, **flags).service)

    anywhere = settings(host="0.0.0.0")
    assert not [host for host in anywhere.allowed_hosts if host.startswith(("0.0.0.0", ":"))]
    own = settings(host="Relay.internal")
    assert {"relay.internal", "relay.internal:*"} <= set(own.allowed_hosts)
    assert {"http://relay.internal", "https://relay.internal:*"} <= set(own.allowed_origins)
    assert "[fd00::1]:*" in settings(host="fd00::1").allowed_hosts
    other = settings(allowed_origins="https://a.example.com:8443")
    assert "a.example.com" in other.allowed_hosts and "https://a.example.com:8443" in other.allowed_origins


@pytest.fixture
def writing(serve, guide_index, fake_llm):
    """The address of a service whose language model stops on the way."""
    fake_llm.text, fake_llm.pause_at = "Relay listens on port 7070 [1]. It is fast [1]. " * 3, 8
    service = serve(index_dir=guide_index.index_dir, llm_base_url=fake_llm.base_url, answer_cache=0)
    service.serves(1)
    return f"http://127.0.0.1:{service.port}/mcp"


def test_who_cancels_ends_the_request_to_the_language_model(writing, fake_llm):
    async def scenario(client):
        heard = asyncio.Event()

        async def told(progress, total, message):
            if "written" in message:
                heard.set()

        asking = asyncio.create_task(client.call_tool("ask", {"question": PORT}, progress_callback=told))
        await heard.wait()
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        return await asyncio.to_thread(fake_llm.hung_up.wait, 30)

    assert asked(writing, scenario)


def test_who_hangs_up_ends_it_as_well(writing, fake_llm):
    """Before 2026-07-28 a request is cancelled by another one, which cannot be told whose it is."""
    params = {"name": "ask", "arguments": {"question": PORT}, "_meta": {"progressToken": 1}}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    headers = {**HEADERS, "Mcp-Protocol-Version": "2025-06-18"}
    with httpx.stream("POST", writing, json=message, headers=headers, timeout=PATIENCE_S) as response:
        assert any("written" in line for line in response.iter_lines())
    assert fake_llm.hung_up.wait(30)


def test_over_capacity_is_said(serve, guide_index, fake_llm):
    fake_llm.silent.set()
    flags = {"llm_base_url": fake_llm.base_url, "query_workers": 1, "query_queue": 0}
    service = serve(index_dir=guide_index.index_dir, **flags)
    service.serves(1)

    async def scenario(client):
        first = asyncio.create_task(client.call_tool("ask", {"question": PORT}))
        while not fake_llm.received:
            await asyncio.sleep(0.01)
        second = await client.call_tool("ask", {"question": "How do I install Relay?"})
        fake_llm.go_on.set()
        return await first, second

    first, second = asked(f"http://127.0.0.1:{service.port}/mcp", scenario)
    assert not first.is_error
    assert "try again in" in refused(second)


def test_two_clients_ask_at_once(url):
    questions = [PORT, "How do I install Relay?", "How do I upgrade and delete?"]

    async def scenario(client):
        return await asyncio.gather(*(client.call_tool("ask", {"question": one}) for one in questions))

    async def both():
        return await asyncio.gather(*(asyncio.to_thread(asked, url, scenario) for _ in range(2)))

    first, second = asyncio.run(both())
    assert [given(one)["question"] for one in first] == questions
    assert [without_times(given(one)) for one in first] == [without_times(given(one)) for one in second]


def test_a_service_without_an_index_says_so(serve, tmp_path):
    service = serve(index_dir=tmp_path / "none")
    url = f"http://127.0.0.1:{service.port}/mcp"
    until(lambda: "run `footnote ingest`" in refused(called(url, "ask", {"question": "x"})))


def test_a_body_that_is_too_large_is_refused(url):
    big = {**INITIALIZE, "params": {**INITIALIZE["params"], "x": "x" * 70_000}}
    assert posted(url, big).status_code == 413


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_there_is_neither_a_stream_for_later_nor_a_session_to_end(url, method):
    response = httpx.request(method, url, headers={"Accept": "text/event-stream"})
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert response.json()["type"] == "urn:footnote:problem:method-not-allowed"


def test_without_the_extra_the_route_names_the_command(guide_index, monkeypatch):
    monkeypatch.setattr(route, "is_installed", lambda: False)
    settings = load_settings(env_file=None, index_dir=guide_index.index_dir)
    with TestClient(create_app(settings)) as client:
        response = client.post("/mcp", json=INITIALIZE)
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["type"] == "urn:footnote:problem:mcp-missing"
    assert "pip install -c constraints.txt -e '.[mcp]'" in problem["detail"]


def test_an_application_is_started_again(guide_index):
    app = create_app(load_settings(env_file=None, index_dir=guide_index.index_dir, reranker="none"))
    for _ in range(2):
        with TestClient(app, base_url="http://localhost") as client:
            assert json.loads(client.post("/mcp", json=INITIALIZE, headers=HEADERS).text.split("data: ")[1])["result"]
