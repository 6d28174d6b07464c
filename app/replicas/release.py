"""What lies in a target, and the shapes of it: who reads them must not trust them.

    CURRENT                    the pointer: which releases there are, the live one first; written last
    releases/<sha256>.json     a release: every file of one generation, and the hashes of its blocks
    parts/<ab>/<sha256>        a block, named by its hash; any number of files and releases may name it

Nothing but the pointer is ever replaced. So whoever has read a pointer can read all that it names, until a later one
names it no more.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from typing import Annotated, NamedTuple, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from footnote.app.core.errors import ReplicaError

POINTER = "CURRENT"
RELEASES, PARTS = "releases", "parts"
RELEASE_FILE = "release.json"  # in a generation that a replica took up
FORMAT = 1
MOST_POINTER_BYTES = 1_000_000
_MOST_RELEASE_BYTES = 256_000_000  # 3 million blocks
_MOST_BLOCK_BYTES = 16 * 2**20
_MOST_FILE_BYTES = 10**13
# A generation's own names: nothing absolute, no `..`, nothing that a shell or another system reads otherwise.
_PATH = re.compile(r"(?!.*(?:^|/)\.{1,2}(?:/|$))[A-Za-z0-9._-]{1,200}(/[A-Za-z0-9._-]{1,200}){0,3}")

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Size = Annotated[int, Field(ge=0, le=_MOST_FILE_BYTES)]
T = TypeVar("T", bound=BaseModel)


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")


class _Format(_Strict):
    format: int


class Block(NamedTuple):
    """A part of a file: its first byte there, its length and its hash."""

    start: int
    size_bytes: int
    sha256: str


class ReleaseFile(_Strict):
    """A file: its blocks are all of one size but the last, which is smaller or as large; an empty file has none."""

    path: str
    size_bytes: Size
    sha256: Sha256
    block_bytes: Annotated[int, Field(ge=1, le=_MOST_BLOCK_BYTES)]
    blocks: list[Sha256]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if not _PATH.fullmatch(self.path):
            raise ValueError(f"{self.path!r} is no name of a file of an index")
        if len(self.blocks) != -(-self.size_bytes // self.block_bytes):
            raise ValueError(f"{self.path}: {len(self.blocks)} blocks for {self.size_bytes} bytes")
        return self

    def cut(self) -> Iterator[Block]:
        """Its blocks in order."""
        for place, sha256 in enumerate(self.blocks):
            start = place * self.block_bytes
            yield Block(start, min(self.block_bytes, self.size_bytes - start), sha256)


class Release(_Strict):
    """A generation as it was published. `built` is the hash of its `manifest.json`: no other generation has it."""

    format: int
    generation: Annotated[int, Field(ge=1, le=10**9)]
    built: Sha256
    files: list[ReleaseFile]

    @model_validator(mode="after")
    def _names_are_apart(self) -> Self:
        # As file systems that know no case see them; and no file is a folder of another one.
        names = sorted(file.path.lower() for file in self.files)
        if any(after == before or after.startswith(before + "/") for before, after in pairwise(names)):
            raise ValueError("two files have one name")
        if RELEASE_FILE in names:
            raise ValueError(f"{RELEASE_FILE} is no file of an index")
        if {file.path: file.sha256 for file in self.files}.get("manifest.json") != self.built:
            raise ValueError("the manifest is another one")
        return self

    @property
    def size_bytes(self) -> int:
        return sum(file.size_bytes for file in self.files)

    def parts(self) -> dict[str, int]:
        """The size of each part that it names, by hash."""
        return {block.sha256: block.size_bytes for file in self.files for block in file.cut()}


class ReleaseRef(_Strict):
    """Where a release is, and which generation it is."""

    generation: Annotated[int, Field(ge=1, le=10**9)]
    built: Sha256
    sha256: Sha256
    size_bytes: Annotated[int, Field(ge=1, le=_MOST_RELEASE_BYTES)]

    @property
    def name(self) -> str:
        return f"{RELEASES}/{self.sha256}.json"


class Pointer(_Strict):
    """Which releases a target has.

    Attributes:
        serial: how often another generation was made live there; a rollback counts as well.
        published_at: of the live one, ISO 8601, by the clock of the writer.
        releases: the live one first.
        removed: those that the target had before, whose parts may not all be removed yet.
    """

    format: int
    serial: Annotated[int, Field(ge=1, le=10**12)]
    published_at: Annotated[str, Field(max_length=40)]
    releases: Annotated[list[ReleaseRef], Field(min_length=1, max_length=1000)]
    removed: Annotated[list[ReleaseRef], Field(max_length=1000)] = []

    @property
    def live(self) -> ReleaseRef:
        return self.releases[0]


def part_name(sha256: str) -> str:
    """The object that a block is."""
    return f"{PARTS}/{sha256[:2]}/{sha256}"


def read_pointer(content: bytes, where: str) -> Pointer:
    """The pointer in these bytes.

    Raises:
        ReplicaError: it is none, or of another format.
    """
    return _read(Pointer, content, f"{POINTER} in {where}")


def pointer_or_none(content: bytes, where: str) -> Pointer | None:
    """The pointer in these bytes; None where they are none.

    Raises:
        ReplicaError: it is of another format.
    """
    try:
        return _parsed(Pointer, content, f"{POINTER} in {where}")
    except ValidationError:
        return None


def read_release(content: bytes, ref: ReleaseRef, where: str) -> Release:
    """The release in these bytes.

    Raises:
        ReplicaError: it is not the one that was named, or of another format, or names what it must not.
    """
    name = f"{ref.name} in {where}"
    if hashlib.sha256(content).hexdigest() != ref.sha256:
        raise ReplicaError(f"{name} is damaged: run `footnote publish` again")
    release = _read(Release, content, name)
    if (release.generation, release.built) != (ref.generation, ref.built):
        raise ReplicaError(f"{name} is of another generation: run `footnote publish` again")
    return release


def _read(shape: type[T], content: bytes, name: str) -> T:
    try:
        return _parsed(shape, content, name)
    except ValidationError as error:
        first = error.errors()[0]
        reason = ": ".join(filter(None, [".".join(map(str, first["loc"])), first["msg"]]))[:200]
        raise ReplicaError(f"{name} cannot be read ({reason}): run `footnote publish` again") from error


def _parsed(shape: type[T], content: bytes, name: str) -> T:
    """What is there. A later format may have another shape, so the format is compared first.

    Raises:
        ReplicaError: it is of another format.
        ValidationError: it is none.
    """
    with suppress(ValidationError):
        found = _Format.model_validate_json(content).format
        if found != FORMAT:
            raise ReplicaError(f"{name} has format {found}, this version reads {FORMAT}: install the writer's version")
    return shape.model_validate_json(content)
