"""The seed pipeline for speed.py query: built of an index's chunks, and asked.

In a module of its own, so that the process that measures Footnote does not hold LangChain's parts.
"""

import gc
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.documents import Document
from mixed_corpus import MixedCorpus
from peers import SeedPipeline, new_chroma, open_chroma
from service import resident_mb
from stages import Measured, ModelClock, Stages, TimedEmbedder, TimedReranker

from footnote.app.core.settings import load_settings
from footnote.app.engine.models import Models, load_models
from footnote.app.index.reader import open_index


def build_seed(work: Path, index_dir: Path, folder: Path) -> None:
    """Chroma of the index's chunks, as LangChain makes it; kept if it is there and complete."""
    chunks = documents_of(index_dir)
    corpus = MixedCorpus.of(work)
    if not (folder.is_dir() and len(open_chroma(corpus.embedder(), folder).get(include=[])["ids"]) == len(chunks)):
        new_chroma(chunks, corpus.embedder(), folder)


def measure_seed(index_dir: Path, folder: Path, warm_up: Sequence[str], questions: Sequence[str]) -> Measured:
    """The times of each question; the passages are the tutorial's four."""
    clock, searches = ModelClock(), SearchClock()
    loaded = load_models(load_settings(None, llm="extractive"), search_only=True)
    assert loaded.reranker
    models = Models(
        TimedEmbedder(loaded.embedder, clock),  # type: ignore[arg-type]  # it has what is used of one
        TimedReranker(loaded.reranker, clock),  # type: ignore[arg-type]
        loaded.answerer,
    )
    started = time.perf_counter()
    seed = SeedPipeline(models)
    seed.assemble(documents_of(index_dir), open_chroma(models.embedder, folder))
    opened_s = time.perf_counter() - started
    gc.collect()

    def ask(question: str) -> Stages:
        clock.reset()
        searches.reset()
        began = time.perf_counter()
        seed.retriever.invoke(question, {"callbacks": [searches]})
        total = (time.perf_counter() - began) * 1000
        lexical = searches.ms["BM25Retriever"]
        vector = searches.ms["VectorStoreRetriever"] - clock.embed_ms
        fuse = total - clock.embed_ms - clock.rerank_ms - lexical - vector
        return Stages(clock.embed_ms, lexical, vector, fuse, clock.rerank_ms, lexical + vector + fuse, total)

    for question in warm_up:
        ask(question)
    return Measured([ask(question) for question in questions], opened_s, resident_mb())


def documents_of(index_dir: Path) -> list[Document]:
    """The chunks, with the text that Footnote embeds and indexes."""
    index = open_index(index_dir)
    documents = [Document(chunk.index_text, metadata={"path": chunk.path}) for chunk in index.chunks.all_chunks()]
    index.close()
    return documents


class SearchClock(BaseCallbackHandler):
    """The milliseconds of each retriever within the pipeline, by the name of its class."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.ms: dict[str, float] = {}
        self._began: dict[UUID, tuple[str, float]] = {}

    def on_retriever_start(
        self, serialized: dict[str, Any], query: str, *, run_id: UUID, name: str = "", **_: Any
    ) -> None:
        self._began[run_id] = (name, time.perf_counter())

    def on_retriever_end(self, documents: Sequence[Document], *, run_id: UUID, **_: Any) -> None:
        name, began = self._began.pop(run_id)
        self.ms[name] = (time.perf_counter() - began) * 1000
