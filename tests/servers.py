"""Real servers on loopback for the tests of what goes beyond one machine; they come with .venv-servers."""

import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[1]
SERVERS = ROOT / ".venv-servers" / "bin"
_READY_S = 60.0


def free_port() -> int:
    """A port of loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def ended(process: "subprocess.Popen[str]") -> Iterator["subprocess.Popen[str]"]:
    """The process, which ends with the block."""
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()


def await_port(port: int, process: "subprocess.Popen[str] | None" = None) -> None:
    """Wait until something listens there."""
    until = time.monotonic() + _READY_S
    while time.monotonic() < until:
        assert process is None or process.poll() is None, "the server ended"
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens on {port}")


@contextmanager
def moto_server() -> Iterator[str]:
    """The address of moto's S3 server."""
    port = free_port()
    command = [SERVERS / "moto_server", "-H", "127.0.0.1", "-p", str(port)]
    with ended(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True)) as server:
        await_port(port, server)
        yield f"http://127.0.0.1:{port}"


def make_bucket(address: str, name: str) -> None:
    """Make a bucket on moto's server."""
    urllib.request.urlopen(urllib.request.Request(f"{address}/{name}", method="PUT")).close()


def s3_environment(address: str) -> dict[str, str]:
    """The standard variables that lead to such a server."""
    return {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "writer",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
    }
