"""workers: the workers of a cluster, each with little ahead; what one that is lost had to do is done by another.

A result is taken once: whatever a lost worker may still give is not looked at.
"""

import time
from collections import deque
from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from footnote.app.core.errors import ClusterError, FootnoteError
from footnote.ingest.cluster.worker import Identity, Worker

Task = TypeVar("Task")

_AHEAD = 2  # tasks a worker has, so that it never waits for the next one
_LOOK_S = 1.0  # between two looks at what may have been lost
_START_S = 60.0  # without any worker
_LOSSES = 3  # a task that is lost so often is what ends the workers


@dataclass(slots=True)
class _Job(Generic[Task]):
    number: int
    task: Task
    losses: int = 0


class _Jobs(Generic[Task]):
    """What is to be done, what was lost first."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self._coming = (_Job(number, task) for number, task in enumerate(tasks))
        self._first: deque[_Job[Task]] = deque()

    def take(self) -> "_Job[Task] | None":
        """The next one, if there is one."""
        return self._first.popleft() if self._first else next(self._coming, None)

    def put_back(self, job: "_Job[Task]") -> None:
        self._first.append(job)

    def are_done(self) -> bool:
        """Whether there is no next one."""
        job = self.take()
        if job:
            self._first.appendleft(job)
        return job is None


@dataclass(slots=True, eq=False)
class _Actor:
    """A worker and what it is doing, by the references of the results."""

    handle: Any
    doing: dict[Any, _Job[Any]] = field(default_factory=dict)


class Workers:
    """Up to so many workers, wherever there are processors; those of a lost machine start elsewhere, if they can.

    Args:
        ray: the module, connected.
        count: how many; by default one for each processor that the cluster has when there is something to do.
        expected: what each of them must be.
        arguments: of `Worker`.
    """

    def __init__(self, ray: Any, count: int | None, expected: Identity, arguments: tuple[Any, ...]) -> None:
        self._ray = ray
        self._expected = expected
        self._arguments = arguments
        self._remote = ray.remote(num_cpus=1, max_restarts=0, max_task_retries=0)(Worker)
        self._ready: list[_Actor] = []
        self._starting: dict[Any, _Actor] = {}
        self._count = count
        self._had_some_at = 0.0
        self.lost = 0

    def close(self) -> None:
        """End them all."""
        for actor in (*self._ready, *self._starting.values()):
            self._kill(actor)

    def done(
        self, tasks: Iterable[Task], begin: Callable[[Any, Task], Any]
    ) -> Generator[tuple[int, Task, Any], None, None]:
        """Number, task and result of each, as they are ready; `begin` gives a task to a worker.

        Tasks are taken as workers can have them.

        Raises:
            ClusterError: there are no workers, they are not of this version, or a task was lost too often.
            FootnoteError: what a task raised.
        """
        jobs = _Jobs(tasks)
        if jobs.are_done():
            return
        self._begin()
        try:
            while True:
                self._give(jobs, begin)
                doing = [reference for actor in self._ready for reference in actor.doing]
                if not doing and jobs.are_done():
                    return
                ready, _ = self._ray.wait([*doing, *self._starting], num_returns=1, timeout=_LOOK_S)
                self._require_some()
                for reference in ready:
                    if reference in self._starting:
                        self._take_on(reference)
                        continue
                    actor = next((one for one in self._ready if reference in one.doing), None)
                    if actor:  # its worker was not lost since
                        yield from self._finished(actor, reference, jobs)
        finally:
            for actor in self._ready:
                actor.doing.clear()  # nobody waits for it any more

    def _begin(self) -> None:
        self._had_some_at = time.monotonic()
        if not self._ready and not self._starting:
            for _ in range(self._count or max(1, int(self._ray.cluster_resources().get("CPU", 0)))):
                self._start()

    def _give(self, jobs: "_Jobs[Task]", begin: Callable[[Any, Task], Any]) -> None:
        for depth in range(1, _AHEAD + 1):  # one to each, before one has two
            for actor in self._ready:
                job = jobs.take() if len(actor.doing) < depth else None
                if job:
                    actor.doing[begin(actor.handle, job.task)] = job

    def _finished(
        self, actor: _Actor, reference: Any, jobs: "_Jobs[Task]"
    ) -> Generator[tuple[int, Task, Any], None, None]:
        exceptions = self._ray.exceptions
        try:
            result = self._ray.get(reference)
        except exceptions.RayTaskError as error:
            raise _of_task(error) from None
        except exceptions.RayError as error:
            self._lose(actor, jobs, error)
            return
        job = actor.doing.pop(reference)
        yield job.number, job.task, result

    def _lose(self, actor: _Actor, jobs: "_Jobs[Task]", error: Exception) -> None:
        self.lost += 1
        for job in actor.doing.values():
            job.losses += 1
            if job.losses >= _LOSSES:
                raise ClusterError(
                    f"{_LOSSES} workers were lost while they did the same ({_said(error)}): have they enough memory?"
                )
            jobs.put_back(job)
        actor.doing.clear()
        self._ready.remove(actor)
        self._kill(actor)
        self._start()

    def _start(self) -> None:
        handle = self._remote.remote(*self._arguments)
        self._starting[handle.identity.remote()] = _Actor(handle)

    def _take_on(self, reference: Any) -> None:
        """Take on a worker that has started, if it is what it must be."""
        actor = self._starting.pop(reference)
        try:
            identity: Identity = self._ray.get(reference)
        except self._ray.exceptions.RayTaskError as error:
            raise _of_task(error) from None
        except self._ray.exceptions.ActorDiedError as error:
            if "ModuleNotFoundError" in str(error) or "ImportError" in str(error):
                raise ClusterError(
                    "a worker has no Footnote: install this version on every node, with the extra ray, and start Ray "
                    f"with the Python that has it ({_said(error)})"
                ) from None
            self._start()
            return
        except self._ray.exceptions.RayError:
            self._start()
            return
        if identity != self._expected:
            self._kill(actor)
            raise ClusterError(f"{_unlike(identity, self._expected)}: install the same version and model on every node")
        self._ready.append(actor)

    def _require_some(self) -> None:
        if self._ready:
            self._had_some_at = time.monotonic()
        elif time.monotonic() - self._had_some_at > _START_S:
            raise ClusterError(
                f"the cluster had no worker for {_START_S:.0f} s: it needs a free processor (`ray status` shows them), "
                "and `ray start --num-cpus 0` gives none"
            )

    def _kill(self, actor: _Actor) -> None:
        with suppress(Exception):  # it is gone, or the cluster is
            self._ray.kill(actor.handle)


def _of_task(error: Any) -> FootnoteError:
    """What a worker raised, without the traceback that it is sent with."""
    cause = error.cause
    return cause if isinstance(cause, FootnoteError) else ClusterError(f"a worker failed ({_said(cause)})")


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:300]


def _unlike(found: Identity, expected: Identity) -> str:
    if found.version != expected.version:
        return f"a worker has Footnote {found.version}, and here is {expected.version}"
    if found.code_sha256 != expected.code_sha256:
        return f"a worker has another Footnote {found.version} than is here"
    return f"a worker has the embedder {found.embedder}, and here is {expected.embedder}"
