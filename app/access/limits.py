"""limits: which of some pages somebody may read."""

from collections.abc import Collection, Mapping
from typing import Protocol

from footnote.app.access.types import PathLimits
from footnote.app.index.filters import matching


def readable(limits: PathLimits, paths: Collection[str]) -> frozenset[str]:
    """Those of the paths that the limits name: as a file, as a folder, or by a glob."""
    return frozenset().union(*(matching(glob, paths) for glob in limits.globs))


class _File(Protocol):
    @property
    def included_by(self) -> tuple[str, ...]: ...


def readable_files(limits: PathLimits, files: Mapping[str, _File]) -> frozenset[str]:
    """Those of the files, by path, that the limits name; of an included file also all pages that show it.

    What is shown of it is searched with the headings of these pages, which may not be known to others.
    """
    named = readable(limits, files)
    return frozenset(path for path in named if named.issuperset(files[path].included_by))
