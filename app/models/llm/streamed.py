"""streamed: what a chat model writes, as it writes it, on the thread that asks; a request can be cancelled at any time.

Only a task can be cancelled while it waits for the network, so one event loop of the process runs all requests.
"""

import asyncio
import threading
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from functools import cache
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, cast

from footnote.app.core.stop import Stop
from footnote.app.models.llm.families import SHAPES, without_refused

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk

_MOST_WAITING, _PAUSE_S = 256, 0.01
_AGAIN_S = 0.5  # until a request that was cancelled is cancelled again


def streamed(chat_model: "BaseChatModel", messages: Any, stop: Stop) -> "Iterator[AIMessageChunk]":
    """The chunks of the reply; a model that cannot stream gives all of it in one.

    One that refuses its temperature is asked again, and from then on, without.

    The request is cancelled when `stop` is set, and when the iterator is closed.

    Raises:
        Stopped: `stop` is set.
        Exception: what the provider raises.
    """
    received: SimpleQueue[AIMessageChunk | BaseException | None] = SimpleQueue()

    is_over = threading.Event()

    async def pass_on() -> None:
        async with aclosing(cast("AsyncGenerator[AIMessageChunk, None]", chat_model.astream(messages))) as chunks:
            async for chunk in chunks:
                if is_over.is_set():  # until Python 3.12, `wait_for` may lose that it was cancelled
                    return
                received.put(chunk)
                # A server that writes faster than is read would keep the loop from all else, being cancelled too.
                await asyncio.sleep(_PAUSE_S if received.qsize() > _MOST_WAITING else 0)

    tasks: list[asyncio.Task[Any]] = []

    async def read() -> None:
        tasks.extend(filter(None, [asyncio.current_task()]))
        try:
            try:
                await pass_on()
            except Exception as error:
                if not drops_temperature(chat_model, error):
                    raise
                await pass_on()
        except BaseException as error:
            received.put(error)
            raise
        received.put(None)

    stop.check()
    loop = _loop()
    reading = asyncio.run_coroutine_threadsafe(read(), loop)

    def insist() -> None:
        for task in tasks:
            if not task.done():  # it lost that it was cancelled, as above, and may wait for a server that says nothing
                task.cancel()
                loop.call_later(_AGAIN_S, insist)

    def hang_up() -> None:
        reading.cancel()
        loop.call_soon_threadsafe(loop.call_later, _AGAIN_S, insist)

    try:
        with stop.calling(hang_up):
            while (got := received.get()) is not None:
                stop.check()
                if isinstance(got, BaseException):
                    raise got
                yield got
    finally:
        is_over.set()
        if not reading.done():
            hang_up()


def drops_temperature(chat_model: "BaseChatModel", error: Exception) -> bool:
    """Whether the model, of whatever provider, refused its temperature by this error; it has none from then on.

    Claude from Opus 4.7 on: "`temperature` is deprecated for this model."
    """
    shape = SHAPES["plain"]
    refused = without_refused(shape, str(error))
    if refused is None or refused.temperature or getattr(chat_model, "temperature", None) is None:
        return False
    chat_model.temperature = None  # type: ignore[attr-defined]
    return True


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="chat models", daemon=True).start()
    return loop
