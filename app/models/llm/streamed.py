"""streamed: what a chat model writes, as it writes it, on the thread that asks; a request can be cancelled at any time.

Only a task can be cancelled while it waits for the network, so one event loop of the process runs all requests.
"""

import asyncio
import threading
from collections.abc import Iterator
from functools import cache
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from footnote.app.core.stop import Stop

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk


def streamed(chat_model: "BaseChatModel", messages: Any, stop: Stop) -> "Iterator[AIMessageChunk]":
    """The chunks of the reply; a model that cannot stream gives all of it in one.

    The request is cancelled when `stop` is set, and when the iterator is closed.

    Raises:
        Stopped: `stop` is set.
        Exception: what the provider raises.
    """
    received: SimpleQueue[AIMessageChunk | BaseException | None] = SimpleQueue()

    async def read() -> None:
        try:
            async for chunk in chat_model.astream(messages):
                received.put(chunk)
        except BaseException as error:
            received.put(error)
            raise
        received.put(None)

    stop.check()
    reading = asyncio.run_coroutine_threadsafe(read(), _loop())
    try:
        with stop.calling(reading.cancel):
            while (got := received.get()) is not None:
                stop.check()
                if isinstance(got, BaseException):
                    raise got
                yield got
    finally:
        reading.cancel()


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="chat models", daemon=True).start()
    return loop
