"""What it costs to count a request for its limit: microseconds, and memory where addresses are made up.

python bench/access.py
"""

import time
import tracemalloc
from collections.abc import Callable

from footnote.app.access.limiting.limiter import Limiter
from footnote.app.core.settings import load_settings

_TIMES = 20_000
_ADDRESSES = 200_000


def microseconds(work: Callable[[int], object], times: int = _TIMES) -> float:
    """The mean time of one call; the least of three runs."""
    runs = []
    for run in range(3):
        started = time.perf_counter()
        for number in range(times):
            work(run * times + number)
        runs.append((time.perf_counter() - started) / times * 1e6)
    return min(runs)


def limits() -> None:
    for rate in ("1000000/minute", "1000000/minute;10000000/day", "30/minute;500/day"):
        limiter = Limiter(load_settings(env_file=None, rate_limit=rate).access)
        one = microseconds(lambda _, limiter=limiter: limiter.hit("key:one", "question").headers())
        print(f"a limit of {rate}, one caller{' (refused)' if rate.startswith('30/') else ''}: {one:.1f} us")
    limiter = Limiter(load_settings(env_file=None, rate_limit="30/minute").access)
    made_up = microseconds(lambda number: limiter.hit(_address(number), "question").headers(), _ADDRESSES)
    print(f"30/minute, an address that was never seen each time: {made_up:.1f} us")
    tracemalloc.start()
    limiter = Limiter(load_settings(env_file=None, rate_limit="30/minute").access)
    for number in range(_ADDRESSES):
        limiter.hit(_address(number), "question")
    print(f"memory after {_ADDRESSES:,} addresses: {tracemalloc.get_traced_memory()[0] / 1e6:.1f} MB")
    tracemalloc.stop()


def _address(number: int) -> str:
    return f"address:2001:db8:{number >> 16:x}:{number & 65535:x}::1"


if __name__ == "__main__":
    limits()
