"""A reader's hold on a generation, in this process and in others."""

import contextlib
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from footnote.app.core.errors import IndexDamagedError
from footnote.app.index.generations import Generations
from footnote.app.index.lease import LEASE, Lease, unless_held

HOLD = """
import sys, time
from pathlib import Path
from footnote.app.index.lease import Lease
lease = Lease(Path(sys.argv[1]))
print("held", flush=True)
time.sleep(600)
"""


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    """Three generations, the third is live."""
    made = Generations(tmp_path / "index")
    for number in (1, 2, 3):
        with made.lock(), made.building() as folder:
            (folder / "content").write_text(str(number))
            made.publish(folder, number)
    return made


@contextlib.contextmanager
def held_elsewhere(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that holds a generation."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(folder)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def is_free(folder: Path) -> bool:
    with unless_held(folder) as free:
        return free


def left(generations: Generations) -> list[str]:
    return sorted(folder.name for folder in (generations.index_dir / "generations").iterdir())


def test_a_held_generation_is_not_swept_until_it_is_let_go(generations: Generations) -> None:
    lease = Lease(generations.folder(1))
    assert not is_free(generations.folder(1))
    generations.sweep(previous=2)
    assert left(generations) == ["1", "2", "3"]
    assert (generations.folder(1) / "content").read_text() == "1"
    lease.close()
    assert is_free(generations.folder(1))
    generations.sweep(previous=2)
    assert left(generations) == ["2", "3"]


def test_of_several_readers_the_last_lets_go(generations: Generations) -> None:
    leases = [Lease(generations.folder(1)) for _ in range(3)]
    for lease in leases:
        assert not is_free(generations.folder(1))
        generations.sweep(previous=None)
        assert left(generations) == ["1", "3"]
        lease.close()
    generations.sweep(previous=None)
    assert left(generations) == ["3"]


def test_asking_whether_it_is_free_keeps_no_hold(generations: Generations) -> None:
    assert is_free(generations.folder(1))
    Lease(generations.folder(1)).close()


def test_a_generation_held_by_another_process_is_kept_until_that_is_killed(generations: Generations) -> None:
    with held_elsewhere(generations.folder(1)) as process:
        generations.sweep(previous=2)
        assert left(generations) == ["1", "2", "3"]
        process.kill()
        process.wait()
        assert process.returncode == -signal.SIGKILL
        generations.sweep(previous=2)
        assert left(generations) == ["2", "3"]


def test_two_processes_may_hold_the_same_generation(generations: Generations) -> None:
    with held_elsewhere(generations.folder(1)), contextlib.closing(Lease(generations.folder(1))):
        generations.sweep(previous=None)
        assert left(generations) == ["1", "3"]


@pytest.mark.parametrize("missing", ["folder", "lease"])
def test_what_is_not_a_complete_generation_cannot_be_held(generations: Generations, missing: str) -> None:
    folder = generations.folder(1)
    if missing == "folder":
        shutil.rmtree(folder)
    else:
        (folder / LEASE).unlink()
    with pytest.raises(IndexDamagedError, match="is no complete generation .*: run `footnote ingest --rebuild`"):
        Lease(folder)
    assert is_free(folder)


def test_while_it_is_known_to_be_free_nobody_can_hold_it(generations: Generations) -> None:
    with unless_held(generations.folder(1)) as free:
        assert free
        with pytest.raises(IndexDamagedError, match="is being removed"):
            Lease(generations.folder(1))
    Lease(generations.folder(1)).close()


def test_a_generation_that_is_removed_is_out_of_sight_before_its_first_file_goes(
    generations: Generations, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of a generation must never look like one: to a reader, or to a rollback after a kill."""
    seen: list[list[str]] = []
    remove = shutil.rmtree

    def removing(folder: Path, ignore_errors: bool = False) -> None:
        with pytest.raises(IndexDamagedError, match="is no complete generation"):
            Lease(generations.folder(1))
        seen.append(left(generations))
        remove(folder, ignore_errors)

    monkeypatch.setattr(shutil, "rmtree", removing)
    generations.sweep(previous=2)
    assert (seen, left(generations)) == ([["2", "3"]], ["2", "3"])
    assert sorted(entry.name for entry in generations.index_dir.iterdir()) == [".lock", "CURRENT", "generations"]


def test_what_a_killed_sweep_left_is_removed_by_the_next(
    generations: Generations, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", lambda folder, ignore_errors=False: None)
        generations.sweep(previous=2)
    assert left(generations) == ["2", "3"]
    assert len(list(generations.index_dir.iterdir())) == 4
    generations.sweep(previous=2)
    assert sorted(entry.name for entry in generations.index_dir.iterdir()) == [".lock", "CURRENT", "generations"]


def test_a_closed_lease_holds_no_descriptor(generations: Generations) -> None:
    def open_files() -> set[str]:
        return {str(entry.readlink()) for entry in Path("/proc/self/fd").iterdir() if entry.is_symlink()}

    with contextlib.suppress(IndexDamagedError):
        Lease(generations.folder(9))
    lease = Lease(generations.folder(1))
    assert str(generations.folder(1) / LEASE) in open_files()
    lease.close()
    assert str(generations.folder(1) / LEASE) not in open_files()
