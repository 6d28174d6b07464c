"""What every request passes: its id, the name it is asked under, headers for browsers, its line of the log."""

import json
import logging

import pytest
from fastapi.testclient import TestClient

from footnote.app.core.errors import SettingsError
from footnote.app.core.logs import JsonFormatter, TextFormatter
from footnote.app.core.request_context import RequestContext, within
from footnote.app.core.settings import load_settings
from footnote.app.http.app import create_app
from footnote.app.http.edge.hosts import Hosts, name_of
from footnote.app.http.edge.request_ids import request_id_of

NONE = "none.example"


def service(tmp_path, **flags):
    """A client of a service that never loads anything: its lifespan is not entered."""
    return TestClient(create_app(load_settings(env_file=None, index_dir=tmp_path / "index", **flags)))


def hosts(**flags):
    flags = {"allowed_hosts": NONE, **flags}  # what the tests' environment allows is not asked for
    return Hosts(load_settings(env_file=None, **flags).service)


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8000", "localhost.", "127.0.0.1", "127.0.0.1:8000", "[::1]", "[::1]:8000"]
)
@pytest.mark.parametrize("bound", ["127.0.0.1", "::1", "localhost", "127.0.0.5"])
def test_on_the_loopback_its_names_are_served(bound, host):
    assert hosts(host=bound).allow(host, "/query")


@pytest.mark.parametrize(
    "host",
    [None, "", "evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1"]
    + ["localhost:8000@evil.example", "localhost:evil", "[::1].evil.example", "[::1]:evil", "localhost:", "::1"],
)
def test_on_the_loopback_no_other_name_is(host):
    assert not hosts().allow(host, "/query")


def test_names_that_are_listed_are_served_and_a_star_stands_for_all_below():
    listed = hosts(allowed_hosts="docs.example.com, *.corp.example", allowed_origins="https://site.example:8443")
    for host in ("docs.example.com", "DOCS.example.com.:443", "a.corp.example", "a.b.corp.example", "site.example"):
        assert listed.allow(host, "/query"), host
    for host in ("example.com", "x.docs.example.com", "corp.example", "evilcorp.example"):
        assert not listed.allow(host, "/query"), host


def test_elsewhere_any_name_is_served_unless_names_are_listed():
    unlisted = Hosts(load_settings(env_file=None, host="0.0.0.0").service.model_copy(update={"allowed_hosts": ()}))
    assert unlisted.allow("anything.example", "/query")
    listed = hosts(host="10.0.0.7", allowed_hosts="docs.example.com")
    assert listed.allow("docs.example.com", "/query")
    assert listed.allow("10.0.0.7:8000", "/query")
    assert listed.allow("localhost:8000", "/query")
    assert not listed.allow("anything.example", "/query")


def test_probes_ask_under_any_name_and_scrapers_where_a_key_keeps_the_figures():
    local, public = hosts(), hosts(host="0.0.0.0", allowed_hosts="docs.example.com")
    for path in ("/health/live", "/health/ready"):
        assert local.allow("10.1.2.3:8000", path)
        assert public.allow(None, path)
    assert public.allow("10.1.2.3:8000", "/metrics")
    assert not local.allow("10.1.2.3:8000", "/metrics")


def test_a_name_is_read_without_its_port():
    assert [name_of(host) for host in ("a:1", "[::1]:1", "a.", " A ")] == ["a", "[::1]", "a", "a"]


@pytest.mark.parametrize("name", ["https://docs.example.com", "docs.example.com:443", "a b", "*", "do*cs.example"])
def test_what_is_no_name_is_refused(name):
    with pytest.raises(SettingsError, match="FOOTNOTE_ALLOWED_HOSTS: .* is no name of a host"):
        load_settings(env_file=None, allowed_hosts=name)


@pytest.mark.parametrize("path", ["/", "/index", "/openapi.json", "/mcp", "/widget.js", "/nothing"])
def test_a_request_under_another_name_reaches_nothing(tmp_path, path):
    client = service(tmp_path, allowed_hosts=NONE)
    response = client.get(path, headers={"Host": "evil.example"})
    assert response.status_code == 421
    assert response.json()["type"] == "urn:footnote:problem:misdirected"
    assert "FOOTNOTE_ALLOWED_HOSTS" in response.json()["detail"]
    assert client.get("/widget.js", headers={"Host": "localhost:8000"}).status_code == 200
    assert client.get("/health/live", headers={"Host": "evil.example"}).status_code == 200


def test_openais_clients_are_refused_in_their_shape(tmp_path):
    response = service(tmp_path).get("/v1/models", headers={"Host": "evil.example"})
    assert (response.status_code, response.json()["error"]["code"]) == (421, "misdirected")


