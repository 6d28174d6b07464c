"""`/mcp`: the Model Context Protocol over streamable HTTP, each request by itself.

The SDK is loaded, and its server started, by the first request: who asks in other ways pays nothing for it.
"""

import asyncio
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from footnote.app.access.current import asked_by, current_caller
from footnote.app.core.errors import PROBLEM_TYPE
from footnote.app.http.access import admit
from footnote.app.http.problems import problem_response
from footnote.app.http.scopes import ANY_READER
from footnote.app.mcp.extra import MISSING, is_installed
from footnote.app.schemas.problem import Problem

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

PATH = "/mcp"
MCP_HEADERS = ("Mcp-Protocol-Version", "Mcp-Method", "Mcp-Name")  # what a client in a browser sends
_MISSING = Problem(type=PROBLEM_TYPE + "mcp-missing", title="Not installed", status=404, detail=MISSING)


class McpRoute:
    """What `/mcp` does: an ASGI application within that of the service."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._opening: asyncio.Task[StreamableHTTPSessionManager] | None = None
        self._running: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._opening is None:
            if not is_installed():
                await problem_response(scope, _MISSING)(scope, receive, send)
                return
            # Tasks of their own: what the first request starts must not end with it.
            self._opening = asyncio.create_task(self._open())
        caller = await admit(Request(scope), ANY_READER)
        manager = await asyncio.shield(self._opening)
        with asked_by(caller):
            await manager.handle_request(scope, receive, send)

    async def close(self) -> None:
        """End what is under way."""
        for task in filter(None, (self._opening, self._running)):
            task.cancel()
            await asyncio.wait({task})
        self._opening = self._running = None

    async def _open(self) -> "StreamableHTTPSessionManager":
        manager = await asyncio.to_thread(self._made)
        is_up: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._running = asyncio.create_task(_run(manager, is_up))
        await is_up
        return manager

    def _made(self) -> "StreamableHTTPSessionManager":
        from footnote.app.mcp.door import Door
        from footnote.app.mcp.http import session_manager

        state = self._app.state

        async def opened() -> None:
            """The service opens them by itself; who is too early is told so."""

        door = Door(state.collections, opened, current_caller)
        return session_manager(door, state.settings.service)


async def _run(manager: "StreamableHTTPSessionManager", is_up: "asyncio.Future[None]") -> None:
    async with manager.run():
        is_up.set_result(None)
        await asyncio.Event().wait()
