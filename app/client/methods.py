"""methods: a function that makes a call, as a method of a client that sends it; type checkers see its parameters."""

import inspect
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, get_args

from footnote.app.client.reading import Call, R
from footnote.app.schemas.answers import AnswerOut
from footnote.app.schemas.events import QueryEvent

P = ParamSpec("P")
_STREAMS = """What happens while the question is answered, as it happens; the last is the whole answer.

It takes what `ask` takes. Closing it ends the work on the answer.

Raises:
    ServiceError: the answer failed or broke off; what came before is not to be used.
"""


class Sends(Protocol):
    """A client."""

    def send(self, call: Call[R], /) -> R: ...
    def send_stream(self, call: Call[AnswerOut], /) -> Generator[QueryEvent, None, None]: ...


class SendsAsync(Protocol):
    """A client of asyncio."""

    async def send(self, call: Call[R], /) -> R: ...
    def send_stream(self, call: Call[AnswerOut], /) -> AsyncGenerator[QueryEvent, None]: ...


def plain(make: Callable[P, Call[R]]) -> Callable[Concatenate[Sends, P], R]:
    """A method that gives what the call gives."""

    @wraps(make)
    def send(self: Sends, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return self.send(make(*args, **kwargs))

    _described(send, make)
    return send


def stream(make: Callable[P, Call[AnswerOut]]) -> Callable[Concatenate[Sends, P], Generator[QueryEvent, None, None]]:
    """A method that gives what happens meanwhile."""

    @wraps(make)
    def send(self: Sends, /, *args: P.args, **kwargs: P.kwargs) -> Generator[QueryEvent, None, None]:
        return self.send_stream(make(*args, **kwargs))

    _described(send, make, streams=True)
    return send


def plain_async(make: Callable[P, Call[R]]) -> Callable[Concatenate[SendsAsync, P], Coroutine[Any, Any, R]]:
    """As `plain`, for asyncio."""

    @wraps(make)
    async def send(self: SendsAsync, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await self.send(make(*args, **kwargs))

    _described(send, make)
    return send


def stream_async(
    make: Callable[P, Call[AnswerOut]],
) -> Callable[Concatenate[SendsAsync, P], AsyncGenerator[QueryEvent, None]]:
    """As `stream`, for asyncio."""

    @wraps(make)
    def send(self: SendsAsync, /, *args: P.args, **kwargs: P.kwargs) -> AsyncGenerator[QueryEvent, None]:
        return self.send_stream(make(*args, **kwargs))

    _described(send, make, streams=True)
    return send


def _described(send: Callable[..., Any], make: Callable[..., Any], streams: bool = False) -> None:
    """Give what sends the parameters and the description of what makes the call, for `help`."""
    made = inspect.signature(make)
    (result,) = get_args(made.return_annotation)
    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
    signature = made.replace(parameters=[own, *made.parameters.values()])
    send.__signature__ = signature.replace(return_annotation=QueryEvent if streams else result)  # type: ignore[attr-defined]
    if streams:
        send.__name__, send.__doc__ = "stream", _STREAMS
