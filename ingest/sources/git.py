"""git: runs the system's git, such that nothing that a repository holds is run with it.

The operator's configuration counts, as it has proxies, certificates and credential helpers. A repository's counts as
far as it decides what git reads: hooks, filters, file system monitors and other transports are off, git asks nobody for
a password, and each run has an end.
"""

import io
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from footnote.app.core.disk import readable_size
from footnote.app.core.errors import GitSourceError
from footnote.app.core.git_address import GitAddress

# Of a process that runs within a hook of git, which has another repository in mind.
_FOREIGN = (
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"),
    *("GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_PREFIX", "GIT_SHALLOW_FILE", "GIT_GRAFT_FILE", "GIT_CEILING_DIRECTORIES"),
    *("GIT_TRACE", "GIT_TRACE_CURL", "GIT_TRACE_PACKET", "GIT_CURL_VERBOSE", "GIT_EXTERNAL_DIFF", "GIT_TEMPLATE_DIR"),
)
_SAFE = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.attributesFile": os.devnull,
    "protocol.ext.allow": "never",
    "protocol.fd.allow": "never",
    "submodule.recurse": "false",
    "fetch.recurseSubmodules": "false",
    "fetch.unpackLimit": "1",
    "fetch.writeCommitGraph": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "transfer.bundleURI": "false",
    "advice.detachedHead": "false",
}
_LOOK_S = 0.1
_MOST_SAID = 4_000
_PERCENT = re.compile(rb"Receiving objects:\s+\d+% \((\d+)/(\d+)\)")

OnPart = Callable[[int, int], None]


class Git:
    """Runs git for one address, all runs together within a time and a size.

    Args:
        address: whose login git gets, where it has one.
        timeout_s: of all runs together.
        max_bytes: how large `watched` may get.

    Attributes:
        watched: the folder that is fetched into.

    Raises:
        GitSourceError: git is not installed.
    """

    def __init__(self, address: GitAddress, timeout_s: float, max_bytes: int = 0) -> None:
        self.address = address
        self._timeout_s = timeout_s
        self._until = time.monotonic() + timeout_s
        self._max_bytes = max_bytes
        self.watched: Path | None = None
        self._program = git_program()
        if self._program is None:
            raise GitSourceError(
                f"git is not installed here, which {address.shown} needs: install it (apt-get install git), or name a "
                "folder that holds the docs"
            )
        self._environment = _environment(address)
        if "file:" not in address.url and not self._says_how_to_ssh():
            # Nothing else keeps ssh from waiting for an answer where there is a terminal.
            self._environment["GIT_SSH_COMMAND"] = "ssh -oBatchMode=yes"

    def run(
        self, arguments: Sequence[str], cwd: Path | None = None, given: bytes = b"", on_part: OnPart | None = None
    ) -> "Done":
        """What git said; `given` is its standard input, and `on_part` is told how many objects have arrived.

        Raises:
            GitSourceError: it took too long, or fetched too much.
        """
        with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            stdin.write(given)
            stdin.seek(0)
            process = self._started(arguments, cwd, stdin, out, err)
            try:
                self._wait(process, err.fileno(), on_part)
            finally:
                _end(process)
            out.seek(0)
            err.seek(0)
            return Done(process.returncode, out.read(), _readable(err.read()[-_MOST_SAID:]))

    @contextmanager
    def printing(self, arguments: Sequence[str], given: bytes) -> Iterator[io.BufferedIOBase]:
        """What git prints while it runs, for what is too much to be held; killed when the time is over."""
        with tempfile.TemporaryFile() as stdin:
            stdin.write(given)
            stdin.seek(0)
            process = self._started(arguments, None, stdin, subprocess.PIPE, subprocess.DEVNULL)
            watch = threading.Timer(max(0.0, self._until - time.monotonic()), process.kill)
            watch.start()
            try:
                assert isinstance(process.stdout, io.BufferedIOBase)
                with process.stdout as printed:
                    yield printed
            except GitSourceError as error:
                if time.monotonic() >= self._until:  # what was printed ends with git
                    raise GitSourceError(self._too_long()) from error
                raise
            finally:
                watch.cancel()
                _end(process)

    def _started(
        self, arguments: Sequence[str], cwd: Path | None, stdin: IO[bytes], out: IO[bytes] | int, err: IO[bytes] | int
    ) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [str(self._program), *_flags(_SAFE), *arguments],
            cwd=cwd or Path(tempfile.gettempdir()),
            env=self._environment,
            stdin=stdin,
            stdout=out,
            stderr=err,
            start_new_session=True,  # so that ssh and helpers end with it
        )

    def _says_how_to_ssh(self) -> bool:
        return bool(
            {"GIT_SSH_COMMAND", "GIT_SSH"} & self._environment.keys()
            or self.run(["config", "--get", "core.sshCommand"]).text
        )

    def _too_long(self) -> str:
        return (
            f"{self.address.shown} was not fetched within {self._timeout_s:g} s (FOOTNOTE_GIT_TIMEOUT_S): is the host "
            "reachable from here? An index in use is unchanged"
        )

    def _wait(self, process: "subprocess.Popen[bytes]", err: int, on_part: OnPart | None) -> None:
        while True:
            try:
                process.wait(min(_LOOK_S, max(0.0, self._until - time.monotonic())))
                return
            except subprocess.TimeoutExpired:
                pass
            if time.monotonic() >= self._until:
                raise GitSourceError(self._too_long())
            if self.watched and self._max_bytes and _size(self.watched) > self._max_bytes:
                raise GitSourceError(too_large(self.address, self._max_bytes))
            if on_part:
                _tell(err, on_part)


