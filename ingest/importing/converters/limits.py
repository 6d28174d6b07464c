"""limits: what a process that reads one document may take, and that it reaches nobody."""

import ctypes
import resource
import signal
import socket
import sys
from contextlib import suppress
from typing import NoReturn

_PR_SET_PDEATHSIG = 1  # Source: linux/prctl.h
_BLOCK = 1_000_000


class RefusedError(Exception):
    """A document is not read; the message says why."""


class OverLimitError(RefusedError):
    """It is larger than what is read."""


def set_limits(seconds: int, memory_mb: int, output_mb: int) -> None:
    """Hold this process, and the program that it becomes, to so much."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (output_mb * _BLOCK, output_mb * _BLOCK))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(ValueError, OSError):  # macOS has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (memory_mb * _BLOCK, memory_mb * _BLOCK))


def end_with_parent() -> None:
    """Let this process be killed where the import is: nothing else would end it before its limit."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def no_network() -> None:
    """Let no library of this process open a connection; pandoc's sandbox does the same for pandoc."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise OSError("a document is read without the network")

    class NoSocket(socket.socket):  # a class, as libraries derive theirs from it
        __init__ = refuse

    socket.socket = NoSocket  # type: ignore[misc]
    socket.create_connection = refuse
    socket.getaddrinfo = refuse
