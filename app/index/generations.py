"""Generations: complete indexes side by side, one of them live.

    <index_dir>/
        CURRENT                    the live generation's number
        generations/<n>/           chroma/  tantivy/  pages/  manifest.json  files.jsonl  lease
        removed-<n>/               a generation on its way out
        building/                  what an ingest is writing; swept away by the next one
        checkout/<key>/            the docs of a Git repository; see footnote.app.index.checkouts
        cache.sqlite3              embeddings and file hashes, to do nothing twice; may be deleted
        replica.json               where the generations come from elsewhere; see footnote.app.index.replica
        taking/                    what a replica is putting together; goes on after an interruption
        questions.sqlite3          what the docs did not answer; see footnote.app.questions.question_log
        answers.sqlite3            what readers saved; see footnote.app.sharing.store
        kept_answers.sqlite3       answers kept whole; see footnote.app.kept.answer_log
        usage.sqlite3              sums of each day; see footnote.app.usage.usage_log
        keys.sqlite3               hashes of the keys of who may ask; see footnote.app.access.keys
        audit.jsonl, audit.jsonl.1 and so on, audit.salt: who did what; see footnote.app.audit.audit_file
        ingests.json               how ingests ended; see footnote.app.index.ingest_record
        evaluation.json            the last evaluation; tuning.json: weights fitted to a team's questions
        jobs/                      ingests that the service started; see footnote.app.index.job
        backing-up/                copies of databases, while a backup is made
        restoring/                 what a restore has unpacked, until all of it is checked
        set-aside/                 logs that a forced restore has replaced
        store-owner.json           the name of the index on a server that holds chunks; see app.index.owner
        stores.json                which servers chunks were written to; see app.index.recorded_places
        .lock                      held by a running ingest, freed by the system if it dies

A published generation is never written. Publishing is one atomic replacement of `CURRENT`, after
everything it names is on disk.
"""

import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from footnote.app.core.errors import (
    FootnoteError,
    GenerationUnknownError,
    IndexDamagedError,
    IndexMissingError,
    IndexWriteError,
    IngestRunningError,
)
from footnote.app.core.files import replace_text, sync, sync_tree
from footnote.app.core.git_address import is_git
from footnote.app.index.checkouts import sweep_checkouts
from footnote.app.index.lease import LEASE, unless_held
from footnote.app.index.manifest import Manifest, docs_of, read_manifest
from footnote.app.index.replica import is_replica, require_own
from footnote.app.index.seam import Store
from footnote.app.index.store import EMBEDDED_STORE, require_same_store

SET_ASIDE = "set-aside"
_REMOVED = "removed-"


