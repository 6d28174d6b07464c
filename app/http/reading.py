"""The routes by which a citation is read where it stands: the bytes of a page, and a view of it."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse

from footnote.app.core.errors import PageUnknownError
from footnote.app.http.access import AccessRoute
from footnote.app.http.dependencies import LibraryDep, RenderingDep
from footnote.app.http.problems import problem_doc
from footnote.app.reading.lines import LINES_PATTERN, cited_lines
from footnote.app.reading.shell import HEADERS, STYLESHEET, stylesheet
from footnote.app.reading.view import Asked, unknown, view

_TEXT, _BYTES = "text/plain; charset=utf-8", "application/octet-stream"
_BYTES_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    # Not for ever: after `--purge` the bytes are gone, and a deleted index begins again with generation 1.
    "Cache-Control": "private, no-cache",
}
_READING: dict[int | str, dict[str, Any]] = {
    404: problem_doc("No generation of this number is kept, or it has no such page."),
    503: problem_doc("No index, or a damaged one."),
}
PathParam = Annotated[str, Path(description="The page, relative to the docs folder.")]
router = APIRouter(route_class=AccessRoute, tags=["reading"], responses=_READING)


@router.get(
    "/files/{generation}/{path:path}",
    response_class=Response,
    responses={200: {"content": {_TEXT: {}, _BYTES: {}}}, 304: {"description": "As the client has it."}},
)
def page_bytes(
    request: Request, library: LibraryDep, generation: Annotated[int, Path(ge=0)], path: PathParam
) -> Response:
    """The bytes of a page as they were ingested into a generation; `ETag` is their sha256."""
    shelf, page = library.find(path, generation)
    etag = f'"{page.sha256}"'
    headers = {**_BYTES_HEADERS, "ETag": etag}
    known = request.headers.get("if-none-match", "")
    if etag in known or known.strip() == "*":
        return Response(status_code=304, headers=headers)
    raw = library.read(shelf, page)
    return Response(raw, headers=headers, media_type=_TEXT if _is_text(raw) else _BYTES)


@router.get("/view/{path:path}", response_class=HTMLResponse)
async def page_view(
    request: Request,
    library: LibraryDep,
    rendering: RenderingDep,
    path: PathParam,
    generation: Annotated[int | None, Query(ge=0, description="The live one without it.")] = None,
    lines: Annotated[
        str | None, Query(pattern=LINES_PATTERN, description="The lines to mark.", examples=["25-31"])
    ] = None,
    start: Annotated[
        int | None, Query(alias="from", ge=1, le=10**9, description="Of a long page the first line to show.")
    ] = None,
) -> Response:
    """A page as it was ingested, as HTML that needs no script: its markdown rendered, and its raw lines."""
    asked = Asked(path, generation, cited_lines(lines) if lines else None, start)
    root = request.scope.get("root_path", "")
    try:
        async with rendering:
            return HTMLResponse(await run_in_threadpool(view, library, asked, root), headers=HEADERS)
    except PageUnknownError as error:
        if "text/html" not in request.headers.get("accept", ""):
            raise
        return HTMLResponse(unknown(asked, str(error), root, library.collection), 404, HEADERS)


@router.get(STYLESHEET, include_in_schema=False)
def styles() -> Response:
    """The styles of the views."""
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "public, max-age=3600"}
    return Response(stylesheet(), headers=headers, media_type="text/css; charset=utf-8")


def _is_text(raw: bytes) -> bool:
    try:
        return "\0" not in raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
