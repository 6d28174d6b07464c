"""A file as far as it was fetched."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from footnote.app.core.errors import ModelError
from footnote.app.core.progress import OnProgress
from footnote.app.models.fetching.source import SourceError

_MB = 1_000_000


class Partial:
    """The beginning of a file on disk; `total` is how long it gets, in bytes, None where that is not known yet."""

    def __init__(self, path: Path, total: int | None, on_progress: OnProgress) -> None:
        self.path = path
        self.total = total
        self._on_progress = on_progress

    @property
    def size(self) -> int:
        """How much is there, in bytes."""
        return self.path.stat().st_size if self.path.exists() else 0

    @property
    def is_whole(self) -> bool:
        """Whether all of it is there, as far as that is known."""
        return self.size == self.total

    def cut(self, size: int) -> None:
        """Leave the first bytes only."""
        if size < self.size:
            with self.path.open("r+b") as file:
                file.truncate(size)

    def expect(self, total: int) -> None:
        """Take what a source says of the file's length.

        Raises:
            SourceError: it is another file.
        """
        if self.total not in (None, total):
            raise SourceError(f"it gives a file of {total} bytes, not of {self.total}")
        self.total = total

    def require_space(self, beside: int = 0) -> None:
        """Go on if what is left fits on the disk, and as many bytes beside it.

        Raises:
            ModelError: it does not.
        """
        needed = (self.total or 0) - self.size + beside
        free = shutil.disk_usage(self.path.parent).free
        if free < needed:
            raise ModelError(
                f"{self.path.parent} has {free // _MB} MB free and {needed // _MB + 1} MB are needed: "
                "make room, or choose another folder with --to"
            )

    def append(self, blocks: Iterable[bytes]) -> None:
        """Add what a source gives; what came before an error stays.

        Raises:
            SourceError: it gives more than there is to be.
        """
        size = self.size
        with self.path.open("ab") as file:
            for block in blocks:
                size += len(block)
                if self.total is not None and size > self.total:
                    raise SourceError(f"it gives more than {self.total} bytes")
                file.write(block)
                self._on_progress("fetch", size // _MB, (self.total or size) // _MB)
