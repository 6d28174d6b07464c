"""A real HTTP server that gives one file as a test tells it to."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class FileServer:
    """A file at any path on loopback; `/moved` redirects to it.

    `received` has the Range of each request, or None. A response breaks off after `breaks_after` bytes, once a number
    in the list. While `pauses_after` is set, a response stops there until `go_on`. With `has_ranges` off every response
    is the whole file; with `tells_length` off none says how long it is, and `length` is what is said in place of it.
    """

    content: bytes
    base_url: str = ""
    status: int = 200
    has_ranges: bool = True
    tells_length: bool = True
    length: int | None = None
    breaks_after: list[int] = field(default_factory=list)
    pauses_after: int | None = None
    paused: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)
    received: list[str | None] = field(default_factory=list)


@contextmanager
def serve_file(content: bytes) -> Iterator[FileServer]:
    """A running `FileServer`."""
    files = FileServer(content)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/moved":
                self.send_response(302)
                self.send_header("Location", "/model.gguf")
                self.end_headers()
                return
            asked = self.headers["Range"]
            files.received.append(asked)
            start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and files.has_ranges else 0
            if files.status != 200 or start >= len(files.content):
                self.send_response(files.status if files.status != 200 else 416)
                self.send_header("Content-Range", f"bytes */{len(files.content)}")
                self.end_headers()
                return
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(files.content) - 1}/{len(files.content)}")
            if files.tells_length:
                self.send_header("Content-Length", str(files.length or len(files.content) - start))
            self.end_headers()
            with suppress(ConnectionError):
                self.give(files.content[start:])

        def give(self, content: bytes) -> None:
            if files.breaks_after:
                content = content[: files.breaks_after.pop(0)]
            elif files.pauses_after is not None:
                self.wfile.write(content[: files.pauses_after])
                content = content[files.pauses_after :]
                files.paused.set()
                files.go_on.wait(60)
            self.wfile.write(content)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    files.base_url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield files
    finally:
        files.go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()
