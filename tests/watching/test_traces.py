"""Spans of a real service: which there are, what they say and whose trace they are part of."""

import json
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from fastapi.testclient import TestClient
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from footnote.app.core.errors import SettingsError
from footnote.app.core.setting_groups import TraceSettings
from footnote.app.core.settings import load_settings
from footnote.app.core.spans import past_span, span, trace_headers
from footnote.app.http.app import create_app
from footnote.app.watching.traces import end_tracing, require_extra, start_tracing
from tests.fake_llm import run_fake_llm
from tests.serving import until

QUESTION = "Which port does Relay listen on?"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"
TRACEPARENT = {"traceparent": f"00-{TRACE}-{PARENT}-01"}


@pytest.fixture(scope="module")
def service(guide_index):
    """`(client, fake)` of a service with a language model and no kept answers."""
    with run_fake_llm() as fake:
        fake.answer = "Relay listens on the port in `RELAY_PORT` [1]."
        flags = {"llm_base_url": fake.base_url, "llm": "openai:fake", "answer_cache": 0, "query_rewrite": "rewrite"}
        settings = load_settings(env_file=None, index_dir=guide_index.index_dir, reranker="none", **flags)
        with TestClient(create_app(settings)) as client:
            until(lambda: client.get("/health/ready").status_code == 200)
            yield client, fake


@contextmanager
def recording(content=False):
    """What is traced in the block, once it is over: spans by name, of several of one name the last."""
    exporter, spans = InMemorySpanExporter(), {}
    provider = start_tracing(SimpleSpanProcessor(exporter), content)
    try:
        yield spans
    finally:
        end_tracing()
        provider.shutdown()
        spans.update({one.name: one for one in exporter.get_finished_spans()})


def parent_of(one, spans):
    return next(
        (name for name, other in spans.items() if one.parent and other.context.span_id == one.parent.span_id), ""
    )


def test_each_stage_is_a_span_below_its_request_in_the_trace_of_the_client(service):
    client, fake = service
    fake.received.clear()
    with recording() as spans:
        response = client.post("/query", json={"question": QUESTION}, headers={**TRACEPARENT, "X-Request-ID": "id-1"})
    assert response.status_code == 200
    below = {name: parent_of(one, spans) for name, one in spans.items()}
    retrieved = dict.fromkeys(["embed", "lexical", "vector", "fuse", "chunks", "rerank"], "retrieve")
    of_question = dict.fromkeys(["rewrite", "retrieve", "answer"], "ask")
    assert below == {"POST /query": "", "ask": "POST /query", **of_question, **retrieved, "check": "answer"}
    assert {format(one.context.trace_id, "032x") for one in spans.values()} == {TRACE}
    request = spans["POST /query"]
    assert format(request.parent.span_id, "016x") == PARENT
    assert dict(request.attributes) == {
        "http.request.method": "POST",
        "http.route": "/query",
        "http.response.status_code": 200,
        "footnote.request_id": "id-1",
    }
    # Each request to the language model goes on with the trace, below the stage that asks.
    asked = [headers["traceparent"].split("-") for _, headers, _ in fake.received]
    stages = [format(spans[name].context.span_id, "016x") for name in ("rewrite", "answer")]
    assert [(trace, stage) for _, trace, stage, _ in asked] == [(TRACE, stage) for stage in stages]


def test_spans_say_what_was_done_and_no_word_of_it(service):
    client, _ = service
    with recording() as spans:
        answer = client.post("/query", json={"question": QUESTION}).json()
    writing = dict(spans["answer"].attributes)
    assert writing == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "fake",
        "gen_ai.usage.input_tokens": writing["gen_ai.usage.input_tokens"],
        "gen_ai.usage.output_tokens": writing["gen_ai.usage.output_tokens"],
    }
    assert spans["embed"].attributes["gen_ai.operation.name"] == "embeddings"
    assert spans["retrieve"].attributes["gen_ai.operation.name"] == "retrieval"
    assert spans["retrieve"].attributes["footnote.hits"] == 4
    asking = spans["ask"].attributes
    assert asking["footnote.generation"] == answer["generation"]
    assert (asking["footnote.mode"], asking["footnote.outcome"]) == ("llm", "answered")
    said = " ".join(one.to_json() for one in spans.values())
    assert "Relay" not in said
    assert "port" not in said.replace("gen_ai.", "")


def test_words_are_part_of_spans_where_that_is_allowed(service):
    client, _ = service
    with recording(content=True) as spans:
        answer = client.post("/query", json={"question": QUESTION}).json()
    asking = spans["ask"].attributes
    assert json.loads(asking["gen_ai.input.messages"]) == [
        {"role": "user", "parts": [{"type": "text", "content": QUESTION}]}
    ]
    assert json.loads(asking["gen_ai.output.messages"])[0]["parts"][0]["content"] == answer["answer"]


def test_of_an_error_a_span_has_its_kind_alone(service):
    client, fake = service
    fake.failures = [400, 400, 400, 400]
    with recording() as spans:
        client.post("/query", json={"question": QUESTION})
    fake.failures = []
    failed = [one for one in spans.values() if not one.status.is_ok]
    assert {one.attributes["error.type"] for one in failed} <= {"LLMError"}
    assert all(one.status.description is None and not one.events for one in spans.values())


def test_nothing_is_recorded_where_nobody_traces():
    with span("x") as one:
        one.set("a", 1)
    past_span("y", 3.0)
    assert trace_headers() == {}


def test_a_span_of_what_is_over_is_as_long_as_that_took():
    with recording() as spans:
        past_span("check", 250.0)
    assert spans["check"].end_time - spans["check"].start_time == pytest.approx(250e6, rel=0.2)


def test_a_service_that_does_not_trace_loads_nothing_for_it():
    ours = ("opentelemetry.sdk", "opentelemetry.exporter")  # the API itself comes with other packages
    code = f"import sys, footnote.app.http.server; print([n for n in sys.modules if n.startswith({ours})])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"


def test_without_the_extra_the_fix_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(SettingsError, match=r"pip install -c constraints.txt -e '.\[otel\]'"):
        require_extra(TraceSettings(traces=True))
    require_extra(TraceSettings(traces=False))


@pytest.mark.scale
def test_a_service_sends_its_spans_to_a_collector(serve, guide_index):
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    received = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append((self.path, ExportTraceServiceRequest.FromString(body)))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
            running = serve(index_dir=guide_index.index_dir, otel=True)
            running.serves(1)
            assert running.request("GET", "/search?q=port", headers=TRACEPARENT)[0] == 200
            running.stop()  # what is not sent yet is sent then
    finally:
        server.shutdown()
        server.server_close()
    assert {path for path, _ in received} == {"/v1/traces"}
    resources = [one for _, request in received for one in request.resource_spans]
    named = {attribute.value.string_value for one in resources for attribute in one.resource.attributes}
    spans = [one for resource in resources for scope in resource.scope_spans for one in scope.spans]
    assert "footnote" in named
    assert {one.name for one in spans if one.trace_id.hex() == TRACE} > {"GET /search", "retrieve", "embed"}
