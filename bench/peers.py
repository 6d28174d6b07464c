"""Footnote and its peers behind one protocol: build an index of a docs folder, search it.

All of them read the files that Footnote would ingest and run the same models in the same pool of threads: documents are
embedded without the prefix of questions, questions with it. What each returns is bytes of a page, so that one rule
judges all (bench/judgments.py).
"""

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, Protocol, cast

from chromadb.config import Settings as ChromaSettings
from judgments import Found, in_bytes
from langchain_chroma import Chroma
from langchain_classic.retrievers import ContextualCompressionRetriever, EnsembleRetriever
from langchain_classic.retrievers.document_compressors import CrossEncoderReranker
from langchain_community.retrievers import BM25Retriever
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from langchain_text_splitters import RecursiveCharacterTextSplitter

from footnote.app.core.find import find_files
from footnote.app.core.settings import load_settings
from footnote.app.engine.engine import open_engine
from footnote.app.engine.models import Models
from footnote.app.models.embedder import Embedder
from footnote.ingest.flow import ingest

DEPTH = 10


class Peer(Protocol):
    """One retriever; `build` comes first, and `search` returns at most ten chunks, best first."""

    def build(self, docs: Path, work: Path) -> None: ...

    def search(self, question: str) -> list[Found]: ...

    def close(self) -> None: ...


class Footnote:
    """Footnote's own retrieval with its default settings, the first ten of the candidates that it reranks."""

    def build(self, docs: Path, work: Path) -> None:
        settings = load_settings(None, docs_dir=docs, index_dir=work, llm="extractive")
        ingest(settings, lambda *_: None, rebuild=True)
        self.engine = open_engine(settings, search_only=True)
        self.engine.warm_up()

    def search(self, question: str) -> list[Found]:
        hits = self.engine.search(question, DEPTH).hits
        return [Found(hit.chunk.path, hit.chunk.start, hit.chunk.end) for hit in hits]

    def close(self) -> None:
        self.engine.close()


class SeedPipeline:
    """The hybrid pipeline of LangChain's tutorials, out of LangChain's own parts.

    RecursiveCharacterTextSplitter (1000, 200), Chroma and BM25Retriever with ten results each, EnsembleRetriever with
    weights 0.4 for BM25 and 0.6 for vectors, CrossEncoderReranker. The tutorial's `top_n` is 4; a larger one returns
    the same order, longer.
    """

    def __init__(self, models: Models, top_n: int = 4) -> None:
        self._models = models
        self._top_n = top_n

    def build(self, docs: Path, work: Path) -> None:
        chunks = split(pages_of(docs))
        self.assemble(chunks, new_chroma(chunks, self._models.embedder, work))

    def assemble(self, chunks: list[Document], store: Chroma) -> None:
        """Make the retriever of chunks and the store that has their vectors."""
        self.vectors = store.as_retriever(search_kwargs={"k": DEPTH})
        self.bm25 = BM25Retriever.from_documents(chunks, k=DEPTH)
        self.retriever = ContextualCompressionRetriever(
            base_retriever=EnsembleRetriever(retrievers=[self.bm25, self.vectors], weights=[0.4, 0.6]),
            base_compressor=CrossEncoderReranker(model=self._models.reranker, top_n=self._top_n),
        )

    def search(self, question: str) -> list[Found]:
        return _found(self.retriever, question)

    def close(self) -> None:
        pass


class Alone:
    """One of the seed pipeline's two searches, without fusion and reranking; shares its index."""

    def __init__(self, seed: SeedPipeline, part: Literal["vectors", "bm25"]) -> None:
        self._seed = seed
        self._part = part

    def build(self, docs: Path, work: Path) -> None:
        pass

    def search(self, question: str) -> list[Found]:
        return _found(self._seed.vectors if self._part == "vectors" else self._seed.bm25, question)

    def close(self) -> None:
        pass


def new_chroma(chunks: list[Document], embedder: Embeddings | Embedder, folder: Path) -> Chroma:
    """LangChain's Chroma of the chunks, with its defaults, in a folder that is emptied."""
    shutil.rmtree(folder, ignore_errors=True)
    # Footnote's embedders have the methods, but are no subclass.
    return Chroma.from_documents(chunks, cast(Embeddings, embedder), **_in_folder(folder))


def open_chroma(embedder: Embeddings | Embedder, folder: Path) -> Chroma:
    """The same, as it was left there."""
    return Chroma(embedding_function=cast(Embeddings, embedder), **_in_folder(folder))


def _in_folder(folder: Path) -> dict[str, Any]:
    # Not one for all: a client writes its folder into the settings it is given.
    settings = ChromaSettings(anonymized_telemetry=False, is_persistent=True)
    return {"persist_directory": str(folder), "client_settings": settings}


def pages_of(docs: Path) -> dict[str, str]:
    """The text of each file that Footnote would ingest, by its path below the docs folder."""
    settings = load_settings(None, docs_dir=docs)
    files, _ = find_files(docs, settings.ingest.include, settings.ingest.exclude, settings.ingest.max_file_bytes)
    return {file.path: file.location.read_bytes().decode("utf-8") for file in files}


def split(pages: Mapping[str, str]) -> list[Document]:
    """The chunks of all pages; their metadata has `path`, and `start` and `end` in bytes."""
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
    chunks = []
    for path, text in pages.items():
        cut = splitter.split_documents([Document(text)])
        starts = [chunk.metadata["start_index"] for chunk in cut]
        spans = in_bytes(
            [(start, start + len(chunk.page_content)) for start, chunk in zip(starts, cut, strict=True)], text
        )
        for chunk, span in zip(cut, spans, strict=True):
            assert span is not None
            chunks.append(Document(chunk.page_content, metadata={"path": path, "start": span[0], "end": span[1]}))
    return chunks


def _found(retriever: BaseRetriever, question: str) -> list[Found]:
    chunks: Iterable[Document] = retriever.invoke(question)
    return [Found(chunk.metadata["path"], chunk.metadata["start"], chunk.metadata["end"]) for chunk in chunks]
