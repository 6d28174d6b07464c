"""A real Prometheus scrapes a real service, with the alerts that are shipped."""

import json
import subprocess
import urllib.parse
import urllib.request
from contextlib import contextmanager

import pytest
import yaml

from tests.serving import PATIENCE_S, until
from tests.watching.test_metrics import MONITORING, expressions

pytestmark = pytest.mark.scale

CONFIG = """
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: [{rules}]
scrape_configs:
  - job_name: footnote
    authorization: {{credentials: {key}}}
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""
KEY = "a-key-for-scraping-0123456789"


def test_the_alerts_are_well_formed():
    checked = subprocess.run(["promtool", "check", "rules", MONITORING / "alerts.yml"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def figure(name: str, value: int, **labels: str) -> dict[str, str]:
    """A figure of an instance `web` that stays as it is for an hour."""
    named = ",".join(f'{label}="{found}"' for label, found in {"instance": "web", **labels}.items())
    return {"series": f"{name}{{{named}}}", "values": f"{value}x60"}


def serving(value: int, **labels: str) -> dict[str, str]:
    return figure("footnote_serving_generation", value, **labels)


def live(value: int, **labels: str) -> dict[str, str]:
    return figure("footnote_live_generation", value, **labels)


def ended(outcome: str, at: int, **labels: str) -> dict[str, str]:
    return figure("footnote_ingest_last_timestamp_seconds", at, outcome=outcome, **labels)


A, B = {"collection": "a"}, {"collection": "b"}
NOT_READY = ("FootnoteNotReady", "critical", {}, "web runs and cannot answer questions: GET /health/ready says why")
B_NOT_READY = (
    "FootnoteCollectionNotReady",
    "warning",
    B,
    "web cannot answer from the collection b: its log says why",
)
OLD = ("FootnoteServesOldGeneration", "warning", {}, "web does not take up the live generation: its log says why")
B_OLD = (
    "FootnoteServesOldGeneration",
    "warning",
    B,
    "web does not take up the live generation of b: its log says why",
)
FAILED = ("FootnoteIngestFails", "warning", {}, "the last ingest of web failed: the index gets older than the docs")
B_FAILED = (
    "FootnoteIngestFails",
    "warning",
    B,
    "the last ingest of b at web failed: the index gets older than the docs",
)
OF_AN_INDEX = {NOT_READY[0], B_NOT_READY[0], OLD[0], FAILED[0]}


@pytest.mark.parametrize(
    ("figures", "alert"),
    [
        ([serving(2), live(2)], None),
        ([serving(0), live(2)], NOT_READY),
        ([serving(1), live(2)], OLD),
        ([serving(3), live(2)], OLD),  # a rollback that is not taken up
        ([serving(1, **A), live(1, **A), serving(5, **B), live(5, **B)], None),
        ([serving(1, **A), live(1, **A), serving(0, **B), live(5, **B)], B_NOT_READY),
        ([serving(1, **A), live(1, **A), serving(0, **B)], B_NOT_READY),  # it was never ingested
        ([serving(0, **A), live(1, **A), serving(0, **B), live(5, **B)], NOT_READY),
        ([serving(5, **A), live(5, **A), serving(1, **B), live(2, **B)], B_OLD),
        ([ended("failed", 10), ended("published", 20)], None),
        ([ended("failed", 20), ended("published", 10)], FAILED),
        ([ended("published", 30, **A), ended("failed", 20, **B), ended("published", 10, **B)], B_FAILED),
    ],
)
def test_an_alert_is_about_the_service_or_about_the_collection_that_it_names(figures, alert, tmp_path):
    expected: dict[str, list[dict]] = {name: [] for name in OF_AN_INDEX}
    if alert:
        name, severity, labels, summary = alert
        labels = {"severity": severity, "instance": "web", **labels}
        expected[name].append({"exp_labels": labels, "exp_annotations": {"summary": summary}})
    at = [{"eval_time": "30m", "alertname": name, "exp_alerts": alerts} for name, alerts in expected.items()]
    tests = [{"interval": "1m", "input_series": figures, "alert_rule_test": at}]
    file = tmp_path / "test.yml"
    file.write_text(yaml.safe_dump({"rule_files": [str(MONITORING / "alerts.yml")], "tests": tests}), "utf-8")
    checked = subprocess.run(["promtool", "test", "rules", file], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_prometheus_takes_each_collection_for_a_series_of_its_own(serve, project, tmp_path):
    project.write("handbook", "product", "empty")
    running = serve("--workers", "2", cwd=project.folder)
    until(lambda: running.request("GET", "/health/ready")[0] == 200)
    config = CONFIG.format(rules=MONITORING / "alerts.yml", key=KEY, port=running.port)
    with prometheus(config, tmp_path) as ask:
        until(lambda: collections(ask, "footnote_serving_generation") == {"handbook": 2, "product": 1, "empty": 0})
        assert collections(ask, "footnote_serving_generation == footnote_live_generation").keys() == {
            "handbook",
            "product",
        }
        pending = "ALERTS{alertstate='pending'}"
        until(lambda: collections(ask, pending).keys() == {"empty"}, "the alert")
        assert found(ask, "count(ALERTS)") == ["1"]
        project.write("handbook")
        until(lambda: collections(ask, "footnote_serving_generation") == {"handbook": 2}, "the removal")
        until(lambda: not found(ask, "ALERTS"), "the end of the alert")


def test_prometheus_reads_a_service_and_understands_dashboard_and_alerts(serve, guide_index, tmp_path):
    # It listens on all addresses, so that the key is needed.
    running = serve("--host", "0.0.0.0", "--no-auth", "--workers", "2", index_dir=guide_index.index_dir, admin_key=KEY)
    running.all_serve(1)
    assert running.request("POST", "/query", {"question": "Which port does Relay listen on?"})[0] == 200
    config = CONFIG.format(rules=MONITORING / "alerts.yml", key=KEY, port=running.port)
    with prometheus(config, tmp_path) as ask:
        until(lambda: found(ask, 'footnote_answers_total{outcome="answered"}') == ["1"], "the scrape")
        assert found(ask, "up") == ["1"]
        assert found(ask, "footnote_serving_generation") == ["1"]
        for expression in expressions():
            query = expression.replace("$__rate_interval", "1m").replace("$instance", ".*")
            assert ask("query", query=query)["status"] == "success", expression
        rules = [rule for group in ask("rules")["data"]["groups"] for rule in group["rules"]]
        until(
            lambda: all(rule["health"] == "ok" for group in ask("rules")["data"]["groups"] for rule in group["rules"])
        )
        assert len(rules) == 13
        running.stop()
        until(lambda: found(ask, 'ALERTS{alertname="FootnoteDown"}') == ["1"], "the alert")


def found(ask, query):
    """The values that a query finds."""
    return [one["value"][1] for one in ask("query", query=query)["data"]["result"]]


def collections(ask, query):
    """The values that a query finds, by their collection."""
    found = ask("query", query=query)["data"]["result"]
    return {one["metric"].get("collection"): float(one["value"][1]) for one in found}


@contextmanager
def prometheus(config, folder):
    """A Prometheus with this configuration; gives what asks its API."""
    (folder / "prometheus.yml").write_text(config, "utf-8")
    options = [f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={folder / 'data'}"]
    log = folder / "log"
    with log.open("w") as stream:
        process = subprocess.Popen(
            ["prometheus", *options, "--web.listen-address=127.0.0.1:0"], stdout=stream, stderr=stream
        )
    try:
        until(lambda: "Server is ready" in log.read_text() or process.poll() is not None)
        assert process.poll() is None, log.read_text()
        port = log.read_text().split('msg="Listening on" address=127.0.0.1:')[1].split()[0]

        def ask(what, **parameters):
            url = f"http://127.0.0.1:{port}/api/v1/{what}?{urllib.parse.urlencode(parameters)}"
            with urllib.request.urlopen(url, timeout=PATIENCE_S) as response:
                return json.load(response)

        yield ask
    finally:
        process.terminate()
        process.wait(PATIENCE_S)
