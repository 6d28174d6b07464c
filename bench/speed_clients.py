"""speed.py clients: throughput, latency, refusals and memory of `footnote serve` under concurrent clients.

One service with default settings on a copy of the index answers all rows. A client is a thread with one connection that
asks one question after the other for SECONDS: POST /query (extractive) or GET /search. A client that is refused (503,
the queue is full) waits as long as Retry-After says, in whole seconds, and asks its next question; with
--ignore-retry-after it waits a tenth of a second. Clients share the machine with the service.

Answers a second count what was answered within SECONDS; p50 and p99 are of all that was answered, in milliseconds as
the client sees them, without what it waited after refusals; refused is the share of requests. Errors are other
statuses, broken connections and waits of more than 60 s. Memory is the service's resident memory. The second table has
the service's own times by stage with the fewest clients, of /query. Start-up of `footnote ask` is the best of five
fresh processes, without the question itself. Where QUESTIONS come again they have more spaces, which say nothing to
the models: the service keeps the embeddings of questions, and is not to answer from them.
"""

import argparse
import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from questions import answerable
from service import Service, serving
from tables import Report, percentile, table

from footnote.app.index.generations import Generations
from footnote.app.index.manifest import read_manifest

WARM_UP = 5
IMPATIENT_S = 0.1
OVER_CAPACITY = 503


@dataclass(frozen=True, slots=True)
class Reply:
    """One request; `status` is 0 when no reply came, and `stages` are milliseconds, of /query only."""

    ended_at: float
    ms: float
    status: int
    retry_after_s: float
    stages: dict[str, float]


@dataclass(frozen=True, slots=True)
class Row:
    clients: int
    answers: int
    answers_per_s: float
    p50_ms: float
    p99_ms: float
    refused: float
    errors: int
    memory_before_mb: float
    memory_after_mb: float
    stages_p50_ms: dict[str, float]
    stages_p95_ms: dict[str, float]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("index", type=Path, metavar="INDEX")
    parser.add_argument("questions", nargs="+", type=Path, metavar="QUESTIONS")
    parser.add_argument("--clients", type=lambda text: sorted(map(int, text.split(","))), default=[1, 4, 16, 64])
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--route", choices=["query", "search"], default="query")
    parser.add_argument("--ignore-retry-after", action="store_true")


def run(given: argparse.Namespace) -> Report:
    questions = answerable(given.questions)
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        index_dir = Path(folder) / "index"
        shutil.copytree(given.index, index_dir)
        generations = Generations(index_dir)
        manifest = read_manifest(generations.folder(generations.live()))
        asks = [start_up_of_ask(index_dir, questions[0]) for _ in range(5)]
        with serving(index_dir, Path(manifest.docs_dir)) as service:
            numbers = count()
            ask_in_turn(service, given.route, [distinct(questions, next(numbers)) for _ in range(WARM_UP)])
            ready_mb = service.resident_mb()
            rows = []
            for clients in given.clients:
                rows.append(measured(service, clients, questions, numbers, given))
                print(f"{clients} clients: {rows[-1].answers} answers", file=sys.stderr, flush=True)
            ready_s = service.ready_s
    waits = "not honoured" if given.ignore_retry_after else "honoured"
    heading = (
        f"{manifest.files} files, {manifest.chunks:,} chunks; {given.route}, {given.seconds:.0f} s a row, Retry-After "
        f"{waits}; load before {load:.1f}, {os.cpu_count()} cores\n"
        f"`footnote ask`: {min(asks):.2f} s besides the question; `footnote serve`: ready after {ready_s:.2f} s, "
        f"{ready_mb:.0f} MB after {WARM_UP} questions"
    )
    values = {"ask_start_s": min(asks), "ready_s": ready_s, "ready_mb": ready_mb, "retry_after": waits}
    return Report(f"{heading}\n\n{shown(rows)}", {**values, "route": given.route, "rows": [asdict(r) for r in rows]})


