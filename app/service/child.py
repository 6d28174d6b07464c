"""A Python module that the service runs in a process of its own, at low priority, and that ends with the service.

    python -m footnote.app.service.child MODULE [ARGUMENT...]       as `python -m MODULE [ARGUMENT...]`

The service holds the other end of the child's standard input. When that closes, however the service ended,
the child interrupts itself as Ctrl-C would. So no module has to know that it is a child, and none is left behind.
"""

import logging
import os
import runpy
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from typing import IO

from footnote.app.core.errors import SettingsError
from footnote.app.core.request_context import in_this_context
from footnote.app.core.settings import Settings, as_environment

log = logging.getLogger(__name__)

_NICE = 10  # questions go first
_GRACE_S = 5.0  # from the interrupt to the end; a container has 10 s in all


class Child:
    """A running child; what it prints goes to the log, line by line.

    Args:
        name: for the log.
        command: the module and its arguments.
        settings: the child makes the same ones from its environment.
        inherited: descriptors that stay open in the child, under the same numbers.

    Raises:
        SettingsError: this is Windows.
    """

    def __init__(self, name: str, command: list[str], settings: Settings, inherited: tuple[int, ...] = ()) -> None:
        if os.name != "posix":
            raise SettingsError("ingests that the service starts need Linux or macOS: run `footnote ingest` instead")
        self._process = subprocess.Popen(
            # -P and this PYTHONPATH: it finds the modules that this process found. Without -P, a package `app`
            # in the working folder would come first.
            [sys.executable, "-P", "-m", "footnote.app.service.child", *command],
            env=child_environment(settings),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=inherited,
            text=True,
            errors="replace",
            start_new_session=True,  # Ctrl-C reaches the service alone, which then ends the child
        )
        assert self._process.stdout and self._process.stderr
        streams = ((self._process.stdout, logging.INFO), (self._process.stderr, logging.WARNING))
        self._relays = [
            threading.Thread(
                # Its lines belong to the request that started it.
                target=in_this_context(partial(_relay, name, stream, level)),
                name=f"{name} log",
                daemon=True,
            )
            for stream, level in streams
        ]
        for relay in self._relays:
            relay.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait(self) -> int:
        """Its exit code, once it has ended and all it printed is in the log."""
        code = self._process.wait()
        for relay in self._relays:
            relay.join()
        self._let_go()
        return code

    def end(self) -> None:
        """Interrupt it, and kill it if that does not help within a few seconds."""
        self._let_go()
        try:
            self._process.wait(_GRACE_S + 1)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self.wait()

    def _let_go(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()


def child_environment(settings: Settings) -> dict[str, str]:
    """The environment in which a child makes the same settings, and finds the modules that this process found."""
    return {**os.environ, **as_environment(settings), "PYTHONPATH": os.pathsep.join(sys.path)}


def _relay(name: str, stream: IO[str], level: int) -> None:
    with stream:
        for line in stream:
            log.log(level, "%s: %s", name, line.rstrip())


def main() -> None:
    """Run the module that the arguments name as `__main__`."""
    # Where the service runs in the background, its children ignore SIGINT unless they say otherwise.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    os.nice(_NICE)
    threading.Thread(target=_end_with_service, name="end with service", daemon=True).start()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def _end_with_service() -> None:
    os.read(0, 1)  # returns when the other end is closed; nothing is ever written
    # To the main thread, so that it wakes up if it waits.
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    time.sleep(_GRACE_S)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
