"""What changed: from the generation before to the live one, and from that to the docs folder as it is now."""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from footnote.app.core.settings import Settings
from footnote.app.index.generations import Generations
from footnote.app.index.manifest import FileRecord, read_files
from footnote.app.schemas.index import DocsChangesOut, IndexChangesOut
from footnote.app.service.child import child_environment

_MOST_S = 60.0
_UNKNOWN = "`footnote status` did not say what changed in the docs folder; see the service's log"


def index_changes(settings: Settings) -> IndexChangesOut:
    """What the live generation changed, and what an ingest would find changed in the docs folder since.

    Raises:
        IndexMissingError, IndexDamagedError: there is no index, or it cannot be read.
    """
    generations = Generations(settings.folders.index_dir)
    number = generations.live()
    now = _hashes(read_files(generations.folder(number)))
    older = [one for one in generations.complete() if one < number]
    before = _hashes(read_files(generations.folder(older[-1]))) if older else None
    status = _status(settings)
    return IndexChangesOut(
        generation=number,
        before=older[-1] if older else None,
        changes=None if before is None else _compared(before, now),
        docs_changes=status.get("docs_changes"),
        docs_problem=status.get("docs_problem"),
    )


def _status(settings: Settings) -> Mapping[str, Any]:
    """What `footnote status --json` says; in a process of its own, since only there the docs are read."""
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "footnote.app", "status", "--json"],
            env=child_environment(settings),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_MOST_S,
        )
        found: dict[str, Any] = json.loads(done.stdout)
        return found if done.returncode == 0 else {"docs_problem": str(found.get("detail") or _UNKNOWN)}
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return {"docs_problem": _UNKNOWN}


def _hashes(files: Iterable[FileRecord]) -> dict[str, str]:
    return {file.path: file.sha256 for file in files}


def _compared(before: Mapping[str, str], after: Mapping[str, str]) -> DocsChangesOut:
    """Paths in order."""
    return DocsChangesOut(
        added=sorted(after.keys() - before.keys()),
        changed=sorted(path for path in after.keys() & before.keys() if after[path] != before[path]),
        deleted=sorted(before.keys() - after.keys()),
    )