class Generations:
    """The generations of one index folder."""

    def __init__(self, index_dir: Path, store: Store = EMBEDDED_STORE) -> None:
        self.index_dir = index_dir
        self.store = store
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
    def lock(self, as_replica: bool = False) -> Iterator[None]:
        """Hold the right to change which generations there are.

        Raises:
            IngestRunningError: another process holds it.
            IndexWriteError: the index folder cannot be made or written.
            ReplicaError: the folder is a replica, and this is not what takes up generations for it.
        """
        if not as_replica:
            require_own(self.index_dir)
        lock = FileLock(self.index_dir / ".lock")
        try:
            with self.write_errors("try again"):
                self._root.mkdir(parents=True, exist_ok=True)
                lock.acquire(timeout=0)
        except Timeout as error:
            # A replica has none that ingests.
            other = (
                "another follow takes up an index in" if is_replica(self.index_dir) else "another ingest is running on"
            )
            raise IngestRunningError(f"{other} {self.index_dir}: wait for it, or stop it and try again") from error
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def write_errors(self, again: str = "run `footnote ingest` again") -> Iterator[None]:
        """Whatever goes wrong in writing becomes one error that says what still works, and what to do then.

        Raises:
            IndexWriteError: instead of the many kinds that the system, Chroma and tantivy raise.
        """
        try:
            yield
        except (FootnoteError, Timeout):
            raise
        except Exception as error:
            raise IndexWriteError(
                f"the index in {self.index_dir} cannot be written ({error}): nothing was published and an index "
                f"in use is unchanged; check space and permissions and {again}"
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
        (built / LEASE).touch()
        sync_tree(built)
        built.rename(self.folder(generation))
        sync(self._root)
        self._make_live(generation)

    def complete(self) -> list[int]:
        """The generations that can be made live, oldest first; that of `CURRENT` among them."""
        return [number for number in sorted(self._numbers()) if _is_complete(self.folder(number))]

    def roll_back(self) -> int:
        """Make the generation before the live one live; hold the lock.

        Raises:
            IndexMissingError: nothing is live.
            GenerationUnknownError: none is left before it.
            IndexDamagedError, IndexMismatchError, StoreError: its chunks are not where they were put, or elsewhere.
        """
        live = self.live()
        older = [number for number in self.complete() if number < live]
        if not older:
            raise GenerationUnknownError(
                f"generation {live} is the oldest in {self.index_dir}: there is none to go back to; "
                "bring back the docs as they were and run `footnote ingest`"
            )
        self._require_whole(older[-1])
        self._make_live(older[-1])
        return older[-1]

    def roll_forward(self) -> int:
        """Make the newest generation live; hold the lock.

        Raises:
            IndexMissingError: nothing is live.
            GenerationUnknownError: there is none after it.
            IndexDamagedError, IndexMismatchError, StoreError: as of `roll_back`.
        """
        live = self.live()
        newer = [number for number in self.complete() if number > live]
        if not newer:
            raise GenerationUnknownError(
                f"generation {live} is the newest in {self.index_dir}: there is none to go forward to; "
                "`footnote ingest` builds one"
            )
        self._require_whole(newer[-1])
        self._make_live(newer[-1])
        return newer[-1]

    def make_live(self, generation: int) -> None:
        """Make this generation live, as it may be already; hold the lock.

        Raises:
            GenerationUnknownError: the generation is not there, or not complete.
            IndexDamagedError, IndexMismatchError, StoreError: as of `roll_back`.
        """
        there = self.complete()
        if generation not in there:
            raise GenerationUnknownError(
                f"generation {generation} is not in {self.index_dir}: there is {', '.join(map(str, there)) or 'none'}"
            )
        self._require_whole(generation)
        self._make_live(generation)

    def sweep(self, previous: int | None, keep: int = 2) -> list[int]:
        """Remove every generation but those that are kept, and those that readers hold, which are returned.

        Args:
            previous: the one that was live before; None keeps the live one alone.
            keep: how many are kept: the live one, then `previous`, then the newest before that.
        """
        before: list[int] = []
        if previous is not None:
            before = [previous, *(number for number in reversed(self.complete()) if number < previous)]
        return self.sweep_all_but([number for number in (self.current(), *before[: keep - 1]) if number is not None])

    def sweep_all_but(self, kept: Collection[int]) -> list[int]:
        """Remove every generation but these and those that readers hold, which are returned."""
        held = []
        for number in self._numbers():
            if number in kept:
                continue
            with unless_held(self.folder(number)) as free:
                if not free:
                    held.append(number)
                else:
                    self.remove(number)
        for leftover in self.index_dir.glob(f"{_REMOVED}*"):
            shutil.rmtree(leftover, ignore_errors=True)
        complete = [self.folder(number) for number in self.complete()]
        self.store.remove_others(complete)
        sweep_checkouts(self.index_dir, [str(docs) for docs in map(docs_of, complete) if is_git(docs)])
        return held

    def forget_set_aside(self) -> None:
        """Remove the logs that forced restores have replaced."""
        shutil.rmtree(self.index_dir / SET_ASIDE, ignore_errors=True)

    def remove(self, generation: int) -> None:
        """Take a generation out of sight at once, as half of one must never look like one; `sweep` deletes it."""
        removed = self.index_dir / f"{_REMOVED}{generation}"
        if removed.exists():  # left by a sweep that was killed
            shutil.rmtree(removed, ignore_errors=True)
        self.folder(generation).rename(removed)

    def _require_whole(self, generation: int) -> None:
        """Refuse a generation that no question could be answered from: a server may have lost its chunks."""
        folder = self.folder(generation)
        manifest = read_manifest(folder)
        require_same_store(folder, manifest, self.store)
        self.store.require(folder, manifest)

    def _make_live(self, generation: int) -> None:
        replace_text(self._current, f"{generation}\n")
        self.store.made_live(self.folder(generation))

    def _numbers(self) -> list[int]:
        if not self._root.is_dir():
            return []
        return [int(entry.name) for entry in self._root.iterdir() if entry.name.isdecimal()]


def live_manifest(index_dir: Path) -> Manifest:
    """The live generation's manifest, read without opening the index.

    Raises:
        IndexMissingError, IndexDamagedError: see `Generations.live` and `read_manifest`.
    """
    generations = Generations(index_dir)
    return read_manifest(generations.folder(generations.live()))


def _is_complete(folder: Path) -> bool:
    try:
        read_manifest(folder)
    except IndexDamagedError:
        return False
    return (folder / LEASE).is_file()
