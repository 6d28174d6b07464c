"""What routes ask for, as `Annotated` aliases: of the one collection that a request is about, as its caller sees it."""

import asyncio
from typing import Annotated

from fastapi import Depends, Request

from footnote.app.collections.hosting import Hosting
from footnote.app.core.errors import FeedbackOffError
from footnote.app.core.settings import Settings
from footnote.app.http.choosing import OneDep
from footnote.app.questions.question_log import QuestionLog
from footnote.app.reading.library import Library
from footnote.app.service.jobs import Jobs
from footnote.app.service.seen import Seen


def _settings(one: OneDep) -> Settings:
    return one.hosted.settings


def _service(one: OneDep) -> Seen:
    """As the caller sees it."""
    return Seen(one.hosted.service, one.limits)


def _hosting(request: Request) -> Hosting:
    hosting: Hosting = request.app.state.collections
    return hosting


def _questions(one: OneDep) -> QuestionLog | None:
    return one.hosted.keeping.questions


def _jobs(one: OneDep) -> Jobs:
    return one.hosted.jobs


def _library(one: OneDep) -> Library:
    return one.hosted.library.limited(one.limits)


def _rendering(request: Request) -> asyncio.Semaphore:
    rendering: asyncio.Semaphore = request.app.state.rendering
    return rendering


SettingsDep = Annotated[Settings, Depends(_settings)]
ServiceDep = Annotated[Seen, Depends(_service)]
# For what everybody may know.
HostingDep = Annotated[Hosting, Depends(_hosting)]
QuestionsDep = Annotated[QuestionLog | None, Depends(_questions)]
JobsDep = Annotated[Jobs, Depends(_jobs)]
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
