"""The log of a real service: its own lines, those of requests, and those of an ingest that one of them starts."""

import json

from tests.conftest import CORPUS
from tests.serving import KEY, until

PRIVATE = "zebra crossing"


def test_each_line_is_json_and_names_its_request(serve, tmp_path):
    running = serve(docs_dir=CORPUS, index_dir=tmp_path / "index", admin_key=KEY, log_format="json")
    authorized = {"Authorization": f"Bearer {KEY}", "X-Request-ID": "starts-it"}
    status, headers, started = running.request("POST", "/ingest", {}, authorized)
    assert (status, headers["x-request-id"]) == (202, "starts-it")
    running.serves(1)
    until(lambda: f"ingest {started['id']}: ended" in running.log)
    asked = running.request("POST", "/query", {"question": PRIVATE}, {"X-Request-ID": "asks"})
    assert asked[0] == 200
    running.request("GET", f"/search?q={PRIVATE.replace(' ', '+')}", headers={"X-Request-ID": "searches"})
    running.stop()
    lines = [json.loads(line) for line in running.log.splitlines()]
    assert {"time", "level", "logger", "message"} <= set.intersection(*map(set, lines))
    of_ingest = [line["message"] for line in lines if line.get("request_id") == "starts-it"]
    assert any(message.startswith(f"ingest {started['id']}: ended with 0") for message in of_ingest)
    assert any("generation 1" in message for message in of_ingest)  # the child's own line
    (searched,) = [line for line in lines if line.get("route") == "/search"]
    assert (searched["request_id"], searched["generation"], searched["status"]) == ("searches", 1, 200)
    (answered,) = [line for line in lines if line.get("route") == "/query"]
    assert (answered["request_id"], answered["generation"]) == ("asks", 1)
    assert "zebra" not in running.log
    assert KEY not in running.log


def test_as_text_requests_are_logged_by_their_route_and_health_checks_are_not(serve, guide_index):
    running = serve(index_dir=guide_index.index_dir)
    running.serves(1)
    running.request("GET", "/search?q=zebra")
    running.stop()
    text = running.log
    assert "GET /search 200" in text
    assert "/health/ready" not in text
    assert "zebra" not in text


def test_where_collections_have_no_names_no_line_has_one(serve, guide_index):
    running = serve(index_dir=guide_index.index_dir, log_format="json")
    running.serves(1)
    running.request("GET", "/search?q=port")
    running.stop()
    lines = [json.loads(line) for line in running.log.splitlines()]
    assert any(line.get("route") == "/search" for line in lines)
    assert not [line for line in lines if "collections" in line]
