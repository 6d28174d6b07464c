"""guard: a run that would remove much of a live index stops, since that may be an accident."""

import shlex
from collections.abc import Collection

from footnote.app.core.errors import DeletionsError, IndexDamagedError
from footnote.app.core.settings import Settings
from footnote.app.index.docs_folder import replaced_docs
from footnote.app.index.generations import Generations
from footnote.app.index.manifest import FileRecord, read_files
from footnote.ingest.base import Base

# So many files may always go, and so large a share of all.
_FREE_FILES, _FREE_SHARE = 10, 0.1
_SHOWN = 3


def held_deletions(
    settings: Settings,
    generations: Generations,
    base: Base | None,
    files: Collection[FileRecord],
    command: str | None = None,
) -> str | None:
    """Why these files would not become the next generation of the live one, or None if nothing is held.

    A file that was moved or renamed is not removed, nor is one of another docs folder, which has a guard of its own;
    nor one that no page shows any more. `command` is what to run where the pages are to go.
    """
    if replaced_docs(settings):
        return None
    before = base.files.values() if base else _live_files(generations)
    paths, contents = {file.path for file in files}, {file.sha256 for file in files}
    pages = {file.path: file.sha256 for file in files}
    as_before = {file.path for file in before if pages.get(file.path) == file.sha256}
    gone = [
        file.path
        for file in before
        if file.path not in paths
        and file.sha256 not in contents
        # What is not shown any more goes with the words of the page: it is missed where the page still has them.
        and not (file.included_by and as_before.isdisjoint(file.included_by))
    ]
    if len(gone) <= max(_FREE_FILES, _FREE_SHARE * len(before)):
        return None
    named = ", ".join(gone[:_SHOWN])
    return (
        f"{len(gone)} of the {len(before)} files of the index would be removed ({named}, ...): it stays as it is. "
        f"If {settings.folders.docs_shown} is {_wrong(settings)}, or include and exclude "
        f"patterns are wrong, mend that; if the pages are to go, run `{command or _allowing(settings)}` "
        '(`"allow_deletes": true` over HTTP)'
    )


def require_no_accident(
    settings: Settings,
    generations: Generations,
    base: Base | None,
    files: Collection[FileRecord],
    command: str | None = None,
) -> None:
    """Refuse to remove much of the live index.

    Raises:
        DeletionsError: more than ten files and more than a tenth of all would go.
    """
    held = held_deletions(settings, generations, base, files, command)
    if held:
        raise DeletionsError(held)


def _wrong(settings: Settings) -> str:
    if settings.folders.git:
        return "not the branch or folder that is meant"
    return "not mounted, empty or checked out in part"


def _allowing(settings: Settings) -> str:
    """The ingest of this index that deletes, where nobody typed one: docs and patterns are those of the last time."""
    collection = settings.project.as_collection
    if collection:  # its index folder alone would be one without the settings of the collection
        index = ["--collection", collection]
    else:
        index = ["--index-dir", str(settings.folders.index_dir)] if settings.is_given("index_dir") else []
    return shlex.join(["footnote", "ingest", *index, "--allow-deletes"])


def _live_files(generations: Generations) -> list[FileRecord]:
    """The files of the live generation; none where it cannot be read, as that is what the ingest repairs."""
    live = generations.current_if_readable()
    try:
        return read_files(generations.folder(live)) if live is not None else []
    except IndexDamagedError:
        return []
