"""stdio: a server for one client that started this process. Standard output is the protocol's, and nothing else's."""

import asyncio
import signal

from footnote.app.access.current import LOCAL
from footnote.app.collections.on_demand import HostingOnDemand
from footnote.app.core.logs import set_up_logs
from footnote.app.core.settings import Settings
from footnote.app.mcp.door import Door
from footnote.app.mcp.server import make_server
from footnote.app.watching.traces import tracing


def serve_stdio(settings: Settings) -> None:
    """Answer the client until it closes standard input."""
    set_up_logs(settings.logs)
    # As Python has it, Ctrl-C would wait for the thread that reads standard input. There is nothing to put in order.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    with tracing(settings.tracing):
        asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    hosting = HostingOnDemand(settings)
    try:
        door = Door(hosting.hosting, hosting.ready, lambda: LOCAL)
        await make_server(door).run_stdio_async()
    finally:
        await hosting.close()
