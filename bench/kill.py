"""What a killed ingest leaves behind: SIGKILL at many moments, each followed by every comparison there is.

    python -m bench.kill [--runs 60] [--seed 1] [--folder FOLDER]

A real `python -m ingest` is killed while pages wait to be added, changed and deleted. Half of the moments are
spread over the time that an undisturbed ingest takes, half follow something that it does: embeddings are stored,
building/ appears, its parts appear, the new generation is moved to its place. Then the live index must find and
answer what it did before, or be the new one; and the next ingest must give the index of a fresh build, leave
nothing over, and embed no text whose embedding was stored before the kill.
"""

import argparse
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from footnote.app.core.settings import load_settings
from footnote.app.index.generations import Generations
from footnote.app.models.embedder import Embedder, make_embedder
from footnote.ingest.flow import preview
from tests.ingest.contents import (
    Memoised,
    answers,
    assert_exact,
    assert_tidy,
    assert_unchanged,
    quiet_ingest,
    read_contents,
)

_PAGES, _NEW_PAGES = 20, 40
_AFTER_S = 0.03  # a kill comes at most so long after what it waits for
_WATCHED = ("cache", "building", "building/chroma", "building/tantivy", "building/manifest.json", "moved")


@dataclass(frozen=True)
class Kill:
    """One kill. `found` says what it left; the problems are empty where all is well.

    Of `to_embed` new texts, `stored` had their embedding in the cache.
    """

    moment: str
    found: str
    to_embed: int
    stored: int
    live_problem: str
    next_problem: str


