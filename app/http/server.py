"""`footnote serve`: the HTTP service in one process or several, with or without a watch of the docs."""

import errno
import logging
import logging.config
import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.config import LOGGING_CONFIG

from footnote.app.collections.upkeep import Upkeep
from footnote.app.core import logs
from footnote.app.core.addresses import is_loopback
from footnote.app.core.errors import ListenError, SettingsError
from footnote.app.core.settings import Settings, as_environment, load_settings
from footnote.app.http.app import create_app
from footnote.app.http.browser import open_once_listening
from footnote.app.watching.exposition import SHARED_FOLDER
from footnote.app.watching.traces import require_extra

# uvicorn kills a process that does not answer for so long; loading models on a busy machine takes a while.
_HUNG_S = 30


def serve(settings: Settings, replace: bool = False, open_page: bool = False) -> None:
    """Serve until SIGINT or SIGTERM; `replace` is for the watch of the docs, `open_page` opens the browser.

    Raises:
        OtherDocsError: the index that is to be kept up to date was built from another docs folder.
        ListenError: the port is in use, or the address cannot be listened on.
        ReplicaError: a source is to be followed into a folder that holds an index of its own.
        SettingsError: see `Child`, `require_extra` and `require_auth`; or the index is to follow both the docs and a
            source.
    """
    service = settings.service
    require_auth(settings)
    require_extra(settings.tracing)
    require_free(service.host, service.port)
    upkeep = Upkeep(settings, replace)
    log_config = _log_config(settings)
    logging.config.dictConfig(log_config)
    if open_page:
        open_once_listening(service.host, service.port)
    with _left_on_sigterm(), upkeep.running():
        # Its lines would hold the query of a request, which is the question; `edge` logs requests instead.
        of_uvicorn: dict[str, Any] = {
            "host": service.host,
            "port": service.port,
            "log_config": log_config,
            "log_level": settings.logs.level,
            "access_log": False,
            "forwarded_allow_ips": list(settings.access.trusted_proxies),
        }
        if service.workers == 1:
            uvicorn.run(create_app(settings), **of_uvicorn)
            return
        os.environ.update(as_environment(settings))
        with _shared_figures():
            uvicorn.run(
                "footnote.app.http.server:create_worker",
                factory=True,
                workers=service.workers,
                timeout_worker_healthcheck=_HUNG_S,
                **of_uvicorn,
            )


def require_auth(settings: Settings) -> None:
    """Refuse to answer whoever can reach this machine, unless somebody has decided so.

    Raises:
        SettingsError: nobody has.
    """
    host = settings.service.host
    if settings.access.auth == "auto" and not is_loopback(host):
        raise SettingsError(
            f"everybody who reaches {host} could read the docs: set FOOTNOTE_AUTH=keys and make keys with `footnote "
            "keys create`, or FOOTNOTE_AUTH=oidc for tokens of your issuer; `--no-auth` (FOOTNOTE_AUTH=none) where "
            "that is meant, or where something in front of the service asks"
        )


def _log_config(settings: Settings) -> dict[str, Any]:
    """Uvicorn's own lines as they are, or as JSON where ours are; ours as the settings say."""
    ours = logs.log_config(settings.logs)
    if settings.logs.format == "json":
        return {**ours, "loggers": {**ours["loggers"], "uvicorn": {"level": settings.logs.level.upper()}}}
    return {
        **LOGGING_CONFIG,
        "formatters": {**LOGGING_CONFIG["formatters"], **ours["formatters"]},
        "handlers": {**LOGGING_CONFIG["handlers"], **ours["handlers"]},
        "loggers": {**LOGGING_CONFIG["loggers"], **ours["loggers"]},
        "root": ours["root"],
    }


@contextmanager
def _shared_figures() -> Iterator[None]:
    """Within the block processes that are started count into files of one folder, so that each can tell of all."""
    with TemporaryDirectory(prefix="footnote-metrics-", ignore_cleanup_errors=True) as folder:
        os.environ[SHARED_FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[SHARED_FOLDER]


def require_free(host: str, port: int) -> None:
    """Refuse an address that cannot be listened on, before anything is started or loaded.

    uvicorn would log it, and end with another code for one worker than for several.

    Raises:
        ListenError: the port is in use or may not be used, or the host is none of this machine.
    """
    try:
        for family, kind, protocol, _, address in socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        ):
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
    except OSError as error:
        raise ListenError(_cannot_listen(host, port, error)) from error


def _cannot_listen(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {port} of {host} is in use: choose another one with `--port` or FOOTNOTE_PORT, or stop its program"
        )
    if error.errno == errno.EACCES:
        return f"port {port} may not be used without more rights: choose one above 1023 with `--port` or FOOTNOTE_PORT"
    return f"cannot listen on {host} ({error.strerror}): name an address of this machine with `--host` or FOOTNOTE_HOST"


class _Terminated(BaseException):
    """SIGTERM, on its way out of the blocks that it ends."""


@contextmanager
def _left_on_sigterm() -> Iterator[None]:
    """Within the block SIGTERM leaves all blocks in order, and then ends the process as it always does.

    uvicorn sends itself the signal again when it has stopped; the process would die there and then.
    """

    def leave(*_: object) -> None:
        raise _Terminated

    signal.signal(signal.SIGTERM, leave)
    try:
        yield
    except _Terminated:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.raise_signal(signal.SIGTERM)


def create_worker() -> FastAPI:
    """The application in one of several processes, which ends when the one that started it is gone.

    Raises:
        SettingsError: the environment's settings are wrong.
    """
    threading.Thread(target=_end_with_parent, name="end with parent", daemon=True).start()
    return create_app(load_settings())


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        signal.raise_signal(signal.SIGTERM)
