"""own_loop: work on one event loop of the process, for callers on any thread and on any loop.

Connections and tasks belong to the loop that made them; those of the callers come and go, as with each `asyncio.run`.
"""

import asyncio
import atexit
import os
import threading
import weakref
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from concurrent.futures import Future
from contextlib import aclosing, suppress
from queue import SimpleQueue
from typing import Any, TypeAlias, TypeVar

T = TypeVar("T")
# What a stream gives: one of its values, how it failed, or None at its end.
_Given: TypeAlias = tuple[T] | BaseException | None
_LAST_S = 2.0  # that the end of the process may wait; a round number


def started(work: Coroutine[Any, Any, T]) -> "asyncio.Future[T]":
    """The work, begun, for a caller on another loop; cancelling the future cancels the work."""
    return asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, own_loop()))


def waited(work: Coroutine[Any, Any, T]) -> T:
    """What comes of the work, for a caller that can only wait; what interrupts the wait cancels the work."""
    future = asyncio.run_coroutine_threadsafe(work, own_loop())
    try:
        return future.result()
    finally:
        future.cancel()


def streamed(values: AsyncGenerator[T, None]) -> Generator[T, None, None]:
    """The values, as they come, for a caller that can only wait; closing it cancels the work on them."""
    given: SimpleQueue[_Given[T]] = SimpleQueue()
    pumping = asyncio.run_coroutine_threadsafe(_pump(values, given.put), own_loop())
    try:
        while (one := _taken(given.get())) is not None:
            yield one[0]
    finally:
        pumping.cancel()


async def astreamed(values: AsyncGenerator[T, None]) -> AsyncGenerator[T, None]:
    """The same for a caller on another loop."""
    loop = asyncio.get_running_loop()
    given: asyncio.Queue[_Given[T]] = asyncio.Queue()

    def put(one: _Given[T]) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody listens
            loop.call_soon_threadsafe(given.put_nowait, one)

    pumping = asyncio.run_coroutine_threadsafe(_pump(values, put), own_loop())
    try:
        while (one := _taken(await given.get())) is not None:
            yield one[0]
    finally:
        pumping.cancel()


def closed_with(owner: object, close: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Close what the owner has on the loop once nothing holds the owner any more, or when the process ends."""

    # The collector may call it anywhere, also where this thread begins the loop: it must not wait for that.
    def let_go() -> "Future[None] | None":
        return asyncio.run_coroutine_threadsafe(close(), _loop) if _loop else None

    closing = weakref.finalize(owner, let_go)
    closing.atexit = False
    pid = os.getpid()

    # To wait for it is safe at the end alone: what lets go of the owner may be the loop.
    @atexit.register
    def end() -> None:
        ended = closing() if os.getpid() == pid else None
        if ended:
            with suppress(TimeoutError):
                ended.result(_LAST_S)


def own_loop() -> asyncio.AbstractEventLoop:
    """The loop, on a thread that ends with the process."""
    global _loop
    # Without the lock once it is there.
    if (loop := _loop) is None:
        with _beginning:
            if (loop := _loop) is None:
                loop = asyncio.new_event_loop()
                threading.Thread(target=loop.run_forever, name="footnote", daemon=True).start()
                _loop = loop
    return loop


_loop: asyncio.AbstractEventLoop | None = None
_beginning = threading.Lock()


def _forget() -> None:
    """In a process that was forked the thread is not there, and the lock may be held for ever."""
    global _beginning, _loop
    _beginning, _loop = threading.Lock(), None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


async def _pump(values: AsyncGenerator[T, None], put: Callable[[_Given[T]], object]) -> None:
    try:
        async with aclosing(values):
            async for value in values:
                put((value,))
        put(None)
    except BaseException as error:
        put(error)
        if not isinstance(error, Exception):
            raise


def _taken(given: _Given[T]) -> tuple[T] | None:
    if isinstance(given, BaseException):
        raise given
    return given
