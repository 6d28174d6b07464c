"""An embedding server that answers what a test tells it to."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np

DIMENSION = 16


@dataclass
class Said:
    """What is said in place of vectors.

    With `silent` nothing is, until the test ends, and with `trickles` a byte now and then; with `drops` the connection
    breaks after half of the body.
    """

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    drops: bool = False
    trickles: bool = False


@dataclass
class FakeEmbeddings:
    """A server with OpenAI's `/embeddings` on loopback.

    `says` is asked for each request, by its number from 0 and its texts, for what to say in place of vectors; `rows`
    may change what is said of them. `received` holds each request as `(headers, body)`, `texts` what got vectors, and
    `most_at_once` how many requests were answered at the same time at most.
    """

    base_url: str = ""
    says: Callable[[int, list[str]], Said | None] = lambda number, texts: None
    rows: Callable[[list[dict[str, Any]]], list[dict[str, Any]]] = lambda rows: rows
    headers: dict[str, str] = field(default_factory=dict)
    received: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    holds: Callable[[], object] = lambda: None
    ends: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def reply(self, texts: list[str]) -> dict[str, Any]:
        rows = [
            {"object": "embedding", "index": place, "embedding": raw_vector(text)} for place, text in enumerate(texts)
        ]
        usage = {"prompt_tokens": 10 * len(texts), "total_tokens": 10 * len(texts)}
        return {"object": "list", "data": self.rows(rows), "model": "fake", "usage": usage}


def raw_vector(text: str) -> list[float]:
    """A vector that no other text has, of another length than 1."""
    drawn = np.random.default_rng(list(hashlib.sha256(text.encode()).digest())).normal(size=DIMENSION)
    vector: list[float] = drawn.tolist()
    return vector


def vector_of(text: str) -> list[float]:
    """What becomes of it."""
    vector = np.asarray(raw_vector(text), dtype=np.float32).astype(np.float64)
    unit: list[float] = (vector / np.linalg.norm(vector)).astype(np.float32).tolist()
    return unit


@contextmanager
def run_fake_embeddings() -> Iterator[FakeEmbeddings]:
    """A running `FakeEmbeddings`."""
    fake = FakeEmbeddings()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with fake.lock:
                number = len(fake.received)
                fake.received.append(({name.lower(): value for name, value in self.headers.items()}, body))
                fake.at_once += 1
                fake.most_at_once = max(fake.most_at_once, fake.at_once)
            try:
                fake.holds()
                self.answer(number, body["input"])
            finally:
                with fake.lock:
                    fake.at_once -= 1

        def answer(self, number: int, texts: list[str]) -> None:
            said = fake.says(number, texts) or Said()
            if said.silent:
                fake.ends.wait(30)
                return
            is_answer = said.status == 200 and said.body is None and not said.trickles
            body = fake.reply(texts) if is_answer else said.body
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            length = 1_000_000 if said.trickles else len(content)
            if is_answer and not said.drops:
                with fake.lock:
                    fake.texts += texts
            with suppress(ConnectionError):  # who asked may have given up waiting
                self.send_response(said.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(length))
                for name, value in (fake.headers | said.headers).items():
                    self.send_header(name, value)
                self.end_headers()
                while said.trickles and not fake.ends.wait(0.02):
                    self.wfile.write(b" ")
                self.wfile.write(content[: len(content) // 2] if said.drops else content)

        def log_message(self, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        request_queue_size = 64  # of more connections at once the system lets some wait for a second

    server = Server(("127.0.0.1", 0), Handler)
    fake.base_url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield fake
    finally:
        fake.ends.set()
        server.shutdown()
        server.server_close()
        thread.join()
