"""What is said of each collection where there are several: figures, and lines of the log."""

import json
import os
import re
import signal
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from footnote.app.access.keys.store import KeyStore
from footnote.app.access.keys.types import NewKey
from footnote.app.access.types import Grant
from footnote.app.core.settings import load_settings
from tests.serving import KEY, until
from tests.watching.asked import samples
from tests.watching.conftest import QUESTION
from tests.watching.test_metrics import scraped

SERVING, LIVE = "footnote_serving_generation", "footnote_live_generation"
ADMIN = {"Authorization": f"Bearer {KEY}"}


@pytest.fixture
def client(project) -> Iterator[TestClient]:
    project.write("handbook", "product", "empty")
    with TestClient(project.app()) as client:
        until(lambda: by_collection(client.get("/metrics").text, SERVING) == {"handbook": 2, "product": 1, "empty": 0})
        yield client


def by_collection(text: str, name: str) -> dict[str | None, float]:
    """The values of a figure by its label `collection`; by None without one."""
    return {dict(labels).get("collection"): found for (one, labels), found in samples(text).items() if one == name}


def of_any(text: str) -> set[str]:
    """Which collections the figures name."""
    return set(re.findall(r'collection="([^"]*)"', text))


def test_each_collection_has_a_figure_of_its_own(client):
    text = client.get("/metrics").text
    assert by_collection(text, LIVE) == {"handbook": 2, "product": 1}
    assert client.get("/health/ready").status_code == 200


def test_one_that_is_removed_leaves_no_figure_and_one_that_is_changed_its_new_one(client, project):
    project.write("handbook")
    until(lambda: of_any(client.get("/metrics").text) == {"handbook"}, "the removal")
    assert by_collection(client.get("/metrics").text, SERVING) == {"handbook": 2}
    project.write("product", "handbook", more="top_k = 3\n")
    until(lambda: by_collection(client.get("/metrics").text, SERVING) == {"handbook": 2, "product": 1}, "both")


def test_one_without_a_name_has_no_label_and_leaves_none_when_it_gets_one(project):
    with TestClient(project.app(index_dir=project.index_dir("product"))) as client:
        until(lambda: by_collection(client.get("/metrics").text, SERVING) == {None: 1}, "the service")
        project.write("handbook", more=f"index = '{project.index_dir('handbook')}'\n")
        until(lambda: by_collection(client.get("/metrics").text, SERVING) == {"handbook": 2}, "its name")


def test_several_processes_tell_of_the_same_collections(serve, project):
    project.write("handbook", "product")
    running = serve("--workers", "2", cwd=project.folder)

    def all_say(figures: dict[str, float]) -> bool:
        return all(by_collection(scraped(running), SERVING) == figures for _ in range(6))

    until(lambda: all_say({"handbook": 2, "product": 1}), "both workers")
    os.kill(running.workers[0], signal.SIGKILL)
    until(lambda: len(running.workers) == 3)
    until(lambda: all_say({"handbook": 2, "product": 1}), "the new worker")
    project.write("handbook")
    until(lambda: all_say({"handbook": 2}), "the removal")


def test_an_admin_of_one_collection_is_told_of_that_one(project):
    project.write("handbook", "product")
    store = KeyStore(load_settings(env_file=None).folders.index_dir)
    _, key = store.create(NewKey("product", Grant(frozenset({"admin"}), frozenset({"product"}))))
    store.close()
    limited = {"Authorization": f"Bearer {key}"}
    with TestClient(project.app(auth="keys", admin_key=KEY)) as client:
        until(lambda: client.get("/health/ready").status_code == 200)
        assert client.get("/metrics").status_code == 401
        assert of_any(client.get("/metrics", headers=ADMIN).text) == {"handbook", "product"}
        text = client.get("/metrics", headers=limited).text
        assert of_any(text) == {"product"}
        assert by_collection(text, "footnote_http_requests_total")
        project.write("handbook", "product", more="topk = 3\n")
        until(lambda: client.get("/collections", headers=ADMIN).json()["problem"], "what is wrong with the file")
        assert client.get("/collections", headers=limited).json()["problem"] is None


