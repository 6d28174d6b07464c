"""A running `footnote serve`, for benches that ask over HTTP."""

import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class Service:
    """One process of `footnote serve`; `ready_s` is how long it took from its start to its first 200."""

    def __init__(self, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self.process, self._log = process, log
        self.ready_s = 0.0

    def connect(self) -> http.client.HTTPConnection:
        port = re.search(r"running on http://127\.0\.0\.1:(\d+)", self._log.read_text())
        return http.client.HTTPConnection("127.0.0.1", int(port[1]) if port else 0, timeout=60)

    def generation(self, connection: http.client.HTTPConnection) -> int:
        connection.request("GET", "/health/ready")
        response = connection.getresponse()
        body: dict[str, Any] = json.loads(response.read())
        return int(body.get("generation", 0))

    def wait_for(self, ready: Callable[[int], bool]) -> None:
        connection = self.connect()
        while not ready(self.generation(connection)):
            time.sleep(0.02)
        connection.close()

    def resident_mb(self) -> float:
        """Resident memory, in megabytes (10^6 bytes); Linux only."""
        return resident_mb(self.process.pid)


@contextmanager
def serving(index_dir: Path, docs_dir: Path, *arguments: str) -> Iterator[Service]:
    """The service on a free port, ready, in extractive mode; it ends with the block.

    Raises:
        RuntimeError: it ended before it was ready; the message has what it printed.
    """
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        command = [sys.executable, "-m", "footnote.app", "serve", "--port", "0", "--llm", "extractive", *arguments]
        env = {**os.environ, "FOOTNOTE_INDEX_DIR": str(index_dir), "FOOTNOTE_DOCS_DIR": str(docs_dir)}
        started = time.perf_counter()
        with log.open("wb") as output, subprocess.Popen(command, env=env, stdout=output, stderr=output) as process:
            try:
                while "Uvicorn running" not in log.read_text():
                    if process.poll() is not None:
                        raise RuntimeError(f"footnote serve ended: {log.read_text()}")
                    time.sleep(0.05)
                service = Service(process, log)
                service.wait_for(bool)
                service.ready_s = time.perf_counter() - started
                yield service
            finally:
                process.terminate()


def resident_mb(pid: int | str = "self") -> float:
    """Resident memory of a process, in megabytes (10^6 bytes); Linux only."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) * 1024 / 1e6
