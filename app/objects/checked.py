"""Reading objects that others wrote: bounded, and compared with the hash that they must have."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from footnote.app.core.errors import ObjectStoreError, ObjectTooLargeError
from footnote.app.objects.protocol import PIECE_BYTES, Objects


def pieces_of(file: Path) -> Iterator[bytes]:
    """A file's bytes as `Objects.write` takes them."""
    with file.open("rb") as opened:
        while piece := opened.read(PIECE_BYTES):
            yield piece


def read_bounded(objects: Objects, name: str, most_bytes: int) -> Iterator[bytes]:
    """The object's bytes in pieces.

    Raises:
        ObjectMissingError: there is none.
        ObjectTooLargeError: it has more bytes than that.
        ObjectStoreError: it cannot be read.
    """
    read = 0
    for piece in objects.read(name):
        read += len(piece)
        if read > most_bytes:
            raise ObjectTooLargeError(
                f"{name} in {objects.address} is larger than {most_bytes} bytes: it is not what it says"
            )
        yield piece


def read_whole(objects: Objects, name: str, most_bytes: int) -> bytes:
    """The object's bytes, which are few. Raises as `read_bounded`."""
    return b"".join(read_bounded(objects, name, most_bytes))


def fetch_file(objects: Objects, name: str, target: Path, size_bytes: int, sha256: str) -> None:
    """Write an object to a new file, which is there afterwards only if size and hash are these.

    Raises:
        ObjectMissingError: there is none.
        ObjectStoreError: it is another one, or cannot be read.
        OSError: the file cannot be written.
    """
    digest, written = hashlib.sha256(), 0
    try:
        with target.open("xb") as opened:
            for piece in read_bounded(objects, name, size_bytes):
                digest.update(piece)
                written += opened.write(piece)
        if written != size_bytes or digest.hexdigest() != sha256:
            raise ObjectStoreError(f"{name} in {objects.address} is damaged: its hash is not the one it must have")
    except BaseException:
        target.unlink(missing_ok=True)
        raise
