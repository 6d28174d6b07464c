"""door: what the tools and the resources ask."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from footnote.app.access.require import require
from footnote.app.access.types import Caller
from footnote.app.core.setting_groups import LinkSettings
from footnote.app.mcp.pages import Pages
from footnote.app.reading.library import Library
from footnote.app.service.keeping import Keeping
from footnote.app.service.seen import Seen
from footnote.app.service.service import Service


@dataclass(frozen=True, slots=True)
class Door:
    """The same parts that HTTP has.

    Attributes:
        opened: gives the service; on stdio it waits until that is ready.
        library: the pages of the kept generations, which need no models.
        links: how the docs site is reached.
        keeping: where what is given is kept.
        caller: says who is asking now.
    """

    opened: Callable[[], Awaitable[Service]]
    library: Library
    links: LinkSettings
    keeping: Keeping
    caller: Callable[[], Caller]

    async def asked(self) -> Seen:
        """The service, for an answer; raises as `require`, and what keeps the service from answering."""
        limits = require(self.caller(), ("ask",))
        return Seen(await self.opened(), limits)

    async def searched(self) -> Seen:
        """The service, for a search; raises as `asked`."""
        limits = require(self.caller(), ("search",))
        return Seen(await self.opened(), limits)

    async def read(self) -> Seen:
        """The service, for what stands in its pages; raises as `asked`."""
        limits = require(self.caller(), ("read",))
        return Seen(await self.opened(), limits)

    def pages(self) -> Pages:
        """The pages that the caller may read; raises as `require`."""
        return Pages(self.library.limited(require(self.caller(), ("read",))))
