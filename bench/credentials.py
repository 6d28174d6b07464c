"""What it costs to know who asks: a key among many, a token of each kind, and a change of the keys.

Needs `[dev]`, whose tests have an issuer on loopback.
"""

import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from footnote.app.access.keys.store import KeyStore  # noqa: E402
from footnote.app.access.keys.types import NewKey  # noqa: E402
from footnote.app.access.oidc.verifier import Verifier  # noqa: E402
from tests.issuer import ec_pair, rsa_pair, running_issuer  # noqa: E402

ROUNDS, THREADS = 2000, 8


def microseconds(ask: Callable[[], object]) -> str:
    """The median and the 99th of a hundred of one call, in microseconds."""
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        ask()
        took.append((time.perf_counter() - began) * 1e6)
    took.sort()
    return f"{median(took):8.0f} us, p99 {took[len(took) * 99 // 100]:8.0f} us"


def measure_keys(count: int) -> None:
    with TemporaryDirectory() as folder:
        store = KeyStore(Path(folder))
        secrets = [store.create(NewKey(f"key {number}"))[1] for number in range(count)]
        secret = secrets[count // 2]
        began = time.perf_counter()
        store.caller(secret, None)
        print(f"{count} keys: the first use of the day {(time.perf_counter() - began) * 1e3:.1f} ms")
        print(f"{count} keys: a good key   {microseconds(lambda: store.caller(secret, None))}")
        print(f"{count} keys: a wrong key  {microseconds(lambda: store.caller('fn_' + 'x' * 43, None))}")
        with ThreadPoolExecutor(THREADS) as pool:
            began = time.perf_counter()
            list(pool.map(lambda _: [store.caller(secret, None) for _ in range(ROUNDS)], range(THREADS)))
            each = (time.perf_counter() - began) / (THREADS * ROUNDS)
        print(f"{count} keys: {THREADS} threads at once, {1 / each:,.0f} a second")
        reading = []
        for key in store.all()[:20]:
            KeyStore(Path(folder)).revoke(key.id)
            began = time.perf_counter()
            store.caller("fn_" + "x" * 43, None)
            reading.append((time.perf_counter() - began) * 1e3)
        print(f"{count} keys: the first request after a change {median(reading):.2f} ms")


def measure_tokens() -> None:
    pairs = [rsa_pair("rsa"), ec_pair("ec")]
    with running_issuer() as issuer:
        issuer.published = [pair.jwk for pair in pairs]
        verifier = Verifier(issuer.settings())
        for pair in pairs:
            token = issuer.token(pair)
            verifier.caller(token)
            print(f"a token of {pair.algorithm}    {microseconds(lambda token=token: verifier.caller(token))}")


if __name__ == "__main__":
    for how_many in (1, 1000):
        measure_keys(how_many)
    measure_tokens()
