"""The routes that start an ingest and say how far it is; off unless FOOTNOTE_ADMIN_KEY is set."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from footnote.app.http.access import AccessRoute
from footnote.app.http.choosing import OneDep
from footnote.app.http.dependencies import JobsDep
from footnote.app.http.problems import problem_doc
from footnote.app.schemas.ingest import IngestIn, IngestOut

_STARTING: dict[int | str, dict[str, Any]] = {
    409: problem_doc("An ingest is running, whoever started it; or the index was built from another docs folder."),
    413: problem_doc("The body is too large."),
    415: problem_doc("The body is not sent as `application/json`."),
    422: problem_doc("The body has another shape."),
    500: problem_doc("The index folder cannot be written."),
}
router = APIRouter(route_class=AccessRoute, tags=["ingest"])


@router.post("/ingest", status_code=202, responses=_STARTING)
async def start_ingest(one: OneDep, response: Response, body: IngestIn | None = None) -> IngestOut:
    """Start an ingest of the service's docs folder in a process of its own; the index in use stays meanwhile."""
    wanted, jobs, name = body or IngestIn(), one.hosted.jobs, one.hosted.library.collection
    job = await asyncio.to_thread(jobs.start, wanted.rebuild, wanted.checksum, wanted.replace, wanted.allow_deletes)
    response.headers["Location"] = f"/ingest/{job.id}" + (f"?collection={name}" if name else "")
    return IngestOut.model_validate(job)


@router.get("/ingest/{id}", responses={404: problem_doc("No ingest of this id is known.")})
async def show_ingest(jobs: JobsDep, id: Annotated[str, Path(description="As `POST /ingest` gave it.")]) -> IngestOut:
    """How far an ingest is, and what it did or why it failed."""
    return IngestOut.model_validate(await asyncio.to_thread(jobs.get, id))
