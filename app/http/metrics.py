"""`/metrics`: what Prometheus scrapes. No part of the API that the OpenAPI document describes."""

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool

from footnote.app.collections.choice import Choice
from footnote.app.collections.hosting import Hosting
from footnote.app.core.addresses import is_loopback
from footnote.app.http.access import AccessRoute, admit
from footnote.app.watching.exposition import CONTENT_TYPE, Exposition

router = APIRouter(route_class=AccessRoute, include_in_schema=False)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """All figures; for those who may read them, with those of the collections that they are an admin of."""
    settings = request.app.state.settings
    access = settings.metrics.access
    if access == "off":
        raise HTTPException(404)
    told: list[str] | None = None
    if access == "auto" and not (is_loopback(settings.service.host) and settings.access.auth in ("auto", "none")):
        caller = await admit(request, ("admin",))
        hosting: Hosting = request.app.state.collections
        told = Choice(hosting, caller, ("admin",)).allowed() if hosting.has_names else [""]
    exposition: Exposition = request.app.state.exposition
    text = await run_in_threadpool(exposition.text, told)
    return Response(text, media_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})
