"""The route by which readers say whether an answer helped."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from footnote.app.engine.engine import checked_question
from footnote.app.http.access import AccessRoute
from footnote.app.http.choosing import ChoiceDep
from footnote.app.http.problems import problem_doc
from footnote.app.questions.question_log import Heading
from footnote.app.schemas.feedback import FeedbackIn

_RESPONSES: dict[int | str, dict[str, Any]] = {
    403: problem_doc("Nothing is kept: FOOTNOTE_KEEP_QUESTIONS and FOOTNOTE_KEEP_ANSWERS are off."),
    413: problem_doc("The body is too large."),
    415: problem_doc("The body is not sent as `application/json`."),
    422: problem_doc("The question is empty or too long, or the body has another shape."),
    500: problem_doc("The index folder cannot be written."),
}
router = APIRouter(route_class=AccessRoute, tags=["questions"])


# Not async: FastAPI runs it on a thread, as it waits for the disk and perhaps for another process.
@router.post("/feedback", status_code=204, responses=_RESPONSES)
def give_feedback(
    body: FeedbackIn,
    choice: ChoiceDep,
    # As other routes have it; the body's own is the one that is described.
    collection: Annotated[str | None, Query(max_length=100, include_in_schema=False)] = None,
) -> None:
    """Say whether an answer helped; those that did not are shown by `footnote gaps`.

    Where answers are kept (FOOTNOTE_KEEP_ANSWERS), it is kept beside the answer with this question and text. Of an
    answer from several collections it is kept by the one that is cited first, and without a citation by each.
    """
    of = body.collection or collection or next((one.collection for one in body.citations if one.collection), None)
    for name, one in choice.some(of).items():
        hosted = one.hosted
        hosted.keeping.require()
        question = checked_question(body.question, hosted.settings.service.max_question_chars)
        own = [cited for cited in body.citations if cited.collection in (None, name)]
        cited = tuple(Heading(cited.path, tuple(cited.heading_path)) for cited in own)
        hosted.keeping.keep_word(question, body.helpful, cited, body.answer, body.comment)
