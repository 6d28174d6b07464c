"""The connection to a Milvus server: opening it, and what its errors mean."""

import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from footnote.app.core.errors import IndexDamagedError, SettingsError, StoreError, StoreUnreachableError

if TYPE_CHECKING:
    from pymilvus import MilvusClient

T = TypeVar("T")

_NOT_FOUND, _NOT_LOADED, _RATE_LIMIT = 100, 101, 8  # Milvus' codes
# A call that builds or loads an index takes as long as it takes. pymilvus then counts tries, with up to 3 s between
# two, so a server that is gone is noticed after half a minute, one that is cut off by gRPC's keep-alive.
_UNBOUNDED: dict[str, Any] = {"timeout": None, "retry_times": 15}
# How long one is waited for that does not take a connection, and is then not asked again: questions queue up behind it.
_CONNECTS_S, _AWAY_S = 3.0, 1.0
# By default gRPC tries a server again after up to two minutes.
_GRPC = {"grpc.initial_reconnect_backoff_ms": 100, "grpc.max_reconnect_backoff_ms": 1_000}
_LONGEST_PAUSE_S = 10.0
_PATIENCE_S = 300.0  # a server that takes no row for so long is stuck


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server is, and how long one answer of it may take."""

    url: str
    token: str
    timeout_s: float


class Server:
    """One server; it connects at the first call, and again by itself. Safe to use from several threads."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._client: MilvusClient | None = None
        self._away_until, self._away = 0.0, ""

    def call(self, ask: Callable[["MilvusClient", dict[str, Any]], T]) -> T:
        """What `ask` gets of the server; it is given the client, and the limits of a quick call.

        Raises:
            IndexDamagedError: the collection is not there.
            StoreUnreachableError: the server does not answer.
            StoreError: it refuses.
        """
        with self._errors():
            return ask(self._connected(), {"timeout": self._address.timeout_s})

    def wait(self, ask: Callable[["MilvusClient", dict[str, Any]], T]) -> T:
        """As `call`, for what may take long."""
        with self._errors():
            return ask(self._connected(), _UNBOUNDED)

    def read(self, collection: str, ask: Callable[["MilvusClient", dict[str, Any]], T]) -> T:
        """As `call`, of a collection that a server may have let go of when it was started again."""
        from pymilvus import MilvusException

        try:
            with self._errors(but=_NOT_LOADED):
                return ask(self._connected(), {"timeout": self._address.timeout_s})
        except MilvusException:
            self.wait(lambda client, limits: client.load_collection(collection, **limits))
            return self.call(ask)

    def insert(self, collection: str, rows: Sequence[dict[str, Any]]) -> None:
        """Add rows, once; where the server has enough to do, wait until it takes them.

        Raises:
            StoreError: see `call`.
        """
        from pymilvus import MilvusException

        pause_s, until = 0.1, time.monotonic() + _PATIENCE_S
        while True:
            try:
                with self._errors(but=_RATE_LIMIT):
                    # Not sent again by pymilvus: what was written by a lost try would be there twice.
                    limits: dict[str, Any] = {"timeout": None, "retry_times": 0, "retry_on_rate_limit": False}
                    self._connected().insert(collection, list(rows), **limits)
                    return
            except MilvusException as error:
                if time.monotonic() > until:
                    raise StoreError(
                        f"{self._address.url} took no row for {_PATIENCE_S:.0f} s: {error.message}"
                    ) from error
            time.sleep(pause_s)
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)

    def _connected(self) -> "MilvusClient":
        if time.monotonic() < self._away_until:
            raise StoreUnreachableError(self._away)
        if self._client is None:
            self._client = _client(self._address)
        return self._client

    @contextmanager
    def _errors(self, but: int | None = None) -> Iterator[None]:
        import_pymilvus()
        import grpc
        from pymilvus import MilvusException

        url = self._address.url
        try:
            yield
        except (grpc.RpcError, grpc.FutureTimeoutError) as error:
            raise self._noted(_of_call(url, _code_of(error), _reason_of(error))) from error
        except MilvusException as error:
            if but is not None and error.code == but:
                raise
            if error.code == _NOT_FOUND:
                raise IndexDamagedError(
                    f"{url} lacks a collection of the index ({error.message}): run `footnote ingest --rebuild`"
                ) from error
            raise self._noted(_of_call(url, error.code, error.message)) from error

    def _noted(self, error: StoreError) -> StoreError:
        if isinstance(error, StoreUnreachableError):
            self._away_until, self._away = time.monotonic() + _AWAY_S, str(error)
        return error


def import_pymilvus() -> None:
    """Load the client library.

    Raises:
        SettingsError: it is not installed.
    """
    # At its first import it reads `.env` into the environment, where it would pass for what a user set.
    before = os.environ.get("PYTHON_DOTENV_DISABLED")
    os.environ["PYTHON_DOTENV_DISABLED"] = "1"
    try:
        import pymilvus  # noqa: F401
    except ModuleNotFoundError as error:
        raise SettingsError(
            "FOOTNOTE_STORE names a Milvus server, and the client of it is not installed: run "
            "`pip install -c constraints.txt -e '.[milvus]'`"
        ) from error
    finally:
        if before is None:
            del os.environ["PYTHON_DOTENV_DISABLED"]
        else:
            os.environ["PYTHON_DOTENV_DISABLED"] = before
    # Whatever goes wrong is one of our errors; pymilvus prints a traceback of each as well.
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)


def _client(address: Address) -> "MilvusClient":
    from pymilvus import MilvusClient

    timeout_s = min(address.timeout_s, _CONNECTS_S)
    return MilvusClient(uri=address.url, token=address.token, timeout=timeout_s, grpc_options=_GRPC)


def _code_of(error: Exception) -> object:
    """The code of gRPC; None where there is none."""
    import grpc

    return error.code() if isinstance(error, grpc.Call) else None


def _reason_of(error: Exception) -> str:
    import grpc

    details = error.details() if isinstance(error, grpc.Call) else ""
    return str(details or error or "no answer in time")


def _of_call(url: str, code: object, reason: str) -> StoreError:
    """The error of a call that failed with this code, of gRPC or of Milvus."""
    import grpc

    if code in (grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED) or "auth check failure" in reason:
        return StoreError(f"{url} refuses the login ({reason}): set FOOTNOTE_STORE_TOKEN")
    if code is None or isinstance(code, grpc.StatusCode) or "server unavailable" in reason:
        return StoreUnreachableError(
            f"the Milvus server {url} does not answer ({reason}): start it, or set FOOTNOTE_STORE; the index is as it "
            "was"
        )
    return StoreError(f"{url} refuses a request: {reason}")
