"""What the ingest stages hand to each other."""

from dataclasses import dataclass
from pathlib import Path

from app.core.types import Metadata


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A markdown file below the docs folder.

    `path` is relative to the folder, with forward slashes; `location` is where it lies.
    """

    path: str
    location: Path
    size_bytes: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Skip:
    """Something that was left out, or read with a loss, and why."""

    path: str
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One file, read.

    Attributes:
        raw: the file's bytes, exactly.
        body_start: byte offset where the markdown begins, after byte order mark and front matter.
        title: from the front matter; None when it names none.
        sha256: of `raw`, in hex.
    """

    path: str
    raw: bytes
    body_start: int
    title: str | None
    metadata: Metadata
    sha256: str
    mtime_ns: int
