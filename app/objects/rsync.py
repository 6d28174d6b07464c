"""Objects behind rsync: on a server of its own protocol, or on a machine that ssh reaches.

Each call of the program is a connection. So what is written waits in a folder here until `flush`, and what is read next
comes in one call with `prefetch`.
"""

import os
import random
import re
import shutil
import subprocess
import tempfile
import time
import weakref
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from footnote.app.core.errors import ObjectMissingError, ObjectStoreError, SettingsError
from footnote.app.objects.protocol import PIECE_BYTES, Found, checked_name

# A path of plain characters: whatever shell or glob it meets on the other side reads it as it is.
_ADDRESS = re.compile(
    r"rsync://(?:[A-Za-z0-9_][A-Za-z0-9._-]*@)?[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]+)?/[A-Za-z0-9._/~+-]+"
    r"|[A-Za-z0-9_][A-Za-z0-9._-]*@[A-Za-z0-9][A-Za-z0-9.-]*:[A-Za-z0-9._/~+-]+"
)
_LISTED = re.compile(r"-\S+\s+([0-9]+) (\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) (.+)")
# Source: rsync(1), EXIT VALUES: start of the protocol, sockets, stream, time-outs; 255 is ssh's.
_MAY_PASS = {5, 10, 12, 30, 35, 255}
_PARTIAL = 23
_TRIES = 4
_FIRST_PAUSE_S = 0.5  # then twice as long each time, with jitter: replicas lose a source at the same moment
_SILENT_S = 60  # the other side is given up when nothing came for so long
_MOST_PREFETCHED = 64 * 2**20  # bytes of an object: a part is smaller, and what is larger is none
_DETAIL_CHARS = 300
_SPOOL = ".rsync-"
_SPOOL_LIVES_S = 86_400.0


def is_rsync(address: str) -> bool:
    """Whether the address is one of rsync's."""
    return address.startswith("rsync:") or bool(re.match(r"[^/:@]+@[^/:@]+:", address))


