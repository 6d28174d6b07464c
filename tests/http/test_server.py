"""`footnote serve` on an address that it cannot have."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from footnote.app.core.errors import ListenError
from footnote.app.http.server import require_free
from tests.serving import MAIN, ROOT


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that something listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize("more", [[], ["--workers", "2"], ["--watch"]])
def test_a_port_in_use_is_one_error_with_an_exit_code_of_its_own(taken: int, more: list[str]) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-P", "-c", MAIN, "serve", "--port", str(taken), *more]
    ended = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout) == (5, "")
    (line,) = ended.stderr.splitlines()
    assert line.startswith(f"error: port {taken} of 127.0.0.1 is in use: choose another one with `--port`")


def test_a_port_is_free_again_at_once(taken: int) -> None:
    with pytest.raises(ListenError, match="is in use"):
        require_free("localhost", taken)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port))
        server.accept()[0].close()  # so the server's side is the one that waits
    client.close()
    require_free("127.0.0.1", port)


def test_port_0_is_free() -> None:
    require_free("127.0.0.1", 0)


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
def test_a_host_that_is_none_of_this_machine_names_the_option(host: str) -> None:
    with pytest.raises(ListenError, match=rf"cannot listen on {host} \(.+\): .* `--host`"):
        require_free(host, 8000)
