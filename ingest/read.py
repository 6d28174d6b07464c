"""read: a file's bytes, its front matter as metadata, and where its markdown begins."""

import hashlib

from footnote.app.core.find import FoundFile
from footnote.app.core.pages.front_matter import BOM, read_front_matter
from footnote.app.core.types import Skip
from footnote.ingest.types import Document


def read_document(file: FoundFile) -> tuple[Document | None, Skip | None]:
    """The document, or None with the reason it is skipped.

    Broken front matter gives both: the text below it is ingested, and the skip says what was wrong.
    """
    try:
        raw = file.location.read_bytes()
    except OSError as error:
        return None, Skip(file.path, "unreadable", error.strerror or str(error))
    if b"\0" in raw:
        return None, Skip(file.path, "binary", "holds NUL bytes")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return None, Skip(file.path, "not UTF-8", f"byte {error.start}: {error.reason}")

    bom = len(BOM) if raw.startswith(BOM) else 0
    front = read_front_matter(raw[bom:])
    title = front.metadata.get("title")
    document = Document(
        path=file.path,
        raw=raw,
        body_start=bom + front.end,
        title=title.strip() if isinstance(title, str) and title.strip() else None,
        metadata=front.metadata,
        sha256=hashlib.sha256(raw).hexdigest(),
        mtime_ns=file.mtime_ns,
    )
    lossy = Skip(file.path, "front matter not read", front.problem, "front matter") if front.problem else None
    return document, lossy
