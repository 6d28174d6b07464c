"""on_demand: a service for those who share its process, from when they first ask: who asks nothing loads no models."""

import asyncio
import time
from contextlib import suppress

from footnote.app.core.errors import NotReadyError
from footnote.app.core.settings import Settings
from footnote.app.service.service import Service

_PATIENCE_S = 60.0  # for models and index; a caller has no Retry-After to go by
_LOOK_S = 0.02


class OnDemand:
    """Belongs to the event loop on which it is first asked."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._service: Service | None = None
        self._following: asyncio.Task[None] | None = None

    async def ready(self) -> Service:
        """The service, once it can answer.

        Raises:
            FootnoteError: it cannot; says why.
        """
        if self._service is None:
            self._service = Service(self._settings)
            self._following = asyncio.create_task(self._service.follow())
        patient_until = time.monotonic() + _PATIENCE_S
        while True:
            try:
                _ = self._service.engine
                return self._service
            except NotReadyError:
                if time.monotonic() > patient_until:
                    raise
            await asyncio.sleep(_LOOK_S)

    async def close(self) -> None:
        """Let models and index go."""
        if self._following:
            self._following.cancel()
            with suppress(asyncio.CancelledError):
                await self._following
        if self._service:
            self._service.close()
