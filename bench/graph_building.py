"""What Chroma's graph costs to build and to settle, and what of the exact search it finds.

    python bench/graph_building.py [--vectors 5000 12345 19000]

Made vectors: 2,000 topics with noise, which are harder to tell apart than those of pages. Processor seconds, as wall
time depends on what else runs. "1,000 a call" leaves to Chroma when it writes its graph; "even" writes it after the
last call.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tables import table

from footnote.app.core.types import Chunk
from footnote.app.index.embedded.chroma_store import PAGE, ChromaStore

DIMENSION, TOPICS, ASKED, TOP = 384, 2_000, 200, 20


def near_topics(draw: np.random.Generator, topics: NDArray[np.float64], count: int) -> NDArray[np.float32]:
    rows = topics[draw.integers(0, TOPICS, count)] + 0.7 * draw.normal(size=(count, DIMENSION))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def measured(count: int, way: str) -> list[str]:
    draw = np.random.default_rng(0)
    topics = draw.normal(size=(TOPICS, DIMENSION))
    vectors, asked = near_topics(draw, topics, count), near_topics(draw, topics, ASKED)
    chunks = [Chunk(f"{row:032x}", f"{row // 10}.md", "Page", (), 1, 1, 0, 1, "x", "") for row in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        store = ChromaStore.build(Path(folder) / "chroma")
        pages = store.pages_to_add(count) if way == "even" else [range(at, at + PAGE) for at in range(0, count, PAGE)]
        for page in pages:
            store.add(chunks[page.start : page.stop], vectors[page.start : page.stop])
        added = time.process_time()
        store.settle()
        settled = time.process_time()
        store = ChromaStore.open(Path(folder) / "chroma")
        nearest = np.argsort(-(asked @ vectors.T), axis=1)[:, :TOP]
        found = sum(
            len({int(hit.chunk_id, 16) for hit in store.search(row.tolist(), TOP)} & set(exact.tolist()))
            for row, exact in zip(asked, nearest, strict=True)
        )
        store.close()
    recall = found / (ASKED * TOP)
    return [f"{count:,}", way, f"{added - began:.1f}", f"{settled - added:.1f}", f"{recall:.3f}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vectors", type=int, nargs="+", default=[5_000, 12_345, 19_000])
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print("\t".join(measured(int(given.one[0]), given.one[1])))
        return
    rows = []
    for count in given.vectors:
        for way in ("1,000 a call", "even"):
            command = [sys.executable, __file__, "--one", str(count), way]
            rows.append(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip().split("\t"))
    print(table(["vectors", "calls", "adding, s", "settling, s", f"recall@{TOP}"], rows))


if __name__ == "__main__":
    main()
