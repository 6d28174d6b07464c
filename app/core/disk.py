"""disk: whether there is room before anything is written."""

import shutil
from pathlib import Path

from footnote.app.core.errors import DiskSpaceError

_SPARE_BYTES = 16 * 2**20  # logs, the file system's own; a round number


def free_bytes(folder: Path) -> int:
    """What is free where this folder is, or will be."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def require_space(folder: Path, needed_bytes: int, purpose: str) -> None:
    """Refuse to begin what the disk cannot hold.

    Args:
        folder: where it will be written; it need not be there yet.
        needed_bytes: what will be written.
        purpose: "to ...", for the message.

    Raises:
        DiskSpaceError: less is free.
    """
    free = free_bytes(folder.absolute())
    if free < needed_bytes + _SPARE_BYTES:
        raise DiskSpaceError(
            f"{purpose} needs about {megabytes(needed_bytes)} in {folder}, and {megabytes(free)} are free: make room; "
            "nothing was written"
        )


def megabytes(size_bytes: int) -> str:
    """`0.2 MB`, `12 MB`, `3.4 GB`; of 10^6 and 10^9 bytes."""
    if size_bytes >= 10**9:
        return f"{size_bytes / 10**9:.1f} GB"
    return f"{size_bytes / 10**6:.0f} MB" if size_bytes >= 10**7 else f"{size_bytes / 10**6:.1f} MB"
