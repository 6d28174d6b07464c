"""What backups cost: seconds and bytes of a backup, a check and a restore, by the level of gzip.

    python bench/backups.py FOLDER [--files 2000] [--sections 10]

Makes the corpus and the fake vectors of big_corpus.py in FOLDER. With pyrage installed it also encrypts.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

from big_corpus import FakeEmbeddings, disk_mb, make_docs

from footnote.app.backup import pack
from footnote.app.backup.backup import back_up
from footnote.app.backup.restore import check, restore
from footnote.app.core.settings import load_settings
from footnote.app.core.types import Fingerprint
from footnote.app.models.embedder import PrefixedEmbeddings
from footnote.ingest import space
from footnote.ingest.flow import ingest


def quiet(*_: object) -> None:
    """Progress that nobody sees."""


def build(folder: Path) -> None:
    """An index, and how much room it was expected to need."""
    expected: list[int] = []
    space.require_space = lambda folder, needed, *_: expected.append(needed)
    settings = load_settings(env_file=None, docs_dir=folder / "docs", index_dir=folder / "index")
    report = ingest(settings, quiet, PrefixedEmbeddings(FakeEmbeddings(), "", Fingerprint("fake", "0" * 64)))
    live, cache = disk_mb(folder / "index" / "generations"), (folder / "index" / "cache.sqlite3").stat().st_size / 1e6
    print(f"{report.manifest.chunks:,} chunks, generation {live:.0f} MB, cache {cache:.0f} MB,", end=" ")
    print(f"expected for both {sum(expected) / 1e6:.0f} MB")


def step(folder: Path, what: str, level: int, recipient: str | None) -> None:
    """One step in this process; prints a JSON line."""
    pack._LEVEL = level
    file = folder / "backup"
    started = time.perf_counter()
    if what == "backup":
        back_up(folder / "index", str(file), quiet, [recipient] if recipient else (), replace=True)
    elif what == "check":
        check(str(file), quiet, folder / "key" if recipient else None)
    else:
        restore(str(file), folder / "restored", quiet, folder / "key" if recipient else None)
    seconds = time.perf_counter() - started
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(json.dumps({"seconds": seconds, "mb": file.stat().st_size / 1e6, "peak_mb": peak_mb}))


def measured(folder: Path, what: str, level: int, recipient: str | None = None) -> dict[str, float]:
    command = [sys.executable, __file__, str(folder), "--step", what, "--level", str(level)]
    line = subprocess.run(
        [*command, *(["--recipient", recipient] if recipient else [])], check=True, capture_output=True, text=True
    ).stdout
    return json.loads(line)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=2_000)
    parser.add_argument("--sections", type=int, default=10)
    parser.add_argument("--step", help=argparse.SUPPRESS)
    parser.add_argument("--level", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--recipient", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    folder = arguments.folder
    if arguments.step:
        step(folder, arguments.step, arguments.level, arguments.recipient)
        return
    if not (folder / "docs").is_dir():
        make_docs(folder / "docs", arguments.files, arguments.sections)
    if not (folder / "index").is_dir():
        build(folder)
    runs: list[tuple[str, int, str | None]] = [(f"level {level}", level, None) for level in (0, 1, 6)]
    try:
        import pyrage

        identity = pyrage.x25519.Identity.generate()
        (folder / "key").write_text(str(identity))
        runs.append(("level 1, encrypted", 1, str(identity.to_public())))
    except ImportError:
        print("without pyrage nothing is encrypted")
    print("| | archive, MB | backup, s | check, s | restore, s | peak memory, MB |\n|---|---|---|---|---|---|")
    for name, level, recipient in runs:
        shutil.rmtree(folder / "restored", ignore_errors=True)
        steps = {what: measured(folder, what, level, recipient) for what in ("backup", "check", "restore")}
        seconds = " | ".join(f"{one['seconds']:.1f}" for one in steps.values())
        peak_mb = max(one["peak_mb"] for one in steps.values())
        print(f"| {name} | {steps['backup']['mb']:.1f} | {seconds} | {peak_mb:.0f} |", flush=True)


if __name__ == "__main__":
    main()
