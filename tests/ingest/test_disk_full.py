"""A disk that is full, at whatever moment, costs one clear message and nothing else."""

import functools
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

_ROOT = Path(__file__).parents[2]
_MOUNT = 'mount -t tmpfs -o size=48m tmpfs "$1" && shift && exec "$@"'


@functools.cache
def may_mount() -> bool:
    """Whether a file system can be mounted that only a child process sees: as root, or in a user namespace."""
    mount = ["unshare", "-rm", "sh", "-c", "mount -t tmpfs tmpfs /mnt"]
    try:
        return subprocess.run(mount, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def ingests(kind: str, scratch: Path, disk: Path, mounted: bool) -> list[dict[str, Any]]:
    """What tests/ingest/full_disk.py found."""
    disk.mkdir()
    program = [sys.executable, "-m", "tests.ingest.full_disk", kind, str(scratch), str(disk)]
    if mounted:
        program = ["unshare", "-rm", "sh", "-c", _MOUNT, "sh", str(disk), *program]
    done = subprocess.run(program, capture_output=True, text=True, cwd=_ROOT)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def require_clean_failures(found: list[dict[str, Any]]) -> None:
    for full in found:
        assert (full["live"], full["next"]) == ("", ""), full
        assert (full["returncode"], full["out"]) == (1, ""), full
        [message] = full["err"].splitlines()
        assert message.startswith("error: ") and "cannot be written" in message and "check space" in message


# A limit on the size of each file needs no right to mount: it stands in for a full disk where there is none.
@pytest.mark.parametrize("kind", ["disk", "file-size"] if may_mount() else ["file-size"])
def test_a_full_disk_leaves_the_live_index_and_the_next_ingest_is_exact(
    kind: str, quick_path: Path, tmp_path: Path
) -> None:
    found = ingests(kind, quick_path, tmp_path / "disk", kind == "disk")
    require_clean_failures(found)
    assert [full["while_full"] for full in found] == [""] * len(found)
    said = " ".join(full["err"] for full in found)
    assert "cache.sqlite3 cannot be written" in said
    assert "nothing was published and an index in use is unchanged" in said


@pytest.mark.skipif(os.geteuid() == 0 and not may_mount(), reason="root may write everywhere, and may not mount here")
def test_a_read_only_index_folder_leaves_the_live_index_and_the_next_ingest_is_exact(
    quick_path: Path, tmp_path: Path
) -> None:
    # Searching it meanwhile is not asked for here: tantivy opens its lock file for writing.
    kind = "read-only" if may_mount() else "permissions"
    require_clean_failures(ingests(kind, quick_path, tmp_path / "disk", kind == "read-only"))
