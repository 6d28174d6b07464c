"""disk: whether there is room before anything is written."""

import shutil
import stat
from contextlib import suppress
from pathlib import Path

from footnote.app.core.errors import DiskSpaceError


def free_bytes(folder: Path) -> int:
    """What is free where this folder is, or will be."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def require_space(folder: Path, needed_bytes: int, purpose: str, or_else: str = "") -> None:
    """Refuse to begin what the disk cannot hold.

    Nothing is held in reserve: what just fits may begin, and a full disk ends it as it ends any other.

    Args:
        folder: where it will be written; it need not be there yet.
        needed_bytes: what will be written at least.
        purpose: what it is for; begins the message.
        or_else: what can be done besides making room.

    Raises:
        DiskSpaceError: less is free.
    """
    free = free_bytes(folder.absolute())
    if free < needed_bytes:
        raise DiskSpaceError(
            f"{purpose} needs about {readable_size(needed_bytes)} in {folder}, and {readable_size(free)} are free: "
            "make room"
            f"{', or ' + or_else if or_else else ''}; nothing was written"
        )


def readable_size(size_bytes: int) -> str:
    """`23 kB`, `0.2 MB`, `12 MB`, `3.4 GB`; of powers of 1,000."""
    if size_bytes >= 10**9:
        return f"{size_bytes / 10**9:.1f} GB"
    if size_bytes >= 10**7:
        return f"{size_bytes / 10**6:.0f} MB"
    return f"{size_bytes / 10**6:.1f} MB" if size_bytes >= 10**5 else f"{size_bytes / 10**3:.0f} kB"


def size_on_disk(folder: Path) -> int:
    """The bytes of all files below a folder, one that has several names once."""
    sizes = {}
    for file in folder.rglob("*"):
        with suppress(FileNotFoundError):
            status = file.lstat()
            if stat.S_ISREG(status.st_mode):
                sizes[status.st_dev, status.st_ino] = status.st_size
    return sum(sizes.values())
