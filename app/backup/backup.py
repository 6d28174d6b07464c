"""The flow of a backup: index folder -> snapshot -> pack -> (encryption) -> target."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from footnote.app.backup.contents import Contents
from footnote.app.backup.encryption import Recipients
from footnote.app.backup.file_target import FileTarget
from footnote.app.backup.pack import PART_BYTES, packed
from footnote.app.backup.snapshot import Snapshot, taken
from footnote.app.backup.target import name_of_today, open_target
from footnote.app.core.disk import require_space
from footnote.app.core.errors import BackupThereError
from footnote.app.core.progress import OnProgress
from footnote.app.index.generations import Generations

_MB = 10**6


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What was written: where, what is in it, and how large it is there."""

    address: str
    contents: Contents
    size_bytes: int
    encrypted: bool


def back_up(
    index_dir: Path,
    address: str,
    on_progress: OnProgress,
    recipients: Sequence[str] = (),
    with_cache: bool = False,
    replace: bool = False,
    collection: str = "",
) -> BackupReport:
    """Write a backup of the index folder, while services answer from it and ingests go on.

    Args:
        index_dir: the index folder.
        address: a file, or `s3://bucket/key`; where it is a folder, the backup gets a name by its time.
        on_progress: told of `check` and `pack`, in megabytes.
        recipients: public keys, whose holders alone can read it; empty for everybody.
        with_cache: take the cache of embeddings along, which costs time alone to do without.
        replace: replace a backup of the same name.
        collection: the name of the collection whose index it is; "" for one without a name.

    Raises:
        IndexMissingError, IndexDamagedError: there is no index that could be backed up.
        BackupThereError: one of that name is there.
        BackupError: it cannot be written, and nothing is left of it; or its chunks lie on a server.
        DiskSpaceError: there is no room.
        ObjectStoreError: the store of objects fails.
        SettingsError: the address or a key is none, or an extra is missing.
    """
    keys = Recipients(recipients) if recipients else None
    target = open_target(address, name_of_today(Generations(index_dir).live(), bool(recipients), collection))
    if target.is_there() and not replace:
        raise BackupThereError(f"{target.address} is there already: name another one, or replace it with --force")

    def on_hashed(done: int, total: int) -> None:
        on_progress("check", done // _MB, total // _MB)

    with taken(index_dir, with_cache, on_hashed, collection) as snapshot:
        if isinstance(target, FileTarget):
            require_space(Path(target.address).parent, snapshot.contents.size_bytes, "the backup")
        size = target.write(_told(snapshot, on_progress), keys)
        return BackupReport(target.address, snapshot.contents, size, keys is not None)


def _told(snapshot: Snapshot, on_progress: OnProgress) -> Iterator[bytes]:
    """The parts, with a word for each."""
    total, done = snapshot.contents.size_bytes // _MB, 0
    for part in packed(snapshot):
        yield part
        done += PART_BYTES // _MB
        on_progress("pack", min(done, total), total)
    on_progress("pack", total, total)
