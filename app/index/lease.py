"""A reader's hold on a generation, so that no ingest removes the files under it.

A shared lock on a file of the generation: any number of processes may hold it, and the system frees it when
a process dies. Without `fcntl` (Windows) there is no hold, and open files cannot be removed anyway.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from footnote.app.core.errors import IndexDamagedError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

LEASE = "lease"


class Lease:
    """A hold on one generation, from its creation to `close`.

    Raises:
        IndexDamagedError: the generation is gone, or about to be removed.
    """

    def __init__(self, folder: Path) -> None:
        file = folder / LEASE
        try:
            self._descriptor = os.open(file, os.O_RDONLY)
        except OSError as error:
            raise IndexDamagedError(
                f"{folder} is no complete generation ({error}): run `footnote ingest --rebuild`"
            ) from error
        try:
            if fcntl:
                fcntl.flock(self._descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            # Between opening and locking it may have been removed.
            file.stat()
        except OSError as error:
            self.close()
            raise IndexDamagedError(f"{folder} is being removed ({error}): run `footnote ingest --rebuild`") from error

    def close(self) -> None:
        """Let go; once is enough."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


@contextmanager
def unless_held(folder: Path) -> Iterator[bool]:
    """Whether nobody holds the generation; if so, nobody can until the end of the block."""
    try:
        descriptor = os.open(folder / LEASE, os.O_RDONLY)
    except OSError as error:
        # No file: never completed, or of an older format.
        yield isinstance(error, FileNotFoundError)
        return
    try:
        if fcntl:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        free = True
    except OSError:
        free = False
    try:
        yield free
    finally:
        os.close(descriptor)
