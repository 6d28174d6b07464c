"""Work on our own loop, for callers that go away."""

import asyncio
import signal
import threading
import time

import pytest

from footnote.app.langchain.own_loop import streamed, waited
from tests.serving import until


class Interrupted(BaseException):
    """What Ctrl-C raises, told from that of whoever runs the tests."""


@pytest.fixture
def interrupt():
    """Interrupts the main thread once the event is set, as Ctrl-C does."""

    def raise_it(number, frame):
        raise Interrupted

    before = signal.signal(signal.SIGUSR1, raise_it)
    begun = threading.Event()

    def send():
        begun.wait()
        time.sleep(0.5)  # until the main thread, which began the work, waits for it
        signal.pthread_kill(threading.main_thread().ident, signal.SIGUSR1)

    threading.Thread(target=send, daemon=True).start()
    yield begun
    signal.signal(signal.SIGUSR1, before)


def work(begun, ended):
    async def values():
        try:
            begun.set()
            await asyncio.sleep(600)
            yield 1
        finally:
            ended.set()

    return values()


def test_an_interrupted_wait_ends_the_work(interrupt):
    ended = threading.Event()
    with pytest.raises(Interrupted):
        waited(anext_of(work(interrupt, ended)))
    until(ended.is_set)


def test_an_interrupted_stream_ends_the_work(interrupt):
    ended = threading.Event()
    with pytest.raises(Interrupted):
        next(streamed(work(interrupt, ended)))
    until(ended.is_set)


async def anext_of(values):
    return await anext(values)
