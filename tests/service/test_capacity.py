"""Capacity: a bounded queue in front of the worker threads."""

import asyncio
import threading

import pytest

from footnote.app.core.errors import OverCapacityError
from footnote.app.service.capacity import Capacity


async def until(condition):
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.001)


@pytest.fixture
def gate():
    """Holds up the work until it is set; set at the end, so that no thread is left behind."""
    event = threading.Event()
    yield event
    event.set()


def test_one_works_one_waits_and_the_third_is_turned_away(gate):
    async def scenario():
        capacity = Capacity(workers=1, queue=1)
        first = asyncio.create_task(capacity.run(lambda: gate.wait(30) and "first"))
        second = asyncio.create_task(capacity.run(lambda: "second"))
        await asyncio.sleep(0)
        with pytest.raises(
            OverCapacityError, match="2 questions are being answered or waiting: try again in"
        ) as raised:
            await capacity.run(lambda: "third")
        assert raised.value.retry_after_s >= 1
        gate.set()
        assert await asyncio.gather(first, second) == ["first", "second"]
        # Both places are free again.
        assert await asyncio.gather(*(capacity.run(lambda: "later") for _ in range(2))) == ["later", "later"]
        capacity.close()

    asyncio.run(scenario())


def test_as_many_as_there_are_workers_run_at_the_same_time():
    async def scenario():
        capacity, together = Capacity(workers=2, queue=0), threading.Barrier(2, timeout=10)
        await asyncio.gather(capacity.run(together.wait), capacity.run(together.wait))
        capacity.close()

    asyncio.run(scenario())


def test_the_event_loop_goes_on_while_work_blocks(gate):
    async def scenario():
        capacity = Capacity(workers=1, queue=0)
        work = asyncio.create_task(capacity.run(lambda: gate.wait(30)))
        await asyncio.sleep(0)
        gate.set()  # reached only if the loop is free
        assert await work
        capacity.close()

    asyncio.run(scenario())


def test_failed_work_frees_its_place_and_says_why():
    async def scenario():
        capacity = Capacity(workers=1, queue=0)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                await capacity.run(lambda: 1 / 0)
        assert await capacity.run(lambda: "fine") == "fine"
        capacity.close()

    asyncio.run(scenario())


def test_a_caller_that_gives_up_waiting_frees_its_place_and_its_work_is_not_done(gate):
    async def scenario():
        capacity, done = Capacity(workers=1, queue=1), []
        first = asyncio.create_task(capacity.run(lambda: gate.wait(30)))
        waiting = asyncio.create_task(capacity.run(lambda: done.append("abandoned")))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        third = asyncio.create_task(capacity.run(lambda: done.append("third")))
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(first, third)
        assert done == ["third"]
        capacity.close()

    asyncio.run(scenario())


def test_abandoned_work_that_runs_already_keeps_its_place_until_it_ends(gate):
    async def scenario():
        capacity, started = Capacity(workers=1, queue=0), threading.Event()
        running = asyncio.create_task(capacity.run(lambda: (started.set(), gate.wait(30))))
        await until(started.is_set)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        with pytest.raises(OverCapacityError):
            await capacity.run(lambda: "too early")
        gate.set()

        async def try_again():
            while True:
                try:
                    return await capacity.run(lambda: "in time")
                except OverCapacityError:
                    await asyncio.sleep(0.001)

        assert await asyncio.wait_for(try_again(), 10) == "in time"
        capacity.close()

    asyncio.run(scenario())


def test_a_stream_gives_what_the_work_gives_as_it_does(gate):
    async def scenario():
        capacity = Capacity(workers=1, queue=0)

        def work(stop):
            yield 1
            gate.wait(30)
            yield 2

        stream = capacity.stream(work)
        assert await anext(stream) == 1
        gate.set()
        assert [one async for one in stream] == [2]
        assert await capacity.run(lambda: "free") == "free"
        capacity.close()

    asyncio.run(scenario())


def test_a_stream_that_nobody_listens_to_is_stopped(gate):
    async def scenario():
        capacity, stopped = Capacity(workers=1, queue=0), threading.Event()

        def work(stop):
            yield 1
            with stop.calling(stopped.set):
                stopped.wait(30)
            stop.check()
            yield 2

        stream = capacity.stream(work)
        assert await anext(stream) == 1
        await stream.aclose()
        assert stopped.wait(10)
        await until(lambda: capacity._inside == 0)
        capacity.close()

    asyncio.run(scenario())


def test_a_stream_that_fails_says_why_and_one_over_capacity_too(gate):
    async def scenario():
        capacity = Capacity(workers=1, queue=0)
        with pytest.raises(ZeroDivisionError):
            await anext(capacity.stream(lambda stop: iter([1 / 0])))
        await until(lambda: capacity._inside == 0)
        running = asyncio.create_task(capacity.run(lambda: gate.wait(30)))
        await asyncio.sleep(0)
        with pytest.raises(OverCapacityError):
            await anext(capacity.stream(lambda stop: iter([1])))
        gate.set()
        await running
        capacity.close()

    asyncio.run(scenario())
