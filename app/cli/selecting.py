"""The options that select kept answers."""

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from footnote.app.core.errors import SettingsError

if TYPE_CHECKING:
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
    contains: str | None,
    path: str | None,
) -> "Selection":
    """What the options select.

    Raises:
        SettingsError: two of them exclude each other, or the date is none.
    """
    if (liked and disliked) or (refused and answered) or (days and since):
        raise SettingsError(
            "these exclude each other: --liked and --disliked, --refused and --answered, --days and --since"
        )
    from footnote.app.kept.rows import Selection

    return Selection(
        since_s=time.time() - days * _DAY_S if days else _day_s(since) if since else 0,
        liked=True if liked else False if disliked else None,
        refused=True if refused else False if answered else None,
        supported=True if supported else None,
        mode=mode,
        model=model,
        contains=contains,
        path=path,
    )


def _day_s(since: str) -> float:
    try:
        day = datetime.fromisoformat(since)
    except ValueError as error:
        raise SettingsError(
            f"--since {since}: write a day or a time, such as 2026-11-01 or 2026-11-01T08:00"
        ) from error
    return (day if day.tzinfo else day.replace(tzinfo=UTC)).timestamp()
