"""write: a complete generation in a folder of its own, from the one before and a plan."""

import datetime
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from footnote.app.core.errors import FootnoteError, IndexDamagedError
from footnote.app.core.settings import Settings
from footnote.app.core.types import Chunk, Fingerprint
from footnote.app.core.version import VERSION
from footnote.app.index.chroma_folder import graph_sha256_of
from footnote.app.index.lexical_index import TantivyIndex
from footnote.app.index.lexical_segments import chunk_json, write_segments
from footnote.app.index.manifest import FORMAT, Manifest, write_manifest
from footnote.app.index.raw_pages import RawPages, write_raw_pages
from footnote.app.index.vector_store import PAGE, ChromaStore
from footnote.ingest.cache import IngestCache
from footnote.ingest.plan import Plan


def write_generation(
    folder: Path,
    generation: int,
    settings: Settings,
    embedder: Fingerprint,
    plan: Plan,
    cache: IngestCache,
    on_written: Callable[[int], None],
) -> Manifest:
    """Write vectors, lexical index, pages, file list and manifest; everything is closed on return.

    Every text of the plan's chunks must have its embedding in `cache`. `on_written` is told how many of
    the plan's chunks are done.

    Raises:
        IndexDamagedError: the base cannot be read, or what was written does not count up.
    """
    base = plan.base.folder if plan.base else None
    stored = _stored(base / "tantivy", plan) if base else {}
    stale = [chunk.id for chunk in plan.chunks if chunk.id in stored and _moved(stored[chunk.id], chunk)]
    dimension, counted = _write_vectors(folder / "chroma", embedder, plan, stored.keys(), stale, cache, on_written)
    changed = [chunk for chunk in plan.chunks if chunk.id not in stored or _differs(stored[chunk.id], chunk)]
    replaced = {chunk.id: chunk.path for chunk in changed if chunk.id in stored}
    write_segments(folder / "tantivy", changed, base / "tantivy" if base else None, {**plan.dropped, **replaced})
    indexed = TantivyIndex.open(folder / "tantivy").count()
    if not counted == indexed == plan.chunk_count:
        raise IndexDamagedError(
            f"the files have {plan.chunk_count} chunks, but Chroma holds {counted} and the lexical index {indexed}: "
            "nothing was published; run `footnote ingest --rebuild`"
        )
    manifest = Manifest(
        format=FORMAT,
        generation=generation,
        created_at=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        tool_version=VERSION,
        docs_dir=str(settings.folders.docs_dir.resolve()),
        include=settings.ingest.include,
        exclude=settings.ingest.exclude,
        max_file_mb=settings.ingest.max_file_mb,
        embedder=embedder,
        dimension=dimension,
        graph_sha256=graph_sha256_of(folder / "chroma"),
        chunk_size_chars=settings.ingest.chunk_size_chars,
        chunk_overlap_chars=settings.ingest.chunk_overlap_chars,
        small_section_chars=settings.ingest.small_section_chars,
        files=len(plan.files),
        chunks=plan.chunk_count,
        replaced_chunks=plan.replaced_chunks + len(stale),
        skipped=plan.skips,
        flavour=plan.site.name,
        anchor_style=plan.site.anchors,
        languages=plan.languages,
    )
    sizes = {file.sha256: file.size_bytes for file in plan.files}
    write_raw_pages(folder / "pages", sizes, plan.pages, RawPages(base / "pages") if base else None)
    write_manifest(folder, manifest, plan.files)
    return manifest


def _write_vectors(
    folder: Path,
    embedder: Fingerprint,
    plan: Plan,
    stored: Collection[str],
    stale: Sequence[str],
    cache: IngestCache,
    on_written: Callable[[int], None],
) -> tuple[int, int]:
    """The dimension and the number of vectors in the new store.

    `stored` are ids that the base has already, `stale` those of them that got another vector.
    """
    again = set(stale)
    new = [chunk for chunk in plan.chunks if chunk.id not in stored or chunk.id in again]
    dimension = plan.base.manifest.dimension if plan.base else 0
    with closing(_open_vectors(folder, plan)) as vectors:
        with _base_errors(plan):
            vectors.delete([*plan.dropped, *stale])
        for first in range(0, len(new), PAGE):
            page = new[first : first + PAGE]
            embeddings = cache.embeddings(embedder, page)
            dimension = embeddings.shape[1]
            with _base_errors(plan):
                vectors.add(page, embeddings)
            on_written(len(plan.chunks) - len(new) + first + len(page))
        with _base_errors(plan):
            counted = vectors.count()
            vectors.settle()
    return dimension, counted


def _open_vectors(folder: Path, plan: Plan) -> ChromaStore:
    if plan.base is None:
        return ChromaStore.build(folder)
    return ChromaStore.derive(plan.base.folder / "chroma", folder, plan.base.manifest.graph_sha256)


@contextmanager
def _base_errors(plan: Plan) -> Iterator[None]:
    """What Chroma raises on a copy of the base means that the base is damaged, unless the disk is full."""
    try:
        yield
    except FootnoteError:
        raise
    except Exception as error:  # Chroma raises many kinds, bare Exception among them
        if plan.base is None or "disk is full" in str(error) or "No space left" in str(error):
            raise
        raise IndexDamagedError(f"{plan.base.folder} cannot be continued ({error})") from error


def _stored(base: Path, plan: Plan) -> dict[str, Chunk]:
    """The base's chunks that have the id of a planned one: the same text, perhaps at another place."""
    assert plan.base is not None
    changed = (plan.base.files[path] for path in plan.changed)
    before = {chunk_id for file in changed for chunk_id in file.chunk_ids}
    return TantivyIndex.open(base).get([chunk.id for chunk in plan.chunks if chunk.id in before])


def _moved(old: Chunk, new: Chunk) -> bool:
    """Whether the chunk is embedded in another context: its page has another title."""
    return old.index_text != new.index_text


def _differs(old: Chunk, new: Chunk) -> bool:
    """As stored: to Python, `true` and `1.0` in front matter are equal."""
    return chunk_json(old) != chunk_json(new)
