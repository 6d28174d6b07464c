"""Generations that replace one another under load: no error, no mixture, no way back, and nothing leaks."""

import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from footnote.app.core.settings import Settings, load_settings
from footnote.app.index.generations import Generations
from footnote.app.models.embedder import Embedder
from footnote.ingest.flow import ingest
from tests.conftest import WriteDocs
from tests.serving import Client, Running, Serve, alive, until

SWAPS = 20
# A new generation answers at the latest so long after its publication (0.3 s measured).
TAKEN_UP_S = 2.0
QUESTION = "What is the release number?"


class Docs:
    """Docs whose pages say which generation they are of, and an ingest for each."""

    def __init__(self, folder: Path, write_docs: WriteDocs, embedder: Embedder) -> None:
        self.settings: Settings = load_settings(env_file=None, docs_dir=folder / "docs", index_dir=folder / "index")
        self.generations = Generations(self.settings.folders.index_dir)
        self.published_at: dict[int, float] = {}
        self._write_docs = write_docs
        self._embedder = embedder
        write_docs(
            self.settings.folders.docs_dir, {f"guide-{n}.md": f"# Guide {n}\n\nNothing changes.\n" for n in range(5)}
        )
        self.publish()

    def publish(self) -> int:
        """Edit a page, delete one and add one, and ingest: the new generation's number."""
        number = self.generations.next_number()
        for page in self.settings.folders.docs_dir.glob("only-*.md"):
            page.unlink()
        pages = {"release.md": "# Release\n\nThe release number is {}.\n", "only-{}.md": "# Release {}\n\nOnly here.\n"}
        files = {path.format(number): text.format(number) for path, text in pages.items()}
        self._write_docs(self.settings.folders.docs_dir, files)
        report = ingest(self.settings, lambda *_: None, self._embedder)
        assert (report.published, report.manifest.generation) == (True, number)
        self.published_at[number] = time.monotonic()
        return number

    def roll_back(self) -> int:
        with self.generations.lock():
            number = self.generations.roll_back()
        self.published_at[number] = time.monotonic()
        return number


class Seen(NamedTuple):
    asked_at: float
    generation: int


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory, write_docs: WriteDocs, embedder: Embedder) -> Docs:
    return Docs(tmp_path_factory.mktemp("swaps"), write_docs, embedder)


@pytest.fixture(scope="module")
def service(docs: Docs, serve: Serve) -> Running:
    """One worker."""
    running = serve(index_dir=docs.settings.folders.index_dir)
    running.serves(docs.generations.live())
    return running


def ask(client: Client) -> int:
    """The generation of an answer; all of the answer is from it."""
    answer = client.request("POST", "/query", {"question": QUESTION})
    assert answer[0] == 200, answer
    body = answer[2]
    assert body["citations"]
    for citation in body["citations"]:
        assert citation["generation"] == body["generation"]
        check(citation["path"], citation["quote"], body["generation"])
    return int(body["generation"])


def search(client: Client) -> int:
    """The same for a search."""
    body = client.get("/search?q=release+number&top_k=20")
    texts: dict[str, str] = {hit["chunk"]["path"]: hit["chunk"]["text"] for hit in body["hits"]}
    for path, text in texts.items():
        check(path, text, body["generation"])
    assert {"release.md", f"only-{body['generation']}.md"} <= texts.keys()
    return int(body["generation"])


def look(client: Client) -> int:
    """The same for what is said of the index."""
    return int(client.get("/index")["generation"])


def check(path: str, text: str, generation: int) -> None:
    said = re.findall(r"(?:number is|Release|only-) ?(\d+)", f"{path} {text}")
    assert set(said) <= {str(generation)}, (path, text, generation)


@contextmanager
def load(service: Running) -> Iterator[list[list[Seen]]]:
    """Clients that keep asking within the block; what each saw, in order. An error of any fails the test."""
    ended = threading.Event()
    seen: list[list[Seen]] = []
    errors: list[BaseException] = []

    def keep_asking(request: Any, mine: list[Seen]) -> None:
        try:
            with service.client() as client:
                while not ended.is_set():
                    asked_at = time.monotonic()
                    mine.append(Seen(asked_at, request(client)))
                    time.sleep(0.02)
        except BaseException as error:
            errors.append(error)

    threads = []
    for request in (ask, ask, search, search, look):
        seen.append([])
        threads.append(threading.Thread(target=keep_asking, args=(request, seen[-1])))
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    assert errors == []


