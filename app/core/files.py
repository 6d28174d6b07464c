"""Copies and links of files, the cheapest way that the file system has, and durable writes."""

import errno
import hashlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_REMOVALS, _REMOVAL_PAUSE_S = 100, 0.02
_FICLONE = 0x40049409  # Source: linux/fs.h, _IOW(0x94, 9, int)


def share_file(source: Path, target: Path) -> None:
    """Give an immutable file a second name, or copy it where the file system has no hard links."""
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EEXIST, errno.ENOENT):
            raise
        copy_file(source, target)


def copy_file(source: Path, target: Path) -> None:
    """Copy a file; where the file system can (Btrfs, XFS, bcachefs), the two share their blocks until written to."""
    if not _clone(source, target):
        shutil.copyfile(source, target)


def can_share_blocks(folder: Path) -> bool:
    """Whether a copy of a file in this folder takes no room until it is written to."""
    try:
        with tempfile.TemporaryDirectory(prefix=".copying-", dir=folder) as name:
            source = Path(name) / "source"
            source.write_bytes(b"x")
            return _clone(source, Path(name) / "copy")
    except OSError:
        return False


def copy_tree(source: Path, target: Path) -> None:
    """Copy a folder with all below it into a new one; as `copy_file`."""
    target.mkdir()
    for entry in sorted(os.scandir(source), key=lambda entry: entry.name):
        if entry.is_dir():
            copy_tree(Path(entry.path), target / entry.name)
        else:
            copy_file(Path(entry.path), target / entry.name)


def sha256_of(file: Path) -> str:
    """The file's sha256 in hex."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def sha256_of_all(files: Iterable[Path]) -> str:
    """One hash over the names and contents of several files, in hex; their order counts."""
    digests = [f"{file.name} {sha256_of(file)}\n" for file in files]
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def replace_text(file: Path, text: str) -> None:
    """Write a file whole or not at all; durable on return where the system can tell."""
    draft = file.with_name(file.name + ".new")
    try:
        draft.write_text(text, "utf-8")
        sync(draft)
        draft.replace(file)
    except OSError:
        with suppress(OSError):  # a disk that is full may have taken the name alone
            draft.unlink()
        raise
    with suppress(OSError):  # it is written: an error here must not say that it is not
        sync(file.parent)


def write_private(file: Path, lines: Iterable[str]) -> int:
    """How many lines were written to a file that only its owner can read: all of them, or none and it is as before.

    Raises:
        OSError: it cannot be written.
    """
    draft = file.with_name(f".{file.name}.{os.getpid()}.new")
    count = 0
    try:
        with open(
            os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8", newline="\n"
        ) as out:
            for line in lines:
                out.write(line)
                count += 1
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return count


def sync_tree(folder: Path) -> None:
    """Wait until a folder and all below it are on disk."""
    for root, _, names in os.walk(folder):
        for name in names:
            sync(Path(root) / name)
        sync(Path(root))


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _clone(source: Path, target: Path) -> bool:
    if sys.platform != "linux":
        return False
    import fcntl

    with source.open("rb") as read, target.open("wb") as written:
        try:
            fcntl.ioctl(written, _FICLONE, read.fileno())
        except OSError:
            return False
    return True


def remove_busy_folder(folder: Path) -> None:
    """Remove a folder that a library's threads may still write to for a moment.

    tantivy does after its writer was closed: https://github.com/quickwit-oss/tantivy/issues/2262.
    """
    for _ in range(_REMOVALS):
        try:
            return shutil.rmtree(folder)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.ENOENT):
                raise
        time.sleep(_REMOVAL_PAUSE_S)
    shutil.rmtree(folder)
