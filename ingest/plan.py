"""plan: what the next generation holds, and what of it is new."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from footnote.app.core.find import FoundFile
from footnote.app.core.pages.flavour import Flavour, flavour_of
from footnote.app.core.settings import Settings
from footnote.app.core.types import Chunk, Include, Skip
from footnote.app.index.manifest import FileRecord
from footnote.app.index.raw_pages import compressed
from footnote.ingest.base import Base, is_as_built
from footnote.ingest.cache import IngestCache
from footnote.ingest.diff import compare_files
from footnote.ingest.including.included import included_files
from footnote.ingest.sources.commit import CommitState, commit_state
from footnote.ingest.sources.source import DocsAtHand
from footnote.ingest.splitting import SplitAll, split_on_cores
from footnote.ingest.types import Document, Progress

# Deleted vectors stay in Chroma's graph; when they are so many for each live one, it is built anew.
_MAX_REPLACED_SHARE = 0.25
_MIN_REPLACED = 100


@dataclass(frozen=True, slots=True)
class Plan:
    """The next generation.

    Attributes:
        base: the generation it starts from; None when it is built from nothing.
        files: all its files, by path.
        chunks: the chunks of its added and changed files.
        dropped: paths by id, of chunks of the base that no file has any more.
        skips: all files left out or read with a loss, by path.
        added: paths that the base does not have; changed, deleted: paths that it has. Where a base is there but not
            built on, they are against it all the same.
        unchanged: how many files stay as they are.
        site: the kind of site that the pages are read as.
        state: which commit they are as.
        pages: of the added and changed files the bytes, compressed, by their sha256; empty for a preview.
    """

    base: Base | None
    files: tuple[FileRecord, ...]
    chunks: tuple[Chunk, ...]
    dropped: Mapping[str, str]
    skips: tuple[Skip, ...]
    added: tuple[str, ...]
    changed: tuple[str, ...]
    deleted: tuple[str, ...]
    unchanged: int
    site: Flavour
    state: CommitState
    pages: Mapping[str, bytes] = field(repr=False)

    @property
    def chunk_count(self) -> int:
        """Chunks of the whole generation."""
        return sum(len(file.chunk_ids) for file in self.files)

    @property
    def included(self) -> int:
        """How many of the files are there for what pages show of them."""
        return sum(bool(file.included_by) for file in self.files)

    @property
    def languages(self) -> dict[str, int]:
        """How many files with text are in each language, the most first; "" where it is not known."""
        counts = Counter(file.language for file in self.files if file.chunk_ids and not file.included_by)
        return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))

    @property
    def replaced_chunks(self) -> int:
        """Vectors deleted since the store was built from nothing, this generation included."""
        return (self.base.manifest.replaced_chunks if self.base else 0) + len(self.dropped)

    @property
    def wears_out(self) -> bool:
        """Whether building from nothing is better by now."""
        return self.replaced_chunks > max(_MIN_REPLACED, self.chunk_count * _MAX_REPLACED_SHARE)

    @property
    def reads_otherwise(self) -> bool:
        """Whether the base was read as another kind of site, so that no page of it can be taken over."""
        return self.base is not None and self.base.manifest.flavour != self.site.name

    def compared_with(self, before: Mapping[str, FileRecord]) -> "Plan":
        """The same plan, with its changes against these files, by path, in place of those of its base."""
        now = {file.path: file for file in self.files}
        changed = tuple(path for path in now if path in before and now[path].sha256 != before[path].sha256)
        return replace(
            self,
            added=tuple(path for path in now if path not in before),
            changed=changed,
            deleted=tuple(sorted(before.keys() - now.keys())),
            unchanged=len(now.keys() & before.keys()) - len(changed),
        )

    def changes_nothing(self, settings: Settings) -> bool:
        """Whether the base is already what is planned."""
        return (
            self.base is not None
            and not (self.added or self.changed or self.deleted)
            and self.skips == self.base.manifest.skipped
            and self.site.anchors == self.base.manifest.anchor_style
            and is_as_built(settings, self.base.manifest)
            and not self.state.adds_to(self.base)
        )


def make_plan(
    settings: Settings,
    docs: DocsAtHand,
    files: Sequence[FoundFile],
    skips: Sequence[Skip],
    base: Base | None,
    cache: IngestCache,
    on_progress: Progress,
    checksum: bool = False,
    learn: bool = True,
    split_all: SplitAll = split_on_cores,
) -> Plan:
    """Compare, read and split. With `checksum` every file is read; with `learn` hashes and bytes are kept.

    `files` and `skips` are those of `find_files`; `split_all` cuts what was read, wherever that is done.
    """
    started_ns = time.time_ns()
    docs_dir = settings.folders.docs_place
    site = flavour_of(docs.folder)
    before: Mapping[str, FileRecord] = base.files if base else {}
    # What an older version did not look for is looked for on all pages.
    looks_anew = base is not None and base.manifest.include_roots is None
    known = {} if checksum or not base or looks_anew else cache.known_files(docs_dir)
    known_pages = {} if looks_anew else {path: file for path, file in before.items() if not file.included_by}
    known_skips = [skip for skip in base.manifest.skipped if skip.lost != "include"] if base else []
    records: list[FileRecord] = []
    chunks: list[Chunk] = []
    all_skips = list(skips)
    hashed: list[tuple[FoundFile, str]] = []
    read: list[str] = []
    pages: dict[str, bytes] = {}
    compared = compare_files(files, known_pages, known_skips, known)
    split_files = split_all(compared, settings.ingest, site)
    for done, ((file, record, document, skip, sha256), split) in enumerate(split_files, 1):
        if record:
            records.append(record if record.mtime_ns == file.mtime_ns else replace(record, mtime_ns=file.mtime_ns))
        elif document and split:
            of_page, costly, includes = split
            skip = costly or skip
            as_before = before.get(file.path) if looks_anew else None
            if as_before and as_before.sha256 == document.sha256 and not costly:
                records.append(replace(as_before, mtime_ns=file.mtime_ns, includes=includes))
            elif not costly:
                read.append(file.path)
                records.append(_record(document, of_page, includes))
                chunks.extend(of_page)
                if learn:
                    pages[document.sha256] = compressed(document.raw)
        if skip:
            all_skips.append(skip)
        if sha256:
            hashed.append((file, sha256))
        on_progress("read", done, len(files))
    if learn:
        cache.remember_files(docs_dir, hashed, started_ns)
    shown = included_files(docs.folder.resolve(), settings.ingest, site, records, [file.path for file in files], before)
    records = sorted([*records, *shown.records], key=lambda record: record.path)
    read.extend(shown.read)
    chunks.extend(shown.chunks)
    all_skips.extend(shown.skips)
    pages.update(shown.contents if learn else {})
    now = {record.path for record in records}
    new_ids = {chunk.id for chunk in chunks}
    gone = (before[path] for path in (*(path for path in read if path in before), *(before.keys() - now)))
    return Plan(
        base=base,
        files=tuple(records),
        chunks=tuple(chunks),
        dropped={chunk_id: file.path for file in gone for chunk_id in file.chunk_ids if chunk_id not in new_ids},
        skips=tuple(sorted(all_skips, key=lambda skip: skip.path)),
        added=tuple(sorted(path for path in read if path not in before)),
        changed=tuple(sorted(path for path in read if path in before)),
        deleted=tuple(sorted(before.keys() - now)),
        unchanged=len(records) - len(read),
        site=site,
        state=commit_state(docs, records, base),
        pages=pages,
    )


def _record(document: Document, chunks: Sequence[Chunk], includes: tuple[Include, ...]) -> FileRecord:
    return FileRecord(
        path=document.path,
        sha256=document.sha256,
        size_bytes=len(document.raw),
        mtime_ns=document.mtime_ns,
        title=chunks[0].title if chunks else document.title or "",
        metadata=document.metadata,
        chunk_ids=tuple(chunk.id for chunk in chunks),
        language=chunks[0].language if chunks else "",
        includes=includes,
    )
