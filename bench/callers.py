"""What keys, limits of rate and limits to pages cost a request: services with and without them, asked in turn.

    python bench/callers.py INDEX [--rounds 1000] [--path GLOB]

All are in this process and asked without a network, one request after the other. The embedding of the one question is
kept after the first, and nothing is reranked, so that the rest is small. "Key limited to pages" searches an index of
those pages alone; what the first question of such a key waits for is printed apart.
"""

import argparse
import asyncio
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from tables import table

from footnote.app.access.keys.store import KeyStore
from footnote.app.access.keys.types import NewKey
from footnote.app.access.types import READER_SCOPES, Grant
from footnote.app.core.settings import load_settings
from footnote.app.http.app import create_app

SEARCH = "/search?q=port"
MANY = "1000000/minute"


def new_key(folder: Path, path: str | None = None) -> str:
    keys = KeyStore(folder)
    _, key = keys.create(NewKey("bench", Grant(READER_SCOPES, None, frozenset([path]) if path else None)))
    keys.close()
    return key


async def measured(index_dir: Path, rounds: int, path: str, keys_dir: Path) -> dict[str, list[float]]:
    """Milliseconds of each request, by what was on."""
    key, limited = new_key(keys_dir), new_key(keys_dir, path)
    ways: dict[str, tuple[dict[str, Any], str | None]] = {
        "nothing": ({"auth": "none"}, None),
        "a key": ({"auth": "keys"}, key),
        "a key and limits of rate": ({"auth": "keys", "rate_limit": MANY, "rate_limit_requests": MANY}, key),
        "the same, and an audit": (
            {"auth": "keys", "rate_limit": MANY, "rate_limit_requests": MANY, "audit": "true"},
            key,
        ),
        "a key limited to pages": ({"auth": "keys"}, limited),
    }
    async with AsyncExitStack() as stack:
        clients = {}
        for name, (given, shown) in ways.items():
            settings = load_settings(None, index_dir=index_dir, keys_dir=keys_dir, reranker="none", **given)
            app = create_app(settings)
            await stack.enter_async_context(app.router.lifespan_context(app))
            headers = {"Authorization": f"Bearer {shown}"} if shown else {}
            transport = httpx.ASGITransport(app)
            client = httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers)
            clients[name] = await stack.enter_async_context(client)
            while (await client.get("/health/ready")).status_code != 200:
                await asyncio.sleep(0.05)
            started = time.perf_counter()
            assert (await client.get(SEARCH)).status_code == 200
            print(f"{name}: the first request took {(time.perf_counter() - started) * 1000:.0f} ms", flush=True)
        found: dict[str, list[float]] = {name: [] for name in clients}
        for number in range(rounds):
            order = list(clients)
            for name in order[number % len(order) :] + order[: number % len(order)]:
                started = time.perf_counter()
                assert (await clients[name].get(SEARCH)).status_code == 200
                found[name].append((time.perf_counter() - started) * 1000)
        return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--path", default="*a*", help="what the limited key may read")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(measured(given.index, given.rounds, given.path, Path(folder)))
    base = np.array(found["nothing"])
    rows = []
    for name, times in found.items():
        p50, p99 = np.percentile(times, [50, 99])
        more_us = float(np.median(np.array(times) - base)) * 1000
        rows.append([name, f"{p50:.2f}", f"{p99:.2f}", f"{1000 / float(np.mean(times)):.0f}", f"{more_us:.0f}"])
    print(table(["with", "p50, ms", "p99, ms", "requests a second", "more than nothing, us"], rows))


if __name__ == "__main__":
    main()
