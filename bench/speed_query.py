"""speed.py query: milliseconds of retrieval by stage and size of the corpus, Footnote against the seed pipeline.

Corpora are those of bench/mixed_corpus.py: real pages of DOCS, and synthetic sections around them, ingested by
Footnote's own ingest with the embedder swapped. The seed pipeline (bench/peers.py: rank-bm25, Chroma,
EnsembleRetriever, CrossEncoderReranker, four passages of at most twenty) gets the same chunks with the same vectors;
both run the same two models, in processes of their own, one after the other. Real questions are embedded by the real
embedder. Five warm up; then COUNT are asked, and of the seed pipeline, in corpora larger than PEER_UP_TO, five, or
none where its memory would not suffice.

Cells are p50 / p95, in milliseconds (of five questions p95 is the largest); what a stage is, stands in
bench/stages.py. What is built is kept in WORK, and used again: about 7 GB with the default sizes. It belongs to DOCS;
for others take another folder.
"""

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass, fields, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

from mixed_corpus import MixedCorpus, prepare
from questions import answerable
from service import resident_mb
from stages import Measured, ModelClock, Stages, TimedEmbedder, TimedReranker
from tables import Report, percentile, table

from footnote.app.core.settings import load_settings
from footnote.app.engine.engine import Engine
from footnote.app.engine.models import load_models
from footnote.app.index.reader import open_index
from footnote.ingest.flow import ingest

ROOT = Path(__file__).parent.parent
WARM_UP = 5
FEW = 5
BASE = 10_000  # chunks of the corpus that others are compared with
# Source: 250,000 chunks of LangChain's documents, rank-bm25's dictionaries and Chroma's graph, rounded up.
SEED_BYTES_A_CHUNK = 25_000
STAGES = [stage.name for stage in fields(Stages)]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row:
    """One pipeline on one corpus; `p50` and `p95` are milliseconds by stage."""

    pipeline: str
    chunks: int
    questions: int
    p50: dict[str, float]
    p95: dict[str, float]
    opened_s: float
    resident_mb: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--docs", nargs="+", type=Path, default=[ROOT / "docs"], metavar="DOCS")
    parser.add_argument("--questions", nargs="+", type=Path, default=[ROOT / "tests" / "guide_questions.jsonl"])
    parser.add_argument("--sizes", type=numbers, default=[1_000, 10_000, 100_000, 250_000], metavar="N,N,...")
    parser.add_argument("--count", type=int, default=50, help="questions to a corpus")
    parser.add_argument("--peer-up-to", type=int, default=10_000, metavar="N")
    parser.add_argument("--work", type=Path, help="where corpora and indexes are kept")


def run(given: argparse.Namespace) -> Report:
    questions = answerable(given.questions)
    random.Random(0).shuffle(questions)
    warm_up, asked = questions[:WARM_UP], questions[WARM_UP:][: given.count]
    if not asked:
        raise SystemExit(f"more than {WARM_UP} questions are needed")
    load = os.getloadavg()[0]
    rows = []
    with ExitStack() as stack:
        work = given.work or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        in_a_process(prepare, work, given.docs)
        for size in given.sizes:
            folder = work / str(size)
            say(f"{size:,} chunks: building")
            in_a_process(build, work, size, folder)
            found = in_a_process(measure_footnote, folder / "index", warm_up, asked)
            rows.append(row_of("Footnote", size, found))
            say(line_of(rows[-1]))
            if size * SEED_BYTES_A_CHUNK > available_bytes():
                say(f"seed pipeline: not enough memory for {size:,} chunks, left out")
                continue
            few = asked if size <= given.peer_up_to else asked[:FEW]
            rows.append(row_of("seed pipeline", size, seed(work, folder, warm_up, few)))
            say(line_of(rows[-1]))
    return Report(f"load before: {load:.1f}, {os.cpu_count()} cores\n\n{shown(rows)}", [asdict(row) for row in rows])


