"""door: what the tools and the resources ask."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from footnote.app.core.setting_groups import LinkSettings
from footnote.app.mcp.pages import Pages
from footnote.app.service.keeping import Keeping
from footnote.app.service.service import Service


@dataclass(frozen=True, slots=True)
class Door:
    """The same parts that HTTP has.

    Attributes:
        service: gives the service; on stdio it waits until that is ready.
        pages: the pages of the live generation, which need no models.
        links: how the docs site is reached.
        keeping: where what is given is kept.
    """

    service: Callable[[], Awaitable[Service]]
    pages: Pages
    links: LinkSettings
    keeping: Keeping
