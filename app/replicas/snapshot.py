"""snapshot: a generation as a release, cut into blocks, that stays as it is while it is sent."""

import hashlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from footnote.app.core.errors import FootnoteError, IndexDamagedError, ReplicaError
from footnote.app.core.files import sha256_of
from footnote.app.core.progress import OnProgress
from footnote.app.index.embedded.chroma_folder import SQLITE, damaged_store
from footnote.app.index.generations import Generations
from footnote.app.index.lease import LEASE, Lease
from footnote.app.index.manifest import EMBEDDED, read_manifest
from footnote.app.replicas.release import FORMAT, RELEASE_FILE, Block, Release, ReleaseFile

# Chroma's files change in places all over them, so small blocks move less; all others are new whole or not at all.
# Measured: bench/README.md, "Replicas".
_CHANGING_BLOCK_BYTES = 64 * 2**10
_BLOCK_BYTES = 4 * 2**20
_CHROMA = "chroma"
_COPY = ".publish-"
# What is no part of a generation, or of sqlite's own while somebody has the database open.
_LEFT_OUT = {LEASE, RELEASE_FILE, *(f"{_CHROMA}/{SQLITE}-{side}" for side in ("journal", "wal", "shm"))}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A release, and where each of its files is to be read: nothing changes there until the snapshot is closed."""

    release: Release
    sources: Mapping[str, Path]

    def places(self) -> dict[str, tuple[Path, Block]]:
        """Where each block can be read, by its hash."""
        return {block.sha256: (self.sources[file.path], block) for file in self.release.files for block in file.cut()}


def read_block(file: Path, block: Block) -> bytes:
    """The bytes there, unchecked."""
    with file.open("rb") as opened:
        opened.seek(block.start)
        return opened.read(block.size_bytes)


@contextmanager
def snapshot(index_dir: Path, on_progress: OnProgress) -> Iterator[Snapshot]:
    """The live generation; no ingest removes it before the end of the block. One at a time of an index.

    Raises:
        IndexMissingError: nothing has been ingested yet.
        IndexDamagedError: files are missing or unreadable.
        ReplicaError: its chunks lie in a server.
    """
    generations = Generations(index_dir)
    for leftover in index_dir.glob(f"{_COPY}*"):  # of a publishing that was killed; there is one at a time
        shutil.rmtree(leftover, ignore_errors=True)
    with closing(_leased(generations)) as leased, tempfile.TemporaryDirectory(dir=index_dir, prefix=_COPY) as name:
        sources = {
            path.relative_to(leased.folder).as_posix(): path
            for path in sorted(leased.folder.rglob("*"))
            if path.is_file() and not path.is_symlink()
        }
        sources = {name: path for name, path in sources.items() if name not in _LEFT_OUT}
        database = f"{_CHROMA}/{SQLITE}"
        if database not in sources:
            raise damaged_store(leased.folder / _CHROMA, "is missing")
        sources[database] = _copied(sources[database], Path(name) / SQLITE)
        files = []
        total = sum(path.stat().st_size for path in sources.values())
        done = 0
        for path, source in sources.items():
            on_progress("read", done, total)
            files.append(_cut(path, source))
            done += files[-1].size_bytes
        on_progress("read", done, total)
        built = sha256_of(leased.folder / "manifest.json")
        yield Snapshot(Release(format=FORMAT, generation=leased.generation, built=built, files=files), sources)


class _Leased:
    def __init__(self, folder: Path) -> None:
        self._lease = Lease(folder)
        try:
            self.folder = folder
            manifest = read_manifest(folder)
            self.generation = manifest.generation
            if manifest.store != EMBEDDED:
                raise ReplicaError(
                    f"the chunks of {folder} lie in {manifest.store}, where services on any machine read them: what is "
                    "published is an index of files, built with FOOTNOTE_STORE=embedded"
                )
        except FootnoteError:
            self._lease.close()
            raise

    def close(self) -> None:
        self._lease.close()


def _leased(generations: Generations) -> _Leased:
    while True:
        live = generations.live()
        try:
            return _Leased(generations.folder(live))
        except IndexDamagedError:
            if generations.current() == live:  # else an ingest has published another one, and removed this
                raise


def _copied(database: Path, target: Path) -> Path:
    """A copy of Chroma's database, into which every reader that opens it writes a row."""
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(target)) as copy:
        try:
            source.backup(copy)
        except sqlite3.OperationalError:  # the disk is full
            raise
        except sqlite3.DatabaseError as error:
            raise damaged_store(database.parent, f"cannot be read ({error})") from error
    return target


def _cut(path: str, source: Path) -> ReleaseFile:
    block_bytes = _CHANGING_BLOCK_BYTES if path.startswith(f"{_CHROMA}/") else _BLOCK_BYTES
    whole, blocks, size = hashlib.sha256(), [], 0
    with source.open("rb") as opened:
        while block := opened.read(block_bytes):
            whole.update(block)
            blocks.append(hashlib.sha256(block).hexdigest())
            size += len(block)
    return ReleaseFile(path=path, size_bytes=size, sha256=whole.hexdigest(), block_bytes=block_bytes, blocks=blocks)