@pytest.mark.parametrize("given", ["abc", "1-67891233-abcdef012345678912345678", "Root=1-67:a/b+c@d", "x" * 128])
def test_a_sane_id_is_taken(tmp_path, given):
    response = service(tmp_path).get("/nothing", headers={"X-Request-ID": given})
    assert response.headers["x-request-id"] == response.json()["request_id"] == given


@pytest.mark.parametrize("given", ["", "x" * 129, "a b", 'a"b', "a\tb", "-a", "é", "a;b", "{}"])
def test_another_one_is_replaced(tmp_path, given):
    made = request_id_of([(b"x-request-id", given.encode())])
    assert made != given
    assert len(made) == 32
    assert int(made, 16) >= 0


def test_of_two_ids_none_is_taken():
    assert request_id_of([(b"x-request-id", b"one"), (b"x-request-id", b"two")]) not in ("one", "two")


def test_an_error_that_nobody_foresaw_has_id_and_headers_too(tmp_path):
    app = create_app(load_settings(env_file=None, index_dir=tmp_path / "index"))

    @app.get("/broken")
    def broken():
        raise RuntimeError("What does the secret question say?")

    response = TestClient(app, raise_server_exceptions=False).get("/broken", headers={"X-Request-ID": "id-1"})
    assert (response.status_code, response.json()["request_id"]) == (500, "id-1")
    assert response.headers["x-request-id"] == "id-1"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert 'route="/broken",status="500"} 1.0' in app.state.exposition.text().decode()


def test_every_response_has_headers_for_browsers_and_a_route_its_own(tmp_path):
    client = service(tmp_path)
    for path in ("/", "/health/live", "/nothing", "/openapi.json", "/widget.js", "/metrics"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "no-referrer", path
    policy = "content-security-policy"
    assert client.get("/health/live").headers[policy] == "default-src 'none'; frame-ancestors 'none'"
    assert "script-src 'self'" in client.get("/").headers[policy]
    assert client.get("/").headers.get_list(policy) == [client.get("/").headers[policy]]


def test_a_request_is_logged_by_its_route_without_what_was_asked(tmp_path, caplog):
    caplog.set_level(logging.INFO, "footnote.access")
    with service(tmp_path) as client:
        client.get("/search", params={"q": "a secret question"}, headers={"X-Request-ID": "id-7"})
        client.get("/view/secret.md")
        client.get("/secret/nothing")
        client.get("/health/live")
    lines = [record.getMessage() for record in caplog.records if record.name == "footnote.access"]
    assert [line.split(" in ")[0] for line in lines] == [
        "testclient GET /search 503",
        "testclient GET /view/{path} 503",
        "testclient GET other 404",
    ]
    assert "secret" not in caplog.text
    (asked,) = [record for record in caplog.records if getattr(record, "fields", {}).get("route") == "/search"]
    assert (asked.fields["status"], asked.fields["client"]) == (503, "testclient")


def test_log_lines_name_their_request_and_generation():
    record = logging.LogRecord("footnote.x", logging.WARNING, "x.py", 1, 'a "quoted" %s', ("word\n",), None)
    with within(RequestContext("id-1", 7)):
        assert TextFormatter().format(record) == 'WARNING:     footnote.x: a "quoted" word\n [id-1]'
        line = JsonFormatter().format(record)
    assert "\n" not in line
    read = json.loads(line)
    assert read.pop("time").endswith("+00:00")
    assert read == {
        "level": "warning",
        "logger": "footnote.x",
        "message": 'a "quoted" word\n',
        "request_id": "id-1",
        "generation": 7,
    }
    assert "request_id" not in json.loads(JsonFormatter().format(record))


@pytest.mark.parametrize(
    ("host", "access", "key", "status"),
    [
        ("127.0.0.1", "auto", None, 200),
        ("0.0.0.0", "auto", None, 401),
        ("0.0.0.0", "auto", "a-key-of-sixteen-characters", 200),
        ("0.0.0.0", "auto", "another-one", 401),
        ("0.0.0.0", "open", None, 200),
        ("127.0.0.1", "off", None, 404),
    ],
)
def test_who_may_read_the_metrics(tmp_path, host, access, key, status):
    client = service(tmp_path, host=host, metrics=access, admin_key="a-key-of-sixteen-characters")
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    assert client.get("/metrics", headers=headers).status_code == status


def test_the_metrics_are_for_nobody_without_a_key_where_others_could_read_them(tmp_path):
    response = service(tmp_path, host="0.0.0.0").get("/metrics")
    assert (response.status_code, "a key of `footnote keys create`" in response.json()["detail"]) == (401, True)
