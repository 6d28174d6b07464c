"""Real services in processes of their own, on free ports of the loopback."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
KEY = "test-key-0123456789"
PATIENCE_S = 60
# The service hears SIGINT even where the tests run in the background and ignore it.
MAIN = """
import runpy, signal
if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    runpy.run_module("footnote.app", run_name="__main__", alter_sys=True)
"""


def until(condition: Callable[[], Any], what: str = "it") -> Any:
    """The first value of `condition()` that is true."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    pytest.fail(f"waited {PATIENCE_S} s for {what}")


def alive(pid: int) -> bool:
    """Whether the process exists and is no zombie."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def children(pid: int) -> list[int]:
    """The processes that a process started, zombies among them."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == pid:
            found.append(int(stat.parent.name))
    return found


class Client:
    """One connection, kept open: with several workers, all its requests go to the same one."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)

    def request(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, http.client.HTTPMessage, Any]:
        """Status, headers and JSON."""
        content = None if body is None else json.dumps(body)
        self._connection.request(method, path, content, {"Content-Type": "application/json", **(headers or {})})
        response = self._connection.getresponse()
        return response.status, response.headers, json.loads(response.read())

    def get(self, path: str) -> Any:
        """The JSON of a successful request."""
        status, _, body = self.request("GET", path)
        assert status == 200, body
        return body

    def close(self) -> None:
        self._connection.close()


@dataclass
class Running:
    """A service that listens."""

    process: "subprocess.Popen[str]"
    log_file: Path

    @property
    def log(self) -> str:
        return self.log_file.read_text("utf-8")

    @property
    def port(self) -> int:
        return self.numbers(r"running on http://[\d.]+:(\d+)")[0]

    def listens(self) -> bool:
        """With several workers, the parent names the port before any of them accepts connections."""
        if "Uvicorn running on" not in self.log:
            return False
        try:
            with socket.create_connection(("127.0.0.1", self.port)):
                return True
        except ConnectionRefusedError:
            return False

    @property
    def workers(self) -> list[int]:
        """Their process ids; with one worker that of the service."""
        return self.numbers(r"Started server process \[(\d+)\]")

    @contextmanager
    def client(self) -> Iterator[Client]:
        client = Client(self.port)
        try:
            yield client
        finally:
            client.close()

    def request(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, http.client.HTTPMessage, Any]:
        """One request on a connection of its own."""
        with self.client() as client:
            return client.request(method, path, body, headers)

    def generation(self) -> int | None:
        """The one that is served; None before the service is ready."""
        status, _, body = self.request("GET", "/health/ready")
        return int(body["generation"]) if status == 200 else None

    def serves(self, generation: int) -> None:
        """Wait until it does."""
        until(lambda: self.generation() == generation, f"generation {generation}; the log: {self.log}")

    def all_serve(self, generation: int, workers: int = 2) -> None:
        """Wait until as many workers do: from then on any of them may be asked."""
        started = rf"serving generation ({generation})\n"
        until(lambda: len(self.numbers(started)) >= workers, f"all workers; the log: {self.log}")

    def numbers(self, pattern: str) -> list[int]:
        """Those that the pattern finds in the log, in order."""
        return [int(number) for number in re.findall(pattern, self.log)]

    def stop(self, signal_number: int = signal.SIGTERM) -> None:
        """End it, and wait for that."""
        self.process.send_signal(signal_number)
        self.process.wait(PATIENCE_S)


Serve = Callable[..., Running]


@contextmanager
def services(new_folder: Callable[[], Path]) -> Iterator[Serve]:
    """Starts `footnote serve` with arguments and settings, each in a folder of its own; all are ended at the end."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, cwd: Path | None = None, **settings: object) -> Running:
        folder = new_folder()
        named = {f"FOOTNOTE_{name.upper()}": str(value) for name, value in settings.items()}
        env = {"FOOTNOTE_RERANKER": "none", "PYTHONPATH": str(ROOT / "src"), **named}
        log_file = folder / "log"
        with log_file.open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "-P", "-c", MAIN, "serve", "--port", "0", *arguments],
                env={**os.environ, **env},
                cwd=cwd or folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                text=True,
            )
        started.append(process)
        running = Running(process, log_file)
        until(lambda: running.listens() or process.poll() is not None)
        assert process.poll() is None, running.log
        return running

    try:
        yield start
    finally:
        for process in started:
            if process.poll() is None:
                process.terminate()
        for process in started:
            process.wait(PATIENCE_S)
