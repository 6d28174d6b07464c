"""The page in the browser and the widget, from the files that `app/page` is built to; and the API's documentation."""

import gzip
import importlib.util
import mimetypes
from functools import cache, partial
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response

from footnote.app.core.settings import Settings
from footnote.app.engine.engine import Engine
from footnote.app.http.access import AccessRoute, key_helps
from footnote.app.http.choosing import ChoiceDep, CollectionsParam
from footnote.app.http.problems import UNAVAILABLE
from footnote.app.schemas.overview import OverviewOut
from footnote.app.service.overview import overview_of, overview_of_several

STATIC = Path(__file__).parents[1] / "page" / "static"
# Nothing but what this service sends: no other host, no inline script or style, no text that becomes markup.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types lit-html"
)
# Swagger UI and ReDoc write styles of their own, and ReDoc searches in a worker that it makes.
API_DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
    "img-src 'self' data:; font-src 'self'; worker-src blob:; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_API_DOCS = {
    "swagger-ui-bundle.js": "swagger/swagger-ui-bundle.js",
    "swagger-ui.css": "swagger/swagger-ui.css",
    "redoc.standalone.js": "redoc/redoc.standalone.js",
}
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
router = APIRouter(route_class=AccessRoute, tags=["page"])


@router.get("/overview", responses=UNAVAILABLE)
async def overview(request: Request, choice: ChoiceDep, collection: CollectionsParam = None) -> OverviewOut:
    """What can be asked, of which folders and tags, and what else this service does.

    Of several collections together.
    """
    each = [await one.run(partial(_overview, one.settings)) for one in choice.ready(collection)]
    found = each[0] if len(each) == 1 else overview_of_several(each)
    asks: bool = request.app.state.recogniser.asks
    return found.model_copy(update={"can_sign_in": key_helps(request), "can_ingest": found.can_ingest or asks})


def _overview(settings: Settings, engine: Engine) -> OverviewOut:
    return overview_of(engine.index, settings)


@router.get("/", include_in_schema=False)
async def page(request: Request) -> Response:
    """The page, which needs nothing but what this service sends."""
    return _sent(request, STATIC / "index.html", _ASK_AGAIN, PAGE_POLICY)


@router.get("/widget.js", include_in_schema=False)
async def widget(request: Request) -> Response:
    """The script that defines `<footnote-ask>` on pages of others."""
    return _sent(request, STATIC / "widget.js", _ASK_AGAIN)


@router.get("/assets/{name}", include_in_schema=False)
async def asset(request: Request, name: str) -> Response:
    """Named by a hash of what it holds, so that it never changes."""
    return _sent(request, STATIC / "assets" / name, _FOR_EVER)


@router.get("/docs", include_in_schema=False)
async def swagger_ui(request: Request) -> Response:
    """The API to try out."""
    return _sent(request, STATIC / "api-docs" / "swagger.html", _ASK_AGAIN, API_DOCS_POLICY)


@router.get("/redoc", include_in_schema=False)
async def redoc(request: Request) -> Response:
    """The API to read."""
    return _sent(request, STATIC / "api-docs" / "redoc.html", _ASK_AGAIN, API_DOCS_POLICY)


@router.get("/api-docs/{name}", include_in_schema=False)
async def api_docs_file(request: Request, name: str) -> Response:
    """What the two load."""
    if name in _API_DOCS:
        return _sent(request, _api_docs_folder() / _API_DOCS[name], _ASK_AGAIN)
    return _sent(request, STATIC / "api-docs" / name, _ASK_AGAIN)


@cache
def _api_docs_folder() -> Path:
    """The files of Swagger UI and ReDoc in the package that carries them, which is not imported."""
    found = importlib.util.find_spec("fastapi_standalone_docs")
    if found is None or found.origin is None:
        raise HTTPException(404)
    return Path(found.origin).parent / "static"


def _sent(request: Request, file: Path, caching: str, policy: str | None = None) -> Response:
    """A file that comes with the installation; packed where the client says that it can unpack."""
    if not file.is_file():
        raise HTTPException(404)
    headers = {"Cache-Control": caching, "X-Content-Type-Options": "nosniff", "Vary": "Accept-Encoding, Origin"}
    if policy:
        headers |= {"Content-Security-Policy": policy, "Referrer-Policy": "no-referrer"}
    media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(_packed(file), media_type=media_type, headers={**headers, "Content-Encoding": "gzip"})
    return Response(file.read_bytes(), media_type=media_type, headers=headers)


@cache
def _packed(file: Path) -> bytes:
    return gzip.compress(file.read_bytes(), mtime=0)
