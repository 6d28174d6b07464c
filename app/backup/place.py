"""place: a restored index put where an index folder has it, beside what is there.

First the logs, then the generation, whose publishing is one atomic step: until then the index that is there answers.
`restoring/placing` is there from the first to the last of it, so that a restore which died in between is not taken
for the user's own files when it is begun again.
"""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from pathlib import Path

from footnote.app.access.keys.file import KEYS_FILE
from footnote.app.backup.contents import CACHE, GENERATION, PLAIN, PRIVATE, Contents
from footnote.app.core.errors import BackupError, IndexOccupiedError
from footnote.app.core.files import replace_text, sync
from footnote.app.index.generations import SET_ASIDE, Generations
from footnote.app.index.manifest import EMBEDDED

STAGING = "restoring"
_PLACING = "placing"
_JOURNALS = ("-journal", "-wal", "-shm")


def was_placing(index_dir: Path) -> bool:
    """Whether a restore into an empty folder died while it put files in place: what is there is its own."""
    return (index_dir / STAGING / _PLACING).is_file() and not (index_dir / "CURRENT").exists()


def require_free(index_dir: Path) -> None:
    """Refuse a folder that holds an index or logs.

    Raises:
        IndexOccupiedError: it does.
    """
    if was_placing(index_dir):
        return
    there = _there(index_dir)
    if there:
        raise IndexOccupiedError(
            f"{index_dir} holds {', '.join(there)}: restore into another folder (`--index-dir`), or use `--force`, "
            "which makes the restored index live beside the one that is there, and sets logs that are there aside"
        )


def place(index_dir: Path, contents: Contents, is_own: bool) -> tuple[int, Path | None]:
    """The number under which the restored generation is live, and the folder with what was there before.

    Everything lies checked in `restoring/unpacked`; hold the lock. With `is_own` nothing of what is there is anybody's.
    """
    staging = index_dir / STAGING
    unpacked = staging / "unpacked"
    generations = Generations(index_dir)
    is_empty = is_own or not _there(index_dir)
    number = contents.generation
    if not is_empty or generations.folder(number).exists():
        number = max(number, generations.next_number())
    built = unpacked / GENERATION
    _renumber(built, number)
    if is_empty:
        replace_text(staging / _PLACING, "")
    aside = None if is_empty else index_dir / SET_ASIDE / time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    for name in (*PRIVATE, *PLAIN, CACHE):
        if name == KEYS_FILE and not is_empty and (index_dir / name).exists():
            continue  # the older ones would make good again what was revoked since
        if (unpacked / name).is_file():
            _replace(unpacked / name, index_dir / name, None if name == CACHE else aside)
    sync(index_dir)
    generations.publish(built, number)
    return number, aside if aside and aside.is_dir() else None


def _there(index_dir: Path) -> list[str]:
    generations = Generations(index_dir)
    names = [name for name in (*PRIVATE, *PLAIN) if (index_dir / name).exists()]
    number = generations.current_if_readable()
    index = [f"an index (generation {number})"] if number is not None else []
    if not index and generations.next_number() > 1:
        index = ["an index"]
    return index + names


def _replace(new: Path, file: Path, aside: Path | None) -> None:
    """Put a file in place, and what is there aside; who has it open writes to the old one."""
    if not file.exists():
        new.replace(file)
        return
    if aside:
        aside.mkdir(parents=True, exist_ok=True)
        aside.chmod(0o700)
    with _without_writers(file) if file.suffix == ".sqlite3" else nullcontext():
        # A journal would be rolled back into the new file.
        for name in (file.name + ending for ending in _JOURNALS):
            with suppress(FileNotFoundError):
                (file.parent / name).replace(aside / name) if aside else (file.parent / name).unlink()
        if aside:
            file.replace(aside / file.name)
        new.replace(file)


@contextmanager
def _without_writers(file: Path) -> Iterator[None]:
    """A block in which nobody writes the database, and what a killed writer left is undone.

    Raises:
        BackupError: somebody writes it all the time.
    """
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise BackupError(f"{file} is in use ({error}): stop the service, and restore again") from error
        except sqlite3.DatabaseError:
            pass  # what is no database any more has no writer either
        yield


def _renumber(built: Path, number: int) -> None:
    """Let the manifest say under which number it lies; that of an older format as well.

    Raises:
        BackupError: it is none, or of chunks that lie elsewhere.
    """
    file = built / "manifest.json"
    try:
        fields = json.loads(file.read_text("utf-8"))
        is_whole = isinstance(fields["format"], int) and fields.get("store", EMBEDDED) == EMBEDDED
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        is_whole = False
    if not is_whole:
        raise BackupError("the backup holds no manifest of an index: nothing was restored")
    if fields.get("generation") == number:
        return
    replace_text(file, json.dumps(fields | {"generation": number}, indent=2, ensure_ascii=False) + "\n")