class Rsync:
    """A folder behind rsync; it is made at the first writing.

    Args:
        address: `rsync://host/module/path` or `user@host:path`.
        spool_dir: where there is room for what waits here; None is the system's folder for temporary files.
        private: files that are written are their owner's alone, here and there.

    Raises:
        SettingsError: the address is another one, or rsync is not installed.
    """

    def __init__(self, address: str, spool_dir: Path | None = None, private: bool = False) -> None:
        if not _ADDRESS.fullmatch(address):
            raise SettingsError(
                f"{address}: write rsync://host/module/path or user@host:path, with letters, digits and ._~+- alone"
            )
        program = shutil.which("rsync")
        if program is None:
            raise SettingsError(f"{address} needs the program rsync: install it (`apt-get install rsync`)")
        self._program = program
        self._address = address
        self._spool_dir = spool_dir
        self._spool: Path | None = None
        self._mode = 0o600 if private else 0o666  # of the file here, from which that over there has its own

    @property
    def address(self) -> str:
        return self._address

    def read(self, name: str) -> Iterator[bytes]:
        self.flush()
        path = checked_name(name)
        file = self._folder("incoming") / path
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            self._run(["--no-links", self._remote(path), str(file)], missing=path)
        with file.open("rb") as opened:
            file.unlink()
            while piece := opened.read(PIECE_BYTES):
                yield piece

    def write(self, name: str, content: bytes | Iterable[bytes]) -> None:
        file = self._folder("outgoing") / checked_name(name)
        draft = self._folder("drafts") / uuid4().hex
        try:
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, self._mode), "wb") as opened:
                for piece in [content] if isinstance(content, bytes) else content:
                    opened.write(piece)
            file.parent.mkdir(parents=True, exist_ok=True)
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)

    def size(self, name: str) -> int | None:
        self.flush()
        path = checked_name(name)
        with suppress(ObjectMissingError):
            for found in self._list([self._remote(path)], missing=path):
                return found.size_bytes
        return None

    def found(self, folder: str = "") -> Iterator[Found]:
        self.flush()
        inner = [f"--include=/{part}/" for part in _ancestors(folder)] if folder else []
        only = [*inner, f"--include=/{checked_name(folder)}/***", "--exclude=*"] if folder else []
        with suppress(ObjectMissingError):  # nothing was ever written there
            yield from self._list(["--recursive", *only, self._remote()], missing=folder)

    def delete(self, names: Iterable[str]) -> None:
        self.flush()
        doomed = [checked_name(name) for name in names]
        if not doomed:
            return
        # rsync removes what is in the target and not in the source: here the folders of the names, all empty.
        with tempfile.TemporaryDirectory(dir=self._folder("drafts")) as empty:
            for folder in {ancestor for name in doomed for ancestor in _ancestors(name)}:
                (Path(empty) / folder).mkdir(parents=True, exist_ok=True)
            arguments = ["--recursive", "--delete", "--mkpath", "--filter=merge -", f"{empty}/", self._remote()]
            self._run(arguments, _only(doomed))

    def prefetch(self, names: Collection[str]) -> None:
        wanted = [checked_name(name) for name in names]
        if wanted:
            # Not --files-from: a server without chroot opens such files elsewhere than it looks for them (rsync 3.5.0).
            arguments = ["--recursive", "--no-links", f"--max-size={_MOST_PREFETCHED}", "--filter=merge -"]
            with suppress(ObjectMissingError):  # said again when it is read
                self._run([*arguments, self._remote(), str(self._folder("incoming"))], _only(wanted), missing="one")

    def flush(self) -> None:
        outgoing = self._folder("outgoing")
        if any(outgoing.iterdir()):
            # Not by time and size: a pointer is as long as the one before it, and may be of the same second.
            self._run(["--recursive", "--ignore-times", "--mkpath", f"{outgoing}/", self._remote()])
            shutil.rmtree(outgoing)

    def _list(self, arguments: Sequence[str], missing: str) -> Iterator[Found]:
        for line in self._run(["--list-only", "--no-human-readable", *arguments], missing=missing).splitlines():
            found = _LISTED.fullmatch(line.strip())
            if found:
                written_at = time.mktime(time.strptime(found[2], "%Y/%m/%d %H:%M:%S"))
                yield Found(found[3], int(found[1]), written_at)

    def _run(self, arguments: Sequence[str], given: str = "", missing: str | None = None) -> str:
        """What the program prints; `missing` is what is not there where it says that something is not.

        Raises:
            ObjectMissingError: it says so.
            ObjectStoreError: it failed.
        """
        command = [self._program, f"--timeout={_SILENT_S}", *arguments]
        for turn in range(_TRIES):
            done = subprocess.run(
                command,
                input=given,
                capture_output=True,
                text=True,
                errors="replace",
                env={**os.environ, "LC_ALL": "C"},
            )
            if done.returncode == 0:
                return done.stdout
            if done.returncode not in _MAY_PASS or turn == _TRIES - 1:
                break
            time.sleep(random.uniform(0, _FIRST_PAUSE_S * 2**turn))
        if missing is not None and done.returncode == _PARTIAL and "No such file or directory" in done.stderr:
            raise ObjectMissingError(f"{self._address} has no {missing}")
        said = " ".join(done.stderr.split())[:_DETAIL_CHARS]
        raise ObjectStoreError(f"{self._address} failed (rsync: {said}): check the address, keys and the network")

    def _remote(self, name: str = "") -> str:
        return f"{self._address.rstrip('/')}/{name}"

    def _folder(self, name: str) -> Path:
        if self._spool is None:
            if self._spool_dir:
                self._spool_dir.mkdir(parents=True, exist_ok=True)
                _forget_spools(self._spool_dir)
            self._spool = Path(tempfile.mkdtemp(prefix=_SPOOL, dir=self._spool_dir))
            weakref.finalize(self, shutil.rmtree, self._spool, ignore_errors=True)
        folder = self._spool / name
        folder.mkdir(exist_ok=True)
        return folder


def _forget_spools(folder: Path) -> None:
    """Remove what processes that died left behind."""
    before = time.time() - _SPOOL_LIVES_S
    for spool in folder.glob(f"{_SPOOL}*"):
        with suppress(FileNotFoundError):
            if spool.stat().st_mtime < before:
                shutil.rmtree(spool, ignore_errors=True)


def _only(names: Iterable[str]) -> str:
    """Rules of rsync's filter that let these pass, and nothing else."""
    names = list(names)
    folders = sorted({ancestor for name in names for ancestor in _ancestors(name)})
    return "".join([*(f"+ /{folder}/\n" for folder in folders), *(f"+ /{name}\n" for name in names), "- *\n"])


def _ancestors(name: str) -> list[str]:
    """The folders of a name, the outermost first."""
    parts = name.split("/")[:-1]
    return ["/".join(parts[: count + 1]) for count in range(len(parts))]
