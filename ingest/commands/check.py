"""check: an index against its manifest, its docs folder and itself."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from footnote.app.core.errors import IndexDamagedError
from footnote.app.core.find import find_files
from footnote.app.core.pages.flavour import Flavour, flavour_of
from footnote.app.core.settings import Settings
from footnote.app.core.types import Chunk
from footnote.app.index.documents import chunk_json, lexical_document
from footnote.app.index.generations import Generations
from footnote.app.index.manifest import FileRecord
from footnote.app.index.raw_pages import RawPages, uncompressed
from footnote.app.index.reader import Index, open_generation
from footnote.app.index.store import make_store
from footnote.ingest.base import as_built
from footnote.ingest.including.included import included_files
from footnote.ingest.read import read_document
from footnote.ingest.split import split_or_skip
from footnote.ingest.types import Progress

_UNIT_TOLERANCE = 1e-4


@dataclass(frozen=True, slots=True)
class Drift:
    """One thing that is not as it should be. `where` is a path, or the part of the index."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was checked, and every drift found."""

    generation: int
    files: int
    chunks: int
    drifts: tuple[Drift, ...]


def check(settings: Settings, on_progress: Progress) -> CheckReport:
    """Compare the live generation with its manifest and with the docs folder it was built from.

    Every file is read, hashed and cut again, with the settings that built the index; nothing is embedded.

    Raises:
        IndexMissingError, IndexDamagedError: there is no index, or it cannot be opened.
        DocsFolderError: the docs folder is missing.
    """
    store = make_store(settings.store)
    generations = Generations(settings.folders.index_dir, store)
    with closing(open_generation(generations.folder(generations.live()), store=store)) as index:
        settings = as_built(settings, index.manifest)
        stored: dict[str, dict[str, Chunk]] = {}
        drifts = list(_lexical_drifts(index, stored))
        vectors: set[tuple[str, str]] = set()
        drifts += _vector_drifts(index, vectors)
        drifts += _manifest_drifts(index, stored, vectors)
        drifts += _page_drifts(index)
        drifts += _docs_drifts(index, stored, settings, on_progress)
        return CheckReport(index.generation, index.manifest.files, index.manifest.chunks, tuple(drifts))


def _lexical_drifts(index: Index, stored: dict[str, dict[str, Chunk]]) -> Iterator[Drift]:
    """The lexical index against its own chunks, which it gathers in `stored`, by path and id."""
    for document in index.chunks.documents():
        chunk = document.to_chunk()
        if chunk.id in stored.setdefault(chunk.path, {}):
            yield Drift(chunk.path, f"the lexical index holds chunk {chunk.id} twice")
        stored[chunk.path][chunk.id] = chunk
        if lexical_document(chunk) != document:
            yield Drift(chunk.path, f"the terms of chunk {chunk.id} are not those of its text")


def _vector_drifts(index: Index, vectors: set[tuple[str, str]]) -> Iterator[Drift]:
    """The vectors in themselves; gathers their paths and ids in `vectors`."""
    yield from (Drift(*damage) for damage in index.reader.damages())
    for chunk_id, path, vector in index.vectors.rows():
        vectors.add((path, chunk_id))
        if len(vector) != index.manifest.dimension:
            yield Drift(path, f"the vector of chunk {chunk_id} has {len(vector)} dimensions")
        elif abs(float(np.linalg.norm(vector)) - 1.0) > _UNIT_TOLERANCE:
            yield Drift(path, f"the vector of chunk {chunk_id} is not of length 1")


def _manifest_drifts(
    index: Index, stored: Mapping[str, Mapping[str, Chunk]], vectors: set[tuple[str, str]]
) -> Iterator[Drift]:
    """The file list against the lexical index and the vectors, id by id."""
    listed = {(path, chunk_id) for path, file in index.files.items() for chunk_id in file.chunk_ids}
    holders = {
        "the lexical index": {(path, chunk_id) for path, chunks in stored.items() for chunk_id in chunks},
        "the vector index": vectors,
    }
    for name, held in holders.items():
        yield from (Drift(path, f"{name} lacks chunk {chunk_id}") for path, chunk_id in sorted(listed - held))
        yield from (
            Drift(path, f"{name} holds chunk {chunk_id}, which no file has") for path, chunk_id in sorted(held - listed)
        )
    manifest = index.manifest
    counts = {
        "files": (manifest.files, len(index.files)),
        "chunks": (manifest.chunks, len(listed)),
        "chunks in the lexical index": (manifest.chunks, index.chunks.count()),
        "vectors": (manifest.chunks, index.vectors.count()),
    }
    for name, (stated, counted) in counts.items():
        if stated != counted:
            yield Drift("manifest.json", f"states {stated} {name}, there are {counted}")


