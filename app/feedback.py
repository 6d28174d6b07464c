"""The route by which readers say whether an answer helped."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from app.core.settings import Settings
from app.engine import checked_question
from app.problems import FeedbackOffError, problem_doc
from app.question_log import Heading, QuestionLog
from app.schemas import FeedbackIn

_RESPONSES: dict[int | str, dict[str, Any]] = {
    403: problem_doc("Nothing is kept: FOOTNOTE_KEEP_QUESTIONS is off."),
    413: problem_doc("The body is too large."),
    422: problem_doc("The question is empty or too long, or the body has another shape."),
    500: problem_doc("The index folder cannot be written."),
}
router = APIRouter(tags=["questions"])


def _questions(request: Request) -> QuestionLog | None:
    questions: QuestionLog | None = request.app.state.questions
    return questions


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


QuestionsDep = Annotated[QuestionLog | None, Depends(_questions)]


# Not async: FastAPI runs it on a thread, as it waits for the disk and perhaps for another process.
@router.post("/feedback", status_code=204, responses=_RESPONSES)
def give_feedback(body: FeedbackIn, questions: QuestionsDep, settings: Annotated[Settings, Depends(_settings)]) -> None:
    """Say whether an answer helped; those that did not are shown by `footnote gaps`."""
    if questions is None:
        raise FeedbackOffError("no questions are kept here: set FOOTNOTE_KEEP_QUESTIONS=true and restart the service")
    question = checked_question(body.question, settings.max_question_chars)
    cited = tuple(Heading(cited.path, tuple(cited.heading_path)) for cited in body.citations)
    questions.keep_feedback(question, body.helpful, cited, body.answer, body.comment)
