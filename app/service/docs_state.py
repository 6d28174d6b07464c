"""What changed: from the generation before to the live one, and from that to the docs folder as it is now."""

from collections.abc import Iterable, Mapping

from footnote.app.core.errors import FootnoteError
from footnote.app.core.files import sha256_of
from footnote.app.core.find import FoundFile, find_files
from footnote.app.core.settings import Settings
from footnote.app.index.docs_folder import docs_folder
from footnote.app.index.generations import Generations
from footnote.app.index.manifest import FileRecord, Manifest, read_files, read_manifest
from footnote.app.schemas.index import DocsChangesOut, IndexChangesOut


def index_changes(settings: Settings) -> IndexChangesOut:
    """What the live generation changed, and what changed in the docs folder since.

    Raises:
        IndexMissingError, IndexDamagedError: there is no index, or it cannot be read.
    """
    generations = Generations(settings.folders.index_dir)
    number = generations.live()
    live = generations.folder(number)
    records = {file.path: file for file in read_files(live)}
    older = [one for one in generations.complete() if one < number]
    before = _hashes(read_files(generations.folder(older[-1]))) if older else None
    changes, problem = _docs_changes(settings, read_manifest(live), records)
    return IndexChangesOut(
        generation=number,
        before=older[-1] if older else None,
        changes=None if before is None else _compared(before, _hashes(records.values())),
        docs_changes=changes,
        docs_problem=problem,
    )


def _hashes(files: Iterable[FileRecord]) -> dict[str, str]:
    return {file.path: file.sha256 for file in files}


def _docs_changes(
    settings: Settings, manifest: Manifest, records: Mapping[str, FileRecord]
) -> tuple[DocsChangesOut | None, str | None]:
    """By the patterns that built the generation, as an ingest compares; what it left out is not looked at again."""
    try:
        max_bytes = int(manifest.max_file_mb * 1_000_000)
        found, _ = find_files(docs_folder(settings, manifest), manifest.include, manifest.exclude, max_bytes)
        left_out = {skip.path for skip in manifest.skipped if skip.is_left_out}
        now = {file.path: _hash_now(file, records.get(file.path)) for file in found if file.path not in left_out}
    except (FootnoteError, OSError) as error:
        return None, str(error)
    return _compared(_hashes(records.values()), now), None


def _hash_now(file: FoundFile, record: FileRecord | None) -> str:
    """The hash of a file, for which its size and time vouch if they are recorded; "" for a file that is new."""
    if record is None:
        return ""
    if (file.size_bytes, file.mtime_ns) == (record.size_bytes, record.mtime_ns):
        return record.sha256
    return sha256_of(file.location)


def _compared(before: Mapping[str, str], after: Mapping[str, str]) -> DocsChangesOut:
    """Paths in order."""
    return DocsChangesOut(
        added=sorted(after.keys() - before.keys()),
        changed=sorted(path for path in after.keys() & before.keys() if after[path] != before[path]),
        deleted=sorted(before.keys() - after.keys()),
    )
