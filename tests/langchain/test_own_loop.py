"""Work on our own loop, for callers that go away."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from footnote.app.langchain.own_loop import streamed, waited
from tests.langchain.conftest import ready
from tests.serving import PATIENCE_S, ROOT, until


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


def ended(program):
    """What a program of its own printed, which ended well."""
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, timeout=PATIENCE_S)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_threads_that_begin_at_once_share_the_loop():
    program = """
import threading
from concurrent.futures import ThreadPoolExecutor
from footnote.app.langchain.own_loop import own_loop
at_once = threading.Barrier(16)
with ThreadPoolExecutor(16) as pool:
    print(len({*pool.map(lambda _: (at_once.wait(), own_loop())[1], range(16))}))
"""
    assert {ended(program) for _ in range(5)} == {"1\n"}


def test_what_is_let_go_while_the_loop_begins_does_not_wait_for_it():
    program = """
import asyncio
from footnote.app.langchain import own_loop
class Owner: pass
async def close(): pass
owner = Owner()
own_loop.closed_with(owner, close)
new_event_loop = asyncio.new_event_loop
def collecting():
    global owner
    owner = None
    return new_event_loop()
asyncio.new_event_loop = collecting
print(own_loop.own_loop() is own_loop.own_loop())
"""
    assert ended(program) == "True\n"


@pytest.mark.parametrize("part", ["FootnoteChain", "FootnoteRetriever"])
def test_a_batch_can_be_the_first_that_is_asked(part, guide_index):
    program = f"""
from footnote.app.langchain import {part}
part = {part}(index_dir={str(guide_index.index_dir)!r})
print(len(part.batch(["Which port does Relay listen on?"] * 16)))
"""
    assert ended(program) == "16\n"


FORK = """
import multiprocessing
from footnote.app.core.errors import FootnoteError
from footnote.app.langchain import FootnoteChain
chain = FootnoteChain({})
def ask():
    try:
        print("7070" in chain.invoke("Which port does Relay listen on?").text, flush=True)
    except FootnoteError as error:
        print(error, flush=True)
{}
child = multiprocessing.get_context("fork").Process(target=ask)
child.start()
child.join()
"""


def test_a_forked_process_asks_a_service_or_for_the_first_time_or_says_that_it_cannot(guide_index, serve):
    here, there = f"index_dir={str(guide_index.index_dir)!r}", f"url={ready(serve(index_dir=guide_index.index_dir))!r}"
    assert ended(FORK.format(there, "ask()")) == "True\nTrue\n"
    assert ended(FORK.format(here, "")) == "True\n"
    said = ended(FORK.format(here, "ask()"))
    assert said.startswith("True\nthis process was forked from one that had asked already")


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
