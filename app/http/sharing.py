"""The routes of saved answers: save one, and see whether it still holds."""

from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse
from pydantic import JsonValue

from footnote.app.collections.choice import Choice, One
from footnote.app.core.errors import AnswerNotGivenError, SavedAnswerUnknownError, SavingOffError, UnauthorizedError
from footnote.app.engine.engine import Engine
from footnote.app.http.access import AccessRoute, key_helps
from footnote.app.http.choosing import ChoiceDep
from footnote.app.http.problems import problem_doc
from footnote.app.index.docs_folder import docs_folder, read_by
from footnote.app.reading.shell import HEADERS
from footnote.app.schemas.saved import SavedOut, SharedAnswerOut
from footnote.app.service.seen import Seen
from footnote.app.sharing.page import shared_page, unknown_page
from footnote.app.sharing.recheck import recheck, saved_out
from footnote.app.sharing.store import AnswerStore, SavedAnswer

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


def _with_store(choice: Choice) -> list[tuple[One, AnswerStore]]:
    """The collections that save answers, of those that the caller may see.

    Raises:
        SavingOffError: the settings ask for none.
    """
    found = [(one, one.hosted.answers) for one in choice.some(None).values()]
    stores = [(one, store) for one, store in found if store]
    if not stores:
        raise SavingOffError("no answers are saved here: set FOOTNOTE_SAVED_ANSWERS=true and restart the service")
    return stores


# Not async: FastAPI runs it on a thread, as it waits for the disk.
@router.post("/answers", status_code=201, responses=_SAVING)
def save_answer(body: dict[str, JsonValue], choice: ChoiceDep, response: Response) -> SavedOut:
    """Save an answer as `POST /query` gave it; whoever has its address can see it, and whether it still holds.

    One from several collections is not saved.
    """
    *others, last = _with_store(choice)
    asked = body.get("collections")
    if isinstance(asked, list) and len(asked) > 1:
        raise AnswerNotGivenError(
            "an answer from several collections is not saved: ask one of them, by `collection`, and save that answer"
        )
    for one, store in others:
        with suppress(AnswerNotGivenError):
            return _saved(store.save(body, one.limits), one, response)
    return _saved(last[1].save(body, last[0].limits), last[0], response)


def _saved(answer: SavedAnswer, one: One, response: Response) -> SavedOut:
    saved = saved_out(answer, one.hosted.settings.sharing.days)
    response.headers["Location"] = saved.path
    return saved


def _found(choice: Choice, answer_id: str) -> tuple[One, SavedAnswer]:
    *others, last = _with_store(choice)
    for one, store in others:
        with suppress(SavedAnswerUnknownError):
            return one, store.read(answer_id, one.limits)
    return last[0], last[1].read(answer_id, last[0].limits)


@router.get("/a/{id}", responses=_SHOWING, response_model=SharedAnswerOut)
async def show_answer(
    request: Request, choice: ChoiceDep, id: Annotated[str, Path(description="As `POST /answers` gave it.")]
) -> SharedAnswerOut | Response:
    """A saved answer, each citation checked against the docs of today; as HTML for a browser."""
    root = request.scope.get("root_path", "")
    as_html = "text/html" in request.headers.get("accept", "")
    try:
        one, saved = await run_in_threadpool(_found, choice, id)
    except SavedAnswerUnknownError as error:
        if key_helps(request):  # whether there is one that needs a key is not told
            raise UnauthorizedError(
                "no such answer is open to all: send the header `Authorization: Bearer` with a key"
            ) from None
        if not as_html:
            raise
        return HTMLResponse(unknown_page(str(error), root), 404, HEADERS)
    service, library = Seen(one.hosted.service, one.limits), one.hosted.library.limited(one.limits)
    settings = service.settings

    def work(engine: Engine) -> SharedAnswerOut | Response:
        docs_dir = docs_folder(settings, engine.index.manifest)
        rules = read_by(settings, engine.index.manifest)
        shared = recheck(saved, docs_dir, rules, settings.sharing.days, service.limits, engine.index.files)
        return HTMLResponse(shared_page(shared, library, root), headers=HEADERS) if as_html else shared

    return await service.run(work)