def _page_drifts(index: Index) -> Iterator[Drift]:
    """The stored bytes of the pages against their hashes."""
    pages = RawPages(index.folder / "pages")
    for path, file in index.files.items():
        try:
            pages.read(file.sha256)
        except IndexDamagedError as error:
            yield Drift(path, f"its bytes are not stored as they were read: {error}")


def _docs_drifts(
    index: Index, stored: Mapping[str, Mapping[str, Chunk]], settings: Settings, on_progress: Progress
) -> Iterator[Drift]:
    """The docs folder against the file list and the stored chunks."""
    files, _ = find_files(
        settings.folders.docs_dir, settings.ingest.include, settings.ingest.exclude, settings.ingest.max_file_bytes
    )
    site = flavour_of(settings.folders.docs_dir)
    left_out = {skip.path: skip.sha256 for skip in index.manifest.skipped if skip.sha256}
    there = {file.path for file in files}
    listed = {path for path, file in index.files.items() if not file.included_by}
    for path in sorted(listed - there):
        yield Drift(path, "is in the index, but not in the docs folder")
    pages: list[FileRecord] = []
    for done, file in enumerate(files, 1):
        on_progress("check", done, len(files))
        document, skip = read_document(file)
        record = index.files.get(file.path) if file.path in listed else None
        pages += [record] if record else []
        if document is None:
            if record:
                yield Drift(file.path, f"is in the index, but cannot be read: {skip.reason if skip else ''}")
        elif record is None:
            if left_out.get(file.path) != document.sha256 or not split_or_skip(document, settings.ingest, site).skip:
                yield Drift(file.path, "is not in the index")
        elif record.sha256 != document.sha256:
            yield Drift(file.path, "was changed since it was ingested")
        else:
            cut = split_or_skip(document, settings.ingest, site)
            yield from _chunk_drifts(document.raw, cut.chunks, record, stored.get(file.path, {}))
            if cut.includes != record.includes:
                yield Drift(file.path, "shows other files than the index says")
    yield from _included_drifts(index, stored, settings, site, pages, there)


def _included_drifts(
    index: Index,
    stored: Mapping[str, Mapping[str, Chunk]],
    settings: Settings,
    site: Flavour,
    pages: Sequence[FileRecord],
    there: Collection[str],
) -> Iterator[Drift]:
    """What the pages of the index show of other files against the file list and the stored chunks."""
    now = included_files(settings.folders.docs_dir.resolve(), settings.ingest, site, pages, there, {})
    records = {record.path: record for record in now.records}
    cut: dict[str, list[Chunk]] = {path: [] for path in records}
    for chunk in now.chunks:
        cut[chunk.path].append(chunk)
    for path in sorted({path for path, file in index.files.items() if file.included_by} - records.keys()):
        yield Drift(path, "is in the index, but no page shows it, or it cannot be read")
    for path, record in records.items():
        listed = index.files.get(path)
        if listed is None or not listed.included_by:
            yield Drift(path, "is shown by a page, but not in the index")
        elif listed.sha256 != record.sha256:
            yield Drift(path, "was changed since it was ingested")
        elif listed.shown_as != record.shown_as:
            yield Drift(path, "is shown by other pages or in other places than the index says")
        else:
            raw = uncompressed(now.contents[record.sha256])
            yield from _chunk_drifts(raw, cut[path], listed, stored.get(path, {}))


def _chunk_drifts(
    raw: bytes, chunks: Sequence[Chunk], record: FileRecord, stored: Mapping[str, Chunk]
) -> Iterator[Drift]:
    """The chunks of an unchanged file, as cut now, against what is stored of it."""
    listed = record.chunk_ids
    for chunk in stored.values():
        if raw[chunk.start : chunk.end] != chunk.text.encode():
            yield Drift(chunk.path, f"chunk {chunk.id} is not the file's bytes {chunk.start} to {chunk.end}")
    if {chunk.id for chunk in chunks} < set(listed):
        yield Drift(record.path, "has chunks in the file list that are not cut any more")
    for chunk in chunks:
        if chunk.id not in listed:
            yield Drift(chunk.path, f"chunk {chunk.id} is not in the file list: the page is cut in another way now")
        elif chunk.id in stored and chunk_json(stored[chunk.id]) != chunk_json(chunk):
            yield Drift(chunk.path, f"chunk {chunk.id} is stored with another place, title or metadata")
