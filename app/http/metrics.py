"""`/metrics`: what Prometheus scrapes. No part of the API that the OpenAPI document describes."""

from fastapi import APIRouter, HTTPException, Request, Response

from footnote.app.http.edge.hosts import is_loopback
from footnote.app.http.keys import require_key
from footnote.app.watching.exposition import CONTENT_TYPE, Exposition

router = APIRouter(include_in_schema=False)


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """All figures; for those who may read them."""
    settings = request.app.state.settings
    access = settings.metrics.access
    if access == "off":
        raise HTTPException(404)
    if access == "auto" and not is_loopback(settings.service.host):
        require_key(settings, request.headers.get("authorization", ""))
    exposition: Exposition = request.app.state.exposition
    return Response(exposition.text(), media_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})
