"""A language model that answers what a test tells it to."""

import json
import re
import select
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class FakeLLM:
    """An OpenAI-compatible server on loopback; set `text`, or `status` and `error`, before asking.

    `filled` is the reply to requests with a schema, where it differs. `received` holds each request as
    `(path, headers, body)`, header names in lower case. While `silent` is set, nothing is answered. A reply that is
    streamed comes in `tokens`, by default a word each; before the token `pause_at` it waits for `go_on`, and `hung_up`
    is set when the caller goes away meanwhile. Before the token `breaks_at` the connection breaks.

    `texts` are the replies of models that have one of their own. `models` are listed by `GET /models`, which is 404
    without. `refuses` gives status and body of a refusal for what is asked, `failures` the statuses of the next
    answers, `headers` what failures have; `page` is said in place of all. `deltas` come before the tokens of a stream.
    """

    base_url: str = ""
    text: str = "Relay listens on port 7070 [1]."
    texts: dict[str, str] = field(default_factory=dict)
    filled: str | None = None
    refusal: str | None = None
    status: int = 200
    error: str = "something broke"
    finish_reason: str = "stop"
    usage: dict[str, Any] | None = field(
        default_factory=lambda: {"prompt_tokens": 321, "completion_tokens": 12, "total_tokens": 333}
    )
    received: list[tuple[str, dict[str, str], dict[str, Any]]] = field(default_factory=list)
    silent: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)
    tokens: Sequence[str] | None = None
    pause_at: int | None = None
    breaks_at: int | None = None
    hung_up: threading.Event = field(default_factory=threading.Event)
    models: list[dict[str, Any]] | None = None
    refuses: Callable[[dict[str, Any]], tuple[int, Any] | None] = lambda body: None
    failures: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=lambda: {"Retry-After-Ms": "1"})
    page: str | None = None
    deltas: Sequence[dict[str, Any]] = ()
    listings: int = 0

    def text_of(self, request: dict[str, Any]) -> str:
        return self.texts.get(request.get("model", ""), self.text)

    def chunks(self, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The reply as it is streamed."""
        whole = self.reply({})
        base = {"id": whole["id"], "object": "chat.completion.chunk", "created": 1, "model": "fake"}
        tokens = re.findall(r"\s*\S+|\s+$", self.text_of(request)) if self.tokens is None else self.tokens
        for delta in self.deltas:
            yield {**base, "choices": [{"index": 0, "delta": delta}]}
        for token in tokens:
            yield {**base, "choices": [{"index": 0, "delta": {"role": "assistant", "content": token}}]}
        yield {**base, "choices": [{"index": 0, "delta": {}, "finish_reason": self.finish_reason}]}
        if self.usage:
            yield {**base, "choices": [], "usage": self.usage}

    def failure(self) -> dict[str, Any]:
        return {"error": {"message": self.error, "type": "error", "param": None, "code": None}}

    def reply(self, request: dict[str, Any]) -> dict[str, Any]:
        has_schema = self.filled is not None and "response_format" in request
        text = self.filled if has_schema else self.text_of(request)
        message = {"role": "assistant", "content": text, "refusal": self.refusal}
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": "fake",
            "choices": [{"index": 0, "message": message, "finish_reason": self.finish_reason}],
            "usage": self.usage,
        }


@contextmanager
def run_fake_llm() -> Iterator[FakeLLM]:
    """A running `FakeLLM`."""
    fake = FakeLLM()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            headers = {name.lower(): value for name, value in self.headers.items()}
            fake.received.append((self.path, headers, body))
            if fake.silent.is_set():
                fake.go_on.wait(30)
            refused = fake.refuses(body)
            status = fake.failures.pop(0) if fake.failures else fake.status
            if refused:
                self.say(refused[0], json.dumps(refused[1]))
            elif fake.page is not None:
                self.say(status, fake.page, "text/html")
            elif status != 200:
                self.say(status, json.dumps(fake.failure()))
            elif body.get("stream"):
                self.stream(body)
            else:
                self.say(200, json.dumps(fake.reply(body)))

        def do_GET(self) -> None:
            fake.listings += 1
            if fake.models is None:
                self.say(404, json.dumps(fake.failure()))
            else:
                self.say(200, json.dumps({"object": "list", "data": fake.models}))

        def say(self, status: int, text: str, kind: str = "application/json") -> None:
            with suppress(ConnectionError):  # the caller may have given up waiting
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(text.encode())))
                for name, value in fake.headers.items() if status != 200 else ():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text.encode())

        def stream(self, body: dict[str, Any]) -> None:
            try:
                self.protocol_version = "HTTP/1.1"  # has chunks, so that a broken connection is told from the end
                self.send_response(200)
                self.send_header("Connection", "close")
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                for number, chunk in enumerate(fake.chunks(body)):
                    if number == fake.pause_at:
                        self.pause()
                    if number == fake.breaks_at:
                        return
                    self.send(f"data: {json.dumps(chunk)}\n\n".encode())
                self.send(b"data: [DONE]\n\n")
                self.send(b"")
            except ConnectionError:
                fake.hung_up.set()

        def send(self, part: bytes) -> None:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))

        def pause(self) -> None:
            """Wait to go on, or for the caller to go away."""
            while not fake.go_on.wait(0.01):
                if select.select([self.connection], [], [], 0)[0] and not self.connection.recv(1, socket.MSG_PEEK):
                    raise ConnectionResetError

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.base_url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield fake
    finally:
        fake.go_on.set()
        server.shutdown()
        server.server_close()
        thread.join()
