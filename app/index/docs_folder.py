"""Which docs are meant: those that are asked for, else those that the index was built from.

They are named by a folder or by a Git address; either way they lie in a folder, see `FolderSettings.docs_dir`. Which of
their files are read goes on as it was the last time, until a setting says otherwise.
"""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from footnote.app.core.errors import OtherDocsError
from footnote.app.core.find import require_docs_folder
from footnote.app.core.project_file import PROJECT_FILE
from footnote.app.core.setting_groups import IngestSettings
from footnote.app.core.settings import Settings
from footnote.app.index.generations import Generations
from footnote.app.index.manifest import PATTERNS, Manifest, docs_of, patterns_of


def docs_folder(settings: Settings, manifest: Manifest | None) -> Path:
    """The docs folder; `manifest` is None where there is no index that can be read."""
    built_from = (manifest.source or Path(manifest.docs_dir)) if manifest else None
    return _meant(settings, built_from).folders.docs_dir


def read_by(settings: Settings, manifest: Manifest) -> IngestSettings:
    """By which rules an ingest would read the docs of this generation, with the patterns that are kept for them."""
    built_from = manifest.source or Path(manifest.docs_dir)
    patterns = {name: getattr(manifest, name) or () for name in PATTERNS}
    settings = _meant(settings, built_from)
    return settings.changed(**_kept(settings, built_from, patterns)).ingest


def replaced_docs(settings: Settings) -> Path | str | None:
    """What the index was built from, if an ingest of the docs would replace it by others.

    A folder is the same by whatever path or link it is reached, a repository with whatever login.
    """
    built_from = _built_from(settings.folders.index_dir)
    return None if built_from is None or _is_of(settings, built_from) else built_from


def require_docs(settings: Settings) -> None:
    """Refuse a docs folder that cannot be one.

    Raises:
        DocsFolderError: see `require_docs_folder`.
    """
    collection, docs_dir = settings.project.as_collection, settings.folders.docs_dir
    if collection:
        file = settings.access.config or PROJECT_FILE
        require_docs_folder(docs_dir, f"name another one with docs = of [collections.{collection}] in {file}")
    else:
        require_docs_folder(docs_dir)


def require_same_docs(settings: Settings, is_typed: bool = False) -> None:
    """Refuse to replace an index by one of other docs; with `is_typed` the command line names them.

    Raises:
        OtherDocsError: the index was built from others.
    """
    replaced = replaced_docs(settings)
    if replaced:
        folders, collection = settings.folders, settings.project.as_collection
        docs = folders.git.shown if folders.git else str(folders.docs_dir)
        if collection:
            index = ["--collection", collection]
            other = "a collection of its own in the file of the collections"
        else:
            index = ["--index-dir", str(folders.index_dir)] if settings.is_given("index_dir") else []
            other = "another `--index-dir`"
        named = [docs] if is_typed or not collection else []
        command = shlex.join(["footnote", "ingest", *named, *index, "--replace"])
        raise OtherDocsError(
            f"the index in {folders.index_dir} was built from {replaced}, not from {folders.docs_shown}: replace "
            f'it with `{command}` (`"replace": true` over HTTP), or keep both with {other}'
        )


def with_docs_dir(settings: Settings) -> Settings:
    """The settings with the docs that are meant."""
    return _meant(settings, _built_from(settings.folders.index_dir))


def as_meant(settings: Settings) -> Settings:
    """The settings with the docs that are meant, and with the patterns that are kept for them."""
    return with_patterns(with_docs_dir(settings))


def with_patterns(settings: Settings) -> Settings:
    """The settings with `kept_patterns` in place of what was given nowhere."""
    return settings.changed(**kept_patterns(settings))


def kept_patterns(settings: Settings) -> dict[str, Any]:
    """By name, the settings of which files are read that an ingest goes on with, since they are given nowhere.

    They are those of the live generation, while that is of the same docs; what equals the settings is not among them.
    """
    live = _live(settings.folders.index_dir)
    built_from = docs_of(live) if live else None
    return _kept(settings, built_from, patterns_of(live)) if live and built_from else {}


def _kept(settings: Settings, built_from: Path | str, built: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    if not _is_of(settings, built_from):
        return {}
    now = settings.ingest
    return {name: value for name, value in built.items() if not settings.is_given(name) and value != getattr(now, name)}


def _meant(settings: Settings, built_from: Path | str | None) -> Settings:
    if built_from is None or settings.is_given("docs_dir") or built_from == settings.folders.docs:
        # A copy counts as given what it changes: docs that nobody named stay such that nobody named.
        return settings
    return settings.changed(docs_dir=built_from)


def _is_of(settings: Settings, built_from: Path | str) -> bool:
    return settings.folders.docs_place == settings.changed(docs_dir=built_from).folders.docs_place


def _built_from(index_dir: Path) -> Path | str | None:
    """What the live generation was built from, also one that an older version wrote: an upgrade changes no folder."""
    live = _live(index_dir)
    return docs_of(live) if live else None


def _live(index_dir: Path) -> Path | None:
    generations = Generations(index_dir)
    live = generations.current_if_readable()
    return None if live is None else generations.folder(live)
