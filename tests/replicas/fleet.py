"""A writer, replicas and clients around a real S3 server and a real nginx, for the test and for the bench."""

import hashlib
import http.client
import json
import random
import statistics
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from footnote.app.core.settings import Settings, load_settings
from footnote.app.index.generations import Generations
from footnote.app.models.embedder import Embedder
from footnote.app.objects.protocol import Objects
from footnote.app.replicas.publish import PublishReport, publish
from footnote.ingest.flow import ingest
from tests.serving import Running

_PLACES = ("sluice", "boiler", "lantern", "anchor", "valve", "gauge")


@dataclass
class Writer:
    """Writes pages in which each sentence names the release, ingests and publishes them."""

    root: Path
    objects: Objects
    embedder: Embedder
    published_at: dict[int, float] = field(default_factory=dict)
    reports: list[PublishReport] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        return load_settings(env_file=None, docs_dir=self.root / "docs", index_dir=self.root / "writer")

    def release(self) -> int:
        """The next generation, in which every page has changed."""
        docs = self.root / "docs"
        docs.mkdir(exist_ok=True)
        number = Generations(self.root / "writer").next_number()
        for place in _PLACES:
            text = f"# {place.title()}\n\nThe {place} is set to position {number} by the keeper of the {place}.\n"
            (docs / f"{place}.md").write_text(text)
        ingest(self.settings, lambda *_: None, self.embedder)
        self.reports.append(publish(self.root / "writer", self.objects, lambda *_: None))
        self.published_at[number] = time.time()
        return number


@dataclass
class Clients:
    """Clients that ask through nginx without a pause, and count what is not as it must be."""

    port: int
    answers: Counter[int] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    times_ms: list[float] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self, count: int) -> None:
        self._threads = [threading.Thread(target=self._ask_on, args=(seed,)) for seed in range(count)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _ask_on(self, seed: int) -> None:
        draw = random.Random(seed)
        while not self._over.is_set():
            place = draw.choice(_PLACES)
            # No two the same, so that no answer comes from a cache.
            question = f"Which position is the {place} set to, asked by {draw.random():.9f}?"
            started = time.perf_counter()
            try:
                status, body = ask(self.port, question)
            except (OSError, http.client.HTTPException, ValueError) as error:
                self.errors.append(repr(error))
                continue
            self.times_ms.append((time.perf_counter() - started) * 1000)
            wrong = problem_of(status, body)
            if wrong:
                self.errors.append(wrong)
            else:
                self.answers[body["generation"]] += 1

    def percentiles_ms(self) -> tuple[float, float]:
        """p50 and p99."""
        cuts = statistics.quantiles(self.times_ms, n=100)
        return cuts[49], cuts[98]


def ask(port: int, question: str) -> tuple[int, dict]:
    """Status and answer, on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("POST", "/query", json.dumps({"question": question}), {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def problem_of(status: int, body: dict) -> str | None:
    """What is wrong with an answer; None if all of it is of one generation, and every quote has its hash."""
    if status != 200:
        return f"status {status}: {body.get('detail')}"
    cited = body["citations"]
    if not cited:
        return f"no citation: {body['answer']}"
    if {one["generation"] for one in cited} != {body["generation"]}:
        return f"generation {body['generation']} cites others"
    for one in cited:
        if hashlib.sha256(one["quote"].encode()).hexdigest() != one["sha256"]:
            return f"another hash than that of {one['quote']!r}"
        if f"position {body['generation']} by" not in one["quote"]:
            return f"generation {body['generation']} quotes {one['quote']!r}"
    return None


@dataclass
class Lags:
    """Seconds from a publication to the first answer of it, by replica; looked for every 20 ms."""

    writer: Writer
    replicas: list[Running]
    seconds: list[dict[int, float]] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        self.seconds = [{} for _ in self.replicas]
        self._threads = [threading.Thread(target=self._look, args=(place,)) for place in range(len(self.replicas))]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _look(self, place: int) -> None:
        while not self._over.is_set():
            try:
                generation = self.replicas[place].generation()
            except (OSError, http.client.HTTPException):
                generation = None
            at = self.writer.published_at.get(generation or 0)
            if generation and at:
                self.seconds[place].setdefault(generation, time.time() - at)
            self._over.wait(0.02)
