"""leaving: a client that goes away while its question is answered ends the work on it."""

import asyncio
from typing import Any

from fastapi import Request


async def still_there(request: Request, work: "asyncio.Future[Any]", timeout_s: float | None = None) -> bool:
    """Whether the client is still there when the work is done or the time is over; if it is not, work is cancelled."""
    leaving = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({work, leaving}, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        if leaving.done() and not work.done():
            work.cancel()
            return False
        return True
    except asyncio.CancelledError:
        work.cancel()
        raise
    finally:
        leaving.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
