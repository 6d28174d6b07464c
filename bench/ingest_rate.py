"""Ingest speed against the bare onnxruntime session on the same texts, in one process.

    python bench/ingest_rate.py DOCS [DOCS ...]

Three runs over the same chunks, interleaved twice, best of each:
  ingest      footnote's whole flow: find, read, split, embed, write, publish
  alone       the bare session, one text a run on one single-threaded run per core (what footnote does)
  batches     the bare session, length-sorted padded batches of 32, all cores in one run (the usual way)
"""

import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from app.core.embedder import BUNDLED, make_embedder
from app.core.onnx_model import MAX_TOKENS, bundled_folder, core_count
from app.core.settings import load_settings
from app.core.vector_store import ChromaStore
from ingest.flow import IngestReport, ingest

BATCH = 32


def session(threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(
        str(bundled_folder(BUNDLED) / "model.onnx"), options, providers=["CPUExecutionProvider"]
    )


def feed(rows: list[list[int]]) -> dict[str, NDArray[np.int64]]:
    ids = np.zeros((len(rows), max(map(len, rows))), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, tokens in enumerate(rows):
        ids[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}


def encode(texts: list[str]) -> list[list[int]]:
    tokenizer = Tokenizer.from_file(str(bundled_folder(BUNDLED) / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return [encoding.ids for encoding in tokenizer.encode_batch(texts)]


def time_alone(texts: list[str]) -> float:
    model = session(1)
    started = time.perf_counter()
    with ThreadPoolExecutor(core_count()) as pool:
        list(pool.map(lambda tokens: model.run(None, feed([tokens]))[0][0, 0], encode(texts)))
    return time.perf_counter() - started


def time_batches(texts: list[str]) -> float:
    model = session(core_count())
    started = time.perf_counter()
    rows = sorted(encode(texts), key=len)
    for first in range(0, len(rows), BATCH):
        model.run(None, feed(rows[first : first + BATCH]))
    return time.perf_counter() - started


def time_ingest(docs_dir: Path, index_dir: Path) -> tuple[IngestReport, float]:
    settings = load_settings(None, docs_dir=docs_dir, index_dir=index_dir)
    embedder = make_embedder(settings)
    started = time.perf_counter()
    report = ingest(settings, lambda stage, done, total: None, embedder)
    return report, time.perf_counter() - started


def main() -> None:
    for docs_dir in map(Path, sys.argv[1:]):
        seconds: dict[str, list[float]] = {"ingest": [], "alone": [], "batches": []}
        for _ in range(2):
            with tempfile.TemporaryDirectory() as folder:
                report, taken = time_ingest(docs_dir, Path(folder))
                store = ChromaStore.open(Path(folder) / "generations" / "1" / "chroma")
                texts = [chunk.index_text for chunk in store.all_chunks()]
                store.close()
            seconds["ingest"].append(taken)
            seconds["alone"].append(time_alone(texts))
            seconds["batches"].append(time_batches(texts))
        best = {name: min(runs) for name, runs in seconds.items()}
        print(f"{docs_dir}: {report.manifest.files} files, {len(texts)} chunks, {len(report.skips)} skipped")
        for name, taken in best.items():
            ratio = taken / best["ingest"]
            print(f"  {name:8} {taken:6.1f} s  {len(texts) / taken:5.1f} chunks/s  ingest runs at {ratio:.2f} of it")


if __name__ == "__main__":
    main()
