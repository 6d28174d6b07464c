"""write: a complete generation in a folder of its own, from the one before and a plan."""

import datetime
from collections.abc import Callable
from pathlib import Path

from footnote.app.core.errors import IndexDamagedError
from footnote.app.core.settings import Settings
from footnote.app.core.types import Chunk, Fingerprint
from footnote.app.core.version import VERSION
from footnote.app.index.documents import chunk_json
from footnote.app.index.manifest import FORMAT, Manifest, write_manifest
from footnote.app.index.raw_pages import RawPages, write_raw_pages
from footnote.app.index.seam import Changes, IndexWriter, Store
from footnote.ingest.cache import IngestCache
from footnote.ingest.plan import Plan


def write_generation(
    folder: Path,
    generation: int,
    settings: Settings,
    embedder: Fingerprint,
    plan: Plan,
    cache: IngestCache,
    store: Store,
    on_written: Callable[[int], None],
) -> Manifest:
    """Write chunks, pages, file list and manifest; everything is closed on return.

    Every text of the plan's chunks must have its embedding in `cache`. `on_written` is told how many of
    the plan's chunks are done.

    Raises:
        IndexDamagedError: the base cannot be read, or what was written does not count up.
    """
    base = plan.base
    writer = store.writer(folder, generation, base.generation if base else None)
    changes = _changes(writer, plan)
    as_before = len(plan.chunks) - len(changes.embedded)
    written = writer.write(
        changes, lambda chunks: cache.embeddings(embedder, chunks), lambda done: on_written(as_before + done)
    )
    if not written.vectors == written.chunks == plan.chunk_count:
        raise IndexDamagedError(
            f"the files have {plan.chunk_count} chunks, but the index holds {written.vectors} vectors and "
            f"{written.chunks} chunks: nothing was published; run `footnote ingest --rebuild`"
        )
    manifest = Manifest(
        format=FORMAT,
        generation=generation,
        created_at=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        tool_version=VERSION,
        docs_dir=str(settings.folders.docs_place),
        include=settings.ingest.include,
        exclude=settings.ingest.exclude,
        max_file_mb=settings.ingest.max_file_mb,
        embedder=embedder,
        dimension=written.dimension,
        graph_sha256=written.graph_sha256,
        chunk_size_chars=settings.ingest.chunk_size_chars,
        chunk_overlap_chars=settings.ingest.chunk_overlap_chars,
        small_section_chars=settings.ingest.small_section_chars,
        files=len(plan.files),
        chunks=plan.chunk_count,
        replaced_chunks=plan.replaced_chunks + len(changes.stale_vectors) - len(changes.dropped),
        skipped=plan.skips,
        flavour=plan.site.name,
        anchor_style=plan.site.anchors,
        languages=plan.languages,
        store=store.kind,
        collection=written.collection,
        include_roots=settings.ingest.resolved_include_roots,
        included=plan.included,
        source=settings.folders.git.shown if settings.folders.git else "",
        commit=plan.state.commit,
        branch=plan.state.branch,
        uncommitted=plan.state.uncommitted,
    )
    sizes = {file.sha256: file.size_bytes for file in plan.files}
    write_raw_pages(folder / "pages", sizes, plan.pages, RawPages(base.generation.folder / "pages") if base else None)
    write_manifest(folder, manifest, plan.files)
    return manifest


def _changes(writer: IndexWriter, plan: Plan) -> Changes:
    stored = _stored(writer, plan)
    written = [chunk for chunk in plan.chunks if chunk.id not in stored or _differs(stored[chunk.id], chunk)]
    return Changes(
        written=written,
        embedded=[chunk for chunk in written if chunk.id not in stored or _moved(stored[chunk.id], chunk)],
        dropped=plan.dropped,
        replaced={chunk.id: chunk.path for chunk in written if chunk.id in stored},
    )


def _stored(writer: IndexWriter, plan: Plan) -> dict[str, Chunk]:
    """The base's chunks that have the id of a planned one: the same text, perhaps at another place."""
    if plan.base is None:
        return {}
    changed = (plan.base.files[path] for path in plan.changed)
    before = {chunk_id for file in changed for chunk_id in file.chunk_ids}
    return writer.stored([chunk.id for chunk in plan.chunks if chunk.id in before])


def _moved(old: Chunk, new: Chunk) -> bool:
    """Whether the chunk is embedded in another context: its page has another title."""
    return old.index_text != new.index_text


def _differs(old: Chunk, new: Chunk) -> bool:
    """As stored: to Python, `true` and `1.0` in front matter are equal."""
    return chunk_json(old) != chunk_json(new)
