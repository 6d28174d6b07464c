"""What questions cost while the index changes under a running service.

    python bench/swaps.py INDEX_DIR QUESTIONS.jsonl [SECONDS]

Copies the index and the docs folder it was built from, and works on the copies. Two clients, each on one
connection, ask `POST /query` one question after the other for SECONDS (60) a row:

    idle       nothing else happens
    swaps      every two seconds another of two complete generations becomes live; nobody ingests
    --watch    every two seconds a page gets another sentence, and the service's own child ingests it

Prints requests, errors (another status, or parts of another generation than stated), p50 and p99 in milliseconds,
and how long after a publication (in the last row: after the edit) the service answered from it.
"""

import http.client
import json
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from service import Service, serving

from footnote.app.core.files import replace_text
from footnote.app.core.settings import load_settings
from footnote.app.index.generations import Generations
from footnote.app.index.manifest import read_files, read_manifest
from footnote.ingest.flow import ingest

CLIENTS = 2
EVERY_S = 2.0


@dataclass
class Row:
    times_ms: list[float] = field(default_factory=list)
    errors: int = 0
    delays_s: list[float] = field(default_factory=list)


def ask(connection: http.client.HTTPConnection, question: str) -> bool:
    """Whether the answer came, all of it from one generation."""
    connection.request("POST", "/query", json.dumps({"question": question}), {"Content-Type": "application/json"})
    response = connection.getresponse()
    body = json.loads(response.read())
    return response.status == 200 and {one["generation"] for one in body["citations"]} <= {body["generation"]}


def measure(service: Service, questions: list[str], seconds: float, change: Callable[[Row], None] | None) -> Row:
    row, over = Row(), threading.Event()

    def client(first: int) -> None:
        connection = service.connect()
        for number in count(first, CLIENTS):
            if over.is_set():
                return
            started = time.perf_counter()
            row.errors += not ask(connection, questions[number % len(questions)])
            row.times_ms.append((time.perf_counter() - started) * 1000)

    for question in questions[:5]:
        ask(service.connect(), question)
    threads = [threading.Thread(target=client, args=(first,)) for first in range(CLIENTS)]
    for thread in threads:
        thread.start()
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at:
        next_at = time.monotonic() + EVERY_S
        if change:
            change(row)
        time.sleep(max(0.0, next_at - time.monotonic()))
    over.set()
    for thread in threads:
        thread.join()
    return row


def show(name: str, row: Row) -> None:
    times = sorted(row.times_ms)
    delays = (
        f"{len(row.delays_s):5} {statistics.median(row.delays_s):8.2f} {max(row.delays_s):8.2f}" if row.delays_s else ""
    )
    p99 = times[int(len(times) * 0.99)]
    print(f"{name:8} {len(times):8} {row.errors:6} {statistics.median(times):9.0f} {p99:9.0f} {delays}", flush=True)


def main() -> None:
    index_from, questions_file = Path(sys.argv[1]), Path(sys.argv[2])
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 60.0
    rows = [json.loads(line) for line in questions_file.read_text("utf-8").splitlines()]
    questions = [row["question"] for row in rows if row.get("answerable", True)]
    with tempfile.TemporaryDirectory() as folder:
        index_dir, docs_dir = Path(folder) / "index", Path(folder) / "docs"
        shutil.copytree(index_from, index_dir)
        generations = Generations(index_dir)
        live = generations.folder(generations.live())
        shutil.copytree(read_manifest(live).docs_dir, docs_dir)
        page = docs_dir / read_files(live)[0].path
        settings = load_settings(None, index_dir=index_dir, docs_dir=docs_dir)

        def edit() -> None:
            page.write_text(f"{page.read_text('utf-8')}\nA sentence was added at {time.time_ns()}.\n", "utf-8")

        for _ in range(2):
            edit()
            report = ingest(settings, lambda *_: None)
        newest = report.manifest.generation
        print(
            f"{report.manifest.files} files, {report.manifest.chunks} chunks, {CLIENTS} clients, {seconds:.0f} s a row"
        )
        print(f"load of the machine before: {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
        print("         requests errors  p50 (ms)  p99 (ms)  swaps  p50 (s)  max (s)")

        def swap(row: Row) -> None:
            number = newest - 1 if generations.live() == newest else newest
            with generations.lock():
                replace_text(index_dir / "CURRENT", f"{number}\n")
            published = time.monotonic()
            service.wait_for(lambda generation: generation == number)
            row.delays_s.append(time.monotonic() - published)

        def edit_and_wait(row: Row) -> None:
            before = generations.live()
            edit()
            edited = time.monotonic()
            service.wait_for(lambda generation: generation > before)
            row.delays_s.append(time.monotonic() - edited)

        with serving(index_dir, docs_dir) as service:
            show("idle", measure(service, questions, seconds, None))
            show("swaps", measure(service, questions, seconds, swap))
            replace_text(index_dir / "CURRENT", f"{newest}\n")
        with serving(index_dir, docs_dir, "--watch") as service:
            show("--watch", measure(service, questions, seconds, edit_and_wait))


if __name__ == "__main__":
    main()
