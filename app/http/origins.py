"""origins: which other sites' pages may ask: those of the settings, and those that a key names."""

from contextlib import suppress

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from footnote.app.access.recognise import Recogniser
from footnote.app.core.errors import KeyStoreError
from footnote.app.core.setting_groups import ServiceSettings
from footnote.app.http.mcp import MCP_HEADERS


class Origins(CORSMiddleware):
    """CORS, for a list that grows when a key is made."""

    def __init__(self, app: ASGIApp, service: ServiceSettings, recogniser: Recogniser) -> None:
        super().__init__(
            app,
            allow_origins=service.allowed_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", *MCP_HEADERS],
        )
        self._recogniser = recogniser

    def is_allowed_origin(self, origin: str) -> bool:
        """Whether pages of this origin may ask; what they may do, their key says."""
        if super().is_allowed_origin(origin):
            return True
        with suppress(KeyStoreError):
            return origin in self._recogniser.origins()
        return False
