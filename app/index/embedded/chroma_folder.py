"""Folders of an embedded Chroma: opening, copying, and telling whether their graph is whole."""

import os
import shutil
import sqlite3
import struct
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from footnote.app.core.errors import IndexDamagedError, IndexWriteError
from footnote.app.core.files import copy_tree, sha256_of_all

if TYPE_CHECKING:
    from chromadb.api.client import Client

SQLITE = "chroma.sqlite3"


def damaged_store(folder: Path, problem: str) -> IndexDamagedError:
    """The error of a store that is not what an ingest wrote."""
    return IndexDamagedError(f"the vector store {folder} {problem}: run `footnote ingest --rebuild`")


def open_client(folder: Path) -> "Client":
    """Open a folder, or create it; close the client before the folder is moved."""
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient
    from chromadb.config import Settings

    try:
        client = chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
    except Exception:
        # Chroma keeps what failed half-way, by path, and would give it to every later try of this process.
        SharedSystemClient._identifier_to_system.pop(str(folder), None)
        raise
    return cast("Client", client)  # Chroma declares an interface that lacks close()


# hnswlib's: version, offset of the lowest level, most vectors, vectors, bytes of a vector with its links.
_GRAPH_HEADER = struct.Struct("<iQQQQ")
_GRAPH_VERSION = 1
_LENGTH_BYTES = 4


@contextmanager
def temporary_copy(folder: Path) -> Iterator[Path]:
    """A folder that can be opened for reading where this one cannot be written; gone at the end of the block.

    Raises:
        IndexWriteError: there is no room for it either.
    """
    # Memory first: the disk may be the full one.
    root = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="footnote-", dir=root) as name:
        try:
            for entry in folder.iterdir():
                if entry.is_dir():
                    # No reader writes the graph of a settled store.
                    (Path(name) / entry.name).symlink_to(entry.resolve())
            shutil.copyfile(folder / SQLITE, Path(name) / SQLITE)
        except OSError as error:
            raise IndexWriteError(
                f"{folder} cannot be opened, since its disk is full, and there is no room for a copy in "
                f"{name} ({error}): make room"
            ) from error
        yield Path(name)


def graph_sha256_of(folder: Path) -> str:
    """A hash over the files of a settled store's graph, which no reader writes; "" where none was written yet."""
    graph = sorted(folder.glob("*/*"))
    if not any(file.name == "index_metadata.pickle" for file in graph):
        return ""
    return sha256_of_all(graph)


def blank_unused_slots(folder: Path) -> None:
    """Write zeros where the graph's files have room for vectors that are not there.

    hnswlib writes that room as it got it from the system: it can hold what else the process had in memory, such as
    the text of a deleted page.
    """
    for header in folder.glob("*/header.bin"):
        version, _, _, vectors, slot_bytes = _GRAPH_HEADER.unpack_from(header.read_bytes())
        if version != _GRAPH_VERSION:
            raise IndexWriteError(f"{header} is of an unknown version: chromadb is pinned in constraints.txt")
        for name, size in (("data_level0.bin", slot_bytes), ("length.bin", _LENGTH_BYTES)):
            with (header.parent / name).open("r+b") as file:
                used, end = vectors * size, file.seek(0, os.SEEK_END)
                file.seek(used)
                file.write(bytes(max(0, end - used)))


def copy_store(base: Path, folder: Path) -> None:
    """Copy a store, which may be open for reading elsewhere, into a new folder.

    Raises:
        IndexDamagedError: `base` is no store.
    """
    if not (base / SQLITE).is_file():
        raise damaged_store(base, "is missing")
    folder.mkdir()
    for entry in base.iterdir():
        if entry.is_dir():
            copy_tree(entry, folder / entry.name)
    # Every reader that opens Chroma writes a row into its database, so a plain copy could be torn.
    with closing(sqlite3.connect(base / SQLITE)) as source, closing(sqlite3.connect(folder / SQLITE)) as target:
        try:
            source.backup(target)
        except sqlite3.OperationalError:  # the disk is full
            raise
        except sqlite3.DatabaseError as error:
            raise damaged_store(base, f"cannot be read ({error})") from error
