"""What it costs to count a request for its limit, and to keep it in the audit: microseconds, and memory.

python bench/limits_and_audit.py INDEX
"""

import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

from footnote.app.access.limiting.limiter import Limiter
from footnote.app.audit.audit import Audit
from footnote.app.audit.entry import Request, line_of
from footnote.app.audit.noting import Notes
from footnote.app.core.settings import load_settings
from footnote.app.engine.engine import open_engine

_TIMES = 20_000
_ADDRESSES = 200_000
_QUESTION = "How do I change the port that the service listens on?"


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


def audit(index_dir: Path) -> None:
    engine = open_engine(load_settings(env_file=None, index_dir=index_dir))
    answer = engine.ask(_QUESTION)
    engine.close()
    request = Request("5f0c6f1ad1e24d4c8e4f2f63a7a1c1de", time.time(), "key:9f2c61d0", "POST", "/query", 200, 412.8, 12)
    notes = Notes("ask", _QUESTION, answer, generation=answer.generation)
    size = len(line_of(request, notes, lambda _: ("question_hmac", "0" * 64)))
    with tempfile.TemporaryDirectory(dir=index_dir.parent) as name:
        kept = Audit(Path(name), load_settings(env_file=None, audit="true", audit_mb=10).audit)
        one = microseconds(lambda _: kept.keep(request, notes))
        made = microseconds(lambda _: line_of(request, notes, kept._told))
        files = len(list(Path(name).glob("audit.jsonl*")))
    print(
        f"a line of the audit, {size} bytes, citations: {len(answer.citations)}: {one:.1f} us, of which {made:.1f} "
        f"make it; {files} files of 10 MB"
    )


if __name__ == "__main__":
    limits()
    audit(Path(sys.argv[1]))
