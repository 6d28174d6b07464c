"""access: who sent a request, and whether they may do what it asks, before anything else of it is looked at."""

from collections.abc import Callable, Coroutine, MutableMapping
from typing import Any

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from starlette.requests import HTTPConnection

from footnote.app.access.recognise import Recogniser
from footnote.app.access.types import Caller, Scope
from footnote.app.collections.choice import Choice
from footnote.app.core.errors import IngestOffError, UnauthorizedError
from footnote.app.core.request_context import sent_by
from footnote.app.core.setting_groups import SECRET_CHARS
from footnote.app.http.limiting import limit
from footnote.app.http.parameters import known_parameters, require_known
from footnote.app.http.scopes import is_for_readers, needed

COOKIE = "footnote_key"
_PAGES = ("/view/", "/files/", "/a/")


class AccessRoute(APIRoute):
    """A route for those who have one of the scopes that `scopes.py` names for it, which refuses unknown parameters."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        scopes = needed(next(iter(self.methods or ())), self.path)
        known = known_parameters(self)

        async def guarded(request: Request) -> Response:
            if scopes is not None:
                await admit(request, scopes)
            if known is not None:
                require_known(request, known)
            return await handle(request)

        return guarded


async def admit(request: HTTPConnection, scopes: tuple[Scope, ...]) -> Caller:
    """Whoever sent the request, if they may do one of these in any collection; its state has them and the scopes.

    Raises:
        TooManyRequestsError: they have asked too often, be it in vain.
        UnauthorizedError: they show no key, or none that counts.
        ForbiddenError: theirs does not allow it.
        IngestOffError: there is no key that would.
    """
    caller = await recognised(request, request.headers.get("authorization", ""))
    request.state.caller = caller
    service = request.app.state.settings.service
    asks: bool = request.app.state.recogniser.asks
    if caller.is_unknown and not asks and service.admin_key is None and not is_for_readers(scopes):
        raise IngestOffError(
            f"this route is off: set FOOTNOTE_ADMIN_KEY, {SECRET_CHARS} characters or more, and restart the service"
        )
    request.state.scopes = scopes
    Choice(request.app.state.collections, caller, scopes).allowed()
    return caller


def key_helps(request: HTTPConnection) -> bool:
    """Whether a key may show more to the caller of an admitted request: one is asked for, and they show none."""
    caller: Caller = request.state.caller
    asks: bool = request.app.state.recogniser.asks
    return asks and caller.is_unknown


def _is_page(scope: MutableMapping[str, Any]) -> bool:
    """Whether a link leads there: nothing else needs the cookie, and what a page of another site has sent gets none."""
    path: str = scope["path"].removeprefix(scope.get("root_path", ""))
    return scope["method"] == "GET" and path.startswith(_PAGES)


async def recognised(request: HTTPConnection, authorization: str) -> Caller:
    """Whoever sent the request, by what it shows; it counts for their limit, or for that of their address.

    Raises:
        TooManyRequestsError: they have asked too often, be it in vain.
        UnauthorizedError: as `Recogniser.caller`.
    """
    recogniser: Recogniser = request.app.state.recogniser
    address = request.client.host if request.client else "unknown"
    cookie = request.cookies.get(COOKIE) if _is_page(request.scope) else None
    shown = authorization, cookie, request.headers.get("origin"), address
    try:
        caller = await run_in_threadpool(recogniser.caller, *shown)
    except UnauthorizedError:
        limit(request.scope, f"address:{address}")
        raise
    sent_by(caller.id)
    limit(request.scope, f"address:{address}" if caller.is_shared else caller.id)
    return caller
