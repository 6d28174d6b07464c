"""limits: which of some pages somebody may read."""

from collections.abc import Collection

from footnote.app.access.types import PathLimits
from footnote.app.index.filters import matching


def readable(limits: PathLimits, paths: Collection[str]) -> frozenset[str]:
    """Those of the paths that the limits name: as a file, as a folder, or by a glob."""
    return frozenset().union(*(matching(glob, paths) for glob in limits.globs))