class Site:
    """A docs folder with an index, and changes that wait for an ingest."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self.folder = folder
        self.embedder = Memoised(embedder)
        self.settings = load_settings(None, docs_dir=folder / "docs", index_dir=folder / "index")
        self.generations = Generations(self.settings.folders.index_dir)
        self._round = 0
        for number in range(_PAGES):
            self._write(f"guides/page{number}.md", f"The relay of zone {number} listens on port {7000 + number}.")
        self._write("index.md", "Backups are restored after the zebra fails. Use `--no-cache`.")
        quiet_ingest(self.settings, self.embedder)

    def change(self) -> None:
        """Add pages, change some, delete those that the change before added."""
        self._round += 1
        shutil.rmtree(self.settings.folders.docs_dir / f"new{self._round - 1}", ignore_errors=True)
        for number in range(_NEW_PAGES):
            self._write(f"new{self._round}/{number}.md", f"Table {number} of round {self._round} has a größe.")
        self._write("index.md", f"Backups of round {self._round} are restored after the zebra fails.")
        self._write(f"guides/page{self._round % _PAGES}.md", f"Round {self._round} changed the port of the relay.")

    def ingest_in_a_process(self) -> "subprocess.Popen[str]":
        arguments = [str(self.settings.folders.docs_dir), "--index-dir", str(self.settings.folders.index_dir)]
        return subprocess.Popen(
            [sys.executable, "-m", "footnote.ingest", "--allow-deletes", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[1],
        )

    def stored_embeddings(self) -> int:
        with closing(sqlite3.connect(self.settings.folders.index_dir / "cache.sqlite3")) as cache:
            return int(cache.execute("SELECT count(*) FROM embeddings").fetchone()[0])

    def _write(self, path: str, text: str) -> None:
        file = self.settings.folders.docs_dir / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"---\ntags: [ops]\n---\n# {file.stem}\n\n{text}\n\n## More\n\nIn {path}: {text * 3}\n")


def undisturbed_s(site: Site) -> float:
    """How long an ingest of the changes takes that nobody kills."""
    site.change()
    started = time.perf_counter()
    process = site.ingest_in_a_process()
    _, errors = process.communicate()
    assert process.returncode == 0, errors
    return time.perf_counter() - started


def moments(runs: int, undisturbed: float, chance: random.Random) -> Iterator[tuple[str, float]]:
    """What each kill waits for, and how many seconds it comes after that."""
    for run in range(runs):
        if run % 2:
            yield _WATCHED[run // 2 % len(_WATCHED)], chance.uniform(0, _AFTER_S)
        else:
            part = (run // 2 + chance.random()) / ((runs + 1) // 2)
            yield "start", part * undisturbed


def kill_once(site: Site, waits_for: str, after_s: float) -> Kill:
    """Change the folder, kill an ingest of it, compare, ingest, compare."""
    site.change()
    index_dir = site.settings.folders.index_dir
    before = read_contents(index_dir, site.embedder)
    answered = answers(site.settings, site.embedder)
    to_embed = preview(site.settings, lambda *_: None, site.embedder.fingerprint).to_embed
    stored = site.stored_embeddings()

    process = site.ingest_in_a_process()
    _wait(process, site, waits_for, before.generation + 1, stored)
    time.sleep(after_s)
    process.kill()
    process.communicate()

    found = _state(process.returncode, site.generations, before.generation)
    stored = site.stored_embeddings() - stored
    fresh = site.folder / "fresh"

    def live_is_as_before() -> None:
        if site.generations.live() == before.generation:
            assert_unchanged(read_contents(index_dir, site.embedder), before)
            assert answers(site.settings, site.embedder) == answered
        else:
            assert_exact(site.settings, site.embedder, fresh)

    def next_is_exact() -> None:
        published = site.generations.live() != before.generation
        report = quiet_ingest(site.settings, site.embedder)
        assert report.published is not published
        assert published or report.embedded == to_embed - stored, f"{report.embedded} of {to_embed}, {stored} stored"
        if report.published:
            assert_exact(site.settings, site.embedder, fresh)
        assert not (index_dir / "building").exists()
        if report.published:
            assert_tidy(index_dir)

    return Kill(waits_for, found, to_embed, stored, _problem(live_is_as_before, fresh), _problem(next_is_exact, fresh))


def _wait(process: "subprocess.Popen[str]", site: Site, waits_for: str, generation: int, stored: int) -> None:
    happened: dict[str, Callable[[], bool]] = {
        "start": lambda: True,
        "cache": lambda: site.stored_embeddings() > stored,
        "moved": site.generations.folder(generation).exists,
    }
    has_happened = happened.get(waits_for, (site.settings.folders.index_dir / waits_for).exists)
    while process.poll() is None and not has_happened():
        time.sleep(0.0005)


def _state(returncode: int, generations: Generations, before: int) -> str:
    if returncode == 0:
        return "it was done"
    assert returncode == -9, returncode
    if generations.live() != before:
        return "live, not tidied up"
    if generations.folder(before + 1).exists():
        return "moved, not live"
    return "building" if (generations.index_dir / "building").exists() else "nothing built yet"


def _problem(comparison: Callable[[], None], fresh: Path) -> str:
    try:
        comparison()
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:500] or "?"
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return ""


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given:
        given.mkdir(parents=True)
        yield given
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    kills: defaultdict[str, list[Kill]] = defaultdict(list)
    with _folder(options.folder) as folder:
        site = Site(folder, make_embedder(load_settings(None).models))
        undisturbed = undisturbed_s(site)
        print(f"an undisturbed ingest takes {undisturbed:.1f} s")
        for waits_for, after_s in moments(options.runs, undisturbed, random.Random(options.seed)):
            kill = kill_once(site, waits_for, after_s)
            kills[kill.found].append(kill)
            for problem in filter(None, (kill.live_problem, kill.next_problem)):
                print(f"killed {after_s:.3f} s after {waits_for}, found {kill.found}: {problem}")
    print(f"{'found after the kill':24} {'runs':>5} {'live identical':>15} {'next exact':>11}")
    for name, several in [*sorted(kills.items()), ("all", [kill for found in kills.values() for kill in found])]:
        live, exact = (sum(not getattr(kill, field) for kill in several) for field in ("live_problem", "next_problem"))
        print(f"{name:24} {len(several):5} {live:15} {exact:11}")


if __name__ == "__main__":
    main()
