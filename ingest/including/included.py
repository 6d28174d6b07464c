"""included: the records and chunks of all files that pages show parts of; what is as in the base is taken over."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from footnote.app.core.pages.flavour import Flavour
from footnote.app.core.setting_groups import NO_INCLUDES, IngestSettings
from footnote.app.core.text.markdown import CostlyPageError
from footnote.app.core.types import Chunk, Skip
from footnote.app.index.manifest import FileRecord
from footnote.app.index.raw_pages import compressed
from footnote.ingest.including.cut import chunks_of
from footnote.ingest.including.gather import Gathering
from footnote.ingest.including.showing import ShownFile


@dataclass(slots=True)
class Included:
    """Files that pages show parts of.

    Attributes:
        records: of all of them, by path.
        read: paths of those that are new or changed, or of which something else is shown.
        chunks, contents: of these; contents are compressed, by their sha256.
        skips: what could not be shown.
    """

    records: list[FileRecord] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    chunks: list[Chunk] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)
    skips: list[Skip] = field(default_factory=list)


def included_files(
    docs_dir: Path,
    rules: IngestSettings,
    site: Flavour,
    pages: Sequence[FileRecord],
    page_paths: Collection[str],
    before: Mapping[str, FileRecord],
) -> Included:
    """What `pages` show of files that are no pages themselves; `before` are the records of the base by path.

    Where the settings turn it off there is nothing, and nothing is missed.
    """
    result = Included()
    if rules.include_roots == (NO_INCLUDES,) or not any(page.includes for page in pages):
        return result
    gathering = Gathering(docs_dir, rules, site, page_paths)
    for file in gathering.files(pages):
        record = before.get(file.file.path)
        if record and (record.sha256, record.shown_as) == (file.sha256, file.shown_as):
            mtime_ns = file.file.mtime_ns
            result.records.append(record if record.mtime_ns == mtime_ns else replace(record, mtime_ns=mtime_ns))
            continue
        try:
            chunks = chunks_of(file, rules, site)
        except CostlyPageError as error:
            said = f"{file.file.path}; {error}"
            result.skips.append(Skip(file.included_by[0], "included file: too costly to read", said, "include"))
            continue
        result.read.append(file.file.path)
        result.chunks += chunks
        result.contents[file.sha256] = compressed(file.text.encode())
        result.records.append(_record(file, chunks))
    result.skips += gathering.skips
    return result


def _record(file: ShownFile, chunks: Sequence[Chunk]) -> FileRecord:
    return FileRecord(
        path=file.file.path,
        sha256=file.sha256,
        size_bytes=file.size_bytes,
        mtime_ns=file.file.mtime_ns,
        title=file.file.path.rpartition("/")[2],
        metadata={},
        chunk_ids=tuple(chunk.id for chunk in chunks),
        language=chunks[0].language if chunks else "",
        included_by=file.included_by,
        shown_as=file.shown_as,
    )
