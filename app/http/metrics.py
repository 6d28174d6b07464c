"""`/metrics`: what Prometheus scrapes. No part of the API that the OpenAPI document describes."""

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool

from footnote.app.core.addresses import is_loopback
from footnote.app.http.access import AccessRoute, admit
from footnote.app.watching.exposition import CONTENT_TYPE, Exposition

router = APIRouter(route_class=AccessRoute, include_in_schema=False)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """All figures; for those who may read them."""
    settings = request.app.state.settings
    access = settings.metrics.access
    if access == "off":
        raise HTTPException(404)
    if access == "auto" and not (is_loopback(settings.service.host) and settings.access.auth in ("auto", "none")):
        await admit(request, ("admin",))
    exposition: Exposition = request.app.state.exposition
    text = await run_in_threadpool(exposition.text)
    return Response(text, media_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})
