"""flow: a folder becomes the markdown of some documents."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from filelock import FileLock, Timeout

from footnote.app.core.errors import DeletionsError, DocsFolderError, ImportRunningError, IndexWriteError, SettingsError
from footnote.app.core.progress import OnProgress
from footnote.app.core.stop import Stop
from footnote.ingest.importing.convert import Limits, UnreadableError, convert, missing_extra
from footnote.ingest.importing.find import Found, find_sources
from footnote.ingest.importing.page_file import page_text
from footnote.ingest.importing.plan import Plan, and_stays, make_plan
from footnote.ingest.importing.record import Record
from footnote.ingest.importing.state import State, read_state
from footnote.ingest.importing.types import Converted, LeftAside, Source, Unread, target_of
from footnote.ingest.importing.versions import converters

_LOCK = ".footnote-import.lock"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be imported.

    Attributes:
        sources: folders and files.
        folder: where the markdown is written.
        exclude: patterns as in `.gitignore`.
        max_bytes: of a source.
        replace: also overwrite what was edited.
        allow_deletes: also where more than ten files and a tenth of all would go.
        retry: also try again what took more than a limit before.
        max_page_bytes: of markdown that an ingest would read.
    """

    sources: tuple[Path, ...]
    folder: Path
    exclude: tuple[str, ...] = ()
    max_bytes: int = 200_000_000
    limits: Limits = Limits()
    replace: bool = False
    allow_deletes: bool = False
    max_page_bytes: int = 10_000_000
    retry: bool = False


@dataclass(slots=True)
class ImportReport:
    """What an import did; paths are of the markdown, in `unread`, `failed_before` and `left_out` of sources.

    With `dry_run`, `added` and `changed` would be tried, and `failed_before` has those of them that could not be read
    the last time, with the same bytes. What becomes of a document is known only once it is converted.

    `left_out` says what of the documents that were converted is hidden or in other files, and so not in the markdown.
    `left_aside` counts files among the documents whose format is not imported, by the ending of their names.
    `too_long` are files that were written and that an ingest will skip for their size.
    """

    folder: str
    dry_run: bool
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    edited: list[Unread] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    failed_before: list[Unread] = field(default_factory=list)
    left_out: list[Unread] = field(default_factory=list)
    left_aside: list[LeftAside] = field(default_factory=list)
    too_long: list[str] = field(default_factory=list)
    held: str | None = None


def preview_import(wanted: Wanted) -> ImportReport:
    """What `run_import` would try; nothing is converted or written."""
    found, plan, before = _planned(wanted)
    report = _report(wanted, found, plan, dry_run=True)
    report.failed_before = list(plan.failed_before)
    report.added = [one.target for one in plan.convert if one.target in plan.new]
    report.changed = [one.target for one in plan.convert if one.target not in plan.new]
    report.removed = list(plan.remove)
    report.held = plan.held(len(before.files))
    return report


def run_import(wanted: Wanted, on_progress: OnProgress) -> ImportReport:
    """Make the folder the markdown of the sources: only what changed is converted.

    Each file is written whole or not at all, and what was written so far is known if the import is ended.

    Raises:
        SettingsError: the extra is missing, or a source is of no known format.
        DocsFolderError: a source is missing.
        DeletionsError: more than ten files and more than a tenth of all would go.
        ImportStateError, ImportRunningError, IndexWriteError: the folder cannot be used.
    """
    missing = missing_extra()
    if missing:
        raise SettingsError(f"{missing} is not installed: run `pip install -c constraints.txt -e '.[import]'`")
    with _locked(wanted.folder):
        found, plan, before = _planned(wanted)
        held = plan.held(len(before.files))
        if held and not wanted.allow_deletes:
            raise DeletionsError(held)
        report = _report(wanted, found, plan, dry_run=False)
        record = Record(wanted.folder, before)
        try:
            for done, (source, digest, result) in enumerate(_conversions(plan.convert, wanted.limits), 1):
                by = converters()[source.ending]
                if isinstance(result, Converted):
                    text = page_text(source, digest, by, result)
                    record.write(source, digest, by, text)
                    if result.left_out:
                        report.left_out.append(Unread(source.path, result.left_out))
                    if len(text.encode()) > wanted.max_page_bytes:
                        report.too_long.append(source.target)
                    (report.added if source.target in plan.new else report.changed).append(source.target)
                else:
                    report.unread.append(
                        Unread(source.path, str(result) + and_stays(source.path, wanted.folder, before))
                    )
                    record.fail(source, digest, by, wanted.limits, result)
                on_progress("import", done, len(plan.convert))
            for target in plan.remove:
                record.remove(target)
                report.removed.append(target)
        except OSError as error:
            raise IndexWriteError(f"{wanted.folder} cannot be written: {error.strerror or error}") from error
        finally:
            record.save()
        return report


