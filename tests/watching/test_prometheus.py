"""A real Prometheus scrapes a real service, with the alerts that are shipped."""

import json
import subprocess
import urllib.parse
import urllib.request
from contextlib import contextmanager

import pytest

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
        assert len(rules) == 12
        running.stop()
        until(lambda: found(ask, 'ALERTS{alertname="FootnoteDown"}') == ["1"], "the alert")


def found(ask, query):
    """The values that a query finds."""
    return [one["value"][1] for one in ask("query", query=query)["data"]["result"]]


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
