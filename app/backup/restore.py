"""The flow of a restore: target -> (encryption) -> unpack -> restoring/ -> place."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from footnote.app.backup.contents import PRIVATE, Contents, Member
from footnote.app.backup.encryption import Identities
from footnote.app.backup.place import STAGING, place, require_free, was_placing
from footnote.app.backup.target import open_target
from footnote.app.backup.unpack import Archive
from footnote.app.core.disk import require_space
from footnote.app.core.errors import BackupError, IndexWriteError, OtherCollectionError
from footnote.app.core.progress import OnProgress
from footnote.app.index.generations import Generations
from footnote.app.index.manifest import FORMAT
from footnote.app.index.replica import require_own

_MB = 10**6


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What was restored.

    Attributes:
        generation: the number under which it is live now; None where it was only checked.
        set_aside: the folder with the logs that were there before; None where there were none.
        needs_ingest: the index is of an older format, so it answers once `footnote ingest` has built it anew.
    """

    address: str
    contents: Contents
    generation: int | None
    set_aside: Path | None

    @property
    def needs_ingest(self) -> bool:
        return self.contents.index_format < FORMAT


def restore(
    address: str,
    index_dir: Path,
    on_progress: OnProgress,
    identity: Path | None = None,
    force: bool = False,
    collection: str = "",
) -> RestoreReport:
    """Make an index folder what it was when the backup was made.

    Nothing is put in place before everything has come and its hashes are right. Generations that are there stay, and
    the restored one becomes live beside them; logs that are there are set aside.

    Args:
        address: as of `back_up`.
        index_dir: the index folder; it need not be there.
        on_progress: told of `unpack`, in megabytes.
        identity: a file with a private key, for an encrypted backup.
        force: go on where the folder holds an index or logs.
        collection: the name of the collection that it becomes; "" for whatever it was.

    Raises:
        BackupError: it is none, damaged, cut off, of a later version, or for another key.
        OtherCollectionError: it is of another collection.
        IndexOccupiedError: the folder holds an index or logs, and this is not forced.
        IngestRunningError: an ingest is running on the folder.
        ReplicaError: the folder is a replica.
        IndexWriteError, DiskSpaceError: it cannot be written; the index in use is unchanged.
        ObjectStoreError: the store of objects fails.
        SettingsError: the address or the key is none, or an extra is missing.
    """
    with _opened(address, identity) as archive:
        contents = archive.contents
        _require_readable(contents)
        _require_same(contents, collection)
        generations = Generations(index_dir)
        require_own(index_dir)
        if not force:
            require_free(index_dir)
        require_space(index_dir, contents.size_bytes, "the restored index")
        with generations.lock(), _write_errors(index_dir):
            if not force:
                require_free(index_dir)
            staging = index_dir / STAGING
            is_own = was_placing(index_dir)
            shutil.rmtree(staging / "unpacked", ignore_errors=True)
            unpacked = staging / "unpacked"
            unpacked.mkdir(mode=0o700, parents=True)
            try:
                for member, pieces in _told(archive, on_progress):
                    _write(unpacked / member.name, pieces, private=member.name in PRIVATE)
                generation, set_aside = place(index_dir, contents, is_own)
            finally:
                shutil.rmtree(unpacked, ignore_errors=True)
                with suppress(OSError):  # what began to be put in place is still noted in it
                    staging.rmdir()
            shutil.rmtree(staging, ignore_errors=True)
        return RestoreReport(address, contents, generation, set_aside)


def check(address: str, on_progress: OnProgress, identity: Path | None = None) -> RestoreReport:
    """Read a backup to its end and compare every hash, and write nothing. Raises as `restore`."""
    with _opened(address, identity) as archive:
        _require_readable(archive.contents)
        for _, pieces in _told(archive, on_progress):
            for _ in pieces:
                pass
        return RestoreReport(address, archive.contents, None, None)


@contextmanager
def _write_errors(index_dir: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise IndexWriteError(
            f"{index_dir} cannot be written ({error}): the restored index is not live, and one that was is unchanged; "
            "check space and permissions and restore again"
        ) from error


@contextmanager
def _opened(address: str, identity: Path | None) -> Iterator[Archive]:
    identities = Identities(identity) if identity else None
    with closing(open_target(address).read(identities)) as pieces:
        yield Archive(pieces)


def _require_readable(contents: Contents) -> None:
    if contents.index_format > FORMAT:
        raise BackupError(
            f"the backup was made by footnote {contents.tool_version}, whose indexes have format "
            f"{contents.index_format}; this version reads {FORMAT}: upgrade Footnote"
        )


def _require_same(contents: Contents, collection: str) -> None:
    """Keys are limited to collections by name: what is of another one would be read by others."""
    if collection and contents.collection not in ("", collection):
        raise OtherCollectionError(
            f"this is a backup of the collection {contents.collection}, not of {collection}: name that one with "
            f"`--collection {contents.collection}`, or make it {collection} with `--rename`; nothing was restored"
        )


def _told(archive: Archive, on_progress: OnProgress) -> Iterator[tuple[Member, Iterator[bytes]]]:
    total, done = archive.contents.size_bytes // _MB, 0
    for member, pieces in archive.members():
        yield member, pieces
        done += member.size_bytes
        on_progress("unpack", done // _MB, total)


def _write(file: Path, pieces: Iterator[bytes], private: bool) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o644), "wb") as opened:
        opened.writelines(pieces)
