"""ingest_record: how the ingests of an index ended, counted in a file of its folder, whoever started them.

A service, its watch, another machine's cron job and a command line all ingest; who watches the service sees all of it.
"""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from footnote.app.core.files import replace_text

INGEST_RECORD = "ingests.json"
Outcome = Literal["published", "unchanged", "failed"]
OUTCOMES: tuple[Outcome, ...] = ("published", "unchanged", "failed")


@dataclass(frozen=True, slots=True)
class IngestRecord:
    """How many ingests ended in each way, and when the last of each did, in seconds since 1970."""

    counts: Mapping[str, int] = field(default_factory=dict)
    last_s: Mapping[str, float] = field(default_factory=dict)


def read_ingest_record(index_dir: Path) -> IngestRecord:
    """What is recorded; nothing where there is no file, or none that can be read."""
    try:
        read = json.loads((index_dir / INGEST_RECORD).read_text("utf-8"))
        counts: dict[str, int] = {
            outcome: int(read["counts"][outcome]) for outcome in OUTCOMES if outcome in read["counts"]
        }
        last_s: dict[str, float] = {one: float(read["last_s"][one]) for one in OUTCOMES if one in read["last_s"]}
        return IngestRecord(counts, last_s)
    except (OSError, ValueError, KeyError, TypeError):
        return IngestRecord()


def record_ingest(index_dir: Path, outcome: Outcome) -> None:
    """Count an ingest that has ended; hold the lock of ingests. What cannot be written is lost."""
    record = read_ingest_record(index_dir)
    counts = {**record.counts, outcome: record.counts.get(outcome, 0) + 1}
    last_s = {**record.last_s, outcome: round(time.time(), 3)}
    with suppress(OSError):
        replace_text(index_dir / INGEST_RECORD, json.dumps({"counts": counts, "last_s": last_s}) + "\n")


class IngestEnd:
    """How an ingest is about to end, as far as it is known while it runs."""

    def __init__(self) -> None:
        self.outcome: Outcome = "unchanged"


@contextmanager
def recorded_ingest(index_dir: Path) -> Iterator[IngestEnd]:
    """Count the ingest of the block by how it ends; one that somebody interrupts is none. Hold the lock of ingests."""
    end = IngestEnd()
    try:
        yield end
    except Exception:
        record_ingest(index_dir, "failed")
        raise
    record_ingest(index_dir, end.outcome)
