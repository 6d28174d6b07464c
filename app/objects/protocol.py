"""A store of objects: bytes by name, written whole or not at all."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from footnote.app.core.errors import ObjectStoreError

PIECE_BYTES = 8 * 2**20  # the most that is held of an object at once; a round number, above S3's least part of 5 MiB
_MOST_CHARS = 400
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")


@dataclass(frozen=True, slots=True)
class Found:
    """An object that is there. `written_at` is in seconds since 1970, by the clock of the store."""

    name: str
    size_bytes: int
    written_at: float


class Objects(Protocol):
    """Where objects are. Every method raises `ObjectStoreError`; what may pass was tried again by then."""

    @property
    def address(self) -> str:
        """As the user wrote it, for messages."""

    def read(self, name: str) -> Iterator[bytes]:
        """The object's bytes in order, in pieces; all of one version of it.

        Raises:
            ObjectMissingError: there is none of this name.
        """

    def write(self, name: str, content: bytes | Iterable[bytes]) -> None:
        """Put an object there, in place of one of the same name; readers see it whole or not at all.

        What iterating over `content` raises ends the writing, is raised, and leaves what was there.
        """

    def size(self, name: str) -> int | None:
        """How many bytes it has; None where there is none."""

    def found(self, folder: str = "") -> Iterator[Found]:
        """All objects whose names begin with `folder/`, in no order; all there are without it."""

    def delete(self, names: Iterable[str]) -> None:
        """Remove these, where they are there."""

    def prefetch(self, names: Collection[str]) -> None:
        """These are read next, in any order: where each reading would be a connection of its own, they come in one.

        Raises:
            ObjectMissingError: one is not there; another kind of store says so when that one is read.
        """

    def flush(self) -> None:
        """What was written is there on return; without it others may see it later, as one connection carries much."""


def checked_name(name: str) -> str:
    """The name, of ASCII letters, digits and `._-`, with parts between slashes of which none begins with a dot.

    Names come from manifests that others wrote: such a one leads nowhere else, in a folder, a URL or a shell.

    Raises:
        ObjectStoreError: it is another one.
    """
    if len(name) > _MOST_CHARS or not _NAME.fullmatch(name):
        raise ObjectStoreError(
            f"{name[:_MOST_CHARS]!r} is no name of an object: letters, digits, `.`, `_`, `-` and `/`"
        )
    return name