def _planned(wanted: Wanted) -> tuple[Found, Plan, State]:
    found = find_sources(wanted.sources, wanted.exclude, wanted.max_bytes, wanted.folder)
    if not found.sources and not found.unread and not any(one.is_dir() for one in wanted.sources):
        raise DocsFolderError("there is nothing to import")
    before = read_state(wanted.folder)
    roots = [one.resolve() for one in wanted.sources if one.is_dir()]
    plan = make_plan(
        found.sources,
        roots,
        wanted.folder,
        before,
        converters(),
        wanted.replace,
        str(wanted.limits),
        wanted.retry,
    )
    written = {source.target.casefold() for source in found.sources}
    unread = [
        # Of two documents for one file, the file is the other's.
        one
        if target_of(one.path).casefold() in written
        else Unread(one.path, one.reason + and_stays(one.path, wanted.folder, before))
        for one in found.unread
    ]
    return found, replace(plan, unread=(*unread, *plan.unread)), before


def _report(wanted: Wanted, found: Found, plan: Plan, dry_run: bool) -> ImportReport:
    return ImportReport(
        str(wanted.folder),
        dry_run,
        unchanged=plan.unchanged,
        edited=[*plan.edited],
        unread=[*plan.unread],
        left_aside=[*found.left_aside],
    )


def _conversions(
    sources: Sequence[Source], limits: Limits
) -> Iterator[tuple[Source, str, Converted | UnreadableError]]:
    """Each source with the sha256 of what was read of it, and what came of it; in the order in which they are done."""
    waiting = list(reversed(sources))
    threads = ThreadPoolExecutor(_workers(), thread_name_prefix="importing")
    running: dict[Future[tuple[str, Converted | UnreadableError]], Source] = {}
    stop = Stop()
    try:
        while waiting or running:
            while waiting and len(running) < _workers():
                source = waiting.pop()
                running[threads.submit(_converted, source, limits, stop)] = source
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(future), *future.result()
    finally:
        stop.set()
        threads.shutdown(wait=True, cancel_futures=True)


def _converted(source: Source, limits: Limits, stop: Stop) -> tuple[str, Converted | UnreadableError]:
    digest = ""
    try:
        raw = source.location.read_bytes()
        digest = hashlib.sha256(raw).hexdigest()
        return digest, convert(source, raw, limits, stop)
    except UnreadableError as error:
        return digest, error
    except OSError as error:
        return "", UnreadableError(f"unreadable: {error.strerror or error}")


def _workers() -> int:
    return max(1, min(4, os.cpu_count() or 1))


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One import at a time writes a folder."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / _LOCK, timeout=0)
        lock.acquire()
    except Timeout as error:
        raise ImportRunningError(f"another import writes {folder}: wait for it") from error
    except OSError as error:
        raise IndexWriteError(f"{folder} cannot be written: {error.strerror or error}") from error
    try:
        yield
    finally:
        lock.release()
