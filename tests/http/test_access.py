"""Who may do what over HTTP: scopes of keys by route, limits to pages, the cookie of the page, origins of widgets."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from footnote.app.access.keys.store import KeyStore
from footnote.app.access.keys.types import NewKey
from footnote.app.access.types import READER_SCOPES, SCOPES, Grant, Scope
from footnote.app.core.errors import SettingsError
from footnote.app.core.settings import load_settings
from footnote.app.http.access import AccessRoute
from footnote.app.http.app import create_app
from footnote.app.http.mcp import PATH
from footnote.app.http.scopes import NEEDED, PUBLIC, needed
from footnote.app.http.server import require_auth
from tests.serving import until

ADMIN_KEY = "a-key-of-sixteen-characters"
QUESTION = {"question": "Which port does Relay listen on?"}


def new_key(folder: Path, *scopes: Scope, paths: Sequence[str] = (), origins: Sequence[str] = ()) -> str:
    keys = KeyStore(folder)
    grant = Grant(frozenset(scopes) or READER_SCOPES, None, frozenset(paths) or None)
    _, key = keys.create(NewKey("somebody", grant, origins=frozenset(origins) or None))
    keys.close()
    return key


@contextmanager
def service(folder: Path, **settings: object) -> Iterator[TestClient]:
    """A service without an index, whose keys lie in the folder."""
    app = create_app(
        load_settings(None, index_dir=folder, keys_dir=folder, saved_answers=True, **{"auth": "keys", **settings})
    )
    with TestClient(app, base_url="http://localhost") as client:
        yield client


def every_route(routes: Iterable[object]) -> Iterator[Any]:
    """The routes of an application, those of its routers among them."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        yield from every_route(inner.routes) if inner else [route]


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def asked(client: TestClient, route: str, key: str | None = None) -> int:
    """The status of a request to the route, which need not be one that it can do anything with."""
    method, path = route.split(" ")
    path = re.sub(r"\{generation\}", "1", re.sub(r"\{(path:path|id|model|name)\}", "x", path))
    return client.request(method, path, headers=bearer(key) if key else {}).status_code


def test_every_route_is_asked_for_its_scope_and_none_is_listed_that_is_not_there(tmp_path):
    app = create_app(load_settings(None, index_dir=tmp_path))
    routes = [route for route in every_route(app.routes) if isinstance(route, APIRoute)]
    assert all(isinstance(route, AccessRoute) for route in routes)
    there = {f"{method} {route.path}" for route in routes for method in route.methods}
    assert there == NEEDED.keys() | PUBLIC
    assert {route.path for route in every_route(app.routes)} - {route.path for route in routes} == {
        "/openapi.json",
        PATH,
    }
    assert needed("GET", "/of-tomorrow") == ("admin",)


def test_a_key_opens_the_routes_of_its_scopes_and_no_others(tmp_path):
    keys = {scope: new_key(tmp_path, scope) for scope in SCOPES}
    with service(tmp_path) as client:
        for route, scopes in NEEDED.items():
            assert asked(client, route) == 401, route
            assert asked(client, route, "fn_" + "x" * 43) == 401, route
            for scope, key in keys.items():
                status = asked(client, route, key)
                assert (status in (401, 403)) == (scope != "admin" and scope not in scopes), (route, scope, status)
        for route in PUBLIC - {"GET /metrics", "POST /hooks/git", "POST /session"}:
            assert asked(client, route) not in (401, 403), route


def test_a_key_of_the_settings_may_do_everything(tmp_path):
    with service(tmp_path, admin_key=ADMIN_KEY) as client:
        assert all(asked(client, route, ADMIN_KEY) not in (401, 403) for route in NEEDED)


def test_who_may_not_is_told_what_is_missing(tmp_path):
    key = new_key(tmp_path, "ask")
    with service(tmp_path) as client:
        nobody, other = client.post("/query", json=QUESTION), client.post("/ingest", headers=bearer(key))
        openai = client.post("/v1/chat/completions", json={})
    assert (nobody.status_code, nobody.headers["www-authenticate"]) == (401, 'Bearer realm="footnote"')
    assert "footnote keys create" in nobody.json()["detail"]
    assert other.json()["type"] == "urn:footnote:problem:forbidden"
    assert "`ingest` is needed here, and this key has `ask`" in other.json()["detail"]
    assert openai.json()["error"]["code"] == "unauthorized"


def test_a_revoked_key_is_refused_at_the_next_request(tmp_path):
    key = new_key(tmp_path)
    with service(tmp_path) as client:
        assert asked(client, "GET /overview", key) == 503  # there is no index
        keys = KeyStore(tmp_path)
        keys.revoke(key)
        assert asked(client, "GET /overview", key) == 401


