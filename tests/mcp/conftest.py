"""A service and a server in this process, for what needs no transport."""

import asyncio
from contextlib import contextmanager

import pytest

from footnote.app.access.current import LOCAL
from footnote.app.core.errors import NotReadyError
from footnote.app.core.settings import load_settings
from footnote.app.mcp.door import Door
from footnote.app.mcp.server import make_server
from footnote.app.reading.library import Library
from footnote.app.service.keeping import make_keeping
from footnote.app.service.service import Service


@contextmanager
def served(**flags):
    """A server on a service that is ready."""
    settings = load_settings(env_file=None, **flags)
    service = Service(settings)

    async def opened():
        following = asyncio.create_task(service.follow())
        while True:
            try:
                _ = service.engine
                break
            except NotReadyError:
                await asyncio.sleep(0.02)
        following.cancel()

    async def ready():
        return service

    asyncio.run(opened())
    library = Library(settings.folders.index_dir)
    yield make_server(Door(ready, library, settings.links, make_keeping(settings), lambda: LOCAL))
    service.close()


@pytest.fixture(scope="module")
def server(guide_index):
    with served(index_dir=guide_index.index_dir) as server:
        yield server
