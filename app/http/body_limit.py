"""A limit on the size of request bodies."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from footnote.app.core.errors import PROBLEM_TYPE
from footnote.app.http.openai.errors import is_openai_path
from footnote.app.http.problems import problem_response
from footnote.app.schemas.problem import Problem

# OpenAI's clients send all of a conversation with each question, and what nobody reads of it as well.
_CONVERSATION = 16
_HOOKS = "/hooks/git"  # a push comes with its commits, and what they changed


class BodyLimit:
    """ASGI middleware: a request body over `limit_bytes` gets 413, whether or not it states its length.

    A conversation of OpenAI's clients may have sixteen times as much, and so may a webhook.
    """

    def __init__(self, app: ASGIApp, limit_bytes: int) -> None:
        self._app = app
        self._limit_bytes = limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit_bytes = self._limit_bytes * (_CONVERSATION if is_openai_path(scope) or scope["path"] == _HOOKS else 1)
        stated = dict(scope["headers"]).get(b"content-length", b"0")
        body, more = b"", not (stated.isdigit() and int(stated) > limit_bytes)
        too_large = not more
        # Read ahead: the app must not start on a body that turns out too large.
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return
            body += message.get("body", b"")
            too_large = len(body) > limit_bytes
            more = message.get("more_body", False) and not too_large
        if too_large:
            detail = f"the request body is over {limit_bytes:,} bytes (FOOTNOTE_MAX_REQUEST_KB)"
            refused = Problem(
                type=PROBLEM_TYPE + "request-too-large", title="Request too large", status=413, detail=detail
            )
            await problem_response(scope, refused)(scope, receive, send)
            return
        delivered = False

        async def replay() -> Message:
            nonlocal delivered
            if delivered:
                return await receive()
            delivered = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, replay, send)
