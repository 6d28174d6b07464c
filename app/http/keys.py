"""keys: routes that ask for the admin key before anything of a request is looked at."""

import hmac
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer

from footnote.app.core.errors import IngestOffError, UnauthorizedError
from footnote.app.core.setting_groups import ADMIN_KEY_CHARS
from footnote.app.core.settings import Settings
from footnote.app.http.problems import problem_doc

KEY_ERRORS: dict[int | str, dict[str, Any]] = {
    401: problem_doc("The key is missing or wrong."),
    403: problem_doc("No key is set: FOOTNOTE_ADMIN_KEY."),
}
# For the OpenAPI document; `KeyRoute` is what checks.
KEY_SCHEME = Depends(HTTPBearer(auto_error=False, scheme_name="AdminKey", description="FOOTNOTE_ADMIN_KEY."))


class KeyRoute(APIRoute):
    """A route that asks for the key before anything of the request is looked at."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def with_key(request: Request) -> Response:
            require_key(request.app.state.settings, request.headers.get("authorization", ""))
            return await handle(request)

        return with_key


def require_key(settings: Settings, authorization: str) -> None:
    """Refuse a request that does not carry the key.

    Raises:
        IngestOffError: there is no key that it could carry.
        UnauthorizedError: the header is missing, malformed, or holds another key.
    """
    if settings.service.admin_key is None:
        raise IngestOffError(
            f"this route is off: set FOOTNOTE_ADMIN_KEY, {ADMIN_KEY_CHARS} characters or more, and restart the service"
        )
    scheme, _, key = authorization.partition(" ")
    expected = settings.service.admin_key.get_secret_value()
    # Starlette decodes headers as Latin-1, so this gives back the bytes as they came.
    same = hmac.compare_digest(key.strip().encode("latin-1"), expected.encode("latin-1"))
    if not (same and scheme.lower() == "bearer"):
        raise UnauthorizedError("send the header `Authorization: Bearer` with the key that FOOTNOTE_ADMIN_KEY holds")
