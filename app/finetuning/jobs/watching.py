"""watching: a job looked at until it ends; what happens to it is given as it happens. It may be left and begun anew."""

import time
from collections.abc import Callable, Iterator

from footnote.app.core.errors import FineTuningUnreachableError
from footnote.app.finetuning.jobs.provider import Provider
from footnote.app.finetuning.jobs.types import Job, JobEvent

# For so long a provider may be silent before nobody looks any more; the job goes on.
PATIENCE_S = 1800.0


def watched(
    provider: Provider,
    job_id: str,
    every_s: float,
    seen: frozenset[str] = frozenset(),
    patience_s: float = PATIENCE_S,
    sleep: Callable[[float], object] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Job | JobEvent]:
    """The job's events that were not seen, in order, and the job whenever its status changed; the last is its end.

    A provider that cannot be reached for a while is asked again, and nothing that happened meanwhile is missed.

    Raises:
        FineTuningError: the provider refused to say.
        FineTuningUnreachableError: it was silent for longer than the patience.
    """
    status = ""
    reached = clock()
    while True:
        try:
            # First: an event between both calls would be missed the other way round, where the job has ended.
            job = provider.job(job_id)
            events = provider.events(job_id, seen)
        except FineTuningUnreachableError:
            if clock() - reached > patience_s:
                raise
            sleep(every_s)
            continue
        reached = clock()
        seen |= {event.id for event in events}
        yield from events
        if job.status != status:
            status = job.status
            yield job
        if job.has_ended:
            return
        sleep(every_s)
