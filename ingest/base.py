"""base: the live generation, as what the next one starts from."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from footnote.app.core.errors import IndexDamagedError, IndexMismatchError
from footnote.app.core.settings import Settings
from footnote.app.core.types import Fingerprint
from footnote.app.index.generations import Generations
from footnote.app.index.manifest import FileRecord, Manifest, read_files, read_manifest
from footnote.app.index.seam import BaseGeneration, Store
from footnote.app.index.store import require_same_store

_RECORDED = ("include", "exclude", "max_file_mb", "chunk_size_chars", "chunk_overlap_chars", "small_section_chars")


@dataclass(frozen=True, slots=True)
class Base:
    """A complete generation and its files by path."""

    generation: BaseGeneration
    files: Mapping[str, FileRecord]

    @property
    def manifest(self) -> Manifest:
        """What built it."""
        return self.generation.manifest


def open_base(generations: Generations, settings: Settings, embedder: Fingerprint, store: Store) -> Base | None:
    """The live generation; None before the first ingest.

    Raises:
        IndexMismatchError: it was built by another embedder, with other splitter settings or into another store.
        IndexDamagedError: it cannot be read, or is of another format.
    """
    generation = generations.current()
    if generation is None:
        return None
    folder = generations.folder(generation)
    manifest = read_manifest(folder)
    mismatch = differences(manifest, settings, embedder)
    if mismatch:
        raise IndexMismatchError(
            f"the index in {settings.folders.index_dir} was built with {'; '.join(mismatch)}: run `footnote ingest "
            "--rebuild` to build it anew while the old one serves, or set that back"
        )
    require_same_store(folder, manifest, store)
    store.require(folder, manifest)
    return Base(BaseGeneration(folder, manifest), {file.path: file for file in read_files(folder)})


def require_store_of_before(generations: Generations) -> None:
    """Refuse to leave the store of the live generation where nobody has asked to build the index anew.

    Raises:
        IndexMismatchError: it was built into another kind of store.
    """
    generation = generations.current_if_readable()
    if generation is None:
        return
    folder = generations.folder(generation)
    try:
        manifest = read_manifest(folder)
    except IndexDamagedError:
        return
    require_same_store(folder, manifest, generations.store)


def as_built(settings: Settings, manifest: Manifest) -> Settings:
    """The settings with which an ingest would build this generation again."""
    built = {name: getattr(manifest, name) for name in _RECORDED}
    if manifest.include_roots is not None:
        built["include_roots"] = manifest.include_roots
    return settings.changed(**built, docs_dir=manifest.source or Path(manifest.docs_dir))


def is_as_built(settings: Settings, manifest: Manifest) -> bool:
    """Whether the generation was built from this folder with these settings."""
    same = all(getattr(settings.ingest, name) == getattr(manifest, name) for name in _RECORDED)
    same = same and settings.ingest.resolved_include_roots == manifest.include_roots
    return same and str(settings.folders.docs_place) == manifest.docs_dir


def differences(manifest: Manifest, settings: Settings, embedder: Fingerprint) -> list[str]:
    """What of the settings makes vectors or chunks unlike the generation's; empty when they fit together."""
    pairs = (
        ("embedder", _named(manifest.embedder), _named(embedder)),
        ("chunk size", manifest.chunk_size_chars, settings.ingest.chunk_size_chars),
        ("chunk overlap", manifest.chunk_overlap_chars, settings.ingest.chunk_overlap_chars),
        ("small sections below", manifest.small_section_chars, settings.ingest.small_section_chars),
    )
    return [f"{name} {built}, the settings now say {now}" for name, built, now in pairs if built != now]


def _named(embedder: Fingerprint) -> str:
    return f"{embedder.name} ({embedder.sha256[:12]})" if embedder.sha256 else embedder.name
