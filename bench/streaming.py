"""Time to the first sentence of a streamed answer, against the plain request, which is whole or nothing.

    python bench/streaming.py INDEX QUESTIONS [QUESTIONS ...] [--count 30] [--clients 1,4] [--tokens-per-s 40]
                              [--first-token-s 0.5]

One `footnote serve` a mode answers: extractive, and a scripted language model (bench/scripted_llm.py) of that speed. Of
each question the streamed and the plain answer are asked one after the other, in turn the one or the other first; the
cache of answers is off, and no two requests are spelled alike, so that no embedding is known. A client is a thread with
one connection; clients share the machine with the service. Only questions that both ways answered count. Milliseconds
as the client sees them, p50; the saving is the median of the differences, question by question.
"""

import argparse
import http.client
import json
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import NamedTuple

from questions import answerable
from scripted_llm import serving as scripted_llm
from service import Service, serving
from tables import percentile, table

from footnote.app.index.generations import Generations
from footnote.app.index.manifest import read_manifest

WARM_UP = 3


class Times(NamedTuple):
    """Milliseconds, of one question that was answered both ways."""

    first_sentence: float
    streamed: float
    plain: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path, metavar="INDEX")
    parser.add_argument("questions", nargs="+", type=Path, metavar="QUESTIONS")
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--clients", type=lambda text: list(map(int, text.split(","))), default=[1, 4])
    parser.add_argument("--tokens-per-s", type=float, default=40.0)
    parser.add_argument("--first-token-s", type=float, default=0.5)
    given = parser.parse_args()
    asked = answerable(given.questions)
    questions = asked[:: max(1, len(asked) // given.count)][: given.count]
    load, spellings = os.getloadavg()[0], count()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        index_dir = Path(folder) / "index"
        shutil.copytree(given.index, index_dir)
        for mode in ("extractive", "llm"):
            with service(mode, index_dir, given.first_token_s, given.tokens_per_s) as running:
                measured(running, questions[:WARM_UP], 1, spellings)
                for clients in given.clients:
                    rows.append(row(mode, clients, measured(running, questions, clients, spellings)))
    head = ["mode", "clients", "answered", "first sentence, ms", "streamed, ms", "plain, ms", "saved, ms"]
    print(
        f"{len(questions)} questions; language model: {given.first_token_s:g} s to its first token, "
        f"{given.tokens_per_s:g} tokens/s; load before {load:.1f}, {os.cpu_count()} cores\n\n{table(head, rows)}"
    )


@contextmanager
def service(mode: str, index_dir: Path, first_token_s: float, tokens_per_s: float) -> Iterator[Service]:
    """`footnote serve` without the cache of answers, in one of the two modes."""
    generations = Generations(index_dir)
    docs_dir = Path(read_manifest(generations.folder(generations.live())).docs_dir)
    os.environ["FOOTNOTE_ANSWER_CACHE"] = "0"
    with scripted_llm(first_token_s, tokens_per_s) as base_url:
        os.environ["FOOTNOTE_LLM_BASE_URL"] = base_url
        llm = "extractive" if mode == "extractive" else "openai:scripted"
        with serving(index_dir, docs_dir, "--llm", llm) as running:
            yield running


def measured(running: Service, questions: list[str], clients: int, spellings: "count[int]") -> list[Times]:
    """The times of all questions that were answered, asked by so many clients."""
    waiting: SimpleQueue[str] = SimpleQueue()
    for question in questions:
        waiting.put(question)
    found: list[Times] = []

    def client() -> None:
        connection = running.connect()
        while True:
            try:
                question = waiting.get_nowait()
            except Empty:
                connection.close()
                return
            number = next(spellings)
            ways = [streamed, plain] if number % 2 else [plain, streamed]
            took = {
                way: way(connection, f"{question}{' ' * number}{mark}") for way, mark in zip(ways, "?!", strict=True)
            }
            first, whole, at_once = *took[streamed], took[plain][1]
            if first and at_once:
                found.append(Times(first, whole, at_once))

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def streamed(connection: http.client.HTTPConnection, question: str) -> tuple[float, float]:
    """Milliseconds to the first sentence, and to the end; 0 for the first where there was none."""
    started, first = time.perf_counter(), 0.0
    response = sent(connection, question, "text/event-stream")
    for line in response:
        if line.startswith(b"event: sentence") and not first:
            first = time.perf_counter() - started
    return first * 1000, (time.perf_counter() - started) * 1000


def plain(connection: http.client.HTTPConnection, question: str) -> tuple[float, float]:
    """Milliseconds to the answer, twice; 0 where it was refused."""
    started = time.perf_counter()
    answer = json.loads(sent(connection, question, "application/json").read())
    took = 0.0 if answer["refused"] else (time.perf_counter() - started) * 1000
    return took, took


def sent(connection: http.client.HTTPConnection, question: str, accept: str) -> http.client.HTTPResponse:
    headers = {"Content-Type": "application/json", "Accept": accept}
    connection.request("POST", "/query", json.dumps({"question": question}), headers)
    response = connection.getresponse()
    if response.status != 200:
        raise RuntimeError(f"{response.status}: {response.read().decode()}")
    return response


def row(mode: str, clients: int, found: list[Times]) -> list[str]:
    saved = [one.plain - one.first_sentence for one in found]
    columns = [*zip(*found, strict=True), saved]
    return [mode, str(clients), str(len(found)), *(f"{percentile(column, 0.5):.0f}" for column in columns)]


if __name__ == "__main__":
    main()
