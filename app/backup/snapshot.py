"""snapshot: the files of an index folder as they are at one moment, while ingests and services go on.

The live generation never changes and is held, so that no ingest removes it. What is written meanwhile (the logs, the
cache, and Chroma's database, into which every reader writes a row) is copied through sqlite first.
"""

import datetime
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from footnote.app.backup.contents import CACHE, CHROMA, FORMAT, GENERATION, PLAIN, PRIVATE, Contents, Member
from footnote.app.core.disk import require_space
from footnote.app.core.errors import BackupError, IndexDamagedError
from footnote.app.core.files import sha256_of
from footnote.app.core.sqlite_file import copy_database
from footnote.app.core.version import VERSION
from footnote.app.index.embedded.chroma_folder import graph_sha256_of
from footnote.app.index.generations import Generations
from footnote.app.index.lease import LEASE, Lease
from footnote.app.index.manifest import EMBEDDED

_COPIES = "backing-up"
_TRIES = 10  # that often a generation may be replaced and removed between looking and holding it


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is to be packed: the list, and where each member's bytes are."""

    contents: Contents
    files: Mapping[str, Path]


@contextmanager
def taken(
    index_dir: Path, with_cache: bool, on_hashed: Callable[[int, int], None], collection: str = ""
) -> Iterator[Snapshot]:
    """A snapshot, for as long as the block lasts; `on_hashed` is told of bytes and all bytes.

    Raises:
        IndexMissingError: there is no index.
        IndexDamagedError: the live generation is not what an ingest wrote.
        BackupError: another backup of the folder is being made, or it cannot be read or written.
        DiskSpaceError: there is no room for the copies.
    """
    generations = Generations(index_dir)
    generations.live()  # where there is no index, nothing is made
    try:
        with (
            FileLock(index_dir / ".backup.lock", timeout=0),
            _held(generations) as folder,
            _copies(index_dir) as copies,
        ):
            _require_in_folder(folder)  # before it could pass for damaged, as it has no files of Chroma
            files = _files(index_dir, folder, copies, with_cache)
            yield Snapshot(_listed(folder, files, on_hashed, collection), files)
    except Timeout as error:
        raise BackupError(f"another backup of {index_dir} is being made: wait for it") from error
    except (OSError, sqlite3.Error) as error:
        raise BackupError(
            f"{index_dir} cannot be copied ({error}): check space and permissions, as copies of its databases are made "
            "in it; nothing was backed up"
        ) from error


@contextmanager
def _held(generations: Generations) -> Iterator[Path]:
    for turn in range(_TRIES):
        folder = generations.folder(generations.live())
        try:
            lease = Lease(folder)
        except IndexDamagedError:
            if turn == _TRIES - 1:
                raise
            continue
        with closing(lease):
            yield folder
        return


@contextmanager
def _copies(index_dir: Path) -> Iterator[Path]:
    """A folder for copies, its owner's alone; one that a killed backup left is removed."""
    folder = index_dir / _COPIES
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _files(index_dir: Path, folder: Path, copies: Path, with_cache: bool) -> dict[str, Path]:
    """The members' files: first those that never change, so that a second try packs them to the same bytes."""
    chroma = folder / CHROMA.removeprefix(GENERATION)
    if not chroma.is_file() or not (folder / "tantivy" / "meta.json").is_file():
        raise IndexDamagedError(f"{folder} is no complete generation: run `footnote ingest --rebuild`")
    databases = {CHROMA: chroma}
    databases |= {name: index_dir / name for name in (*PRIVATE, *((CACHE,) if with_cache else ()))}
    databases = {name: file for name, file in databases.items() if file.is_file()}
    require_space(copies, sum(file.stat().st_size for file in databases.values()), "copying the databases of the index")
    files = {}
    for file in sorted(folder.rglob("*")):
        path = file.relative_to(folder).as_posix()
        if file.is_file() and path != LEASE and not (GENERATION + path).startswith(CHROMA):
            files[GENERATION + path] = file
    files |= {name: index_dir / name for name in PLAIN if (index_dir / name).is_file()}
    for number, (name, file) in enumerate(databases.items()):
        files[name] = copies / str(number)
        copy_database(file, files[name])
    return files


def _require_in_folder(folder: Path) -> None:
    store = _manifest(folder).get("store", EMBEDDED)
    if store != EMBEDDED:
        raise BackupError(
            f"the chunks of {folder} lie in {store}, not in files of it, so no backup can hold them: back up the "
            "server by its own means, and copy the index folder beside that"
        )


def _listed(
    folder: Path, files: Mapping[str, Path], on_hashed: Callable[[int, int], None], collection: str
) -> Contents:
    manifest = _manifest(folder)
    if manifest.get("graph_sha256") not in (None, graph_sha256_of(folder / "chroma")):
        raise IndexDamagedError(f"the graph files of {folder} are damaged: run `footnote ingest --rebuild`")
    sizes = {name: file.stat().st_size for name, file in files.items()}
    total, done, members = sum(sizes.values()), 0, []
    for name, file in files.items():
        members.append(Member(name, sizes[name], sha256_of(file)))
        done += sizes[name]
        on_hashed(done, total)
    return Contents(
        format=FORMAT,
        tool_version=VERSION,
        created_at=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        generation=manifest["generation"],
        index_format=manifest["format"],
        files=manifest["files"],
        chunks=manifest["chunks"],
        members=tuple(members),
        collection=collection,
        docs=str(manifest.get("source") or manifest.get("docs_dir") or ""),
    )


def _manifest(folder: Path) -> dict[str, Any]:
    """The fields of a manifest, also of one that an older version wrote."""
    file = folder / "manifest.json"
    try:
        fields: dict[str, Any] = json.loads(file.read_text("utf-8"))
        for name in ("format", "generation", "files", "chunks"):
            fields[name] = int(fields[name])
        return fields
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamagedError(f"{file} cannot be read ({error}): run `footnote ingest --rebuild`") from error
