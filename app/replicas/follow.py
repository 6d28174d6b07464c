"""follow: what a source has live, made live here: whole and checked, or not at all.

pointer -> (here already | release -> assemble -> check) -> publish here -> tidy
"""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from footnote.app.core.errors import (
    FootnoteError,
    IndexDamagedError,
    IngestRunningError,
    ObjectMissingError,
    ReplicaError,
)
from footnote.app.core.files import sha256_of
from footnote.app.core.progress import OnProgress
from footnote.app.core.types import Fingerprint
from footnote.app.index.generations import Generations
from footnote.app.index.lease import unless_held
from footnote.app.index.manifest import read_manifest
from footnote.app.index.replica import ReplicaState, read_replica, write_replica
from footnote.app.objects.checked import read_whole
from footnote.app.objects.protocol import Objects
from footnote.app.replicas.assemble import Fetched, assemble
from footnote.app.replicas.local_blocks import LocalBlocks
from footnote.app.replicas.release import (
    MOST_POINTER_BYTES,
    POINTER,
    RELEASE_FILE,
    Pointer,
    ReleaseRef,
    read_pointer,
    read_release,
)
from footnote.app.replicas.target import is_target, require_no_index

_TAKING = "taking"
_NOTHING = Fetched(0, 0)
_SPARE = 1.05  # of the bytes that are written; the rest of the disk is others'


@dataclass(frozen=True, slots=True)
class FollowReport:
    """What a look at the source did.

    Attributes:
        taken: whether another generation is live here than before.
        fetched: what came from the source.
    """

    generation: int
    serial: int
    taken: bool
    fetched: Fetched
    total_s: float


