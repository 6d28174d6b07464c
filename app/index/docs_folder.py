"""Which docs are meant: those that are asked for, else those that the index was built from.

They are named by a folder or by a Git address; either way they lie in a folder, see `FolderSettings.docs_dir`.
"""

import shlex
from pathlib import Path

from footnote.app.core.errors import OtherDocsError
from footnote.app.core.settings import Settings
from footnote.app.index.generations import Generations
from footnote.app.index.manifest import Manifest, docs_of, include_roots_of


def docs_folder(settings: Settings, manifest: Manifest | None) -> Path:
    """The docs folder; `manifest` is None where there is no index that can be read."""
    built_from = (manifest.source or Path(manifest.docs_dir)) if manifest else None
    return _meant(settings, built_from).folders.docs_dir


def replaced_docs(settings: Settings) -> Path | str | None:
    """What the index was built from, if an ingest of the docs would replace it by others.

    A folder is the same by whatever path or link it is reached, a repository with whatever login.
    """
    built_from = _built_from(settings.folders.index_dir)
    if built_from is None or settings.folders.docs_place == settings.changed(docs_dir=built_from).folders.docs_place:
        return None
    return built_from


def require_same_docs(settings: Settings) -> None:
    """Refuse to replace an index by one of other docs.

    Raises:
        OtherDocsError: the index was built from others.
    """
    replaced = replaced_docs(settings)
    if replaced:
        folders = settings.folders
        docs = folders.git.shown if folders.git else str(folders.docs_dir)
        # The settings of a collection know of no others.
        of_collection = "" if settings.project.collections else ", a collection with `--collection NAME --replace`"
        raise OtherDocsError(
            f"the index in {folders.index_dir} was built from {replaced}, not from {folders.docs_shown}: replace "
            f"it with `footnote ingest {shlex.quote(docs)} --replace`{of_collection} "
            '(`"replace": true` over HTTP), or keep both with another `--index-dir`'
        )


def with_docs_dir(settings: Settings) -> Settings:
    """The settings with the docs that are meant; with them go the folders whose files their pages show."""
    live = _live(settings.folders.index_dir)
    is_named = settings.is_given("docs_dir") or settings.is_given("include_roots")
    roots = include_roots_of(live) if live and not is_named else ()
    if roots:
        settings = settings.changed(include_roots=roots)
    return _meant(settings, docs_of(live) if live else None)


def _meant(settings: Settings, built_from: Path | str | None) -> Settings:
    if built_from is None or settings.is_given("docs_dir") or built_from == settings.folders.docs:
        # A copy counts as given what it changes: docs that nobody named stay such that nobody named.
        return settings
    return settings.changed(docs_dir=built_from)


def _built_from(index_dir: Path) -> Path | str | None:
    """What the live generation was built from, also one that an older version wrote: an upgrade changes no folder."""
    live = _live(index_dir)
    return docs_of(live) if live else None


def _live(index_dir: Path) -> Path | None:
    generations = Generations(index_dir)
    live = generations.current_if_readable()
    return None if live is None else generations.folder(live)
