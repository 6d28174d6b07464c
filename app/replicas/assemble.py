"""assemble: a folder with the files of a release, of what is here and of what the source has.

What was written before an interruption is checked and stays. At the end every file was compared with its hash.
"""

import hashlib
import os
import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from footnote.app.core.errors import ObjectMissingError, ObjectTooLargeError, ReplicaError
from footnote.app.core.files import sha256_of, share_file
from footnote.app.core.progress import OnProgress
from footnote.app.index.embedded.chroma_folder import SQLITE
from footnote.app.objects.checked import read_whole
from footnote.app.objects.protocol import Objects
from footnote.app.replicas.local_blocks import LocalBlocks
from footnote.app.replicas.release import Block, Release, ReleaseFile, part_name

_FETCHED_AT_ONCE = 8  # each holds a block


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came from the source."""

    parts: int
    size_bytes: int


def assemble(folder: Path, release: Release, objects: Objects, local: LocalBlocks, on_progress: OnProgress) -> Fetched:
    """Make the folder hold exactly the files of the release, but for what the caller put there.

    Raises:
        ObjectMissingError: the source lacks a part; it may have a newer release by now.
        ReplicaError: a part is not what its name says.
        ObjectStoreError: the source cannot be read.
        OSError: the folder cannot be written.
    """
    wanted: dict[str, list[tuple[Path, Block]]] = defaultdict(list)
    written = []
    for file in release.files:
        target = folder / file.path
        if not _is_there(target, file, local):
            written.append(file)
            for block in _missing_blocks(target, file, local):
                wanted[block.sha256].append((target, block))
    fetched = _fetch(wanted, objects, on_progress)
    for file in written:
        if sha256_of(folder / file.path) != file.sha256:
            (folder / file.path).unlink()
            raise ReplicaError(
                f"{file.path} of generation {release.generation} is not as published: it is fetched anew"
            )
    return fetched


def _is_there(target: Path, file: ReleaseFile, local: LocalBlocks) -> bool:
    """Whether the whole file is there now; what an earlier generation has is shared with it."""
    if target.is_file():
        if target.stat().st_size == file.size_bytes and sha256_of(target) == file.sha256:
            return True
        if target.stat().st_nlink > 1:  # not to be written: it is another generation's as well
            target.unlink()
    target.parent.mkdir(parents=True, exist_ok=True)
    shared = local.file(file.sha256)
    # Readers write into Chroma's database, so that each generation needs its own.
    if shared and target.name != SQLITE:
        target.unlink(missing_ok=True)
        share_file(shared, target)
        return True
    return False


def _missing_blocks(target: Path, file: ReleaseFile, local: LocalBlocks) -> list[Block]:
    """The blocks that only the source has; the file has its size and all others afterwards."""
    missing = []
    with target.open("r+b" if target.exists() else "w+b") as opened:
        opened.truncate(file.size_bytes)
        for block in file.cut():
            opened.seek(block.start)
            if hashlib.sha256(opened.read(block.size_bytes)).hexdigest() == block.sha256:
                continue
            content = local.block(block.sha256)
            if content is None or len(content) != block.size_bytes:
                missing.append(block)
            else:
                opened.seek(block.start)
                opened.write(content)
    return missing


def _fetch(wanted: Mapping[str, Sequence[tuple[Path, Block]]], objects: Objects, on_progress: OnProgress) -> Fetched:
    total = sum(places[0][1].size_bytes for places in wanted.values())
    objects.prefetch([part_name(sha256) for sha256 in wanted])
    stopped = threading.Event()

    def fetch(places: Sequence[tuple[Path, Block]]) -> int:
        if stopped.is_set():
            return 0
        content = _part(objects, places[0][1])
        for file, block in places:
            with file.open("r+b") as opened:
                os.pwrite(opened.fileno(), content, block.start)
        return len(content)

    done = 0
    on_progress("fetch", 0, total)
    with ThreadPoolExecutor(_FETCHED_AT_ONCE, thread_name_prefix="fetch") as pool:
        try:
            for size in pool.map(fetch, wanted.values()):
                done += size
                on_progress("fetch", done, total)
        except BaseException:
            stopped.set()
            raise
    return Fetched(len(wanted), total)


def _part(objects: Objects, block: Block) -> bytes:
    name = part_name(block.sha256)
    try:
        content = read_whole(objects, name, block.size_bytes)
    except ObjectMissingError as error:
        raise ObjectMissingError(
            f"{error}: publish again, unless a newer generation was published meanwhile"
        ) from error
    except ObjectTooLargeError:
        content = b""  # whatever it has, it is not what its name says
    if hashlib.sha256(content).hexdigest() != block.sha256:
        raise ReplicaError(f"{name} in {objects.address} is damaged: delete it there and run `footnote publish` again")
    return content
