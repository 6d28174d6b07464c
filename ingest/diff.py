"""diff: the files of the docs folder against those of a generation."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from footnote.app.core.find import FoundFile
from footnote.app.core.types import Skip
from footnote.app.index.manifest import FileRecord
from footnote.ingest.cache import KnownFile
from footnote.ingest.read import read_document
from footnote.ingest.types import Document


class ComparedFile(NamedTuple):
    """One file of the docs folder.

    Attributes:
        record: the generation's record, where the file is unchanged.
        document: the file as read, where it is new or changed.
        skip: why it is left out, or read with a loss. A file with neither record nor document is left out.
        sha256: of the bytes read; None where size and times said enough.
    """

    file: FoundFile
    record: FileRecord | None
    document: Document | None
    skip: Skip | None
    sha256: str | None


def compare_files(
    files: Sequence[FoundFile],
    records: Mapping[str, FileRecord],
    skips: Sequence[Skip],
    known: Mapping[str, KnownFile],
) -> Iterator[ComparedFile]:
    """Each file in order, read only where `known` does not vouch for it.

    `records` and `skips` are the generation's.
    """
    lossy = {skip.path: skip for skip in skips}
    for file in files:
        record = records.get(file.path)
        seen = known.get(file.path)
        if record and seen and seen.is_still(file) and seen.sha256 == record.sha256:
            yield ComparedFile(file, record, None, lossy.get(file.path), None)
            continue
        document, skip = read_document(file)
        sha256 = document.sha256 if document else None
        if record and record.sha256 == sha256:
            # Of the same bytes what was lost is the same, also what only splitting told.
            yield ComparedFile(file, record, None, skip or lossy.get(file.path), sha256)
        else:
            yield ComparedFile(file, None, document, skip, sha256)
