"""guard: a run that would remove much of a live index stops, since that may be an accident."""

from collections.abc import Collection

from footnote.app.core.errors import DeletionsError, IndexDamagedError
from footnote.app.core.settings import Settings
from footnote.app.index.docs_folder import replaced_folder
from footnote.app.index.generations import Generations
from footnote.app.index.manifest import FileRecord, read_files

# So many files may always go, and so large a share of all.
_FREE_FILES, _FREE_SHARE = 10, 0.1
_SHOWN = 3


def held_deletions(settings: Settings, generations: Generations, files: Collection[FileRecord]) -> str | None:
    """Why these files would not become the next generation of the live one, or None if nothing is held.

    A file that was moved or renamed is not removed, nor is one of another docs folder, which has a guard of its own.
    """
    live = generations.current_if_readable()
    if live is None or replaced_folder(settings):
        return None
    try:
        before = read_files(generations.folder(live))
    except IndexDamagedError:
        return None  # it is what the ingest repairs
    paths, contents = {file.path for file in files}, {file.sha256 for file in files}
    gone = [file.path for file in before if file.path not in paths and file.sha256 not in contents]
    if len(gone) <= max(_FREE_FILES, _FREE_SHARE * len(before)):
        return None
    named = ", ".join(gone[:_SHOWN])
    return (
        f"{len(gone)} of the {len(before)} files of the index would be removed ({named}, ...): it stays as it is. "
        f"If {settings.folders.docs_dir} is not mounted, empty or checked out in part, or include and exclude patterns "
        "are wrong, mend that; if the pages are to go, run `footnote ingest --allow-deletes` "
        '(`"allow_deletes": true` over HTTP)'
    )


def require_no_accident(settings: Settings, generations: Generations, files: Collection[FileRecord]) -> None:
    """Refuse to remove much of the live index.

    Raises:
        DeletionsError: more than ten files and more than a tenth of all would go.
    """
    held = held_deletions(settings, generations, files)
    if held:
        raise DeletionsError(held)
