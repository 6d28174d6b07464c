"""Anthropic's Messages API on loopback, streamed and whole, as its documentation shows it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class FakeAnthropic:
    """Set `blocks`, `stop_reason` or `error`, a status and a message, before asking; `received` has each request."""

    base_url: str = ""
    blocks: list[dict[str, Any]] = field(
        default_factory=lambda: [{"type": "text", "text": "Relay listens on port 7070 [1]."}]
    )
    stop_reason: str = "end_turn"
    error: tuple[int, str] | None = None
    refuses_temperature: bool = False
    received: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)

    def refusal(self, body: dict[str, Any]) -> tuple[int, str] | None:
        if self.refuses_temperature and "temperature" in body:
            return 400, "`temperature` is deprecated for this model."
        return self.error

    def message(self, blocks: list[dict[str, Any]], stop_reason: str | None) -> dict[str, Any]:
        usage = {"input_tokens": 321, "output_tokens": 12}
        return {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": "claude",
            "content": blocks,
            "stop_reason": stop_reason,
            "stop_sequence": None,
            "usage": usage,
        }

    def events(self) -> Iterator[tuple[str, dict[str, Any]]]:
        yield "message_start", {"message": self.message([], None)}
        for index, block in enumerate(self.blocks):
            kind = block["type"]
            yield "content_block_start", {"index": index, "content_block": {"type": kind, kind: ""}}
            for word in block[kind].split(" "):
                delta = {"type": f"{kind}_delta", kind: word if word is block[kind].split(" ")[0] else f" {word}"}
                yield "content_block_delta", {"index": index, "delta": delta}
            yield "content_block_stop", {"index": index}
        ended = {"stop_reason": self.stop_reason, "stop_sequence": None}
        yield "message_delta", {"delta": ended, "usage": {"input_tokens": 321, "output_tokens": 12}}
        yield "message_stop", {}


@contextmanager
def run_fake_anthropic() -> Iterator[FakeAnthropic]:
    """A running `FakeAnthropic`."""
    fake = FakeAnthropic()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            fake.received.append(({name.lower(): value for name, value in self.headers.items()}, body))
            refusal = fake.refusal(body)
            if refusal:
                status, message = refusal
                error = {"type": "invalid_request_error" if status == 400 else "api_error", "message": message}
                self.say(status, "application/json", json.dumps({"type": "error", "error": error}))
            elif body.get("stream"):
                parts = (
                    f"event: {name}\ndata: {json.dumps({'type': name, **data})}\n\n" for name, data in fake.events()
                )
                self.say(200, "text/event-stream", "".join(parts))
            else:
                self.say(200, "application/json", json.dumps(fake.message(fake.blocks, fake.stop_reason)))

        def say(self, status: int, kind: str, text: str) -> None:
            with suppress(ConnectionError):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(text.encode())))
                self.send_header("Retry-After-Ms", "1")
                self.end_headers()
                self.wfile.write(text.encode())

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.base_url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
