"""Connections to the database, kept for the next question; and one clear error for all that goes wrong."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from footnote.app.core.errors import (
    FootnoteError,
    IndexDamagedError,
    SettingsError,
    StoreError,
    StoreUnreachableError,
)
from footnote.app.core.setting_groups import StoreSettings
from footnote.app.index.postgres.schema import use_schema

if TYPE_CHECKING:
    from psycopg import Connection

T = TypeVar("T")
# A hash of a million numbers takes 40 MB; where there is less room the planner looks through a list for each row.
# Vectors are in memory or on a fast disk: at the cost of a slow one the planner reads all of them to compare a tenth.
_SESSION = """
SET work_mem = '64MB';
SET jit = off;
SET random_page_cost = 1.1;
SET hnsw.ef_search = 200;
SET hnsw.iterative_scan = strict_order;
SET hnsw.max_scan_tuples = 100000;
"""
# An ingest takes its time, but waits for nobody: neither for a network that is cut, nor behind a dump of the database.
_WRITING = "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = '30s';"
_CUT_OFF_S = 60.0


def require_psycopg() -> None:
    """Refuse to go on without the client library.

    Raises:
        SettingsError: it is not installed.
    """
    try:
        import psycopg  # noqa: F401
    except ImportError as error:
        raise SettingsError(
            f"FOOTNOTE_STORE names PostgreSQL, which needs psycopg ({error}): run "
            "`pip install -c constraints.txt -e '.[postgres]'`"
        ) from error


@contextmanager
def server_errors(settings: StoreSettings) -> Iterator[None]:
    """Of what goes wrong in the database, only what is not there or not readable damages an index.

    Raises:
        StoreUnreachableError: the server does not answer, or closed the connection.
        StoreError: it refuses or fails.
        IndexDamagedError: tables are not there, or cannot be read.
    """
    import psycopg
    from psycopg import errors

    address = settings.address.partition("?")[0]
    try:
        yield
    except FootnoteError:
        raise
    except (errors.InvalidSchemaName, errors.UndefinedTable, errors.DataCorrupted, errors.IndexCorrupted) as error:
        raise IndexDamagedError(
            f"{address} has no readable index ({_first_line(error)}): run `footnote ingest --rebuild`"
        ) from error
    except errors.QueryCanceled as error:
        raise StoreError(
            f"{address} took longer than {settings.timeout_s:g} s: raise FOOTNOTE_STORE_TIMEOUT_S, or look what else "
            "it does"
        ) from error
    except psycopg.OperationalError as error:
        if "authentication failed" in str(error) or "no password supplied" in str(error):
            raise StoreError(f"{address} does not take the login: set FOOTNOTE_STORE_TOKEN to the password") from None
        if error.sqlstate and not error.sqlstate.startswith(("08", "57")):
            raise StoreError(f"{address} refused ({_first_line(error)}); the index is as it was") from error
        raise StoreUnreachableError(
            f"{address} does not answer ({_first_line(error)}): start it, or correct FOOTNOTE_STORE; the index is as "
            "it was"
        ) from error
    except psycopg.Error as error:
        raise StoreError(f"{address} refused ({_first_line(error)}); the index is as it was") from error


class Sessions:
    """Connections to one schema, for reading; safe to use from several threads."""

    def __init__(self, settings: StoreSettings, schema: str) -> None:
        self._settings = settings
        self._schema = schema
        self._lock = threading.Lock()
        self._idle: list[Connection] = []
        self._closed = False

    def read(self, use: "Callable[[Connection], T]") -> T:
        """What `use` makes of a connection; it is called again where one that was kept turns out to be dead."""
        import psycopg

        with server_errors(self._settings):
            kept = self._kept()
            connection = kept or self._connected()
            try:
                result = use(connection)
            except psycopg.OperationalError:
                if not (kept and connection.closed):
                    raise
                self._forget()
                connection = self._connected()
                result = use(connection)
            finally:
                self._give_back(connection)
            return result

    def rows(self, query: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """What a query finds."""

        def use(connection: "Connection") -> list[tuple[Any, ...]]:
            found: list[tuple[Any, ...]] = connection.execute(query, values).fetchall()
            return found

        return self.read(use)

    def close(self) -> None:
        """Let go of all; once is enough."""
        with self._lock:
            self._closed = True
        self._forget()

    def _connected(self) -> "Connection":
        connection = _connect(self._settings, self._settings.timeout_s)
        milliseconds = str(int(self._settings.timeout_s * 1000))
        try:
            connection.execute("SELECT set_config('statement_timeout', %s, false)", [milliseconds])
            connection.execute(_SESSION)
            use_schema(connection, self._schema)
        except BaseException:
            connection.close()
            raise
        return connection

    def _kept(self) -> "Connection | None":
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _give_back(self, connection: "Connection") -> None:
        with self._lock:
            if not self._closed and not connection.closed:
                self._idle.append(connection)
                return
        connection.close()

    def _forget(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()


@contextmanager
def writing(settings: StoreSettings) -> "Iterator[Connection]":
    """A connection to write with, on which each statement is a transaction, unless one is begun."""
    with server_errors(settings), _connect(settings, _CUT_OFF_S) as connection:
        connection.execute(_WRITING)
        yield connection


def _connect(settings: StoreSettings, cut_off_s: float) -> "Connection":
    import psycopg

    return psycopg.connect(
        settings.address,
        password=settings.token.get_secret_value() if settings.token else None,
        connect_timeout=max(2, round(settings.timeout_s)),
        tcp_user_timeout=int(cut_off_s * 1000),
        keepalives_idle=30,
        application_name="footnote",
        autocommit=True,
        prepare_threshold=None,  # a plan must know how many paths a filter has
    )


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
