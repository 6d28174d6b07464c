"""A language model that answers what a test tells it to."""

import json
import re
import select
import socket
import threading
from collections.abc import Iterator, Sequence
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
    """

    base_url: str = ""
    text: str = "Relay listens on port 7070 [1]."
    filled: str | None = None
    refusal: str | None = None
    status: int = 200
    error: str = "something broke"
    finish_reason: str = "stop"
    usage: dict[str, int] | None = field(
        default_factory=lambda: {"prompt_tokens": 321, "completion_tokens": 12, "total_tokens": 333}
    )
    received: list[tuple[str, dict[str, str], dict[str, Any]]] = field(default_factory=list)
    silent: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)
    tokens: Sequence[str] | None = None
    pause_at: int | None = None
    breaks_at: int | None = None
    hung_up: threading.Event = field(default_factory=threading.Event)

    def chunks(self) -> Iterator[dict[str, Any]]:
        """The reply as it is streamed."""
        whole = self.reply({})
        base = {"id": whole["id"], "object": "chat.completion.chunk", "created": 1, "model": "fake"}
        tokens = re.findall(r"\s*\S+|\s+$", self.text) if self.tokens is None else self.tokens
        for token in tokens:
            yield {**base, "choices": [{"index": 0, "delta": {"role": "assistant", "content": token}}]}
        yield {**base, "choices": [{"index": 0, "delta": {}, "finish_reason": self.finish_reason}]}
        if self.usage:
            yield {**base, "choices": [], "usage": self.usage}

    def reply(self, request: dict[str, Any]) -> dict[str, Any]:
        if self.status != 200:
            return {"error": {"message": self.error, "type": "error", "param": None, "code": None}}
        has_schema = self.filled is not None and "response_format" in request
        message = {"role": "assistant", "content": self.filled if has_schema else self.text, "refusal": self.refusal}
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
            if body.get("stream") and fake.status == 200:
                self.stream()
                return
            answer = json.dumps(fake.reply(body)).encode()
            with suppress(ConnectionError):  # the caller may have given up waiting
                self.send_response(fake.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.send_header("Retry-After-Ms", "1")  # a failed request is sent again at once
                self.end_headers()
                self.wfile.write(answer)

        def stream(self) -> None:
            try:
                self.protocol_version = "HTTP/1.1"  # has chunks, so that a broken connection is told from the end
                self.send_response(200)
                self.send_header("Connection", "close")
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                for number, chunk in enumerate(fake.chunks()):
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
