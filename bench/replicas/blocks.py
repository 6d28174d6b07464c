"""What a change of an index moves to its replicas, by the size of the blocks that Chroma's files are cut into.

    python bench/replicas/blocks.py FOLDER [--files 2500] [--sections 10]

Makes a corpus and an index in FOLDER with a fast fake embedder, edits one page and then one page in a hundred, and
prints for each block size the parts of the first publishing, and what each change moves. Beside that it publishes to
FOLDER/target and follows from there with the size that is in use, with times.
"""

import argparse
import hashlib
import shutil
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from big_corpus import FakeEmbeddings, make_docs

from footnote.app.core.settings import load_settings
from footnote.app.core.types import Fingerprint
from footnote.app.index.generations import Generations
from footnote.app.models.embedder import PrefixedEmbeddings
from footnote.app.objects.directory import Directory
from footnote.app.replicas.follow import Replica
from footnote.app.replicas.publish import publish
from footnote.ingest.flow import ingest

SIZES = [4, 16, 64, 256, 1024, 4096]
OTHER_BYTES = 4 * 2**20
FAKE = Fingerprint("fake", "0" * 64)


def silent(*_: object) -> None:
    pass


def blocks_of(folder: Path, block_bytes: int) -> dict[str, int]:
    """The size of each part, by hash, with Chroma's files in blocks of this size."""
    found: dict[str, int] = {}
    for file in folder.rglob("*"):
        if file.is_file():
            size = block_bytes if "chroma" in file.parts else OTHER_BYTES
            with file.open("rb") as opened:
                while block := opened.read(size):
                    found[hashlib.sha256(block).hexdigest()] = len(block)
    return found


def edit(docs: Path, numbers: range) -> None:
    for number in numbers:
        file = docs / f"area{number % 250}" / f"page{number}.md"
        file.write_text(file.read_text() + f"\n## Edited\n\nThis was added at {time.time_ns()}.\n")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=2500)
    parser.add_argument("--sections", type=int, default=10)
    arguments = parser.parse_args()
    folder: Path = arguments.folder
    for name in ("docs", "index", "target", "replica"):
        shutil.rmtree(folder / name, ignore_errors=True)
    make_docs(folder / "docs", arguments.files, arguments.sections)
    settings = load_settings(env_file=None, docs_dir=folder / "docs", index_dir=folder / "index")
    embedder = PrefixedEmbeddings(FakeEmbeddings(), "", FAKE)
    target = Directory(folder / "target")
    replica = Replica(folder / "replica", target, FAKE)
    moved: dict[int, list[tuple[int, int]]] = {size: [] for size in SIZES}
    before: dict[int, dict[str, int]] = {size: {} for size in SIZES}
    for pages in (0, 1, max(1, arguments.files // 100)):
        edit(folder / "docs", range(7, 7 + pages))
        manifest = ingest(settings, silent, embedder).manifest
        generation = Generations(settings.folders.index_dir).folder(manifest.generation)
        for size in SIZES:
            parts = blocks_of(generation, size * 1024)
            new = parts.keys() - before[size].keys()
            moved[size].append((len(new), sum(parts[sha256] for sha256 in new)))
            before[size] = parts
        sent = publish(settings.folders.index_dir, target, silent)
        fetched = replica.follow(silent)
        print(f"{pages} pages edited, {manifest.chunks} chunks, {sent.size_bytes / 1e6:.1f} MB")
        print(f"    published {sent.sent} parts, {sent.sent_bytes / 1e6:.1f} MB in {sent.total_s:.2f} s")
        got = fetched.fetched
        print(f"    followed {got.parts} parts, {got.size_bytes / 1e6:.1f} MB in {fetched.total_s:.2f} s")
    print("| block, KiB | first: parts, MB | one page | one page in a hundred |\n|---|---|---|---|")
    for size in SIZES:
        cells = [f"{count}, {bytes_ / 1e6:.1f}" for count, bytes_ in moved[size]]
        print(f"| {size} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