def test_where_the_keys_lie_is_told_to_no_caller(tmp_path, caplog):
    key = new_key(tmp_path)
    (tmp_path / "keys.sqlite3").write_bytes(b"x" * 5000)
    with service(tmp_path) as client:
        answers = [client.get("/overview", headers=bearer(key)), client.get("/v1/models", headers=bearer(key))]
    assert [one.status_code for one in answers] == [500, 500]
    assert answers[0].json()["detail"] == "the keys cannot be read or written: see the service's log"
    assert not any(str(tmp_path) in one.text for one in answers)
    assert f"{tmp_path / 'keys.sqlite3'} is damaged" in caplog.text


def test_an_assistant_needs_a_key_as_well(tmp_path):
    key, other = new_key(tmp_path, "ask"), new_key(tmp_path, "feedback")
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "list_docs", "arguments": {}}}
    headers = {"Accept": "application/json, text/event-stream", "Mcp-Method": "tools/call"}
    with service(tmp_path) as client:
        assert client.post("/mcp", json=message, headers=headers).status_code == 401
        assert client.post("/mcp", json=message, headers=headers | bearer(other)).status_code == 403
        asking = client.post("/mcp", json=message, headers=headers | bearer(key))
        assert (asking.status_code, "the scope `read` is needed here" in asking.text) == (200, True)


def test_a_browser_sends_the_key_of_the_page_by_itself(tmp_path):
    key = new_key(tmp_path, "read")
    with service(tmp_path) as client:
        assert client.post("/session", json={"key": "fn_" + "x" * 43}).status_code == 401
        shown = client.post("/session", json={"key": key})
        cookie = shown.headers["set-cookie"].lower()
        assert (shown.status_code, "httponly" in cookie, "samesite=strict" in cookie) == (204, True, True)
        assert asked(client, "GET /view/{path:path}") == 503
        others = ("GET /overview", "GET /index", "POST /query", "POST /verify", "POST /ingest")
        assert {asked(client, route) for route in others} == {401}
        assert client.delete("/session").status_code == 204
        assert asked(client, "GET /view/{path:path}") == 401


def test_somebody_in_a_browser_is_told_where_to_show_a_key(tmp_path):
    with service(tmp_path) as client:
        told = client.get("/view/a.md", headers={"Accept": "text/html,*/*"})
    assert (told.status_code, told.headers["content-type"]) == (401, "text/html; charset=utf-8")
    assert '<a href="/">the page</a>' in told.text


def test_a_page_of_another_site_may_ask_where_a_key_names_it(tmp_path):
    site, other = "https://docs.example.com", "https://evil.example"
    key = new_key(tmp_path, origins=[site])
    with service(tmp_path) as client:

        def before(origin: str) -> str | None:
            headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
            return client.options("/query", headers=headers).headers.get("access-control-allow-origin")

        assert (before(site), before(other)) == (site, None)
        statuses = [client.get("/overview", headers={"Origin": one} | bearer(key)).status_code for one in (site, other)]
        assert statuses == [503, 401]
        assert client.get("/overview", headers=bearer(key)).status_code == 401


def test_on_an_address_of_its_own_machine_nobody_needs_a_key(tmp_path):
    with service(tmp_path, auth="auto") as client:
        assert asked(client, "GET /overview") == 503
        assert asked(client, "GET /overview", "sk-of-another-service") == 503
        assert asked(client, "POST /ingest") == 403


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "docs.internal"])
def test_nobody_serves_everybody_by_accident(host, tmp_path):
    with pytest.raises(SettingsError, match="FOOTNOTE_AUTH=keys"):
        require_auth(load_settings(None, host=host))
    for auth in ("none", "keys", "oidc"):
        require_auth(load_settings(None, host=host, auth=auth))
    with service(tmp_path, auth="auto", host=host, allowed_hosts="localhost") as client:
        assert asked(client, "GET /overview") == 401


def test_who_is_limited_to_pages_sees_nothing_of_how_the_service_is_set_up(tmp_path, guide_index):
    key, all_pages = new_key(tmp_path, paths=["guides/"]), new_key(tmp_path)
    settings = load_settings(None, index_dir=guide_index.index_dir, keys_dir=tmp_path, auth="keys", reranker="none")
    with TestClient(create_app(settings), base_url="http://localhost") as client:
        until(lambda: client.get("/health/ready").status_code == 200)
        limited, whole = (client.get("/index", headers=bearer(one)).json() for one in (key, all_pages))
        assert (limited["settings"], limited["docs_dir"], limited["skipped"]) == ({}, "", [])
        assert whole["settings"]["auth"] == "keys"
        assert 0 < limited["files"] < whole["files"]
        found = client.get("/search", params={"q": "relay", "top_k": 50}, headers=bearer(key)).text
        assert set(re.findall(r'"path":"([^/"]+)', found)) == {"guides"}
