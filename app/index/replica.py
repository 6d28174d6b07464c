"""replica: what an index folder says of itself where it is a replica of what another machine publishes.

    <index_dir>/replica.json     there from when the source that is followed into this folder was reached first

Whoever ingests, rolls back or serves sees by it that the folder's generations come from elsewhere.
"""

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from footnote.app.core.errors import ReplicaError

REPLICA = "replica.json"


@dataclass(frozen=True, slots=True)
class ReplicaState:
    """How far a replica is; times in seconds since 1970, by its own clock.

    Attributes:
        source: the address that is followed, without a password.
        source_serial: what the source had at the last contact, see `Pointer`; None before the first one.
        source_generation: likewise.
        serial: of what is live here; None before anything was taken up.
        generation: likewise.
        contact_at: when the source last answered.
        behind_since: when it was first seen that the source has another generation live; None while it has not.
        taken_at: when what is live here was made live here.
        error: what went wrong at the last try; None if nothing did.
    """

    source: str
    source_serial: int | None = None
    source_generation: int | None = None
    serial: int | None = None
    generation: int | None = None
    contact_at: float | None = None
    behind_since: float | None = None
    taken_at: float | None = None
    error: str | None = None


def read_replica(index_dir: Path) -> ReplicaState | None:
    """What the folder says; None where it is no replica.

    Raises:
        ReplicaError: it is one, but what it says cannot be read.
    """
    file = index_dir / REPLICA
    try:
        return ReplicaState(**json.loads(file.read_bytes()))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, TypeError) as error:
        raise ReplicaError(f"{file} cannot be read ({error}): delete it and follow the source again") from error


def write_replica(index_dir: Path, state: ReplicaState) -> None:
    """Replace what it says. Not durable at once: the next look at the source writes it anew."""
    draft = index_dir / f"{REPLICA}.{os.getpid()}.new"
    try:
        draft.write_text(json.dumps(asdict(state), indent=2) + "\n", "utf-8")
        draft.replace(index_dir / REPLICA)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def is_replica(index_dir: Path) -> bool:
    """Whether the folder's generations come from elsewhere."""
    return (index_dir / REPLICA).exists()


def require_own(index_dir: Path) -> None:
    """Refuse to change the generations of a replica.

    Raises:
        ReplicaError: the folder is one.
    """
    if is_replica(index_dir):
        file = index_dir / REPLICA
        raise ReplicaError(
            f"{index_dir} is a replica, whose generations come from elsewhere: ingest or roll back on the writer and "
            f"run `footnote publish` there; to make it an index of its own, stop what follows and delete {file}"
        )