class Replica:
    """An index folder that follows a source.

    Args:
        index_dir: the folder.
        objects: the source.
        embedder: the one that questions are embedded with here; a generation of another one could not be searched.

    Raises:
        ReplicaError: the folder holds an index of its own.
    """

    def __init__(self, index_dir: Path, objects: Objects, embedder: Fingerprint) -> None:
        self._index_dir = index_dir
        self._objects = objects
        self._embedder = embedder
        self._generations = Generations(index_dir)
        self._state = beginning(index_dir, objects.address)
        # A source that was never reached, of a mistyped address perhaps, makes nothing a replica of it.
        self._is_noted = read_replica(index_dir) == self._state

    def follow(self, on_progress: OnProgress) -> FollowReport:
        """Look at the source once, and make live here what is live there. What was live stays so until then.

        Raises:
            ReplicaError: nothing was published there, or what was is not as it must be or cannot be served here.
            ObjectStoreError: the source cannot be read.
            IngestRunningError: something else takes up an index into this folder.
        """
        started = time.perf_counter()
        if not self._is_noted:
            self._pointer()  # so nothing is made here where there is nothing to follow
        try:
            with self._generations.lock(as_replica=True), _write_errors(self._index_dir):
                pointer = self._look()
                taken, fetched = self._take_up(pointer, on_progress)
                self._is_live(pointer)
                self._tidy(pointer)
        except IngestRunningError:
            raise  # how the other one fares is for that to say
        except FootnoteError as error:
            if self._is_noted:
                self._say(error=str(error))
            raise
        return FollowReport(pointer.live.generation, pointer.serial, taken, fetched, time.perf_counter() - started)

    def _look(self) -> Pointer:
        pointer = self._pointer()
        if not self._is_noted:
            beginning(self._index_dir, self._objects.address)  # an ingest may have been quicker
            self._is_noted = True
        now = time.time()
        since = None if self._has_live(pointer.live) else self._state.behind_since or now
        source = {"source_serial": pointer.serial, "source_generation": pointer.live.generation}
        self._say(contact_at=now, behind_since=since, **source)
        return pointer

    def _pointer(self) -> Pointer:
        address = self._objects.address
        try:
            content = read_whole(self._objects, POINTER, MOST_POINTER_BYTES)
        except ObjectMissingError as error:
            self._require_no_index()
            if self._state.contact_at is not None:
                raise ReplicaError(
                    f"what was published to {address} is gone, where generation {self._state.source_generation} was "
                    "live: if it is a mount, mount it again; else run `footnote publish` where the docs are"
                ) from error
            raise ReplicaError(
                f"nothing was published to {address} yet: check the address, and run `footnote publish` where the docs "
                "are"
            ) from error
        try:
            return read_pointer(content, address)
        except ReplicaError:
            self._require_no_index()
            raise

    def _require_no_index(self) -> None:
        require_no_index(self._objects, "follow what it is published to")

    def _take_up(self, pointer: Pointer, on_progress: OnProgress) -> tuple[bool, Fetched]:
        ref = pointer.live
        is_new, fetched = not self._has_live(ref), _NOTHING
        if is_new and self._has(ref):
            self._generations.make_live(ref.generation)
        elif is_new:
            fetched = self._fetch(ref, on_progress)
        shutil.rmtree(self._index_dir / _TAKING, ignore_errors=True)  # of a release that is not live any more
        return is_new, fetched

    def _fetch(self, ref: ReleaseRef, on_progress: OnProgress) -> Fetched:
        content = read_whole(self._objects, ref.name, ref.size_bytes)
        release = read_release(content, ref, self._objects.address)
        self._require_room(release.size_bytes)
        root = self._index_dir / _TAKING
        folder = root / ref.sha256
        folder.mkdir(parents=True, exist_ok=True)
        (folder / RELEASE_FILE).write_bytes(content)
        here = [self._generations.folder(number) for number in reversed(self._generations.complete())]
        local = LocalBlocks([*here, *sorted(root.iterdir())])
        fetched = assemble(folder, release, self._objects, local, on_progress)
        for stray in set(folder.rglob("*")) - {folder / file.path for file in release.files} - {folder / RELEASE_FILE}:
            if not stray.is_dir():
                stray.unlink()
        self._require_servable(folder, ref)
        self._make_way(ref.generation)
        self._generations.publish(folder, ref.generation)
        return fetched

    def _require_room(self, size_bytes: int) -> None:
        free = shutil.disk_usage(self._index_dir).free
        there = sum(file.stat().st_size for file in (self._index_dir / _TAKING).rglob("*") if file.is_file())
        if size_bytes * _SPARE > free + there:
            raise ReplicaError(
                f"the generation takes {size_bytes / 1e6:.0f} MB, and {free / 1e6:.0f} MB are free in "
                f"{self._index_dir}: make room"
            )

    def _require_servable(self, folder: Path, ref: ReleaseRef) -> None:
        try:
            manifest = read_manifest(folder)
        except IndexDamagedError as error:
            raise ReplicaError(
                f"generation {ref.generation} of {self._objects.address} cannot be served by this version ({error}): "
                "install the version that the writer has"
            ) from error
        if manifest.generation != ref.generation:
            raise ReplicaError(f"the manifest of generation {ref.generation} says {manifest.generation}: publish again")
        if manifest.embedder != self._embedder:
            raise ReplicaError(
                f"generation {ref.generation} was built by {manifest.embedder.name}, and questions are embedded by "
                f"{self._embedder.name} here: set FOOTNOTE_EMBEDDER as on the writer"
            )

    def _make_way(self, generation: int) -> None:
        """Take another generation of the same number away: the writer's index was deleted and begun anew."""
        folder = self._generations.folder(generation)
        if not folder.exists():
            return
        with unless_held(folder) as free:
            # A service that serves this one lets go of it by itself once it is another one.
            if not free and self._generations.current_if_readable() != generation:
                raise ReplicaError(f"another generation {generation} is still being read here: it is tried again")
            self._generations.remove(generation)

    def _has(self, ref: ReleaseRef) -> bool:
        folder = self._generations.folder(ref.generation)
        try:
            return ref.generation in self._generations.complete() and sha256_of(folder / "manifest.json") == ref.built
        except OSError:
            return False

    def _has_live(self, ref: ReleaseRef) -> bool:
        return self._generations.current_if_readable() == ref.generation and self._has(ref)

    def _is_live(self, pointer: Pointer) -> None:
        known = self._state.serial == pointer.serial and self._state.generation == pointer.live.generation
        taken_at = self._state.taken_at if known else time.time()
        live = {"serial": pointer.serial, "generation": pointer.live.generation}
        self._say(behind_since=None, error=None, taken_at=taken_at, **live)

    def _tidy(self, pointer: Pointer) -> None:
        """Keep what the source has: what was purged there goes here as well, once no question reads it."""
        self._generations.sweep_all_but([ref.generation for ref in pointer.releases if self._has(ref)])

    def _say(self, **changes: object) -> None:
        state = replace(self._state, **changes)  # type: ignore[arg-type]
        if state != self._state:
            self._state = state
            with _write_errors(self._index_dir):
                write_replica(self._index_dir, state)


def beginning(index_dir: Path, source: str) -> ReplicaState:
    """What the folder is as a replica of the source, which it may not be yet; nothing is written.

    Raises:
        ReplicaError: the folder holds an index of its own, which the source would replace, or what was published.
    """
    state = read_replica(index_dir)
    generations = Generations(index_dir)
    if is_target(index_dir):
        raise ReplicaError(f"{index_dir} is what an index was published to: follow {source} into another folder")
    if state is None and generations.current_if_readable() is not None:
        raise ReplicaError(
            f"{index_dir} holds an index of its own: follow {source} into another folder, with --index-dir or "
            "FOOTNOTE_INDEX_DIR"
        )
    return state if state and state.source == source else ReplicaState(source)


@contextmanager
def _write_errors(index_dir: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ReplicaError(
            f"{index_dir} cannot be written ({error}): check space and permissions; what was live there still is"
        ) from error
