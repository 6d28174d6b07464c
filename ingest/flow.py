"""The ingest flow: find -> read -> split -> embed -> write new generation -> publish."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from app.core.embedder import Embedder, make_embedder
from app.core.errors import DocsFolderError
from app.core.generations import Generations
from app.core.manifest import Manifest
from app.core.settings import Settings
from ingest.embed import embed_chunks
from ingest.find import find_files
from ingest.read import read_document
from ingest.split import split_document
from ingest.types import Document, FoundFile, Skip
from ingest.write import write_generation

# (stage, done, total): called at the start of a stage, as it goes on, and at its end.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did. `skips` holds files left out and files read with a loss; times are seconds."""

    manifest: Manifest
    skips: tuple[Skip, ...]
    embed_s: float
    total_s: float


def ingest(settings: Settings, on_progress: Progress, embedder: Embedder | None = None) -> IngestReport:
    """Build a new generation from the docs folder and make it the live one.

    The live index is not touched until the new one is complete; if anything fails, it stays.

    Raises:
        DocsFolderError: the folder is missing, or holds no markdown that can be read.
        IngestRunningError: another ingest is running on this index.
        ModelError: the embedder cannot be loaded, or a remote one failed.
    """
    started = time.perf_counter()
    generations = Generations(settings.index_dir)
    max_bytes = int(settings.max_file_mb * 1_000_000)
    files, skips = find_files(settings.docs_dir, settings.include, settings.exclude, max_bytes)
    with generations.lock():
        documents = [
            (document, split_document(document, settings.chunk_size_chars, settings.chunk_overlap_chars))
            for document in _read_all(files, skips, on_progress)
        ]
        chunks = [chunk for _, file_chunks in documents for chunk in file_chunks]
        if not chunks:
            raise DocsFolderError(_nothing_to_ingest(settings, skips))
        embedder = embedder or make_embedder(settings)
        embed_started = time.perf_counter()
        on_progress("embed", 0, len(chunks))
        embeddings = embed_chunks(embedder, chunks, lambda done: on_progress("embed", done, len(chunks)))
        embed_s = time.perf_counter() - embed_started
        on_progress("write", 0, len(chunks))
        with generations.write_errors(), generations.building() as folder:
            previous, number = generations.current_if_readable(), generations.next_number()
            manifest = write_generation(folder, number, settings, embedder.fingerprint, documents, embeddings, skips)
            generations.publish(folder, number)
        on_progress("write", len(chunks), len(chunks))
        generations.sweep(previous)
    return IngestReport(manifest, tuple(skips), embed_s, time.perf_counter() - started)


def _read_all(files: list[FoundFile], skips: list[Skip], on_progress: Progress) -> list[Document]:
    documents = []
    for done, file in enumerate(files, 1):
        document, skip = read_document(file)
        if document:
            documents.append(document)
        if skip:
            skips.append(skip)
        on_progress("read", done, len(files))
    return documents


def _nothing_to_ingest(settings: Settings, skips: list[Skip]) -> str:
    if skips:
        first = f"{skips[0].path}: {skips[0].reason}"
        return f"nothing to ingest in {settings.docs_dir}: {len(skips)} files skipped, the first is {first}"
    return (
        f"no markdown in {settings.docs_dir}: looked for {', '.join(settings.include)} "
        "(FOOTNOTE_INCLUDE; hidden and ignored files are left out)"
    )
