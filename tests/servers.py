"""Real servers on loopback for the tests of what goes beyond one machine; they come with .venv-servers."""

import os
import re
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
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


@contextmanager
def running_rsync(folder: Path) -> Iterator[str]:
    """The address of a module of rsync's server, which has the folder."""
    port = free_port()
    (folder / "module").mkdir()
    lines = [f"port = {port}", "address = 127.0.0.1", f"pid file = {folder}/pid", "[docs]", f"path = {folder}/module"]
    lines += [f"uid = {os.getuid()}", f"gid = {os.getgid()}"]  # a server of root becomes nobody
    (folder / "conf").write_text("\n".join([*lines, "read only = no", "use chroot = no", ""]))
    command = ["rsync", "--daemon", "--no-detach", f"--config={folder}/conf", f"--log-file={folder}/log"]
    with ended(subprocess.Popen(command, stdin=subprocess.DEVNULL, text=True)) as server:
        await_port(port, server)
        yield f"rsync://127.0.0.1:{port}/docs"


class Passage:
    """A TCP proxy to a server, which can be cut and mended: a network that parts what it joins."""

    def __init__(self, address: str) -> None:
        host, port = address.removeprefix("http://").split(":")
        self._server = (host, int(port))
        self._open = threading.Event()
        self._open.set()
        self._joined: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def cut(self) -> None:
        """Break every connection, and let none be made."""
        self._open.clear()
        for one in self._joined:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._joined.clear()

    def mend(self) -> None:
        self._open.set()

    def close(self) -> None:
        self.cut()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            if not self._open.is_set():
                client.close()
                continue
            server = socket.create_connection(self._server)
            self._joined += [client, server]
            for one, other in ((client, server), (server, client)):
                threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65_536):
            target.sendall(piece)
    for one in (source, target):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
    source.close()


@contextmanager
def running_nginx(folder: Path, replicas: list[int]) -> Iterator[int]:
    """The port of an nginx with the configuration of deploy/, before services on these ports."""
    port = free_port()
    write_nginx(folder, [f"127.0.0.1:{one}" for one in replicas], port)
    command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
    with (
        (folder / "log").open("w") as log,
        ended(subprocess.Popen(command, stdout=log, stderr=log, text=True)) as nginx,
    ):
        await_port(port, nginx)
        yield port


def write_nginx(folder: Path, replicas: list[str], port: int) -> None:
    """Write the configuration of deploy/ with other addresses and folders, and nothing else changed."""
    folder.mkdir(parents=True, exist_ok=True)
    source = ROOT / "deploy" / "nginx"
    named = iter(replicas)
    upstreams = re.sub(
        r"server replica-\d:8000", lambda _: f"server {next(named)}", (source / "upstreams.conf").read_text()
    )
    (folder / "upstreams.conf").write_text(upstreams)
    text = (source / "nginx.conf").read_text().replace("listen 8080;", f"listen 127.0.0.1:{port};")
    text = text.replace("/tmp/", f"{folder}/").replace("/dev/stdout", f"{folder}/access.log")
    (folder / "nginx.conf").write_text(text)


@contextmanager
def answering(status: int, body: str) -> Iterator[str]:
    """The address of a server that answers every request with this."""
    content = body.encode()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            self.close_connection = True  # what was sent along is not read

        do_GET = do_PUT = do_HEAD = do_POST = answer

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
