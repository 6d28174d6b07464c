"""find: the documents below the folders and files that were named."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from footnote.app.core.errors import DocsFolderError, SettingsError
from footnote.app.core.find import find_files
from footnote.app.core.patterns import require_patterns
from footnote.app.core.types import Skip
from footnote.ingest.importing.formats import FORMATS
from footnote.ingest.importing.types import LeftAside, Source, Unread

_MARKDOWN = "md"


@dataclass(frozen=True, slots=True)
class Found:
    """What lies below the folders and files that were named.

    Attributes:
        sources: documents in the order of their targets.
        unread: what was left out although its name matched.
        left_aside: files of other formats, those that are most numerous first.
    """

    sources: tuple[Source, ...]
    unread: tuple[Unread, ...]
    left_aside: tuple[LeftAside, ...]


def find_sources(named: Sequence[Path], exclude: Sequence[str], max_bytes: int, folder: Path | None = None) -> Found:
    """The documents, and what is not imported.

    Of documents that would become the same file, the case of letters aside, the first is found and the others left out.
    In folders hidden files and what ignore files name are left out, and links that lead elsewhere, as an ingest does.
    Markdown below `folder`, where markdown is written, is not counted: an ingest reads it there.

    Raises:
        DocsFolderError: what was named is not there, or cannot be listed.
        SettingsError: it is of a format that is not imported, or a pattern of `exclude` is malformed.
    """
    require_patterns("--exclude", exclude)
    sources: list[Source] = []
    unread: list[Unread] = []
    aside: list[Path] = []
    for one in named:
        if one.is_dir():
            root = one.resolve()
            below, skips = find_files(one, ["**/*"], exclude, max_bytes)
            for file in below:
                ending = _ending(Path(file.path))
                if ending in FORMATS:
                    sources.append(Source(root, file.path, ending))
                else:
                    aside.append(root / file.path)
            for skip in skips:
                if skip.lost != "page" or _ending(Path(skip.path)) in FORMATS or (root / skip.path).is_dir():
                    unread.append(Unread(skip.path, _why(skip)))
                else:
                    aside.append(root / skip.path)
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
    return Found(
        tuple(sorted(by_target.values(), key=lambda source: source.target)),
        tuple(unread),
        _counted(aside, folder.resolve() if folder else None),
    )


def _counted(aside: Sequence[Path], written: Path | None) -> tuple[LeftAside, ...]:
    endings = Counter(
        _ending(file)
        for file in aside
        if not (written and _ending(file) == _MARKDOWN and file.resolve().is_relative_to(written))
    )
    return tuple(
        LeftAside(ending, files) for ending, files in sorted(endings.items(), key=lambda one: (-one[1], one[0]))
    )


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