def measured(
    service: Service, clients: int, questions: list[str], numbers: Iterator[int], given: argparse.Namespace
) -> Row:
    """What so many clients got in the time; the last replies may come after it."""
    replies: list[Reply] = []
    memory_before_mb = service.resident_mb()
    ends_at = time.perf_counter() + given.seconds

    def client() -> None:
        connection = service.connect()
        while time.perf_counter() < ends_at:
            reply = ask(connection, given.route, distinct(questions, next(numbers)))
            replies.append(reply)
            if reply.status in (0, OVER_CAPACITY):
                # While a client waits, the service closes a connection that is idle.
                connection.close()
                connection = service.connect()
            if reply.status == OVER_CAPACITY:
                wait_s = IMPATIENT_S if given.ignore_retry_after else reply.retry_after_s
                time.sleep(max(0.0, min(wait_s, ends_at - time.perf_counter())))

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answered = [reply for reply in replies if reply.status == 200]
    if not answered:
        raise SystemExit(f"{clients} clients: no answer; statuses {sorted({reply.status for reply in replies})}")
    in_time = sum(reply.ended_at <= ends_at for reply in answered)
    refused = sum(reply.status == OVER_CAPACITY for reply in replies)
    ms = [reply.ms for reply in answered]
    stages = {name: [reply.stages[name] for reply in answered] for name in answered[0].stages}
    return Row(
        clients,
        len(answered),
        in_time / given.seconds,
        percentile(ms, 0.5),
        percentile(ms, 0.99),
        refused / len(replies),
        len(replies) - len(answered) - refused,
        memory_before_mb,
        service.resident_mb(),
        {name: percentile(times, 0.5) for name, times in stages.items()},
        {name: percentile(times, 0.95) for name, times in stages.items()},
    )


def ask(connection: http.client.HTTPConnection, route: str, question: str) -> Reply:
    """One request and its reply, whatever becomes of it."""
    started = time.perf_counter()
    status, retry_after_s, body = 0, 0.0, b""
    try:
        if route == "query":
            sent = json.dumps({"question": question})
            connection.request("POST", "/query", sent, {"Content-Type": "application/json"})
        else:
            connection.request("GET", f"/search?{urlencode({'q': question})}")
        response = connection.getresponse()
        body = response.read()
        status, retry_after_s = response.status, float(response.headers.get("Retry-After", 0))
    except (OSError, http.client.HTTPException):
        pass  # status 0 says it: it is counted as an error
    ended_at = time.perf_counter()
    parsed: dict[str, Any] = json.loads(body) if status == 200 else {}
    return Reply(ended_at, (ended_at - started) * 1000, status, retry_after_s, parsed.get("timings_ms", {}))


def distinct(questions: list[str], number: int) -> str:
    """The question with that number, counted through all of them again and again, with ever more double spaces."""
    again, place = divmod(number, len(questions))
    return questions[place].replace(" ", "  ", again)


def ask_in_turn(service: Service, route: str, questions: list[str]) -> None:
    connection = service.connect()
    for question in questions:
        ask(connection, route, question)
    connection.close()


def start_up_of_ask(index_dir: Path, question: str) -> float:
    """Seconds of a whole `footnote ask`, less those that the question took."""
    options = ["--json", "--llm", "extractive", "--index-dir", str(index_dir)]
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "footnote.app", "ask", question, *options], check=True, capture_output=True, text=True
    )
    total_s = time.perf_counter() - started
    took_ms: float = json.loads(done.stdout)["timings_ms"]["total"]
    return total_s - took_ms / 1000


def shown(rows: list[Row]) -> str:
    head = ["clients", "answers/s", "p50, ms", "p99, ms", "refused", "errors", "memory before, MB", "after, MB"]
    lines = []
    for row in rows:
        cells = [f"{row.answers_per_s:.2f}", f"{row.p50_ms:.0f}", f"{row.p99_ms:.0f}", f"{row.refused:.1%}"]
        cells += [str(row.errors), f"{row.memory_before_mb:.0f}", f"{row.memory_after_mb:.0f}"]
        lines.append([str(row.clients), *cells])
    text = table(head, lines)
    first = rows[0]
    if first.stages_p50_ms:
        stages = [[name, f"{ms:.1f}", f"{first.stages_p95_ms[name]:.1f}"] for name, ms in first.stages_p50_ms.items()]
        text += f"\n\n{table([f'stage, {first.clients} clients', 'p50, ms', 'p95, ms'], stages)}"
    return text
