"""Two collections asked alone and together: retrieval on the questions of each, time and memory.

    python bench/collections_together.py uv=DOCS:QUESTIONS.jsonl faquad=DOCS:QUESTIONS.jsonl [--limit N]
        [--set faquad.reranker=none]

A question counts for the page that its label names, in its own collection. Memory is the resident set of the process.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from footnote.app.core.settings import Settings, load_settings
from footnote.app.core.types import Hit
from footnote.app.engine.engine import Engine, open_engine
from footnote.app.engine.joining.engine import JoinedEngine
from footnote.app.engine.pool import ModelPool
from footnote.app.evaluation.questions import read_questions
from footnote.app.evaluation.types import Question
from footnote.ingest.flow import ingest

_DEPTH = 10
_SEED = 0


def main() -> None:
    """Print what was measured, as rows of a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("collections", nargs="+", metavar="NAME=DOCS:QUESTIONS")
    parser.add_argument("--limit", type=int, default=60, help="Questions of each set that have a label.")
    parser.add_argument("--set", action="append", default=[], metavar="NAME.SETTING=VALUE")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sets, engines, pool = {}, {}, ModelPool()
        for one in given.collections:
            name, _, places = one.partition("=")
            docs, _, questions = places.partition(":")
            own = [part.partition(".")[2].partition("=") for part in given.set if part.startswith(f"{name}.")]
            settings = load_settings(
                None,
                docs_dir=Path(docs),
                index_dir=Path(folder) / name,
                **{key: value for key, _, value in own},
            )
            engines[name] = _opened(settings, pool)
            sets[name] = _labelled(Path(questions), given.limit)
            print(f"{name}: {engines[name].index.manifest.files} pages, {engines[name].index.manifest.chunks} chunks")
            print(f"memory with {', '.join(engines)}: {_resident_mb():.0f} MB")
        joined = JoinedEngine(engines)
        for name, asked in sets.items():
            alone = _measured(name, asked, lambda text, of=engines[name]: of.search(text, _DEPTH).hits, is_alone=True)
            both = _measured(name, asked, lambda text: joined.search(text, _DEPTH).hits, is_alone=False)
            print(f"| {name} | {len(asked)} | {alone} | {both} |")
        print(f"memory after all questions: {_resident_mb():.0f} MB")
        for engine in engines.values():
            engine.close()


def _opened(settings: Settings, pool: ModelPool) -> Engine:
    ingest(settings, lambda *_: None)
    engine = open_engine(settings, search_only=True, models_pool=pool)
    engine.warm_up()
    return engine


def _labelled(file: Path, limit: int) -> list[Question]:
    found = [one for one in read_questions([file]) if one.gold]
    random.Random(_SEED).shuffle(found)
    return found[:limit]


def _measured(name: str, asked: Sequence[Question], search: Callable[[str], Sequence[Hit]], is_alone: bool) -> str:
    """MRR@10, the share with the page among four, and the median time."""
    ranks, times = [], []
    for question in asked:
        began = time.perf_counter()
        hits = search(question.text)
        times.append((time.perf_counter() - began) * 1000)
        pages = {label.path for label in question.gold}
        own = [hit for hit in hits if is_alone or hit.collection == name]
        ranks.append(next((rank for rank, hit in enumerate(hits, 1) if hit in own and hit.chunk.path in pages), None))
    mrr = statistics.mean(1 / rank if rank else 0.0 for rank in ranks)
    in_four = statistics.mean(bool(rank and rank <= 4) for rank in ranks)
    return f"{mrr:.3f} | {in_four:.2f} | {statistics.median(times):.0f} ms"


def _resident_mb() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1000


if __name__ == "__main__":
    main()
