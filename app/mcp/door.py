"""door: what the tools and the resources ask."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from footnote.app.core.setting_groups import LinkSettings
from footnote.app.mcp.pages import Pages
from footnote.app.questions.question_log import QuestionLog
from footnote.app.service.service import Service


@dataclass(frozen=True, slots=True)
class Door:
    """The same parts that HTTP has.

    Attributes:
        service: gives the service; on stdio it waits until that is ready.
        pages: the pages of the live generation, which need no models.
        links: how the docs site is reached.
        questions: where refusals are kept; None where the settings ask for none.
    """

    service: Callable[[], Awaitable[Service]]
    pages: Pages
    links: LinkSettings
    questions: QuestionLog | None
