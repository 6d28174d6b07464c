"""What routes ask for, as `Annotated` aliases; all of it lies in the application's state."""

import asyncio
from typing import Annotated

from fastapi import Depends, Request

from footnote.app.core.errors import FeedbackOffError
from footnote.app.core.settings import Settings
from footnote.app.questions.question_log import QuestionLog
from footnote.app.reading.library import Library
from footnote.app.service.jobs import Jobs
from footnote.app.service.keeping import Keeping
from footnote.app.service.seen import Seen
from footnote.app.service.service import Service
from footnote.app.sharing.store import AnswerStore


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def _service(request: Request) -> Seen:
    """As the caller sees it; a route that asked nobody who they are has none."""
    service: Service = request.app.state.service
    return Seen(service, request.state.limits)


def _own_service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


def _questions(request: Request) -> QuestionLog | None:
    questions: QuestionLog | None = request.app.state.questions
    return questions


def _keeping(request: Request) -> Keeping:
    keeping: Keeping = request.app.state.keeping
    return keeping


def _jobs(request: Request) -> Jobs:
    jobs: Jobs = request.app.state.jobs
    return jobs


def _answers(request: Request) -> AnswerStore | None:
    answers: AnswerStore | None = request.app.state.answers
    return answers


def _library(request: Request) -> Library:
    library: Library = request.app.state.library
    return library.limited(request.state.limits)


def _rendering(request: Request) -> asyncio.Semaphore:
    rendering: asyncio.Semaphore = request.app.state.rendering
    return rendering


SettingsDep = Annotated[Settings, Depends(_settings)]
ServiceDep = Annotated[Seen, Depends(_service)]
# For what everybody may know.
OwnServiceDep = Annotated[Service, Depends(_own_service)]
QuestionsDep = Annotated[QuestionLog | None, Depends(_questions)]
KeepingDep = Annotated[Keeping, Depends(_keeping)]
JobsDep = Annotated[Jobs, Depends(_jobs)]
AnswerStoreDep = Annotated[AnswerStore | None, Depends(_answers)]
LibraryDep = Annotated[Library, Depends(_library)]
RenderingDep = Annotated[asyncio.Semaphore, Depends(_rendering)]


def require_questions(questions: QuestionLog | None) -> QuestionLog:
    """The log of questions.

    Raises:
        FeedbackOffError: the settings ask for none.
    """
    if questions is None:
        raise FeedbackOffError("no questions are kept here: set FOOTNOTE_KEEP_QUESTIONS=true and restart the service")
    return questions
