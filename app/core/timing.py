"""How long something took."""

import time
from collections.abc import Callable, Mapping
from typing import TypeVar

from footnote.app.core.spans import Value, span

T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """The result of the work and the milliseconds it took."""
    started = time.perf_counter()
    result = work()
    return result, (time.perf_counter() - started) * 1000


def staged(stage: str, work: Callable[[], T], facts: Mapping[str, Value] | None = None) -> tuple[T, float]:
    """The same of a stage, which is a span for whoever traces."""
    with span(stage, facts):
        return timed(work)
