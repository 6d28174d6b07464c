"""Which docs folder is meant: the one that is asked for, else the one that the index was built from."""

import shlex
from pathlib import Path

from footnote.app.core.errors import OtherDocsError
from footnote.app.core.settings import Settings
from footnote.app.index.generations import Generations
from footnote.app.index.manifest import Manifest, docs_dir_of, include_roots_of


def docs_folder(settings: Settings, manifest: Manifest | None) -> Path:
    """The docs folder; `manifest` is None where there is no index that can be read."""
    return _meant(settings, Path(manifest.docs_dir) if manifest else None)


def replaced_folder(settings: Settings) -> Path | None:
    """The folder that the index was built from, if an ingest of the docs folder would replace it by another one.

    A folder is the same by whatever path or link it is reached.
    """
    built_from = _built_from(settings.folders.index_dir)
    if built_from is None or settings.folders.docs_dir.resolve() == built_from.resolve():
        return None
    return built_from


def require_same_docs(settings: Settings) -> None:
    """Refuse to replace an index by one of another docs folder.

    Raises:
        OtherDocsError: the index was built from another one.
    """
    replaced = replaced_folder(settings)
    if replaced:
        docs = settings.folders.docs_dir
        raise OtherDocsError(
            f"the index in {settings.folders.index_dir} was built from {replaced}, not from {docs.resolve()}: replace "
            f"it with `footnote ingest {shlex.quote(str(docs))} --replace` "
            '(`"replace": true` over HTTP), or keep both with another `--index-dir`'
        )


def with_docs_dir(settings: Settings) -> Settings:
    """The settings with the docs folder that is meant; with it go the folders whose files its pages show."""
    live = _live(settings.folders.index_dir)
    docs_dir = _meant(settings, docs_dir_of(live) if live else None)
    is_named = settings.is_given("docs_dir") or settings.is_given("include_roots")
    roots = include_roots_of(live) if live and not is_named else ()
    if roots:
        settings = settings.changed(include_roots=roots)
    # A copy counts as given what it changes: a folder that nobody named stays one that nobody named.
    return settings if docs_dir == settings.folders.docs_dir else settings.changed(docs_dir=docs_dir)


def _meant(settings: Settings, built_from: Path | None) -> Path:
    if built_from is None or "docs_dir" in settings.folders.model_fields_set:
        return settings.folders.docs_dir
    return built_from


def _built_from(index_dir: Path) -> Path | None:
    """What the live generation was built from, also one that an older version wrote: an upgrade changes no folder."""
    live = _live(index_dir)
    return docs_dir_of(live) if live else None


def _live(index_dir: Path) -> Path | None:
    generations = Generations(index_dir)
    live = generations.current_if_readable()
    return None if live is None else generations.folder(live)
