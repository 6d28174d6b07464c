"""edge: the outermost layer of the service, around all others: also an error that nobody foresaw passes it."""

import logging
import time
from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from footnote.app.audit.audit import Audit
from footnote.app.audit.entry import Request as AuditedRequest
from footnote.app.audit.noting import noting
from footnote.app.core.errors import PROBLEM_TYPE, AuditError
from footnote.app.core.request_context import RequestContext, within
from footnote.app.core.setting_groups import ServiceSettings
from footnote.app.http.edge.hosts import Hosts
from footnote.app.http.edge.request_ids import HEADER, request_id_of
from footnote.app.http.edge.security_headers import with_security_headers
from footnote.app.http.limiting import kind_of, standing_of
from footnote.app.http.problems import error_response, problem_response
from footnote.app.schemas.problem import Problem
from footnote.app.watching.metrics import Metrics
from footnote.app.watching.traces import request_span

log = logging.getLogger("footnote.access")

_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_OTHER = "other"  # any client can make up paths and methods, and each would be a series of its own
_QUIET = ("/health/live", "/health/ready", "/metrics")  # asked every few seconds


class Edge:
    """ASGI middleware that gives each request its id and counts it, and refuses it by its `Host`."""

    def __init__(
        self,
        app: ASGIApp,
        service: ServiceSettings,
        metrics: Metrics,
        other_paths: Iterable[str],
        audit: Audit | None = None,
    ) -> None:
        self._app = app
        self._hosts = Hosts(service)
        self._metrics = metrics
        self._other_paths = frozenset(other_paths)
        self._audit = audit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})  # that of the whole request, before anything within copies the scope
        request = RequestContext(request_id_of(scope["headers"]), caller=f"address:{_client(scope)}")
        started_s, started, status = time.time(), time.perf_counter(), 500

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [*message.get("headers", ()), (HEADER, request.id.encode()), *_standing(scope)]
                message = {**message, "headers": with_security_headers(headers)}
            await send(message)

        method = scope["method"] if scope["method"] in _METHODS else _OTHER
        with within(request), request_span(method, scope) as span, noting() as notes:
            try:
                host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), None)
                app = self._app_for(scope, host)
                await app(scope, receive, send_named)
            finally:
                route, seconds = self._route_of(scope), time.perf_counter() - started
                self._metrics.request(route, method, status, seconds)
                span.set("http.route", route)
                span.set("http.response.status_code", status)
                _log(scope, method, route, status, seconds)
                if self._audit:
                    path = scope.get("path_params", {}).get("path")
                    ended = AuditedRequest(
                        request.id,
                        started_s,
                        request.caller,
                        method,
                        route,
                        status,
                        seconds * 1000,
                        request.generation,
                        request.collections,
                        path,
                    )
                    self._audit.keep(ended, notes)

    def _app_for(self, scope: Scope, host: str | None) -> ASGIApp:
        """What answers the request."""
        if not self._hosts.allow(host, scope["path"]):
            return _misdirected
        if self._audit and self._audit.is_required and kind_of(scope) is not None:
            try:
                self._audit.require()
            except AuditError as error:
                return error_response(scope, error)
        return self._app

    def _route_of(self, scope: Scope) -> str:
        """The template of the route that took the request."""
        template = getattr(scope.get("route"), "path_format", None)
        if template is not None:
            return str(template)
        return scope["path"] if scope["path"] in self._other_paths else _OTHER


async def _misdirected(scope: Scope, receive: Receive, send: Send) -> None:
    detail = (
        "the service is not asked under this name (`Host`): ask under one of its own, such as localhost on the same "
        "machine, or list the name in FOOTNOTE_ALLOWED_HOSTS and restart the service"
    )
    body = Problem(type=PROBLEM_TYPE + "misdirected", title="Misdirected request", status=421, detail=detail)
    await problem_response(scope, body)(scope, receive, send)


def _standing(scope: Scope) -> list[tuple[bytes, bytes]]:
    standing = standing_of(scope)
    return [(name.lower().encode(), value.encode()) for name, value in (standing.headers() if standing else {}).items()]


def _client(scope: Scope) -> str:
    """The address that the request came from; `-` where it has none."""
    return str(scope["client"][0]) if scope.get("client") else "-"


def _log(scope: Scope, method: str, route: str, status: int, seconds: float) -> None:
    level = logging.DEBUG if scope["path"] in _QUIET else logging.INFO
    if not log.isEnabledFor(level):
        return
    client = _client(scope)
    ms = round(seconds * 1000, 1)
    fields = {"client": client, "method": method, "route": route, "status": status, "ms": ms}
    log.log(level, "%s %s %s %d in %.1f ms", client, method, route, status, ms, extra={"fields": fields})
