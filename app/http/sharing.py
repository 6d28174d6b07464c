"""The routes of saved answers: save one, and see whether it still holds."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse
from pydantic import JsonValue

from footnote.app.core.errors import SavedAnswerUnknownError, SavingOffError
from footnote.app.engine.engine import Engine
from footnote.app.http.access import AccessRoute
from footnote.app.http.dependencies import AnswerStoreDep, LibraryDep, ServiceDep
from footnote.app.http.problems import problem_doc
from footnote.app.index.docs_folder import docs_folder
from footnote.app.reading.shell import HEADERS
from footnote.app.schemas.saved import SavedOut, SharedAnswerOut
from footnote.app.sharing.page import shared_page, unknown_page
from footnote.app.sharing.recheck import recheck, saved_out
from footnote.app.sharing.store import AnswerStore

_SHARING: dict[int | str, dict[str, Any]] = {
    403: problem_doc("No answers are saved: FOOTNOTE_SAVED_ANSWERS is off."),
    500: problem_doc("The index folder cannot be written."),
}
_SAVING: dict[int | str, dict[str, Any]] = {
    413: problem_doc("The body is too large."),
    415: problem_doc("The body is not sent as `application/json`."),
    422: problem_doc("It is no answer that this service gave."),
}
_SHOWING: dict[int | str, dict[str, Any]] = {
    200: {"model": SharedAnswerOut, "content": {"text/html": {}}},
    404: problem_doc("No answer is saved under this id."),
    503: problem_doc("Still loading, no index, or over capacity; see `Retry-After`."),
}
router = APIRouter(route_class=AccessRoute, tags=["saved answers"], responses=_SHARING)


def require_store(store: AnswerStore | None) -> AnswerStore:
    """The store of saved answers.

    Raises:
        SavingOffError: the settings ask for none.
    """
    if store is None:
        raise SavingOffError("no answers are saved here: set FOOTNOTE_SAVED_ANSWERS=true and restart the service")
    return store


# Not async: FastAPI runs it on a thread, as it waits for the disk.
@router.post("/answers", status_code=201, responses=_SAVING)
def save_answer(
    body: dict[str, JsonValue], answers: AnswerStoreDep, service: ServiceDep, response: Response
) -> SavedOut:
    """Save an answer as `POST /query` gave it; whoever has its address can see it, and whether it still holds."""
    saved = saved_out(require_store(answers).save(body, service.limits), service.settings.sharing.days)
    response.headers["Location"] = saved.path
    return saved


@router.get("/a/{id}", responses=_SHOWING, response_model=SharedAnswerOut)
async def show_answer(
    request: Request,
    answers: AnswerStoreDep,
    service: ServiceDep,
    library: LibraryDep,
    id: Annotated[str, Path(description="As `POST /answers` gave it.")],
) -> SharedAnswerOut | Response:
    """A saved answer, each citation checked against the docs of today; as HTML for a browser."""
    root = request.scope.get("root_path", "")
    as_html = "text/html" in request.headers.get("accept", "")
    settings = service.settings
    try:
        saved = await run_in_threadpool(require_store(answers).read, id, service.limits)
    except SavedAnswerUnknownError as error:
        if not as_html:
            raise
        return HTMLResponse(unknown_page(str(error), root), 404, HEADERS)

    def work(engine: Engine) -> SharedAnswerOut | Response:
        docs_dir = docs_folder(settings, engine.index.manifest)
        shared = recheck(saved, docs_dir, settings.ingest, settings.sharing.days, service.limits)
        return HTMLResponse(shared_page(shared, library, root), headers=HEADERS) if as_html else shared

    return await service.run(work)
