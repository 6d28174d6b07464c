"""flow: a folder becomes the markdown of some documents."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from footnote.app.core.errors import DeletionsError, DocsFolderError, ImportRunningError, IndexWriteError, SettingsError
from footnote.app.core.files import replace_text
from footnote.app.core.progress import OnProgress
from footnote.app.core.stop import Stop
from footnote.ingest.importing.convert import Limits, UnreadableError, convert, missing_extra
from footnote.ingest.importing.find import find_sources
from footnote.ingest.importing.page_file import page_text
from footnote.ingest.importing.plan import Plan, make_plan
from footnote.ingest.importing.state import Written, read_state, write_state
from footnote.ingest.importing.types import Converted, Source, Unread
from footnote.ingest.importing.versions import converters

_SAVE_EVERY = 25  # files between two writes of the state: what is written and not in it would look like another's
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


@dataclass(slots=True)
class ImportReport:
    """What an import did, or with `dry_run` would do; paths are of the markdown, in `unread` and `left_out` of sources.

    `left_out` says what of the documents that were converted is hidden or in other files, and so not in the markdown.
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
    left_out: list[Unread] = field(default_factory=list)
    too_long: list[str] = field(default_factory=list)
    held: str | None = None


def preview_import(wanted: Wanted) -> ImportReport:
    """What `run_import` would do; nothing is converted or written."""
    plan, before = _planned(wanted)
    report = _report(wanted, plan, dry_run=True)
    report.added = [one.target for one in plan.convert if one.target in plan.new]
    report.changed = [one.target for one in plan.convert if one.target not in plan.new]
    report.removed = list(plan.remove)
    report.held = plan.held(len(before))
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
        plan, before = _planned(wanted)
        held = plan.held(len(before))
        if held and not wanted.allow_deletes:
            raise DeletionsError(held)
        report = _report(wanted, plan, dry_run=False)
        record = _Record(wanted.folder, before)
        try:
            for done, (source, digest, result) in enumerate(_conversions(plan.convert, wanted.limits), 1):
                if isinstance(result, Converted):
                    by = converters()[source.ending]
                    text = page_text(source, digest, by, result)
                    record.write(source, digest, by, text)
                    if result.left_out:
                        report.left_out.append(Unread(source.path, result.left_out))
                    if len(text.encode()) > wanted.max_page_bytes:
                        report.too_long.append(source.target)
                    (report.added if source.target in plan.new else report.changed).append(source.target)
                else:
                    report.unread.append(Unread(source.path, result))
                on_progress("import", done, len(plan.convert))
            for target in plan.remove:
                record.remove(target)
                report.removed.append(target)
        except OSError as error:
            raise IndexWriteError(f"{wanted.folder} cannot be written: {error.strerror or error}") from error
        finally:
            record.save()
        return report


def _planned(wanted: Wanted) -> tuple[Plan, dict[str, Written]]:
    sources, unread = find_sources(wanted.sources, wanted.exclude, wanted.max_bytes)
    if not sources and not unread and not any(one.is_dir() for one in wanted.sources):
        raise DocsFolderError("there is nothing to import")
    before = read_state(wanted.folder)
    roots = [one.resolve() for one in wanted.sources if one.is_dir()]
    plan = make_plan(sources, roots, wanted.folder, before, converters(), wanted.replace)
    return Plan(plan.convert, plan.new, plan.unchanged, plan.remove, plan.edited, (*unread, *plan.unread)), before


def _report(wanted: Wanted, plan: Plan, dry_run: bool) -> ImportReport:
    folder = str(wanted.folder)
    return ImportReport(folder, dry_run, unchanged=plan.unchanged, edited=[*plan.edited], unread=[*plan.unread])


def _conversions(sources: Sequence[Source], limits: Limits) -> Iterator[tuple[Source, str, Converted | str]]:
    """Each source with the sha256 of what was read of it, and what came of it; in the order in which they are done."""
    waiting = list(reversed(sources))
    threads = ThreadPoolExecutor(_workers(), thread_name_prefix="importing")
    running: dict[Future[tuple[str, Converted | str]], Source] = {}
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


def _converted(source: Source, limits: Limits, stop: Stop) -> tuple[str, Converted | str]:
    try:
        raw = source.location.read_bytes()
        return hashlib.sha256(raw).hexdigest(), convert(source, raw, limits, stop)
    except UnreadableError as error:
        return "", str(error)
    except OSError as error:
        return "", f"unreadable: {error.strerror or error}"


def _workers() -> int:
    return max(1, min(4, os.cpu_count() or 1))


class _Record:
    """The files of the folder, and what is known of them."""

    def __init__(self, folder: Path, files: dict[str, Written]) -> None:
        self._folder, self._files, self._unsaved = folder, dict(files), 0

    def write(self, source: Source, digest: str, by: str, text: str) -> None:
        file = self._folder / source.target
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_text(file, text)
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        self._files[source.target] = Written(str(source.root), source.path, digest, by, sha256)
        self._changed()

    def remove(self, target: str) -> None:
        (self._folder / target).unlink(missing_ok=True)
        del self._files[target]
        self._changed()

    def save(self) -> None:
        if self._unsaved:
            write_state(self._folder, self._files)
            self._unsaved = 0

    def _changed(self) -> None:
        self._unsaved += 1
        if self._unsaved >= _SAVE_EVERY:
            self.save()


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
