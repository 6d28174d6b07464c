"""How many chunks a second workers of a Ray cluster cut and embed, against as many threads of one process.

    python bench/ray_workers.py DOCS [--workers 1 2 4] [--runs 2]

A cluster of one node on this machine, with a processor for each worker, and nothing in the cache. Ways are run in turn,
RUNS times, and the best of each counts: the embedding alone, the loading of the models by the workers included. More
workers than the machine has cores share those: such a row says what that costs, not what more machines would give.
"""

import argparse
import logging
import os
import secrets
import tempfile
from pathlib import Path

from tables import table

from footnote.app.core.settings import load_settings
from footnote.app.models.onnx_model import core_count
from footnote.ingest.cluster.cluster import joined
from footnote.ingest.flow import IngestReport, ingest


def here(docs: Path, threads: int) -> IngestReport:
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(None, docs_dir=docs, index_dir=Path(folder) / "index", model_threads=threads)
        return ingest(settings, lambda *_: None)


def there(docs: Path, workers: int) -> IngestReport:
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(None, docs_dir=docs, index_dir=Path(folder) / "index")
        with joined("auto", settings, workers) as cluster:
            return ingest(settings, lambda *_: None, cluster=cluster)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("docs", type=Path)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--runs", type=int, default=2)
    given = parser.parse_args()
    # Its servers listen on all addresses.
    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    from ray.cluster_utils import Cluster

    load = os.getloadavg()[0]
    options = {"num_cpus": max(given.workers), "include_dashboard": False, "object_store_memory": 100_000_000}
    cluster = Cluster(initialize_head=True, head_node_args=options)
    os.environ["RAY_ADDRESS"] = cluster.address
    logging.disable()
    best: dict[tuple[str, int], float] = {}
    chunks = 0
    for _ in range(given.runs):
        for count in given.workers:
            for name, run in (("threads of one process", here), ("workers", there)):
                report = run(given.docs, count)
                chunks = report.embedded
                print(f"{count} {name}: {chunks / report.embed_s:.1f} chunks/s", flush=True)
                best[name, count] = min(best.get((name, count), report.embed_s), report.embed_s)
    cluster.shutdown()
    print(f"{core_count()} cores, load before {load:.1f}, {chunks} chunks, best of {given.runs}\n")
    alone = best["workers", given.workers[0]]
    rows = []
    for count in given.workers:
        thread_s, worker_s = best["threads of one process", count], best["workers", count]
        linear = alone * given.workers[0] / count / worker_s
        rows.append([str(count), f"{chunks / worker_s:.1f}", f"{linear:.2f}", f"{chunks / thread_s:.1f}"])
    print(table(["workers", "chunks/s", "of linear", "as many threads of one process, chunks/s"], rows))


if __name__ == "__main__":
    main()
