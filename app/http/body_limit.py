"""A limit on the size of request bodies."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from footnote.app.core.errors import PROBLEM_TYPE
from footnote.app.http.problems import problem_response
from footnote.app.schemas.problem import Problem


class BodyLimit:
    """ASGI middleware: a request body over `limit_bytes` gets 413, whether or not it states its length."""

    def __init__(self, app: ASGIApp, limit_bytes: int) -> None:
        self._app = app
        self._limit_bytes = limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        stated = dict(scope["headers"]).get(b"content-length", b"0")
        body, more = b"", not (stated.isdigit() and int(stated) > self._limit_bytes)
        too_large = not more
        # Read ahead: the app must not start on a body that turns out too large.
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return
            body += message.get("body", b"")
            too_large = len(body) > self._limit_bytes
            more = message.get("more_body", False) and not too_large
        if too_large:
            detail = f"the request body is over {self._limit_bytes:,} bytes (FOOTNOTE_MAX_REQUEST_KB)"
            refused = Problem(
                type=PROBLEM_TYPE + "request-too-large", title="Request too large", status=413, detail=detail
            )
            await problem_response(refused)(scope, receive, send)
            return
        delivered = False

        async def replay() -> Message:
            nonlocal delivered
            if delivered:
                return await receive()
            delivered = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, replay, send)
