"""on_demand: the collections for a client that started this process, from when it first asks; see `OnDemand`."""

import asyncio
import time

from footnote.app.collections.hosting import Hosting
from footnote.app.core.errors import NotReadyError
from footnote.app.core.settings import Settings

_PATIENCE_S = 60.0  # as of `OnDemand`
_LOOK_S = 0.02


class HostingOnDemand:
    """Belongs to the event loop on which it is first asked."""

    def __init__(self, settings: Settings) -> None:
        self.hosting = Hosting(settings)
        self._is_started = False

    async def ready(self) -> None:
        """Return once a collection can answer.

        Raises:
            FootnoteError: none can; says why.
        """
        if not self._is_started:
            self._is_started = True
            self.hosting.start()
        patient_until = time.monotonic() + _PATIENCE_S
        while True:
            try:
                self.hosting.require_ready()
                return
            except NotReadyError:
                if time.monotonic() > patient_until:
                    raise
            await asyncio.sleep(_LOOK_S)

    async def close(self) -> None:
        """Let models and indexes go."""
        if self._is_started:
            await self.hosting.close()