class Done:
    """A run of git that has ended.

    Attributes:
        said: what it wrote to standard error, without control characters.
    """

    def __init__(self, code: int, out: bytes, said: str) -> None:
        self.code, self.out, self.said = code, out, said

    @property
    def text(self) -> str:
        """What it printed, in one line."""
        return self.out.decode("utf-8", "surrogateescape").strip()


def git_program() -> str | None:
    """The path of the system's git; None where there is none."""
    return shutil.which("git")


def too_large(address: GitAddress, max_bytes: int) -> str:
    """What an error says of too large a repository."""
    return (
        f"{address.shown} has more than {readable_size(max_bytes)} (FOOTNOTE_GIT_MAX_MB): name the folder of the docs "
        "(git+URL#BRANCH:FOLDER), or raise that; an index in use is unchanged"
    )


def look_at(folder: Path, arguments: Sequence[str], timeout_s: float = 20.0) -> bytes | None:
    """What git prints about the repository that a folder is in; None where it fails or is not there.

    Only for commands that read objects: then nothing of the repository's configuration is run, whoever owns it.
    """
    program = git_program()
    if program is None:
        return None
    environment = {**_environment(None), "GIT_ALLOW_PROTOCOL": "", "GIT_NO_LAZY_FETCH": "1"}
    try:
        done = subprocess.run(
            [program, *_flags({**_SAFE, "safe.directory": "*"}), *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout_s,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def _flags(configuration: Mapping[str, str]) -> list[str]:
    return [part for name, value in configuration.items() for part in ("-c", f"{name}={value}")]


def _environment(address: GitAddress | None) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    environment = {
        **inherited,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": inherited.get("GIT_ASKPASS", "true"),  # else git asks with SSH_ASKPASS
        "SSH_ASKPASS_REQUIRE": "never",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "GIT_PAGER": "cat",
        "LC_ALL": "C",
        "LANGUAGE": "C",
    }
    if address and (address.user or address.password):
        environment |= _login(address, int(inherited.get("GIT_CONFIG_COUNT") or 0))
    return environment


def _login(address: GitAddress, already: int) -> dict[str, str]:
    """Hands the login over in the environment, which no other user can read as they can a command line.

    It is given to the host of the URL alone, also where that redirects elsewhere.
    """
    scheme, _, rest = address.url.partition("://")
    scope = f"credential.{scheme}://{rest.partition('/')[0]}.helper"
    helper = '!f() { test "$1" = get && printf "username=%s\\npassword=%s\\n" "$GIT_LOGIN_USER" "$GIT_LOGIN_WORD"; }; f'
    return {
        "GIT_LOGIN_USER": address.user,
        "GIT_LOGIN_WORD": address.password,
        "GIT_CONFIG_COUNT": str(already + 2),
        f"GIT_CONFIG_KEY_{already}": scope,
        f"GIT_CONFIG_VALUE_{already}": "",  # no other helper is asked, and none stores it
        f"GIT_CONFIG_KEY_{already + 1}": scope,
        f"GIT_CONFIG_VALUE_{already + 1}": helper,
    }


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is not None:  # a helper that it left behind is meant to stay
        return
    with suppress(OSError):
        os.killpg(process.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(2)
    with suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _size(folder: Path) -> int:
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += os.lstat(os.path.join(root, name)).st_size
    return total


def _tell(err: int, on_part: OnPart) -> None:
    size = os.fstat(err).st_size
    found = _PERCENT.findall(os.pread(err, _MOST_SAID, max(0, size - _MOST_SAID)))
    if found:
        on_part(int(found[-1][0]), int(found[-1][1]))


def _readable(said: bytes) -> str:
    lines = re.split(r"[\r\n]+", said.decode("utf-8", "replace"))
    kept = [re.sub(r"[\x00-\x1f\x7f-\x9f]", "", line).strip() for line in lines]
    return "\n".join(line for line in kept if line)
