"""A bounded queue in front of the worker threads: over capacity is an error, never a pile-up."""

import asyncio
import math
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TypeVar

from footnote.app.core.errors import OverCapacityError
from footnote.app.core.request_context import in_this_context
from footnote.app.core.stop import Stop, Stopped
from footnote.app.watching.metrics import Metrics

T = TypeVar("T")
_SMOOTHING = 0.2  # weight of the newest duration in the running mean


class Capacity:
    """Runs blocking work on `workers` threads, off the event loop; `queue` more may wait."""

    def __init__(self, workers: int, queue: int, metrics: Metrics | None = None) -> None:
        self._metrics = metrics or Metrics()
        self._workers = workers
        self._limit = workers + queue
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="query")
        self._lock = threading.Lock()
        self._inside = 0
        self._mean_s = 1.0

    async def run(self, work: Callable[[], T]) -> T:
        """The result of `work`.

        Raises:
            OverCapacityError: all workers are busy and the queue is full.
        """
        return await asyncio.wrap_future(self._submitted(work))

    async def stream(self, work: Callable[[Stop], Iterator[T]]) -> AsyncIterator[T]:
        """What `work` gives, as it gives it. Who stops listening frees the place, and `work` is told to stop.

        Raises:
            OverCapacityError: as for `run`.
        """
        loop, stop = asyncio.get_running_loop(), Stop()
        given: asyncio.Queue[T | None] = asyncio.Queue()

        def give(one: T | None) -> None:
            with suppress(RuntimeError):  # the loop is closed: nobody listens
                loop.call_soon_threadsafe(given.put_nowait, one)

        def pump() -> None:
            with suppress(Stopped):
                stop.check()
                for one in work(stop):
                    give(one)

        future = self._submitted(pump)
        future.add_done_callback(lambda _: give(None))
        try:
            while (one := await given.get()) is not None:
                yield one
            await asyncio.wrap_future(future)
        finally:
            stop.set()
            future.cancel()

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _submitted(self, work: Callable[[], T]) -> "Future[T]":
        with self._lock:
            if self._inside >= self._limit:
                self._metrics.over_capacity()
                wait_s = max(1, math.ceil(self._mean_s * self._inside / self._workers))
                raise OverCapacityError(
                    f"{self._inside} questions are being answered or waiting: try again in {wait_s} s", wait_s
                )
            self._inside += 1
        self._metrics.queued()
        future = self._pool.submit(in_this_context(partial(self._timed, work, time.perf_counter())))
        # Counted down when the work ends, not when the caller goes away: an abandoned question
        # that already runs still takes a worker; one that only waits is cancelled.
        future.add_done_callback(self._leave)
        return future

    def _timed(self, work: Callable[[], T], submitted: float) -> T:
        started = time.perf_counter()
        try:
            with self._metrics.at_work(started - submitted):
                return work()
        finally:
            with self._lock:
                self._mean_s += _SMOOTHING * (time.perf_counter() - started - self._mean_s)

    def _leave(self, future: "Future[T]") -> None:
        if future.cancelled():  # before a worker had it
            self._metrics.given_up()
        with self._lock:
            self._inside -= 1
