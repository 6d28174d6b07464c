"""What tests of the ingest share: pages, a run, and what an index holds."""

import contextlib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from footnote.app.core.settings import Settings
from footnote.app.core.types import Chunk
from footnote.app.index.reader import open_index
from footnote.app.index.seam import LexicalHit, VectorHit
from footnote.app.models.embedder import Embedder
from footnote.ingest.flow import IngestReport, Preview, ingest, preview

PAGES = {
    "cache.md": "---\ntags: [a]\n---\n# Cache\n\nStart it with `--no-cache`.\n",
    "ports.md": "# Ports\n\nThe server listens on port 7070.\n\n## Low ports\n\nThey need root.\n",
    "guides/backup.md": "---\ntitle: Backups\n---\nA nightly zebra is enough.\n",
}


@dataclass(frozen=True)
class Searched:
    """What an index holds and finds."""

    generation: int
    chunks: frozenset[str]
    lexical: tuple[LexicalHit, ...]
    vector: tuple[VectorHit, ...]


def run(settings: Settings, embedder: Embedder | None, **flags: bool) -> IngestReport:
    return ingest(settings, lambda stage, done, total: None, embedder, **flags)


def look_ahead(settings: Settings, **flags: bool) -> Preview:
    return preview(settings, lambda stage, done, total: None, **flags)


def search(settings: Settings, embedder: Embedder, question: str = "a nightly zebra") -> Searched:
    with contextlib.closing(open_index(settings.folders.index_dir)) as index:
        return Searched(
            index.generation,
            frozenset(chunk.id for chunk in index.chunks.all_chunks()),
            tuple(index.lexical.search(question, 10)),
            tuple(index.vectors.search(embedder.embed_query(question), 10)),
        )


def chunks(settings: Settings) -> list[Chunk]:
    """Every chunk of the live generation, by path and place."""
    with contextlib.closing(open_index(settings.folders.index_dir)) as index:
        return sorted(index.chunks.all_chunks(), key=lambda chunk: (chunk.path, chunk.start))


def chunks_of(settings: Settings, path: str) -> list[Chunk]:
    return [chunk for chunk in chunks(settings) if chunk.path == path]


def vectors(settings: Settings) -> dict[str, list[float]]:
    """Every vector of the live generation, by id."""
    with contextlib.closing(open_index(settings.folders.index_dir)) as index:
        return {chunk_id: vector.tolist() for chunk_id, _, vector in index.vectors.rows()}


def files_below(folder: Path) -> Iterator[Path]:
    return (file for file in sorted(folder.rglob("*")) if file.is_file())


def contents(folder: Path) -> dict[str, str]:
    """The sha256 and the time of every file below a folder."""
    return {
        str(file.relative_to(folder)): f"{hashlib.sha256(file.read_bytes()).hexdigest()} {file.stat().st_mtime_ns}"
        for file in files_below(folder)
    }
