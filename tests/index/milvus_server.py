"""A real Milvus server for tests: milvus-lite, whose gRPC server is a process of its own, on loopback."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
_STARTS_S = 60.0
# It shares the client's packages and has its own besides; without `--host` it would listen on every address.
_RUN = """
import sys
sys.path.append(sys.argv.pop(1))
from milvus_lite.cmdline import main
sys.exit(main())
"""


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def milvus_lite(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The process of a server that takes connections."""
    [packages] = (ROOT / ".venv-servers" / "lib").glob("python*/site-packages")
    log = folder.with_suffix(".log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", _RUN, str(packages), "server"]
            + ["--data-dir", str(folder), "--host", "127.0.0.1", "--port", str(port)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(process, port, log)
            yield process
        finally:
            process.kill()
            process.wait()


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + _STARTS_S
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"milvus-lite did not start: {log.read_text('utf-8', 'replace')}")
