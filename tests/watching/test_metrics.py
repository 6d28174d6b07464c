"""`/metrics` of real services: in one process, in several, and what the dashboard and the alerts take from it."""

import http.client
import json
import os
import re
import shutil
import signal
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from fastapi.testclient import TestClient
from prometheus_client import generate_latest

from footnote.app.core.settings import load_settings
from footnote.app.core.types import TokenUse
from footnote.app.http.app import create_app
from footnote.app.index.ingest_record import read_ingest_record
from footnote.app.index.replica import ReplicaState, write_replica
from footnote.app.watching.metrics import Metrics
from tests.fake_llm import run_fake_llm
from tests.serving import ROOT, until
from tests.watching.asked import samples, total, value

MONITORING = ROOT / "deploy" / "monitoring"
QUESTION = "Which port does Relay listen on?"
OFF_TOPIC = "Who won the football world cup in 1954?"
NAME = re.compile(r"\bfootnote_[a-z_]+\b")
# A dashboard shows no label that a service never has.
EQUALS = re.compile(r'\b(\w+)="([^"$]+)"')
OF_PROMETHEUS = {("job", "footnote")}


@pytest.fixture(scope="module")
def asked(guide_index, tmp_path_factory):
    """`(client, text)`: a service of a replica that was asked in every way, and what it says then."""
    index_dir = tmp_path_factory.mktemp("replica") / "index"
    shutil.copytree(guide_index.index_dir, index_dir)
    now = time.time()
    write_replica(index_dir, ReplicaState("/published", 2, 2, 1, 1, contact_at=now, behind_since=now - 30))
    with run_fake_llm() as fake:
        flags = {"llm_base_url": fake.base_url, "llm": "openai:fake", "reranker": "none"}
        settings = load_settings(env_file=None, index_dir=index_dir, keep_usage=False, **flags)
        with TestClient(create_app(settings)) as client:
            until(lambda: client.get("/health/ready").status_code == 200)
            for question in (QUESTION, QUESTION, "How do I install Relay?"):
                assert client.post("/query", json={"question": question}).status_code == 200
            fake.status = 500
            assert client.post("/query", json={"question": "What is a relay?"}).json()["notice"]
            client.post("/query", json={"question": QUESTION, "filters": {"path": "none/"}})
            client.get("/search", params={"q": QUESTION})
            client.get("/search", params={"q": " "})
            client.get("/view/guides/none.md")
            client.get("/made-up/by/somebody")
            client.request("BREW", "/search")
            yield client, client.get("/metrics").text


def test_requests_are_counted_by_route_and_status(asked):
    _, text = asked
    requests = "footnote_http_requests_total"
    assert value(text, requests, route="/query", method="POST", status="200") == 5
    assert value(text, requests, route="/search", method="GET", status="200") == 1
    assert value(text, requests, route="/search", method="GET", status="422") == 1
    assert value(text, requests, route="/view/{path}", method="GET", status="404") == 1
    assert value(text, requests, route="other", method="GET", status="404") == 1
    assert value(text, "footnote_http_request_duration_seconds_count", route="/query") == 5
    assert not [labels for name, labels in samples(text) if ("method", "BREW") in labels or "made-up" in str(labels)]


def test_answers_are_counted_by_what_became_of_them(asked):
    _, text = asked
    assert total(text, "footnote_answers_total") == 5
    assert value(text, "footnote_answers_total", mode="extractive", outcome="refused") is None
    assert value(text, "footnote_refusals_total", stage="filter") == 1
    assert value(text, "footnote_refusals_total", stage="gate") == 0
    assert value(text, "footnote_answer_cache_total", result="hit") == 1
    assert value(text, "footnote_answer_cache_total", result="miss") == 4
    assert value(text, "footnote_answer_trouble_total", kind="language model") == 1
    assert total(text, "footnote_sentences_total") > 0
    assert value(text, "footnote_llm_tokens_total", model="openai:fake", kind="prompt") > 0


