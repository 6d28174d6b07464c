"""find: the documents below the folders and files that were named."""

from collections.abc import Sequence
from pathlib import Path

from footnote.app.core.errors import DocsFolderError, SettingsError
from footnote.app.core.find import find_files
from footnote.app.core.types import Skip
from footnote.ingest.importing.formats import FORMATS
from footnote.ingest.importing.types import Source, Unread


def find_sources(named: Sequence[Path], exclude: Sequence[str], max_bytes: int) -> tuple[list[Source], list[Unread]]:
    """Documents in the order of their targets, and what was left out although its name matched.

    Of documents that would become the same file, the case of letters aside, the first is found and the others left out.
    In folders hidden files and what ignore files name are left out, and links that lead elsewhere, as an ingest does.

    Raises:
        DocsFolderError: what was named is not there, or cannot be listed.
        SettingsError: it is of a format that is not imported, or a pattern of `exclude` is malformed.
    """
    sources: list[Source] = []
    unread: list[Unread] = []
    for one in named:
        if one.is_dir():
            below, skips = find_files(one, [f"**/*.{ending}" for ending in FORMATS], exclude, max_bytes)
            sources += [Source(one.resolve(), file.path, _ending(Path(file.path))) for file in below]
            unread += [Unread(skip.path, _why(skip)) for skip in skips]
        elif (source := _file(one)).location.stat().st_size > max_bytes:
            unread.append(Unread(source.path, _too_large(f"{source.location.stat().st_size:,} bytes")))
        else:
            sources.append(source)
    by_target: dict[str, Source] = {}
    for source in sources:
        other = by_target.setdefault(source.target.casefold(), source)
        if other.location != source.location:
            # Where names differ in case alone, which files there are would depend on the disk.
            why = f"{other.location} becomes {other.target}, where its markdown would be"
            unread.append(Unread(source.path, f"{why}: rename one, or import it elsewhere"))
    return sorted(by_target.values(), key=lambda source: source.target), unread


def _why(skip: Skip) -> str:
    """Why it was left out, in words of an import: there is no docs folder, and another option."""
    if skip.reason == "too large":
        return _too_large(skip.detail.partition(";")[0])
    if skip.reason.startswith("symlink leaves"):
        return "symlink leaves the folder that is imported: name what it leads to, to import that"
    return f"{skip.reason}: {skip.detail}".rstrip(": ")


def _too_large(size: str) -> str:
    return f"too large: {size}; --max-mb allows more"


def _file(location: Path) -> Source:
    if not location.is_file():
        raise DocsFolderError(f"{location} does not exist; name files and folders to import")
    ending = _ending(location)
    if ending not in FORMATS:
        raise SettingsError(f"{location} is of no format that is imported: {', '.join(FORMATS)}")
    return Source(location.parent.resolve(), location.name, ending)


def _ending(path: Path) -> str:
    return path.suffix[1:].lower()
