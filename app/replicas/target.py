"""Whether a place may be published to, and what is published there already."""

from pathlib import Path

from footnote.app.core.errors import ObjectMissingError, ReplicaError
from footnote.app.objects.checked import read_whole
from footnote.app.objects.directory import Directory
from footnote.app.objects.protocol import Objects
from footnote.app.replicas.release import MOST_POINTER_BYTES, PARTS, POINTER, RELEASES, Pointer, pointer_or_none

TURN = "PUBLISHING"  # the object that says whose turn it is to publish
_OWN = {TURN, POINTER, RELEASES, PARTS, "lost+found"}  # the last one stands in every new volume


def require_no_index(objects: Objects, what_to_do: str) -> None:
    """Refuse an index folder as the place of what is published; nothing is written.

    Raises:
        ReplicaError: it is one.
        ObjectStoreError: it cannot be read.
    """
    # An index has a number where a target has its pointer, and no releases.
    has_number = (_pointer_bytes(objects) or b"").strip().isdigit() and not any(True for _ in objects.found(RELEASES))
    if has_number or _is_index_folder(objects):
        raise ReplicaError(f"{objects.address} is an index folder, and not what `footnote publish` makes: {what_to_do}")


def require_own_place(objects: Objects) -> None:
    """Refuse a folder that holds something else, such as docs; nothing is written.

    Raises:
        ReplicaError: it does.
    """
    if not isinstance(objects, Directory) or not objects.root.is_dir():
        return
    try:
        others = sorted(one.name for one in objects.root.iterdir() if one.name not in _OWN and one.name[0] != ".")
    except OSError as error:
        raise ReplicaError(f"{objects.address} cannot be read: {error.strerror or error}") from error
    if others and not is_target(objects.root):
        raise ReplicaError(f"{objects.address} holds {others[0]!r} and is no target yet: publish to an empty folder")


def is_target(folder: Path) -> bool:
    """Whether the folder is what `footnote publish` publishes to."""
    return (folder / RELEASES).is_dir() and (folder / PARTS).is_dir()


def pointer_there(objects: Objects) -> Pointer | None:
    """What is published; None also where that cannot be read, as the next publishing replaces it.

    Raises:
        ReplicaError: it is of another format.
        ObjectStoreError: the target cannot be read.
    """
    content = _pointer_bytes(objects)
    return None if content is None else pointer_or_none(content, objects.address)


def _pointer_bytes(objects: Objects) -> bytes | None:
    size = objects.size(POINTER)
    if size is None or size > MOST_POINTER_BYTES:
        return None
    try:
        return read_whole(objects, POINTER, MOST_POINTER_BYTES)
    except ObjectMissingError:
        return None


def _is_index_folder(objects: Objects) -> bool:
    """Whether something began an ingest there, which need not have ended."""
    if not isinstance(objects, Directory):
        return False
    return (objects.root / "generations").is_dir() and (objects.root / ".lock").is_file()
