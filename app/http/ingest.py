"""The routes that start an ingest and say how far it is; off unless FOOTNOTE_ADMIN_KEY is set."""

import asyncio
import hmac
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer

from footnote.app.core.errors import IngestOffError, UnauthorizedError
from footnote.app.core.setting_groups import ADMIN_KEY_CHARS
from footnote.app.core.settings import Settings
from footnote.app.http.dependencies import JobsDep
from footnote.app.http.problems import problem_doc
from footnote.app.schemas.ingest import IngestIn, IngestOut


class _KeyRoute(APIRoute):
    """A route that asks for the key before anything of the request is looked at."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def with_key(request: Request) -> Response:
            require_key(request.app.state.settings, request.headers.get("authorization", ""))
            return await handle(request)

        return with_key


_KEY_ERRORS: dict[int | str, dict[str, Any]] = {
    401: problem_doc("The key is missing or wrong."),
    403: problem_doc("No key is set: FOOTNOTE_ADMIN_KEY."),
}
_STARTING: dict[int | str, dict[str, Any]] = {
    409: problem_doc("An ingest is running, whoever started it; or the index was built from another docs folder."),
    413: problem_doc("The body is too large."),
    415: problem_doc("The body is not sent as `application/json`."),
    422: problem_doc("The body has another shape."),
    500: problem_doc("The index folder cannot be written."),
}
# For the OpenAPI document; `_KeyRoute` is what checks.
_SCHEME = Depends(HTTPBearer(auto_error=False, scheme_name="AdminKey", description="FOOTNOTE_ADMIN_KEY."))
router = APIRouter(route_class=_KeyRoute, dependencies=[_SCHEME], responses=_KEY_ERRORS, tags=["ingest"])


def require_key(settings: Settings, authorization: str) -> None:
    """Refuse a request that does not carry the key.

    Raises:
        IngestOffError: there is no key that it could carry.
        UnauthorizedError: the header is missing, malformed, or holds another key.
    """
    if settings.service.admin_key is None:
        raise IngestOffError(
            f"this route is off: set FOOTNOTE_ADMIN_KEY, {ADMIN_KEY_CHARS} characters or more, and restart the service"
        )
    scheme, _, key = authorization.partition(" ")
    expected = settings.service.admin_key.get_secret_value()
    # Starlette decodes headers as Latin-1, so this gives back the bytes as they came.
    same = hmac.compare_digest(key.strip().encode("latin-1"), expected.encode("latin-1"))
    if not (same and scheme.lower() == "bearer"):
        raise UnauthorizedError("send the header `Authorization: Bearer` with the key that FOOTNOTE_ADMIN_KEY holds")


@router.post("/ingest", status_code=202, responses=_STARTING)
async def start_ingest(jobs: JobsDep, response: Response, body: IngestIn | None = None) -> IngestOut:
    """Start an ingest of the service's docs folder in a process of its own; the index in use stays meanwhile."""
    wanted = body or IngestIn()
    job = await asyncio.to_thread(jobs.start, wanted.rebuild, wanted.checksum, wanted.replace)
    response.headers["Location"] = f"/ingest/{job.id}"
    return IngestOut.model_validate(job)


@router.get("/ingest/{id}", responses={404: problem_doc("No ingest of this id is known.")})
async def show_ingest(jobs: JobsDep, id: Annotated[str, Path(description="As `POST /ingest` gave it.")]) -> IngestOut:
    """How far an ingest is, and what it did or why it failed."""
    return IngestOut.model_validate(await asyncio.to_thread(jobs.get, id))
