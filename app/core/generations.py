"""Generations: complete indexes side by side, one of them live.

    <index_dir>/
        CURRENT                    the live generation's number
        generations/<n>/           chroma/  tantivy/  manifest.json  files.jsonl
        building/                  what an ingest is writing; swept away by the next one
        .lock                      held by a running ingest, freed by the system if it dies

A published generation is never written. Publishing is one atomic replacement of `CURRENT`, after
everything it names is on disk.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

from app.core.errors import (
    FootnoteError,
    IndexDamagedError,
    IndexMissingError,
    IndexWriteError,
    IngestRunningError,
)


class Published(NamedTuple):
    """One publication: another one has another `inode` or `mtime_ns` even when the number is the same."""

    generation: int
    inode: int
    mtime_ns: int


class Generations:
    """The generations of one index folder."""

    def __init__(self, index_dir: Path) -> None:
        self.index_dir = index_dir
        self._current = index_dir / "CURRENT"
        self._root = index_dir / "generations"

    def folder(self, generation: int) -> Path:
        return self._root / str(generation)

    def current(self) -> int | None:
        """The live generation; None before the first ingest.

        Raises:
            IndexDamagedError: `CURRENT` is not a number.
        """
        try:
            text = self._current.read_text("ascii").strip()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise IndexDamagedError(f"{self._current} cannot be read ({error}): run `footnote ingest`") from error
        if not text.isdecimal():
            raise IndexDamagedError(f"{self._current} holds {text!r} instead of a number: run `footnote ingest`")
        return int(text)

    def published(self) -> Published | None:
        """The publication in force; None before the first ingest. Raises as `current`."""
        generation = self.current()
        try:
            status = self._current.stat()
        except FileNotFoundError:
            return None
        return None if generation is None else Published(generation, status.st_ino, status.st_mtime_ns)

    def live(self) -> int:
        """The live generation.

        Raises:
            IndexMissingError: nothing has been ingested yet.
        """
        generation = self.current()
        if generation is None:
            raise IndexMissingError(f"no index in {self.index_dir}: run `footnote ingest` first")
        return generation

    def next_number(self) -> int:
        """One above every generation there is; only a deleted index folder starts again at 1."""
        return max([self.current_if_readable() or 0, *self._numbers()]) + 1

    def current_if_readable(self) -> int | None:
        """The live generation, None also where `CURRENT` is damaged: an ingest is what repairs that."""
        try:
            return self.current()
        except IndexDamagedError:
            return None

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the right to ingest.

        Raises:
            IngestRunningError: another process holds it.
            IndexWriteError: the index folder cannot be made or written.
        """
        lock = FileLock(self.index_dir / ".lock")
        try:
            with self.write_errors():
                self._root.mkdir(parents=True, exist_ok=True)
                lock.acquire(timeout=0)
        except Timeout as error:
            raise IngestRunningError(
                f"another ingest is running on {self.index_dir}: wait for it, or stop it and try again"
            ) from error
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def write_errors(self) -> Iterator[None]:
        """Whatever goes wrong in writing becomes one error that says what still works.

        Raises:
            IndexWriteError: instead of the many kinds that the system, Chroma and tantivy raise.
        """
        try:
            yield
        except (FootnoteError, Timeout):
            raise
        except Exception as error:
            raise IndexWriteError(
                f"the index in {self.index_dir} cannot be written ({error}): nothing was published and the index "
                "in use is unchanged; check space and permissions and run `footnote ingest` again"
            ) from error

    @contextmanager
    def building(self) -> Iterator[Path]:
        """An empty folder to build in; gone afterwards unless it was published."""
        folder = self.index_dir / "building"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def publish(self, built: Path, generation: int) -> None:
        """Make a closed, complete folder the live generation; atomic, and durable on return."""
        _sync_tree(built)
        target = self.folder(generation)
        built.rename(target)
        _sync(self._root)
        draft = self.index_dir / "CURRENT.new"
        draft.write_text(f"{generation}\n", "ascii")
        _sync(draft)
        draft.replace(self._current)
        _sync(self.index_dir)

    def sweep(self, previous: int | None) -> None:
        """Remove every generation but the live one and `previous`, which readers may still hold."""
        kept = (self.current(), previous)
        for number in self._numbers():
            if number not in kept:
                shutil.rmtree(self.folder(number), ignore_errors=True)

    def _numbers(self) -> list[int]:
        if not self._root.is_dir():
            return []
        return [int(entry.name) for entry in self._root.iterdir() if entry.name.isdecimal()]


def _sync_tree(folder: Path) -> None:
    for root, _, names in os.walk(folder):
        for name in names:
            _sync(Path(root) / name)
        _sync(Path(root))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
