"""What the ingest stages hand to each other."""

from dataclasses import dataclass

from footnote.app.core.progress import OnProgress
from footnote.app.core.types import Metadata

Progress = OnProgress


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