def test_an_admin_of_one_is_told_of_the_only_one_that_has_no_name(project):
    index_dir = project.index_dir("product")
    store = KeyStore(index_dir)
    _, key = store.create(NewKey("docs", Grant(frozenset({"admin"}), frozenset({"docs"}))))
    store.close()
    with TestClient(project.app(index_dir=index_dir, auth="keys")) as client:
        until(lambda: client.get("/health/ready").status_code == 200)
        text = client.get("/metrics", headers={"Authorization": f"Bearer {key}"}).text
        assert by_collection(text, SERVING) == by_collection(text, LIVE) == {None: 1}


def test_lines_of_the_log_name_their_collection(serve, project):
    project.write("handbook", "product")
    running = serve("--watch", admin_key=KEY, git_webhook_secret=KEY, log_format="json", cwd=project.folder)
    until(lambda: running.log.count("serving generation") == 2)
    until(lambda: running.log.count("nothing changed") == 2, f"the watches; the log: {running.log}")
    both = {"question": QUESTION, "collection": ["product", "handbook"]}
    running.request("POST", "/query", both, {"X-Request-ID": "asks-both"})
    _, _, started = running.request("POST", "/ingest?collection=product", {}, {**ADMIN, "X-Request-ID": "ingests"})
    until(lambda: f"ingest {started['id']}: ended" in running.log)
    by_gitlab = {"X-Gitlab-Token": KEY, "X-Gitlab-Event": "Push Hook"}
    _, _, pushed = running.request("POST", "/hooks/git?collection=handbook", {"ref": "refs/heads/main"}, by_gitlab)
    until(lambda: f"ingest {pushed['ingest']}: ended" in running.log)
    project.write("handbook", "product", "empty")
    until(lambda: "not ready: no index" in running.log)
    os.kill(running.numbers(r"watching the docs in process (\d+)")[0], signal.SIGKILL)
    until(lambda: "another one starts" in running.log)
    running.stop()
    lines = [json.loads(line) for line in running.log.splitlines()]

    def named(words: str) -> list[tuple[str, list[str]]]:
        return sorted((line["message"], line["collections"]) for line in lines if words in line["message"])

    assert named("serving generation") == [
        ("serving generation 1", ["product"]),
        ("serving generation 2", ["handbook"]),
    ]
    assert sorted(collections for _, collections in named("watch: nothing changed")) == [["handbook"], ["product"]]
    assert sorted(collections for _, collections in named("watching the docs")) == [
        ["empty"],
        ["handbook"],
        ["product"],
    ]
    assert [collections for _, collections in named("another one starts")] == [["handbook"]]
    assert [collections for _, collections in named("not ready: no index")] == [["empty"]]
    assert {of for _, collections in named(started["id"]) for of in collections} == {"product"}
    assert {of for _, collections in named(pushed["ingest"]) for of in collections} == {"handbook"}
    assert [line["collections"] for line in lines if line.get("route") == "/query"] == [["product", "handbook"]]


def test_as_text_too(serve, project):
    project.write("handbook", "product")
    running = serve(cwd=project.folder)
    until(lambda: running.log.count("serving generation") == 2)
    assert "service: collection handbook: serving generation 2\n" in running.log
    assert "service: collection product: serving generation 1\n" in running.log
    running.request("GET", "/search?q=port&collection=product", headers={"X-Request-ID": "searches"})
    until(lambda: re.search(r"GET /search 200 in [\d.]+ ms \[searches in product\]\n", running.log))
    running.request("GET", "/none", headers={"X-Request-ID": "asks-none"})
    until(lambda: re.search(r"GET other 404 in [\d.]+ ms \[asks-none\]\n", running.log))
