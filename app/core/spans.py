"""spans: the places where time is spent, for whoever traces; where nobody does, a span costs a look at a variable.

`app/watching/traces.py` sends them to OpenTelemetry. Stages name their spans here and know nothing of it.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Literal, TypeAlias

Value: TypeAlias = str | int | float | bool | tuple[str, ...]
SpanKind = Literal["internal", "client"]


class Span:
    """A place where time is spent; this one is recorded by nobody."""

    def set(self, name: str, value: Value | None) -> None:
        """Note a fact of it; None is none."""


# Name, kind, facts; and of what is over already, the milliseconds that it took until now.
Opener = Callable[[str, SpanKind, Mapping[str, Value], float], AbstractContextManager[Span]]

_NOWHERE = Span()
_opener: Opener | None = None
_headers: Callable[[], dict[str, str]] = dict
_shows_content = False


def open_spans_with(opener: Opener | None, headers: Callable[[], dict[str, str]] = dict, content: bool = False) -> None:
    """Record spans from now on; with None no more."""
    global _opener, _headers, _shows_content
    _opener, _headers, _shows_content = opener, headers, content and opener is not None


def span(
    name: str, facts: Mapping[str, Value] | None = None, kind: SpanKind = "internal"
) -> AbstractContextManager[Span]:
    """A span for the time of the block, below the one around it."""
    return nullcontext(_NOWHERE) if _opener is None else _opener(name, kind, facts or {}, 0.0)


def past_span(name: str, ms: float, facts: Mapping[str, Value] | None = None) -> None:
    """A span for what is over now and took so long in all, bit by bit beside something else."""
    if _opener is not None:
        with _opener(name, "internal", facts or {}, ms):
            pass


def trace_headers() -> dict[str, str]:
    """The headers by which a server that is asked here goes on with the trace; none where nobody traces."""
    return _headers()


def shows_content() -> bool:
    """Whether the words of questions and answers may be part of spans."""
    return _shows_content
