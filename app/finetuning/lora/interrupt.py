"""interrupt: Ctrl-C while it trains: the step is finished and a checkpoint written, and a second one ends at once."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_STOPPING = "stopping: this step is finished and a checkpoint written; Ctrl-C again stops at once"


@contextmanager
def stop_after_step(stop: Callable[[], None], say: Callable[[str], None]) -> Iterator[None]:
    """Calls `stop` at the first SIGINT, and raises KeyboardInterrupt at the second.

    Beside the main thread, where no signal can be handled, it does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    is_stopping = False

    def interrupted(number: int, frame: FrameType | None) -> None:
        nonlocal is_stopping
        if is_stopping:
            raise KeyboardInterrupt
        is_stopping = True
        stop()
        say(_STOPPING)

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
