"""The routes by which the page in a browser shows its key once, as the links that it leads to can send no header.

They are the page's own, and no part of the API that the OpenAPI document describes.
"""

from fastapi import APIRouter, Request, Response

from footnote.app.core.errors import UnauthorizedError
from footnote.app.http.access import COOKIE, AccessRoute, recognised
from footnote.app.schemas.session import SessionIn

router = APIRouter(route_class=AccessRoute, include_in_schema=False)


@router.post("/session", status_code=204)
async def begin(request: Request, response: Response, body: SessionIn) -> None:
    """Let the browser send this key by itself, to this service and from its own pages alone, until it is closed."""
    caller = await recognised(request, f"Bearer {body.key}")
    if caller.is_unknown:
        raise UnauthorizedError("this key is none of `footnote keys`")
    response.set_cookie(
        COOKIE, body.key, path=_path(request), httponly=True, samesite="strict", secure=request.url.scheme == "https"
    )


@router.delete("/session", status_code=204)
async def end(request: Request, response: Response) -> None:
    """Let the browser forget it."""
    response.delete_cookie(COOKIE, path=_path(request), httponly=True, samesite="strict")


def _path(request: Request) -> str:
    return f"{request.scope.get('root_path', '')}/"
