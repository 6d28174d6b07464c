"""Recall, latency and ingest rate of stores, each with the same chunks: see bench/README.md, "Stores".

python bench/stores/measure.py --store embedded --store milvus:http://127.0.0.1:19530 --chunks 10000 100000
"""

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from made_chunks import Corpus, made_chunk

from footnote.app.core.settings import load_settings
from footnote.app.core.types import Chunk, Fingerprint
from footnote.app.index.filters import FileSelection
from footnote.app.index.manifest import EMBEDDED, FORMAT, FileRecord, Manifest, write_manifest
from footnote.app.index.seam import BaseGeneration, Changes, Store, Written
from footnote.app.index.store import make_store

TOP_K = 20
EDITED_SHARE = 0.01


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--store", action="append", required=True, help="as FOOTNOTE_STORE; may be repeated")
    options.add_argument("--chunks", nargs="+", type=int, default=[10_000])
    options.add_argument("--questions", type=int, default=200)
    options.add_argument("--folder", type=Path, help="where the indexes go; a temporary folder by default")
    arguments = options.parse_args()
    for count in arguments.chunks:
        corpus = Corpus(count)
        questions = corpus.questions(arguments.questions)
        scores: dict[str, list[list[float]]] = {}
        for name in arguments.store:
            folder = Path(tempfile.mkdtemp(dir=arguments.folder))
            try:
                scores[name] = _measured(name, corpus, questions, folder)
            except Exception as error:  # one store that breaks must not end the run of the others
                print(f"{name} {count}: FAILED {type(error).__name__}: {error}", flush=True)
            shutil.rmtree(folder)
        _compare(scores)


