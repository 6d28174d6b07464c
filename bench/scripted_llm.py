"""A language model that costs nothing: it says what the sources say, at the speed of a real one.

OpenAI's streamed chat completions: nothing for `first_token_s`, then `tokens_per_s` tokens of four characters. Requests
do not wait for each other, as with a provider, or a server that has room for them.
"""

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from footnote.app.core.text.sentences import sentence_spans

CHARS_A_TOKEN = 4
MAX_SENTENCES = 6
_SOURCE = re.compile(r'<source n="(\d+)"[^>]*>\n(.*?)\n</source>', re.S)
_PARAGRAPH = re.compile(r"^[A-Z][^\n]*(?:\n\S[^\n]*)*", re.M)
_MARKUP = re.compile(r"[#|<\[({]|https?:")


def reply_to(prompt: str) -> str:
    """The first sentences of the sources' prose, each with its marker; the refusal if there are none."""
    said = []
    for number, source in _SOURCE.findall(prompt):
        for paragraph in _PARAGRAPH.findall(source):
            text = " ".join(paragraph.split())
            sentences = [text[first:last] for first, last in sentence_spans(text)]
            whole = [one for one in sentences if one.endswith(".") and len(one) > 40 and not _MARKUP.search(one)]
            said += [f"{one[:-1]} [{number}]." for one in whole]
    return " ".join(said[:MAX_SENTENCES]) or "The docs do not say."


@contextmanager
def serving(first_token_s: float, tokens_per_s: float) -> Iterator[str]:
    """The base URL of the server, which ends with the block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            text = reply_to(asked["messages"][-1]["content"])
            with suppress(ConnectionError):  # the caller went away
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Connection", "close")
                self.end_headers()
                time.sleep(first_token_s)
                started = time.perf_counter()
                for number, start in enumerate(range(0, len(text), CHARS_A_TOKEN)):
                    time.sleep(max(0.0, started + number / tokens_per_s - time.perf_counter()))
                    self._send({"content": text[start : start + CHARS_A_TOKEN], "role": "assistant"}, None)
                self._send({}, "stop")
                self.wfile.write(b"data: [DONE]\n\n")

        def _send(self, delta: dict[str, str], finish_reason: str | None) -> None:
            choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
            chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "scripted"}
            self.wfile.write(f"data: {json.dumps({**chunk, 'choices': [choice]})}\n\n".encode())
            self.wfile.flush()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
