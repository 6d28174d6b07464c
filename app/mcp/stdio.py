"""stdio: a server for one client that started this process. Standard output is the protocol's, and nothing else's."""

import asyncio
import logging
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from footnote.app.core.errors import NotReadyError
from footnote.app.core.settings import Settings
from footnote.app.mcp.door import Door
from footnote.app.mcp.pages import Pages
from footnote.app.mcp.server import make_server
from footnote.app.questions.question_log import make_question_log
from footnote.app.reading.library import Library
from footnote.app.service.service import Service

_PATIENCE_S = 60.0  # for models and index; a client has no Retry-After to go by
_LOOK_S = 0.02


def serve_stdio(settings: Settings) -> None:
    """Answer the client until it closes standard input."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(name)s: %(message)s", stream=sys.stderr)
    logging.getLogger("footnote").setLevel(logging.INFO)
    # As Python has it, Ctrl-C would wait for the thread that reads standard input. There is nothing to put in order.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    async with _on_demand(settings) as on_demand:
        folders = settings.folders
        door = Door(
            on_demand.ready,
            Pages(Library(folders.index_dir)),
            settings.links,
            make_question_log(folders.index_dir, settings.questions),
        )
        await make_server(door).run_stdio_async()


class _OnDemand:
    """The service, from when it is first asked for: a client that only starts the process costs no models."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.service: Service | None = None
        self.following: asyncio.Task[None] | None = None

    async def ready(self) -> Service:
        """The service, once it can answer.

        Raises:
            FootnoteError: it cannot; says why.
        """
        if self.service is None:
            self.service = Service(self._settings)
            self.following = asyncio.create_task(self.service.follow())
        patient_until = time.monotonic() + _PATIENCE_S
        while True:
            try:
                _ = self.service.engine
                return self.service
            except NotReadyError:
                if time.monotonic() > patient_until:
                    raise
            await asyncio.sleep(_LOOK_S)


@asynccontextmanager
async def _on_demand(settings: Settings) -> AsyncIterator[_OnDemand]:
    on_demand = _OnDemand(settings)
    try:
        yield on_demand
    finally:
        if on_demand.following:
            on_demand.following.cancel()
            with suppress(asyncio.CancelledError):
                await on_demand.following
        if on_demand.service:
            on_demand.service.close()