def test_stages_and_the_queue_are_timed(asked):
    _, text = asked
    counted = "footnote_stage_duration_seconds_count"
    stages = {dict(labels)["stage"]: found for (name, labels), found in samples(text).items() if name == counted}
    assert stages["embed"] == stages["lexical"] == 4  # three answers, a search; none for a filter that allows nothing
    assert stages["total"] == 4
    assert value(text, "footnote_queue_wait_seconds_count") == 6
    assert (value(text, "footnote_queue_running"), value(text, "footnote_queue_waiting")) == (0, 0)
    assert value(text, "footnote_queue_rejected_total") == 0


def test_generation_and_ingests_are_those_of_the_index_folder(asked, guide_index):
    _, text = asked
    assert value(text, "footnote_serving_generation") == value(text, "footnote_live_generation") == 1
    assert value(text, "footnote_generation_age_seconds") >= 0
    record = read_ingest_record(guide_index.index_dir)
    assert value(text, "footnote_ingests_total", outcome="published") == record.counts["published"] == 1
    assert value(text, "footnote_ingests_total", outcome="failed") == 0


def test_a_replica_says_how_far_it_is_behind(asked):
    _, text = asked
    assert value(text, "footnote_replica_lag_seconds") >= 30
    assert value(text, "footnote_replica_contact_age_seconds") >= 0


def test_no_label_holds_what_was_asked(asked):
    _, text = asked
    assert not re.search("relay|football", text.lower().replace("guide", ""))


def test_the_dashboard_and_the_alerts_name_what_there_is(asked):
    _, text = asked
    known, labels = {name for name, _ in samples(text)}, {label for _, labels in samples(text) for label in labels}
    for expression in expressions():
        names = set(NAME.findall(expression))
        assert names <= known, expression
        assert names or "up{" in expression
        assert set(EQUALS.findall(expression)) <= labels | OF_PROMETHEUS, expression


def expressions() -> list[str]:
    """All of PromQL that is shipped."""
    rules = yaml.safe_load((MONITORING / "alerts.yml").read_text("utf-8"))
    dashboard = json.loads((MONITORING / "grafana-dashboard.json").read_text("utf-8"))
    shown = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", ())]
    assert len(shown) > 20
    return shown + [rule["expr"] for group in rules["groups"] for rule in group["rules"]]


def test_a_twenty_first_model_is_another_one(engine):
    metrics, answer = Metrics(), engine.ask(QUESTION)
    for number in range(25):
        metrics.answer(replace(answer, model=f"model-{number}", tokens=TokenUse(1, 1, 0, 0.5)), False)
    text = generate_latest(metrics.registry).decode()
    assert value(text, "footnote_llm_cost_usd_total", model="model-19") == 0.5
    assert value(text, "footnote_llm_cost_usd_total", model="other") == 2.5


def scraped(running) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
    try:
        connection.request("GET", "/metrics")
        return connection.getresponse().read().decode()
    finally:
        connection.close()


def test_several_processes_count_together_and_a_dead_one_counts_no_more(serve, guide_index):
    running = serve("--workers", "2", index_dir=guide_index.index_dir)
    running.all_serve(1)
    folders = set(Path(tempfile.gettempdir()).glob("footnote-metrics-*"))
    count = {"route": "/search", "method": "GET", "status": "200"}
    for _ in range(12):
        running.request("GET", "/search?q=port")
    until(lambda: value(scraped(running), "footnote_http_requests_total", **count) == 12, "the count of the last")
    assert {value(scraped(running), "footnote_http_requests_total", **count) for _ in range(6)} == {12}
    dead = running.workers[0]
    (shared,) = [folder for folder in folders if list(folder.glob(f"*_{dead}.db"))]
    os.kill(dead, signal.SIGKILL)
    until(lambda: len(running.workers) == 3)
    until(lambda: value(scraped(running), "footnote_serving_generation") == 1)
    assert not list(shared.glob(f"gauge_live*_{dead}.db"))
    assert value(scraped(running), "footnote_http_requests_total", **count) == 12
    running.stop()
    assert not shared.exists()
