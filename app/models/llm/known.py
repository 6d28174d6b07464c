"""known: until when a model answers, and what follows it."""

from datetime import date
from typing import NamedTuple


class Lifetime(NamedTuple):
    """The last day of a model, and what its maker names in its place."""

    model: str
    ends: date | None
    successor: str | None


def lifetime(model: str) -> Lifetime | None:
    """What is known of a model."""
    return Lifetime(model, date(2027, 1, 14), "gpt-6-luna") if model == "gpt-4o" else None