def taken_up_s() -> float:
    """More time where others keep the machine busy, as the services of these tests alone do not."""
    return TAKEN_UP_S * max(1.0, os.getloadavg()[0] / 3 / (os.cpu_count() or 1))


def assert_never_old(seen: list[list[Seen]], published_at: dict[int, float]) -> None:
    """No answer is of a generation before one that was published long enough ago, and none goes back."""
    limit_s = taken_up_s()
    for mine in seen:
        generations = [one.generation for one in mine]
        assert generations == sorted(generations)
        for asked_at, generation in mine:
            newest = max(number for number, at in published_at.items() if at + limit_s < asked_at or number == 1)
            assert generation >= newest


def use_of(service: Running) -> tuple[int, int, float]:
    """Open files, threads and resident megabytes of the service's process, when the last swap has settled."""
    process = Path(f"/proc/{service.process.pid}")
    numbers: list[tuple[int, int]] = []

    def settled() -> bool:
        status = dict(line.split(":\t", 1) for line in (process / "status").read_text().splitlines())
        numbers.append((len(list((process / "fd").iterdir())), int(status["Threads"])))
        return len(numbers) > 10 and len(set(numbers[-10:])) == 1

    until(settled, "the service to settle")
    resident_kb = re.search(r"VmRSS:\s+(\d+)", (process / "status").read_text())
    assert resident_kb
    return *numbers[-1], int(resident_kb[1]) / 1000


def test_thirty_swaps_under_load_and_nothing_leaks(docs: Docs, service: Running) -> None:
    with load(service) as seen:
        for _ in range(10):
            docs.publish()
        service.serves(docs.generations.live())
    files, threads, megabytes = use_of(service)
    with load(service) as seen_later:
        for _ in range(20):
            docs.publish()
        service.serves(docs.generations.live())
    for some in (seen, seen_later):
        assert all(len({one.generation for one in mine}) >= 5 for mine in some)  # it did swap under load
        assert_never_old(some, docs.published_at)
    files_later, threads_later, megabytes_later = use_of(service)
    # Twenty generations that stayed open would hold about 180 files, 60 threads and 60 megabytes.
    assert files_later <= files + 5
    assert threads_later <= threads + 10  # those that wait for work are started one by one
    assert megabytes_later <= megabytes + 50


def test_twenty_swaps_under_load_with_two_workers(docs: Docs, serve: Serve) -> None:
    service = serve("--workers", "2", "--index-dir", str(docs.settings.folders.index_dir))
    service.all_serve(docs.generations.live())
    with load(service) as seen:
        for _ in range(SWAPS):
            docs.publish()
        service.all_serve(docs.generations.live())
    assert_never_old(seen, docs.published_at)
    workers = service.workers
    service.stop()
    assert not any(alive(pid) for pid in workers)


def test_a_rollback_is_taken_up_as_a_new_generation_is(docs: Docs, service: Running) -> None:
    docs.publish()
    service.serves(docs.generations.live())
    with load(service) as seen:
        before = docs.roll_back()  # to one that was open in the service a moment ago
        service.serves(before)
        newest = docs.publish()
        service.serves(newest)
        assert docs.roll_back() == before  # and now again, at once
        service.serves(before)
    assert newest > before
    assert {one.generation for mine in seen for one in mine} == {before, before + 1, newest}


def test_a_rollback_that_is_taken_back_before_it_is_seen_is_no_reason_to_stop(docs: Docs, service: Running) -> None:
    """`CURRENT` is another file then, but what it names is what is open."""
    docs.publish()
    live = docs.generations.live()
    service.serves(live)
    with load(service) as seen:
        for _ in range(200):
            (docs.settings.folders.index_dir / "CURRENT.new").write_text(f"{live}\n")
            (docs.settings.folders.index_dir / "CURRENT.new").replace(docs.settings.folders.index_dir / "CURRENT")
            time.sleep(0.01)
    assert {one.generation for mine in seen for one in mine} == {live}
