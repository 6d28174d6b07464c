"""What ids, host check, logs, metrics and sums of usage cost a request: the same service with and without, in turn.

    python bench/watching.py INDEX [--pairs 2000]

Both are in this process and asked without a network, one request after the other, and the pairs begin with either in
turn. The embedding of the one question is kept after the first, and nothing is reranked, so that the rest is small.
"""

import argparse
import asyncio
import logging
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import AsyncExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from footnote.app.core.settings import load_settings
from footnote.app.http import app as application
from footnote.app.usage.usage_log import UsageLog
from footnote.app.watching.metrics import Metrics

SEARCH = "/search?q=port"


class Nothing(Metrics):
    """Metrics that count nothing."""

    def request(self, *_: Any) -> None: ...
    def stages(self, *_: Any) -> None: ...
    def answer(self, *_: Any) -> None: ...
    def asked(self, *_: Any) -> None: ...
    def queued(self) -> None: ...
    def given_up(self) -> None: ...
    def at_work(self, waited_s: float) -> Any:
        return nullcontext()


def made(index_dir: Path, watched: bool) -> FastAPI:
    """The application; without what is measured, its edge and its metrics are left out."""
    settings = load_settings(env_file=None, index_dir=index_dir, reranker="none", keep_usage=watched)
    with replaced(application, "Metrics", Metrics if watched else Nothing):
        app = application.create_app(settings)
    if not watched:
        app.build_middleware_stack = lambda: FastAPI.build_middleware_stack(app)  # type: ignore[method-assign]
    return app


@contextmanager
def replaced(module: Any, name: str, value: Any) -> Any:
    before = getattr(module, name)
    setattr(module, name, value)
    yield
    setattr(module, name, before)


async def measured(index_dir: Path, path: str, pairs: int) -> list[tuple[float, float]]:
    """Milliseconds with and without, of each pair."""
    async with AsyncExitStack() as stack:
        asks: list[Callable[[], Any]] = []
        for watched in (True, False):
            app = made(index_dir, watched)
            await stack.enter_async_context(app.router.lifespan_context(app))
            transport = httpx.ASGITransport(app)
            client = await stack.enter_async_context(
                httpx.AsyncClient(transport=transport, base_url="http://localhost")
            )
            while (await client.get("/health/ready")).status_code != 200:
                await asyncio.sleep(0.05)
            asks.append(lambda client=client: client.get(path))
        found = []
        for number in range(pairs + 50):
            order = (0, 1) if number % 2 else (1, 0)
            took = [0.0, 0.0]
            for which in order:
                started = time.perf_counter()
                assert (await asks[which]()).status_code == 200
                took[which] = (time.perf_counter() - started) * 1000
            found.append((took[0], took[1]))
        return found[50:]


def told(name: str, found: list[tuple[float, float]]) -> None:
    """Print medians, and the median of the differences with its interval (bootstrap, 95 %)."""
    differences = [on - off for on, off in found]
    drawn = sorted(
        statistics.median(random.Random(seed).choices(differences, k=len(differences))) for seed in range(400)
    )
    on, off = (statistics.median(one) for one in zip(*found, strict=True))
    print(
        f"{name}: with {on:.3f} ms, without {off:.3f} ms, difference {statistics.median(differences) * 1000:.0f} us "
        f"({drawn[10] * 1000:.0f} to {drawn[389] * 1000:.0f}), {len(found)} pairs"
    )


def counting(index_dir: Path) -> None:
    """Print what an answer costs that is counted into the sums of the day and the metrics."""
    from footnote.app.engine.engine import open_engine

    engine = open_engine(load_settings(env_file=None, index_dir=index_dir, reranker="none", llm="extractive"))
    answer = engine.ask("port")
    with tempfile.TemporaryDirectory() as folder:
        usage, metrics = UsageLog(Path(folder), 400), Metrics()
        for name, count in (("usage", usage.count), ("metrics", metrics.answer)):
            started = time.perf_counter()
            for _ in range(20_000):
                count(answer, False)
            print(f"an answer counted by {name}: {(time.perf_counter() - started) / 20_000 * 1e6:.1f} us")
        usage.close()
        usage.count(answer, False)
        started = time.perf_counter()
        usage.write()
        print(f"a write of the sums: {(time.perf_counter() - started) * 1000:.1f} ms, every 5 s at the most")
    engine.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--pairs", type=int, default=2000)
    arguments = parser.parse_args()
    # As in a service, lines are made and written, if only to a file of the system that keeps nothing.
    logging.basicConfig(level=logging.WARNING, stream=open("/dev/null", "w"))  # noqa: SIM115
    logging.getLogger("footnote").setLevel(logging.INFO)
    for name, path in (("GET /search", SEARCH), ("GET /health/live", "/health/live")):
        told(name, asyncio.run(measured(arguments.index, path, arguments.pairs)))
    counting(arguments.index)


if __name__ == "__main__":
    main()