def _measured(
    name: str, corpus: Corpus, questions: Sequence[tuple[str, np.ndarray]], folder: Path
) -> list[list[float]]:
    """Print what was measured; the scores of each question's lexical hits."""
    store = make_store(load_settings(None, store=name, store_timeout_s=60).store)
    label = f"{name.partition(':')[0]} {corpus.count:,}:"

    def say(what: str) -> None:
        print(label, what, flush=True)

    chunks = list(corpus.chunks())
    records = _records(chunks)
    started = time.perf_counter()
    built = _build(store, folder / "building", 1, None, Changes(chunks, chunks, {}, {}), corpus)
    took_s = time.perf_counter() - started
    first = _published(store, folder, built, 1, records)
    say(f"built in {took_s:.1f} s, {corpus.count / took_s:,.0f} chunks/s; folder {_megabytes(first.folder):.0f} MB")
    lexical = _asked(store, first, corpus, questions, say)

    started = time.perf_counter()
    one = made_chunk(corpus.count // 2, np.random.default_rng(9), " edited")
    _build(store, folder / "one", 2, first, Changes([one], [one], {}, {one.id: one.path}), corpus)
    say(f"one chunk edited in {time.perf_counter() - started:.2f} s")
    shutil.rmtree(folder / "one")
    dice = np.random.default_rng(3)
    edited = [
        made_chunk(int(one), dice, " edited") for one in dice.choice(corpus.count, int(corpus.count * EDITED_SHARE))
    ]
    edited = list({chunk.id: chunk for chunk in edited}.values())
    changes = Changes(edited, edited, {}, {chunk.id: chunk.path for chunk in edited})
    started = time.perf_counter()
    built = _build(store, folder / "building", 2, first, changes, corpus)
    say(f"{len(edited):,} chunks edited in {time.perf_counter() - started:.1f} s")
    _published(store, folder, built, 2, records)
    if store.kind != EMBEDDED:
        # Nothing of the run stays on the server: whatever is not one of these is removed.
        shutil.rmtree(first.folder)
        store.remove_others([folder / "generations" / "2"])
    return lexical


def _asked(
    store: Store,
    generation: BaseGeneration,
    corpus: Corpus,
    questions: Sequence[tuple[str, np.ndarray]],
    say: Callable[[str], None],
) -> list[list[float]]:
    started = time.perf_counter()
    with closing(store.reader(generation.folder, generation.manifest)) as reader:
        say(f"opened in {time.perf_counter() - started:.2f} s")
        paths = {corpus.path(number) for number in range(corpus.count)}
        folder = frozenset(path for path in paths if path.startswith("folder-3/"))
        scattered = frozenset(path for path in paths if hash_of(path) % 100 == 0)
        selections = {
            "all": None,
            "a folder, 10%": FileSelection(folder, frozenset(paths - folder)),
            "scattered, 1%": FileSelection(scattered, frozenset(paths - scattered)),
        }
        lexical: list[list[float]] = []
        for what, selection in selections.items():
            allowed = selection.allowed if selection else None
            hits, times = _timed(lambda one, allowed=allowed: reader.chunks.search(one[0], TOP_K, allowed), questions)
            say(f"lexical, {what}: {_percentiles(times)}")
            if selection is None:
                lexical = [[hit.score for hit in several] for several in hits]
            found, times = _timed(
                lambda one, selection=selection: reader.vectors.search(one[1].tolist(), TOP_K, selection), questions
            )
            recall = _recall(corpus, questions, found, allowed)
            say(f"vector, {what}: {_percentiles(times)}, recall@{TOP_K} {recall:.4f}")
        ids = [hit.chunk_id for hit in reader.vectors.search(questions[0][1].tolist(), 40)]
        _, times = _timed(lambda _: reader.chunks.get(ids), questions)
        say(f"40 chunks by id: {_percentiles(times)}")
    return lexical


def hash_of(path: str) -> int:
    """The same in every process."""
    return sum(ord(letter) * 31**place for place, letter in enumerate(path)) % 1_000_003


def _recall(corpus: Corpus, questions: Sequence[tuple[str, np.ndarray]], found: Sequence, allowed) -> float:
    numbers = np.array([n for n in range(corpus.count) if allowed is None or corpus.path(n) in allowed])
    vectors = corpus.vectors if allowed is None else corpus.vectors[numbers]
    shares = []
    for (_, vector), hits in zip(questions, found, strict=True):
        similar = vectors @ vector
        nearest = np.argpartition(-similar, min(TOP_K, len(similar)) - 1)[:TOP_K]
        exact = {f"{numbers[place]:032x}" for place in nearest}
        shares.append(len(exact & {hit.chunk_id for hit in hits}) / len(exact))
    return float(np.mean(shares))


def _timed(ask: Callable, questions: Sequence) -> tuple[list, list[float]]:
    for question in questions[:10]:
        ask(question)
    found, times = [], []
    for question in questions:
        started = time.perf_counter()
        found.append(ask(question))
        times.append((time.perf_counter() - started) * 1_000)
    return found, times


def _percentiles(times_ms: Sequence[float]) -> str:
    return f"p50 {np.percentile(times_ms, 50):.1f} ms, p95 {np.percentile(times_ms, 95):.1f} ms"


def _build(
    store: Store, building: Path, number: int, base: BaseGeneration | None, changes: Changes, corpus: Corpus
) -> tuple[Path, Written]:
    building.mkdir(parents=True)
    written = store.writer(building, number, base).write(changes, corpus.vectors_of, lambda _: None)
    return building, written


def _published(
    store: Store, folder: Path, built: tuple[Path, Written], number: int, records: Sequence[FileRecord]
) -> BaseGeneration:
    building, written = built
    target = folder / "generations" / str(number)
    target.parent.mkdir(exist_ok=True)
    building.rename(target)
    manifest = Manifest(
        format=FORMAT,
        generation=number,
        created_at="",
        tool_version="",
        docs_dir="",
        include=(),
        exclude=(),
        max_file_mb=1,
        embedder=Fingerprint("made", ""),
        dimension=written.dimension,
        graph_sha256=written.graph_sha256,
        chunk_size_chars=1_000,
        chunk_overlap_chars=0,
        small_section_chars=0,
        files=0,
        chunks=written.chunks,
        replaced_chunks=0,
        skipped=(),
        flavour="",
        anchor_style="github",
        languages={},
        store=store.kind,
        collection=written.collection,
    )
    write_manifest(target, manifest, records)
    store.made_live(target)
    return BaseGeneration(target, manifest)


def _records(chunks: Sequence[Chunk]) -> list[FileRecord]:
    """The files that have these chunks: a writer may ask the base's for the ids."""
    ids: dict[str, list[str]] = {}
    for chunk in chunks:
        ids.setdefault(chunk.path, []).append(chunk.id)
    return [FileRecord(path, "", 0, 0, "Made", {}, tuple(several), "") for path, several in ids.items()]


def _megabytes(folder: Path) -> float:
    return sum(os.path.getsize(file) for file in folder.rglob("*") if file.is_file()) / 1e6


def _compare(scores: dict[str, list[list[float]]]) -> None:
    names = list(scores)
    for name in names[1:]:
        pairs = zip(scores[names[0]], scores[name], strict=True)
        differences = [abs(a - b) / a for first, second in pairs for a, b in zip(first, second, strict=True)]
        print(f"{name} against {names[0]}: BM25 differs by at most {max(differences):.1e} of itself", flush=True)


if __name__ == "__main__":
    main()
