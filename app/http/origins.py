"""origins: which other sites' pages may ask: those of the settings, and those that a key names."""

from contextlib import suppress
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp

from footnote.app.access.recognise import Recogniser
from footnote.app.core.errors import PROBLEM_TYPE, KeyStoreError
from footnote.app.core.setting_groups import ServiceSettings
from footnote.app.http.mcp import MCP_HEADERS
from footnote.app.http.problems import MEDIA_TYPE, named
from footnote.app.schemas.problem import Problem

_MOST_CHARS = 200


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

    def preflight_response(self, request_headers: Headers) -> Response:
        """As Starlette's, with a refusal as a problem that says who can let the page ask."""
        response = super().preflight_response(request_headers)
        origin = request_headers["origin"]
        if response.status_code == HTTPStatus.OK or self.is_allowed_origin(origin):
            return response
        detail = (
            f"pages of {origin[:_MOST_CHARS]} may not ask: list the origin in FOOTNOTE_ALLOWED_ORIGINS and "
            "restart the service, or make a key for it with `footnote keys create NAME --origin ORIGIN`"
        )
        body = Problem(type=PROBLEM_TYPE + "origin-not-allowed", title="Origin not allowed", status=400, detail=detail)
        del response.headers["content-length"], response.headers["content-type"]
        return JSONResponse(named(body).model_dump(), 400, dict(response.headers), MEDIA_TYPE)
