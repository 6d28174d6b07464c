"""A server with OpenAI's fine-tuning API on loopback, whose jobs go on with each look at them.

A job goes from `validating_files` to `queued`, `running` and its end, one state a look, with the events and shapes of
the real one: newest first, in pages, metrics with `data`.
"""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

STATES = ["validating_files", "queued", "running", "running", "succeeded"]
KEY = "sk-test-0123456789abcdef"


@dataclass
class FakeProvider:
    """Set what it does before asking.

    Attributes:
        states: those that a job goes through, one a look; the last stays.
        steps: of the training, each an event.
        invalid: what is wrong with the training file; then a job fails while its files are validated.
        failures: what the next answers are instead, each `(status, headers)`, or "drop" for a broken connection.
        made_but_lost: the job of the next creation is made, and the connection breaks before its answer.
        received: `(method, path, headers, body)` of each request; an upload's body is `(fields, file name, bytes)`.
    """

    base_url: str = ""
    states: list[str] = field(default_factory=lambda: list(STATES))
    steps: int = 4
    invalid: str | None = None
    failures: list[Any] = field(default_factory=list)
    made_but_lost: bool = False
    received: list[tuple[str, str, dict[str, str], Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    looks: dict[str, int] = field(default_factory=dict)

    def asked(self, method: str, path: str) -> list[Any]:
        """The bodies of the requests for this path."""
        return [body for verb, place, _, body in self.received if (verb, urlsplit(place).path) == (method, path)]

    def add_event(self, job_id: str, message: str, level: str = "info", **data: Any) -> None:
        known = self.events[job_id]
        known.append(
            {
                "object": "fine_tuning.job.event",
                "id": f"ftevent-{len(known):04}",
                "created_at": 1_790_000_000 + len(known) // 3,  # several within one second
                "level": level,
                "message": message,
                "type": "metrics" if data else "message",
                "data": data or {},
            }
        )

    def make(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if body.get("training_file") not in self.files:
            return 400, error(f"invalid training_file: {body.get('training_file')}", "invalid_file", "training_file")
        number = len(self.jobs) + 1
        job_id = f"ftjob-{number}"
        self.jobs[job_id] = {
            "object": "fine_tuning.job",
            "id": job_id,
            "model": body["model"],
            "created_at": 1_790_000_000 + number,
            "finished_at": None,
            "fine_tuned_model": None,
            "organization_id": "org-test",
            "result_files": [],
            "status": "validating_files",
            "validation_file": body.get("validation_file"),
            "training_file": body["training_file"],
            "hyperparameters": {"n_epochs": "auto", "batch_size": "auto", "learning_rate_multiplier": "auto"},
            "trained_tokens": None,
            "estimated_finish": None,
            "error": {"code": None, "message": None, "param": None},
            "suffix": body.get("suffix"),
            "seed": body.get("seed", 7),
            "method": body.get("method"),
            "integrations": [],
        }
        self.events[job_id], self.looks[job_id] = [], 0
        self.add_event(job_id, f"Created fine-tuning job: {job_id}")
        self.add_event(job_id, f"Validating training file: {body['training_file']}")
        return 200, self.jobs[job_id]

    def look(self, job_id: str) -> tuple[int, dict[str, Any]]:
        """The job, which then goes on."""
        job = self.jobs.get(job_id)
        if job is None:
            return 404, error(f"Could not find fine tune: {job_id}", "fine_tune_not_found", "fine_tune_id")
        place = min(self.looks[job_id], len(self.states) - 1)
        before, now = job["status"], self.states[place]
        if before in ("succeeded", "failed", "cancelled"):
            return 200, job
        self.looks[job_id] += 1
        if self.invalid and place > 0:
            now = "failed"
            job["error"] = {"code": "invalid_training_file", "message": self.invalid, "param": "training_file"}
            self.add_event(job_id, f"The job failed due to an invalid training file. {self.invalid}", "error")
        job["status"] = now
        if now == "queued" and before != now:
            self.add_event(job_id, "Files validated, moving job to queued state")
        if now == "running" and before != now:
            job["estimated_finish"] = 4_000_000_000
            self.add_event(job_id, "Fine-tuning job started")
            for step in range(1, self.steps + 1):
                loss = 2.0 / step
                data = {"step": step, "total_steps": self.steps, "train_loss": loss}
                self.add_event(job_id, f"Step {step}/{self.steps}: training loss={loss:.2f}", **data)
        if now == "succeeded":
            suffix = job["suffix"] or ""
            job |= {
                "fine_tuned_model": f"ft:{job['model']}:test-org:{suffix}:abc{job_id[-1]}",
                "finished_at": 1_790_000_500,
                "trained_tokens": 4321,
                "estimated_finish": None,
            }
            self.add_event(job_id, "The job has successfully completed")
        return 200, job

    def cancel(self, job_id: str) -> tuple[int, dict[str, Any]]:
        job = self.jobs.get(job_id)
        if job is None:
            return 404, error(f"Could not find fine tune: {job_id}", "fine_tune_not_found", "fine_tune_id")
        if job["status"] in ("succeeded", "failed", "cancelled"):
            return 400, error(f"Job has already completed: {job_id}", "invalid_request", None)
        job["status"] = "cancelled"
        self.add_event(job_id, "Fine-tuning job cancelled")
        return 200, job


def error(message: str, code: str, param: str | None) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "param": param, "code": code}}


def paged(rows: list[dict[str, Any]], query: dict[str, list[str]]) -> dict[str, Any]:
    """A page of the rows, newest first."""
    newest_first = rows[::-1]
    after = query.get("after", [None])[0]
    ids = [row["id"] for row in newest_first]
    start = ids.index(after) + 1 if after in ids else 0
    limit = int(query.get("limit", ["20"])[0])
    page = newest_first[start : start + limit]
    return {"object": "list", "data": page, "has_more": start + limit < len(newest_first)}


def _handler(fake: FakeProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *arguments: Any) -> None:
            pass

        def do_GET(self) -> None:
            self.handle_request("GET", None)

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            kind = self.headers.get("Content-Type", "")
            body: Any = _form(kind, raw) if kind.startswith("multipart") else json.loads(raw or b"null")
            self.handle_request("POST", body)

        def handle_request(self, method: str, body: Any) -> None:
            fake.received.append((method, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            failure = fake.failures.pop(0) if fake.failures else None
            if failure == "drop":
                self.connection.close()
                self.close_connection = True
                return
            if failure:
                status, headers = failure
                self.answer(status, error("Slow down", "rate_limit_exceeded", None), headers)
                return
            if self.headers.get("Authorization") != f"Bearer {KEY}":
                self.answer(
                    401,
                    error(f"Incorrect API key provided: {self.headers.get('Authorization')}", "invalid_api_key", None),
                )
                return
            status, said = self.route(method, body)
            if fake.made_but_lost and (method, urlsplit(self.path).path) == ("POST", "/v1/fine_tuning/jobs"):
                fake.made_but_lost = False
                self.connection.close()
                self.close_connection = True
                return
            self.answer(status, said)

        def route(self, method: str, body: Any) -> tuple[int, Any]:
            parts = urlsplit(self.path)
            query = parse_qs(parts.query)
            if (method, parts.path) == ("POST", "/v1/files"):
                file_id = f"file-{len(fake.files) + 1}"
                fake.files[file_id] = body[2]
                return 200, {"id": file_id, "object": "file", "purpose": body[0]["purpose"], "status": "processed"}
            if (method, parts.path) == ("POST", "/v1/fine_tuning/jobs"):
                return fake.make(body)
            if (method, parts.path) == ("GET", "/v1/fine_tuning/jobs"):
                return 200, paged(list(fake.jobs.values()), query)
            found = re.fullmatch(r"/v1/fine_tuning/jobs/([^/]+)(/events|/cancel)?", parts.path)
            if found and (method, found[2]) == ("GET", None):
                return fake.look(found[1])
            if found and (method, found[2]) == ("GET", "/events"):
                return 200, paged(fake.events[found[1]], query)
            if found and (method, found[2]) == ("POST", "/cancel"):
                return fake.cancel(found[1])
            return 404, "not found"

        def answer(self, status: int, said: Any, headers: dict[str, str] | None = None) -> None:
            raw = json.dumps(said).encode()
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

    return Handler


def _form(kind: str, raw: bytes) -> tuple[dict[str, str], str, bytes]:
    message = BytesParser().parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + raw)
    fields, name, content = {}, "", b""
    for part in message.get_payload():
        given = part.get_param("name", header="content-disposition")
        if part.get_filename():
            name, content = part.get_filename(), part.get_payload(decode=True)
        else:
            fields[given] = part.get_payload(decode=True).decode()
    return fields, name, content


@contextmanager
def run_fake_provider() -> Iterator[FakeProvider]:
    fake = FakeProvider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fake))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    fake.base_url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
