"""The routes that say what the docs lack; off unless FOOTNOTE_ADMIN_KEY is set, as they show what people asked."""

import time
from typing import Annotated, Any

from fastapi import APIRouter, Query

from footnote.app.core.errors import FeedbackOffError, QuestionError
from footnote.app.engine.engine import Engine
from footnote.app.http.dependencies import QuestionsDep, ServiceDep, SettingsDep
from footnote.app.http.keys import KEY_ERRORS, KEY_SCHEME, KeyRoute
from footnote.app.http.problems import UNAVAILABLE, problem_doc
from footnote.app.questions.gaps import Gap, asked_questions, bundled_embedder, find_gaps, named_gap
from footnote.app.questions.question_log import QuestionLog
from footnote.app.schemas.gaps import DismissedOut, GapIn, GapOut, GapsOut, ResolvedOut

_DAY_S = 86_400
_ERRORS: dict[int | str, dict[str, Any]] = {
    **KEY_ERRORS,
    403: problem_doc("No key is set (FOOTNOTE_ADMIN_KEY), or no questions are kept (FOOTNOTE_KEEP_QUESTIONS)."),
    500: problem_doc("The kept questions cannot be read."),
}
_DISMISSING: dict[int | str, dict[str, Any]] = {
    413: problem_doc("The body is too large."),
    415: problem_doc("The body is not sent as `application/json`."),
    422: problem_doc("No gap has this question, or the body has another shape."),
}
router = APIRouter(route_class=KeyRoute, dependencies=[KEY_SCHEME], responses=_ERRORS, tags=["questions"])


# Not async: FastAPI runs them on a thread, as they wait for the disk and for the embedder.
@router.get("/gaps")
def gaps(
    questions: QuestionsDep,
    settings: SettingsDep,
    days: Annotated[
        int | None, Query(ge=1, le=3650, description="Only questions of the last days; all without.")
    ] = None,
    top: Annotated[int, Query(ge=1, le=200, description="Gaps to return.")] = 20,
) -> GapsOut:
    """What was asked and the docs did not answer, in groups of one meaning, the most asked first."""
    found = _found(questions, settings.models.threads, time.time() - days * _DAY_S if days else 0)
    return GapsOut(
        count=sum(gap.count for gap in found),
        questions=sum(gap.questions for gap in found),
        answered_now=None,
        not_judged=None,
        gaps=[GapOut.model_validate(gap) for gap in found[:top]],
        not_shown=max(0, len(found) - top),
    )


@router.post("/gaps/dismiss", responses=_DISMISSING)
def dismiss(questions: QuestionsDep, settings: SettingsDep, body: GapIn) -> DismissedOut:
    """Leave a gap out until one of its questions is asked again."""
    gap = named_gap(_found(questions, settings.models.threads), body.question)
    assert questions
    dismissed = questions.dismiss({spelling for question in gap.asked for spelling in question.spellings})
    return DismissedOut(question=gap.question, questions=gap.questions, dismissed=dismissed)


@router.post("/gaps/resolve", responses={**_DISMISSING, **UNAVAILABLE})
async def resolve(questions: QuestionsDep, settings: SettingsDep, service: ServiceDep, body: GapIn) -> ResolvedOut:
    """Ask the questions of a gap again, and leave out those that the docs answer by now."""

    def work(engine: Engine) -> ResolvedOut:
        gap = named_gap(_found(questions, settings.models.threads), body.question)
        answered = [one for one in gap.asked if one.refused_by_gate and _is_let_through(engine, one.question)]
        assert questions
        questions.dismiss({spelling for one in answered for spelling in one.spellings})
        left = [one for one in gap.asked if one not in answered]
        return ResolvedOut(
            question=gap.question,
            answered=[one.question for one in answered],
            unanswered=[one.question for one in left if one.refused_by_gate],
            not_judged=[one.question for one in left if not one.refused_by_gate],
        )

    return await service.run(work)


def _is_let_through(engine: Engine, question: str) -> bool:
    try:
        return engine.lets_through(question)
    except QuestionError:  # too long by now
        return False


def _found(questions: QuestionLog | None, threads: int, since_s: float = 0) -> list[Gap]:
    if questions is None:
        raise FeedbackOffError("no questions are kept here: set FOOTNOTE_KEEP_QUESTIONS=true and restart the service")
    asked = asked_questions(questions.read(since_s))
    return find_gaps(asked, bundled_embedder(threads)) if asked else []
