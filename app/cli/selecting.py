"""The kept answers that a command is about, and the options that select them."""

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from footnote.app.core.errors import IndexMissingError, SettingsError
from footnote.app.core.settings import Settings

if TYPE_CHECKING:
    from footnote.app.kept.answer_log import AnswerLog
    from footnote.app.kept.rows import Selection

_DAY_S = 86_400

Days = Annotated[int | None, typer.Option(min=1, help="Only answers of the last days.")]
Since = Annotated[str | None, typer.Option(metavar="DATE", help="Only answers since this day, such as 2026-11-01.")]
Liked = Annotated[bool, typer.Option("--liked", help="Only those of which a reader said that they helped.")]
Disliked = Annotated[bool, typer.Option("--disliked", help="Only those of which a reader said that they did not.")]
Refused = Annotated[bool, typer.Option("--refused", help="Only those that say that the docs do not say.")]
Answered = Annotated[bool, typer.Option("--answered", help="Only the others.")]
Supported = Annotated[bool, typer.Option("--supported", help="Only those whose every sentence is supported.")]
Mode = Annotated[Literal["extractive", "llm"] | None, typer.Option(help="Only quotes, or what a model wrote.")]
Model = Annotated[str | None, typer.Option(help="Only of this model, as `list` names it.")]
InArm = Annotated[Literal["A", "B"] | None, typer.Option("--arm", help="Only of this arm (FOOTNOTE_LLM_SPLIT).")]
Contains = Annotated[str | None, typer.Option(metavar="TEXT", help="Only with this text in any of their texts.")]
Page = Annotated[str | None, typer.Option("--path", help="Only with a passage of this page.")]


def selection(
    days: int | None,
    since: str | None,
    liked: bool,
    disliked: bool,
    refused: bool,
    answered: bool,
    supported: bool,
    mode: str | None,
    model: str | None,
    arm: Literal["A", "B"] | None,
    contains: str | None,
    path: str | None,
) -> "Selection":
    """What the options select.

    Raises:
        SettingsError: two of them exclude each other, or the date is none.
    """
    if (liked and disliked) or (refused and answered):
        raise SettingsError("these exclude each other: --liked and --disliked, --refused and --answered")
    from footnote.app.kept.rows import Selection

    return Selection(
        since_s=since_s(days, since, time.time()),
        liked=True if liked else False if disliked else None,
        refused=True if refused else False if answered else None,
        supported=True if supported else None,
        mode=mode,
        model=model,
        arm=arm,
        contains=contains,
        path=path,
    )


def since_s(days: int | None, since: str | None, now_s: float) -> float:
    """The time from which on is selected, in seconds since 1970; 0 where neither is given.

    Raises:
        SettingsError: both are given, or the date is none.
    """
    if days and since:
        raise SettingsError("--days and --since exclude each other")
    if days:
        return now_s - days * _DAY_S
    if not since:
        return 0
    try:
        day = datetime.fromisoformat(since)
    except ValueError as error:
        raise SettingsError(
            f"--since {since}: write a day or a time, such as 2026-11-01 or 2026-11-01T08:00"
        ) from error
    return (day if day.tzinfo else day.replace(tzinfo=UTC)).timestamp()


def answer_log_of(settings: Settings) -> "AnswerLog":
    """The kept answers, also where no more are to be kept.

    Raises:
        IndexMissingError: there is no such index folder, so that nobody takes a slip for an empty log.
    """
    from footnote.app.kept.answer_log import AnswerLog

    folder = settings.folders.index_dir
    if not folder.is_dir():
        raise IndexMissingError(f"no index in {folder}: name its folder with --index-dir")
    return AnswerLog(folder, settings.kept_answers.days)
