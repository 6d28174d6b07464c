"""The HTTP application: its routes, its errors, and what lives as long as it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.routing import Route
from starlette.types import ASGIApp

from footnote.app.access.limiting.limiter import Limiter
from footnote.app.access.recognise import Recogniser
from footnote.app.audit.audit import make_audit
from footnote.app.collections.hosting import Hosting
from footnote.app.core.settings import Settings, load_settings
from footnote.app.core.version import VERSION
from footnote.app.http import (
    collections,
    feedback,
    gaps,
    generations,
    hooks,
    ingest,
    metrics,
    page,
    questions,
    reading,
    session,
    sharing,
    status,
)
from footnote.app.http.body_limit import BodyLimit
from footnote.app.http.edge.edge import Edge
from footnote.app.http.mcp import PATH, McpRoute
from footnote.app.http.openai import routes as openai
from footnote.app.http.openapi import describe
from footnote.app.http.origins import Origins
from footnote.app.http.problems import install_handlers
from footnote.app.watching.exposition import Exposition
from footnote.app.watching.metrics import Metrics
from footnote.app.watching.traces import tracing

_RENDERED_AT_ONCE = 2  # a view is computed for a moment, beside questions
_DESCRIPTION = """\
Answers from a folder of markdown docs. Every sentence cites file, lines, exact quote and its sha256.
`The docs do not say` is an answer (`refused: true`, status 200), not an error.
Errors are RFC 9457 problem details with a stable `type`."""


class _App(FastAPI):
    """The application within its edge, which is around the handler of errors that nobody foresaw as well."""

    def build_middleware_stack(self) -> ASGIApp:
        settings: Settings = self.state.settings
        state = self.state
        return Edge(super().build_middleware_stack(), settings.service, state.metrics, {PATH}, state.audit)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application; settings from the environment unless given. Nothing loads before its lifespan.

    Raises:
        SettingsError: the environment's settings are wrong.
    """
    settings = settings or load_settings()
    app = _App(
        title="Footnote", version=VERSION, description=_DESCRIPTION, lifespan=_lifespan, docs_url=None, redoc_url=None
    )
    app.state.settings = settings
    app.state.metrics = Metrics()
    app.state.collections = Hosting(settings, app.state.metrics)
    app.state.exposition = Exposition(app.state.metrics, app.state.collections.index_dirs)
    app.state.recogniser = Recogniser(settings, app.state.collections.public)
    app.state.audit = make_audit(settings.folders.index_dir, settings.audit)
    app.state.limiter = Limiter(settings.access)
    app.state.rendering = asyncio.Semaphore(_RENDERED_AT_ONCE)
    app.add_middleware(BodyLimit, limit_bytes=settings.service.max_request_kb * 1000)
    app.add_middleware(Origins, service=settings.service, recogniser=app.state.recogniser)
    install_handlers(app)
    for routes in (
        page,
        questions,
        openai,
        reading,
        sharing,
        feedback,
        gaps,
        ingest,
        generations,
        collections,
        status,
        metrics,
        session,
        hooks,
    ):
        app.include_router(routes.router)
    app.state.mcp = McpRoute(app)
    # A stream by GET would never carry anything, as no request knows of another one.
    app.router.routes.append(Route(PATH, app.state.mcp, methods=["POST"]))
    describe(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    hosting: Hosting = app.state.collections
    hosting.start()
    try:
        with tracing(app.state.settings.tracing):
            yield
    finally:
        await app.state.mcp.close()
        await hosting.close()
        app.state.recogniser.close()
        if app.state.audit:
            app.state.audit.close()
