"""The routes of what the docs lack, for those who have the admin key: what was asked can be private."""

import time
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import PlainTextResponse

from footnote.app.engine.engine import Engine
from footnote.app.http.access import AccessRoute
from footnote.app.http.dependencies import QuestionsDep, ServiceDep, SettingsDep, require_questions
from footnote.app.http.problems import UNAVAILABLE, problem_doc
from footnote.app.questions.gaps import asked_questions
from footnote.app.questions.issues import gaps_markdown
from footnote.app.questions.listing import DAY_S, dismiss, listed, resolve
from footnote.app.schemas.gaps import DismissedOut, GapIn, GapsOut, ResolvedOut

_MARKDOWN = "text/markdown"
_NAMING: dict[int | str, dict[str, Any]] = {404: problem_doc("No gap has this question.")}
_WITH_BODY: dict[int | str, dict[str, Any]] = {
    **_NAMING,
    413: problem_doc("The body is too large."),
    415: problem_doc("The body is not sent as `application/json`."),
    422: problem_doc("The body has another shape."),
}
router = APIRouter(route_class=AccessRoute, tags=["questions"])


# Not async: FastAPI runs it on a thread, as grouping takes a while.
@router.get("/gaps", responses={**_NAMING, 200: {"model": GapsOut, "content": {_MARKDOWN: {}}}}, response_model=GapsOut)
def list_gaps(
    request: Request,
    questions: QuestionsDep,
    settings: SettingsDep,
    days: Annotated[int | None, Query(ge=1, le=36_500, description="Only the last days.")] = None,
    top: Annotated[int, Query(ge=1, le=1000, description="Gaps to show.")] = 10,
    question: Annotated[str | None, Query(max_length=8000, description="The gap that holds it alone.")] = None,
) -> GapsOut | Response:
    """What was asked and the docs did not answer, grouped by meaning; as issues with `Accept: text/markdown`."""
    since_s = time.time() - days * DAY_S if days else 0
    asked = asked_questions(require_questions(questions).read(since_s))
    gaps = listed(asked, settings.models.threads, top, name=question)
    if _MARKDOWN in request.headers.get("accept", ""):
        return PlainTextResponse(gaps_markdown(gaps), media_type=f"{_MARKDOWN}; charset=utf-8")
    return gaps


@router.post("/gaps/dismiss", responses=_WITH_BODY)
def dismiss_gap(body: GapIn, questions: QuestionsDep, settings: SettingsDep) -> DismissedOut:
    """Leave a gap out until one of its questions is asked again."""
    return dismiss(require_questions(questions), settings.models.threads, body.question)[1]


@router.post("/gaps/resolve", responses={**_WITH_BODY, **UNAVAILABLE})
async def resolve_gap(body: GapIn, questions: QuestionsDep, settings: SettingsDep, service: ServiceDep) -> ResolvedOut:
    """Ask the questions of a gap again, and leave out those that the docs answer by now."""
    log = require_questions(questions)

    def work(engine: Engine) -> ResolvedOut:
        return resolve(log, settings.models.threads, body.question, engine, settings.search.top_k)

    return await service.run(work)
