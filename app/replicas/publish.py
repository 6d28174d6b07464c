"""publish: the live generation to a target.

    snapshot -> parts that the target lacks -> release -> pointer -> tidy

A target has one writer. Of two publishings at once the one that began later counts, and the other one ends with an
error; replicas see either's pointer and never half of one.
"""

import hashlib
import sqlite3
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from footnote.app.core.errors import ObjectMissingError, ReplicaError
from footnote.app.core.files import sha256_of
from footnote.app.core.progress import OnProgress
from footnote.app.index.generations import Generations
from footnote.app.objects.checked import read_whole
from footnote.app.objects.protocol import Objects
from footnote.app.replicas.release import (
    FORMAT,
    PARTS,
    POINTER,
    Pointer,
    Release,
    ReleaseRef,
    part_name,
    read_release,
)
from footnote.app.replicas.snapshot import Snapshot, read_block, snapshot
from footnote.app.replicas.target import TURN, pointer_there, require_no_index, require_own_place
from footnote.app.replicas.tidy import Tidied, tidy

_SENT_AT_ONCE = 8  # each holds a block
_LOCK = ".publish.lock"


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What a publishing did.

    Attributes:
        published: whether another generation is live in the target than before.
        parts: how many there are of this release; `sent` of them were not there.
        removed: of what is named no more.
    """

    generation: int
    serial: int
    published: bool
    files: int
    size_bytes: int
    parts: int
    sent: int
    sent_bytes: int
    removed: Tidied
    total_s: float


def publish(index_dir: Path, objects: Objects, on_progress: OnProgress) -> PublishReport:
    """Make the live generation what the target's replicas take up, and remove there what this index has no more.

    What the target has already is not sent, so a publishing that broke off goes on where it was.

    Raises:
        IndexMissingError, IndexDamagedError: there is no generation to publish.
        ReplicaError: another publishing began meanwhile, the target holds an index, other files or a pointer of another
            format, or the index folder cannot be written.
        ObjectStoreError: the target cannot be read or written.
    """
    started = time.perf_counter()
    Generations(index_dir).live()  # where there is no index, none is created
    require_no_index(objects, "publish to a folder of its own")
    require_own_place(objects)
    with _write_errors(index_dir), _alone(index_dir), snapshot(index_dir, on_progress) as taken:
        check_turn = _take_turn(objects)
        before = pointer_there(objects)
        release = taken.release
        published = _published(objects, release, before)
        sent = (0, 0) if published else _send(objects, taken, _missing(taken, _parts_there(objects)), on_progress)
        ref = before.live if before and published else _write_release(objects, release)
        pointer = _next_pointer(index_dir, objects, ref, before)
        check_turn()
        if pointer != before:
            objects.write(POINTER, pointer.model_dump_json(indent=1).encode())
            objects.flush()
        there = _parts_there(objects)
        # What another publishing, which ended at this one's turn, may have removed at last.
        healed = (0, 0) if published else _send(objects, taken, _missing(taken, there), on_progress)
        removed = tidy(objects, pointer, published or release, there, check_turn)
    return PublishReport(
        generation=release.generation,
        serial=pointer.serial,
        published=before is None or pointer.serial != before.serial,
        files=len(release.files),
        size_bytes=release.size_bytes,
        parts=len((published or release).parts()),
        sent=sent[0] + healed[0],
        sent_bytes=sent[1] + healed[1],
        removed=removed,
        total_s=time.perf_counter() - started,
    )


@contextmanager
def _alone(index_dir: Path) -> Iterator[None]:
    lock = FileLock(index_dir / _LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise ReplicaError(f"{index_dir} is being published: wait for that, and publish again") from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _write_errors(index_dir: Path) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:  # whoever read what is printed
        raise
    except (OSError, sqlite3.OperationalError) as error:
        raise ReplicaError(
            f"{index_dir} cannot be read or written ({error}), where a publishing makes its lock and a copy of a "
            "database: check space and permissions; from a read-only mount nothing can be published"
        ) from error


def _take_turn(objects: Objects) -> Callable[[], None]:
    """Say that this publishing began; the result raises once another one, of whatever machine, has begun after it."""
    turn = uuid.uuid4().hex.encode()
    objects.write(TURN, turn)
    objects.flush()

    def check() -> None:
        try:
            is_mine = read_whole(objects, TURN, len(turn)) == turn
        except ObjectMissingError:
            is_mine = False
        if not is_mine:
            raise ReplicaError(f"another publishing to {objects.address} began meanwhile, and is the one that counts")

    return check


def _published(objects: Objects, release: Release, before: Pointer | None) -> Release | None:
    """What was published of the same generation, if it is live there and whole.

    Chroma's database gets a row with each reader, so it would differ although nothing changed.
    """
    if before is None or before.live.built != release.built:
        return None
    try:
        found = read_release(
            read_whole(objects, before.live.name, before.live.size_bytes), before.live, objects.address
        )
    except (ObjectMissingError, ReplicaError):
        return None
    there = _parts_there(objects)
    return found if all(there.get(part_name(sha256)) == size for sha256, size in found.parts().items()) else None


def _write_release(objects: Objects, release: Release) -> ReleaseRef:
    content = release.model_dump_json().encode()
    sha256 = hashlib.sha256(content).hexdigest()
    ref = ReleaseRef(generation=release.generation, built=release.built, sha256=sha256, size_bytes=len(content))
    objects.write(ref.name, content)
    objects.flush()
    return ref


def _next_pointer(index_dir: Path, objects: Objects, ref: ReleaseRef, before: Pointer | None) -> Pointer:
    """The pointer with this release in front; the one before where nothing is to be changed."""
    earlier = before.releases if before else []
    here = _built_here(index_dir)
    kept = [one for one in earlier if one.built != ref.built and here.get(one.generation) == one.built]
    gone = [one for one in [*earlier, *(before.removed if before else [])] if one not in [ref, *kept]]
    removed = [one for one in dict.fromkeys(gone) if objects.size(one.name) is not None]
    is_live = before is not None and before.live == ref
    return Pointer(
        format=FORMAT,
        serial=before.serial + (not is_live) if before else 1,
        published_at=before.published_at
        if before and is_live
        else datetime.now(UTC).isoformat(timespec="milliseconds"),
        releases=[ref, *kept],
        removed=removed,
    )


def _built_here(index_dir: Path) -> Mapping[int, str]:
    """What the index has: the hash of each generation's manifest."""
    generations = Generations(index_dir)
    found = {}
    for number in generations.complete():
        try:
            found[number] = sha256_of(generations.folder(number) / "manifest.json")
        except OSError:  # an ingest removes it just now
            continue
    return found


def _parts_there(objects: Objects) -> dict[str, int]:
    return {found.name: found.size_bytes for found in objects.found(PARTS)}


def _missing(taken: Snapshot, there: Mapping[str, int]) -> list[str]:
    """The parts that the target lacks, or has half of."""
    return [sha256 for sha256, size in taken.release.parts().items() if there.get(part_name(sha256)) != size]


def _send(objects: Objects, taken: Snapshot, missing: list[str], on_progress: OnProgress) -> tuple[int, int]:
    """How many parts were sent, and their bytes."""
    if not missing:
        return 0, 0
    places = taken.places()
    total = sum(places[sha256][1].size_bytes for sha256 in missing)
    done = 0

    def send(sha256: str) -> int:
        file, block = places[sha256]
        objects.write(part_name(sha256), read_block(file, block))
        return block.size_bytes

    on_progress("send", 0, total)
    with ThreadPoolExecutor(_SENT_AT_ONCE, thread_name_prefix="send") as pool:
        try:
            for size in pool.map(send, missing):
                done += size
                on_progress("send", done, total)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    objects.flush()
    return len(missing), total
