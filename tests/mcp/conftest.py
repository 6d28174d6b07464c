"""A service and a server in this process, for what needs no transport."""

import asyncio
from contextlib import contextmanager

import pytest

from footnote.app.access.current import LOCAL
from footnote.app.collections.hosting import Hosting
from footnote.app.core.errors import NotReadyError
from footnote.app.core.settings import load_settings
from footnote.app.mcp.door import Door
from footnote.app.mcp.server import make_server


@contextmanager
def served(**flags):
    """A server on a service that is ready."""
    hosting = Hosting(load_settings(env_file=None, **flags))
    loop = asyncio.new_event_loop()

    async def opened():
        hosting.start()
        while True:
            try:
                for one in hosting:
                    _ = one.service.engine
                return
            except NotReadyError:
                await asyncio.sleep(0.02)

    async def ready():
        """It is."""

    try:
        loop.run_until_complete(opened())
        yield make_server(Door(hosting, ready, lambda: LOCAL))
    finally:
        loop.run_until_complete(hosting.close())
        loop.close()


@pytest.fixture(scope="module")
def server(guide_index):
    with served(index_dir=guide_index.index_dir) as server:
        yield server
