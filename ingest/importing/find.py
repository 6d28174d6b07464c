"""find: the documents below the folders and files that were named."""

from collections.abc import Sequence
from pathlib import Path

from footnote.app.core.errors import DocsFolderError, SettingsError
from footnote.app.core.find import find_files
from footnote.ingest.importing.formats import FORMATS
from footnote.ingest.importing.types import Source, Unread


def find_sources(named: Sequence[Path], exclude: Sequence[str], max_bytes: int) -> tuple[list[Source], list[Unread]]:
    """Documents in the order of their targets, and what was left out although its name matched.

    In folders hidden files and what ignore files name are left out, and links that lead elsewhere, as an ingest does.

    Raises:
        DocsFolderError: what was named is not there, or cannot be listed.
        SettingsError: it is of a format that is not imported, or two documents would become the same file.
    """
    sources: list[Source] = []
    unread: list[Unread] = []
    for one in named:
        if one.is_dir():
            below, skips = find_files(one, [f"**/*.{ending}" for ending in FORMATS], exclude, max_bytes)
            sources += [Source(one.resolve(), file.path, _ending(Path(file.path))) for file in below]
            unread += [Unread(skip.path, f"{skip.reason}: {skip.detail}".rstrip(": ")) for skip in skips]
        else:
            sources.append(_file(one, max_bytes, unread))
    by_target: dict[str, Source] = {}
    left_out = {one.path for one in unread}
    for source in sources:
        other = by_target.setdefault(source.target.casefold(), source)
        if other.location != source.location:
            raise SettingsError(
                f"{other.location} and {source.location} would both become {source.target}: "
                "import them into folders of their own"
            )
    found = [one for one in by_target.values() if one.path not in left_out]
    return sorted(found, key=lambda source: source.target), unread


def _file(location: Path, max_bytes: int, unread: list[Unread]) -> Source:
    if not location.is_file():
        raise DocsFolderError(f"{location} does not exist; name files and folders to import")
    ending = _ending(location)
    if ending not in FORMATS:
        raise SettingsError(f"{location} is of no format that is imported: {', '.join(FORMATS)}")
    if location.stat().st_size > max_bytes:
        unread.append(Unread(location.name, f"too large: {location.stat().st_size:,} bytes; --max-mb allows more"))
    return Source(location.parent.resolve(), location.name, ending)


def _ending(path: Path) -> str:
    return path.suffix[1:].lower()