def build(work: Path, size: int, folder: Path) -> None:
    """Docs and index of that many chunks, unless they are there."""
    started = time.perf_counter()
    corpus = MixedCorpus.of(work)
    docs_dir = folder / "docs"
    if not docs_dir.is_dir():
        unfinished = folder / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        corpus.write(size, unfinished)
        unfinished.rename(docs_dir)
    settings = load_settings(None, docs_dir=docs_dir, index_dir=folder / "index")
    report = ingest(settings, lambda *_: None, corpus.embedder())
    if report.manifest.chunks != size:
        raise SystemExit(f"{folder} has {report.manifest.chunks:,} chunks: remove it, and run this again")
    say(f"Footnote: {'built' if report.published else 'there'} in {time.perf_counter() - started:.0f} s")


def seed(work: Path, folder: Path, warm_up: Sequence[str], asked: Sequence[str]) -> Measured:
    """The seed pipeline's times; it is built where it is not there."""
    from speed_seed import build_seed, measure_seed

    started = time.perf_counter()
    in_a_process(build_seed, work, folder / "index", folder / "seed")
    say(f"seed pipeline: there after {time.perf_counter() - started:.0f} s, without BM25")
    return in_a_process(measure_seed, folder / "index", folder / "seed", warm_up, asked)


def measure_footnote(index_dir: Path, warm_up: Sequence[str], questions: Sequence[str]) -> Measured:
    """The times of each question, with default settings."""
    clock = ModelClock()
    settings = load_settings(None, index_dir=index_dir, llm="extractive")
    models = load_models(settings, search_only=True)
    assert models.reranker
    timed_models = replace(
        models,
        embedder=TimedEmbedder(models.embedder, clock),  # type: ignore[arg-type]  # it has what is used of one
        reranker=TimedReranker(models.reranker, clock),  # type: ignore[arg-type]
    )
    started = time.perf_counter()
    engine = Engine(open_index(index_dir), timed_models, settings)
    opened_s = time.perf_counter() - started

    def ask(question: str) -> Stages:
        clock.reset()
        began = time.perf_counter()
        found = engine.search(question, settings.search.top_k)
        total = (time.perf_counter() - began) * 1000
        fuse = found.fuse_ms + found.rerank_ms - clock.rerank_ms
        not_models = found.lexical_ms + found.vector_ms + fuse
        return Stages(clock.embed_ms, found.lexical_ms, found.vector_ms, fuse, clock.rerank_ms, not_models, total)

    for question in warm_up:
        ask(question)
    measured = Measured([ask(question) for question in questions], opened_s, resident_mb())
    engine.close()
    return measured


def in_a_process(work: Callable[..., T], *arguments: Any) -> T:
    """What the function returns, from a process that nothing else ran in."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def row_of(pipeline: str, size: int, found: Measured) -> Row:
    times = {stage: [getattr(one, stage) for one in found.questions] for stage in STAGES}
    p50, p95 = ({stage: percentile(ms, share) for stage, ms in times.items()} for share in (0.5, 0.95))
    return Row(pipeline, size, len(found.questions), p50, p95, found.opened_s, found.resident_mb)


def shown(rows: list[Row]) -> str:
    bases = {row.pipeline: row.p50["not_models"] for row in rows if row.chunks == BASE}
    head = ["pipeline", "chunks", "questions", *(stage.replace("_", " ") for stage in STAGES)]
    head += [f"not models, of {BASE:,}", "open, s", "memory, MB"]
    lines = []
    for row in rows:
        base = bases.get(row.pipeline)
        cells = [f"{row.p50[stage]:.1f} / {row.p95[stage]:.1f}" for stage in STAGES]
        ratio = f"{row.p50['not_models'] / base:.2f}" if base else ""
        lines.append([row.pipeline, f"{row.chunks:,}", str(row.questions), *cells, ratio])
        lines[-1] += [f"{row.opened_s:.1f}", f"{row.resident_mb:.0f}"]
    return table(head, lines)


def line_of(row: Row) -> str:
    return f"{row.pipeline}, {row.chunks:,} chunks: not models p50 {row.p50['not_models']:.1f} ms"


def available_bytes() -> float:
    """Memory that new processes can have; infinite where the system does not say."""
    file = Path("/proc/meminfo")
    if not file.is_file():
        return float("inf")
    return int(file.read_text().split("MemAvailable:")[1].split()[0]) * 1024


def numbers(text: str) -> list[int]:
    return sorted(int(part) for part in text.split(","))


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
