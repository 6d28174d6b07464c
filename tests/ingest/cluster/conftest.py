"""A Ray cluster of two nodes on loopback, and ingests on it."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from footnote.app.core.settings import Settings
from tests.conftest import MAIN
from tests.serving import ROOT

HEAD, SECOND = "127.0.0.2", "127.0.0.3"  # Ray takes 127.0.0.1 for the address of the machine's network


def descendants(pid: int) -> list[int]:
    """All processes that a process has started, and those that these have, whatever groups they made of themselves."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def embedding(node: int) -> list[int]:
    """The processes of a node's workers that are embedding: Ray names a process by what it does."""
    found = []
    for pid in descendants(node):
        with suppress(OSError):  # it has ended
            if Path(f"/proc/{pid}/cmdline").read_bytes().startswith(b"ray::Worker.embed"):
                found.append(pid)
    return found


@dataclass
class RayCluster:
    """Two nodes of one processor each; `nodes` are the processes of `ray start`, in sessions of their own."""

    address: str
    environment: dict[str, str]
    nodes: list["subprocess.Popen[str]"]

    def start(self, *arguments: str) -> None:
        command = [str(Path(sys.executable).with_name("ray")), "start", "--block", "--num-cpus", "1", *arguments]
        # Nothing here is large; without a limit it takes a third of the memory.
        command += ["--object-store-memory", "80000000"]
        node = subprocess.Popen(
            command,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.nodes.append(node)
        assert node.stdout is not None
        said = []
        for line in node.stdout:
            said.append(line)
            if "--block" in line:  # its last line, once the node has started
                return
        raise AssertionError("".join(said))

    def last_embeds(self) -> bool:
        """Whether a worker of the node that was started last is embedding."""
        return bool(embedding(self.nodes[-1].pid))

    def kill_embedding(self) -> bool:
        """End a worker that is embedding, as a kernel that is short of memory does; False while none is."""
        found = [pid for node in self.nodes for pid in embedding(node.pid)]
        for pid in found[:1]:
            os.kill(pid, signal.SIGKILL)
        return bool(found)

    def kill_last(self) -> None:
        """As a machine that is switched off: each process of the node at once."""
        node = self.nodes.pop()
        for pid in (node.pid, *descendants(node.pid)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        node.wait()
        assert node.stdout is not None
        node.stdout.close()

    def ingest(self, settings: Settings, *arguments: str, before: str = "") -> "subprocess.Popen[str]":
        """A running `footnote ingest`, after the code `before`."""
        folders = [str(settings.folders.docs_dir), "--index-dir", str(settings.folders.index_dir)]
        command = [sys.executable, "-c", before + MAIN, "ingest", *folders, "--ray", self.address, *arguments]
        return subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )


@pytest.fixture(scope="module")
def cluster() -> Iterator[RayCluster]:
    with socket.socket() as free:
        free.bind((HEAD, 0))
        port = free.getsockname()[1]
    temporary = tempfile.mkdtemp(prefix="ray-", dir="/tmp")  # paths of sockets must be short
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "RAY_USAGE_STATS_ENABLED": "0",
        # Its servers listen on all addresses.
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": secrets.token_hex(32),
    }
    made = RayCluster(f"{HEAD}:{port}", environment, [])
    try:
        made.start(
            *("--head", "--node-ip-address", HEAD, "--port", str(port), "--temp-dir", temporary),
            *("--include-dashboard", "false", "--disable-usage-stats"),
        )
        made.start("--address", made.address, "--node-ip-address", SECOND)
        yield made
    finally:
        while made.nodes:
            made.kill_last()
        shutil.rmtree(temporary, ignore_errors=True)
