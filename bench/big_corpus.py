"""What re-ingest costs on a big corpus: seconds, bytes written and peak memory, against a full build.

    python bench/big_corpus.py FOLDER [--files 25000] [--sections 10]

Makes a corpus in FOLDER/docs and an index in FOLDER/index, which may take 3 GB, and prints a table. Vectors
come from a fast fake embedder: an embedder's own speed is `speed.py ingest`'s subject. Every step runs in a
process of its own.
"""

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from footnote.app.core.settings import load_settings
from footnote.app.core.types import Fingerprint
from footnote.app.models.embedder import PrefixedEmbeddings
from footnote.ingest.flow import ingest

DIMENSION = 384
TOPICS = 2_000


class FakeEmbeddings:
    """A topic's vector, by the page's title, plus noise from the text: near each other as pages are."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self._vector(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self._vector(text)

    def _vector(self, text: str) -> list[float]:
        topic = np.random.default_rng(hash_of(text.split("\n", 1)[0]) % TOPICS).normal(size=DIMENSION)
        vector = topic + 0.7 * np.random.default_rng(hash_of(text)).normal(size=DIMENSION)
        return (vector / np.linalg.norm(vector)).tolist()


def hash_of(text: str) -> int:
    import hashlib

    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])


def make_docs(docs_dir: Path, files: int, sections: int) -> None:
    words = [f"{a}{b}" for a in ("re", "un", "de", "in", "pro") for b in (f"word{n}" for n in range(6_000))]
    weights = [1 / (rank + 10) for rank in range(len(words))]
    pick = random.Random(0)
    pool = pick.choices(words, weights, k=2_000_000)
    for number in range(files):
        folder = docs_dir / f"area{number % 250}"
        folder.mkdir(parents=True, exist_ok=True)
        at = pick.randrange(len(pool) - sections * 100)
        page = [f"# Page {number}\n"]
        for section in range(sections):
            body = pool[at + section * 90 : at + section * 90 + 90]
            page.append(f"## Part {section}\n\n" + " ".join(body[:45]) + ".\n\n" + " ".join(body[45:]) + ".\n")
        (folder / f"page{number}.md").write_text("\n".join(page), "utf-8")


def step(folder: Path, flags: dict[str, bool]) -> None:
    """One ingest, in this process; prints a JSON line."""
    settings = load_settings(env_file=None, docs_dir=folder / "docs", index_dir=folder / "index")
    embedder = PrefixedEmbeddings(FakeEmbeddings(), "", Fingerprint("fake", "0" * 64))
    stages: dict[str, float] = {}
    started = time.perf_counter()

    def on_progress(stage: str, done: int, total: int) -> None:
        stages[stage] = time.perf_counter() - started

    report = ingest(settings, on_progress, embedder, **flags)
    total_s = time.perf_counter() - started
    written = int(dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())["write_bytes"])
    print(
        json.dumps(
            {
                "seconds": total_s,
                "stages": {name: round(at, 2) for name, at in stages.items()},
                "written_mb": written / 1e6,
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
                "files": report.manifest.files,
                "chunks": report.manifest.chunks,
                "published": report.published,
                "embedded": report.embedded,
            }
        )
    )


def measured(folder: Path, name: str, **flags: bool) -> dict[str, float]:
    command = [sys.executable, __file__, str(folder), "--step", json.dumps(flags)]
    line = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    result = json.loads(line)
    print(f"{name:<34}", line.strip(), flush=True)
    return result


def disk_mb(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=25_000)
    parser.add_argument("--sections", type=int, default=10)
    parser.add_argument("--step", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    folder = arguments.folder
    if arguments.step:
        step(folder, json.loads(arguments.step))
        return
    docs_dir = folder / "docs"
    if not docs_dir.is_dir():
        make_docs(docs_dir, arguments.files, arguments.sections)
    shutil.rmtree(folder / "index", ignore_errors=True)
    rows = [("full build, nothing cached", measured(folder, "full build"))]
    time.sleep(3)  # so that file times are old enough to be trusted
    rows.append(("no change, first time after", measured(folder, "no change, first")))
    rows.append(("no change", measured(folder, "no change")))
    rows.append(("no change, --checksum", measured(folder, "checksum", checksum=True)))
    started = time.perf_counter()
    subprocess.run(f"find {docs_dir} -type f -print0 | xargs -0 sha256sum > /dev/null", shell=True, check=True)
    sha_s = time.perf_counter() - started
    pages = sorted(docs_dir.rglob("*.md"))
    changed = pages[len(pages) // 2]
    changed.write_text(changed.read_text("utf-8").replace("## Part 3\n", "## Part 3\n\nOne more sentence.\n"), "utf-8")
    rows.append(("one changed file", measured(folder, "one changed file")))
    for page in random.Random(1).sample(pages, 100):
        page.unlink()
    rows.append(("100 deleted files", measured(folder, "100 deleted files")))
    rows.append(("--rebuild, all cached", measured(folder, "rebuild", rebuild=True)))
    live = folder / "index" / "generations" / (folder / "index" / "CURRENT").read_text().strip()
    started = time.perf_counter()
    shutil.copytree(live / "chroma", folder / "copy")
    os.sync()
    copy_s = time.perf_counter() - started
    copied_mb = disk_mb(folder / "copy")
    shutil.rmtree(folder / "copy")
    built = rows[0][1]
    full = built["seconds"]
    cache_mb = (folder / "index" / "cache.sqlite3").stat().st_size / 1e6
    print(f"\n{built['files']:,} files, {built['chunks']:,} chunks; sha256sum over the tree: {sha_s:.2f} s")
    print(f"live generation {disk_mb(live):,.0f} MB; of it Chroma, copied for each generation, {copied_mb:,.0f} MB")
    print(f"(a plain copy with a sync: {copy_s:.1f} s); cache {cache_mb:,.0f} MB\n")
    print("| run | seconds | of a full build | of sha256sum | written, MB | peak memory, MB |")
    print("|---|---|---|---|---|---|")
    for name, result in rows:
        seconds = result["seconds"]
        print(
            f"| {name} | {seconds:.2f} | {seconds / full:.4f} | {seconds / sha_s:.1f} | "
            f"{result['written_mb']:,.0f} | {result['peak_mb']:,.0f} |"
        )


if __name__ == "__main__":
    main()
