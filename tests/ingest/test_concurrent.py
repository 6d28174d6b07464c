"""Ingests and readers at the same time, each in a process of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from footnote.app.core.settings import Settings, load_settings
from tests.conftest import WriteDocs
from tests.ingest.contents import Memoised, assert_exact, assert_tidy, quiet_ingest, read_contents

READERS = 3
GENERATIONS = 15
_ROOT = Path(__file__).parents[2]


@contextmanager
def process(*arguments: str) -> "Iterator[subprocess.Popen[str]]":
    with subprocess.Popen(
        [sys.executable, "-m", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=_ROOT
    ) as started:
        try:
            yield started
        finally:
            started.kill()


def ingest_arguments(settings: Settings, *more: str) -> list[str]:
    return ["ingest", str(settings.folders.docs_dir), "--index-dir", str(settings.folders.index_dir), *more]


def wait_for_a_change_of(file: Path, size: int, running: "subprocess.Popen[str]") -> None:
    while file.stat().st_size == size:
        assert running.poll() is None, running.communicate()
        time.sleep(0.005)


def test_of_several_ingests_one_wins_and_the_others_say_so(
    quick_path: Path, memoised: Memoised, write_docs: WriteDocs
) -> None:
    docs_dir = write_docs(quick_path / "docs", {"old.md": "# Old\n\nThe relay listens on port 7070.\n"})
    settings = load_settings(None, docs_dir=docs_dir, index_dir=quick_path / "index")
    quiet_ingest(settings, memoised)
    before = read_contents(settings.folders.index_dir, memoised)
    cache = settings.folders.index_dir / "cache.sqlite3"
    size = cache.stat().st_size
    write_docs(docs_dir, {f"{number}.md": f"# Page {number}\n\n" + f"word{number} " * 150 for number in range(900)})
    with process(*ingest_arguments(settings)) as first:
        wait_for_a_change_of(cache, size, first)
        with (
            process(*ingest_arguments(settings)) as second,
            process(*ingest_arguments(settings, "--json")) as third,
            process(*ingest_arguments(settings, "--dry-run")) as dry_run,
            process("ingest", "--index-dir", str(settings.folders.index_dir), "--check") as check,
        ):
            ended = [(*one.communicate(timeout=120), one.returncode) for one in (second, third, dry_run, check)]
        assert first.poll() is None, "the first ingest was done too early for this test"
        assert read_contents(settings.folders.index_dir, memoised).generation == before.generation
        first.kill()
        first.communicate()
    refused, refused_json, planned, checked = ended
    running = f"another ingest is running on {settings.folders.index_dir}: wait for it, or stop it and try again"
    assert refused == ("", f"error: {running}\n", 3)
    assert refused_json[2] == 3
    assert json.loads(refused_json[0])["detail"] == running
    assert planned[2] == 0 and "900 added" in planned[0]
    assert checked[2] == 1 and "is not in the index" in checked[0] and "generation 1" in checked[0]
    for number in range(20, 900):
        (docs_dir / f"{number}.md").unlink()
    quiet_ingest(settings, memoised)
    assert_exact(settings, memoised, quick_path / "fresh")
    assert_tidy(settings.folders.index_dir)


def test_readers_never_fail_and_see_one_generation_while_many_are_published(
    quick_path: Path, memoised: Memoised, write_docs: WriteDocs
) -> None:
    settings = load_settings(None, docs_dir=quick_path / "docs", index_dir=quick_path / "index")
    stop = quick_path / "stop"

    def publish(number: int) -> None:
        text = f"round {number} of the relay"
        pages = {
            f"{folder}/{page}.md": f"# Page {page}\n\n{text}\n" for folder in ("guides", "ref") for page in range(4)
        }
        write_docs(settings.folders.docs_dir, {**pages, f"round{number}.md": text})
        (settings.folders.docs_dir / f"round{number - 1}.md").unlink(missing_ok=True)
        # Also by the two other ways to a new generation.
        quiet_ingest(settings, memoised, rebuild=number % 5 == 3, purge=number % 5 == 4)

    publish(1)
    arguments = ["tests.ingest.reader", str(settings.folders.index_dir), str(stop)]
    with process(*arguments) as one, process(*arguments) as two, process(*arguments) as three:
        readers = (one, two, three)
        time.sleep(1.5)  # they import
        for number in range(2, GENERATIONS + 2):
            publish(number)
            time.sleep(0.1)
        stop.touch()
        ended = [(*reader.communicate(timeout=60), reader.returncode) for reader in readers]
    for out, errors, returncode in ended:
        assert returncode == 0, errors
        assert json.loads(out)["failures"] == []
    seen = {number for out, _, _ in ended for number in json.loads(out)["seen"]}
    assert len(seen) > GENERATIONS // 2, seen
    numbers = os.listdir(settings.folders.index_dir / "generations")
    assert len(numbers) <= 2 + READERS
    assert_exact(settings, memoised, quick_path / "fresh")
