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
    before = {skip.path: skip for skip in skips}
    for file in files:
        record, skipped = records.get(file.path), before.get(file.path)
        # Of a page that only splitting told to leave out there is no record.
        of_before = record.sha256 if record else skipped.sha256 if skipped else ""
        seen = known.get(file.path)
        if of_before and seen and seen.is_still(file) and seen.sha256 == of_before:
            yield ComparedFile(file, record, None, skipped, None)
            continue
        document, skip = read_document(file)
        sha256 = document.sha256 if document else None
        if of_before and of_before == sha256:
            # Of the same bytes what is lost is the same.
            yield ComparedFile(file, record, None, skip if record else skipped, sha256)
        else:
            yield ComparedFile(file, None, document, skip, sha256)
