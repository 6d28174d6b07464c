"""A program: real ingests onto a disk that is full sooner or later. Prints one JSON line for each.

    python -m tests.ingest.full_disk {disk,file-size,read-only,permissions} SCRATCH DISK

SCRATCH is a folder with space. `disk` fills DISK, which must be a small file system of its own, up to what it
leaves; `file-size` limits the size of each file instead. `read-only` mounts DISK, a file system of its own too,
read-only; `permissions` takes those of the index folder.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from footnote.app.core.settings import load_settings
from footnote.app.index.generations import Generations
from footnote.app.models.embedder import make_embedder
from tests.ingest.contents import (
    Memoised,
    answers,
    assert_exact,
    assert_tidy,
    assert_unchanged,
    quiet_ingest,
    read_contents,
)

# `first` is an ingest into an empty folder; the parts are of the space that a plain one needs.
_MODES_AND_PARTS = (
    ("", 0.0),
    ("", 0.04),
    ("first", 0.02),
    ("", 0.3),
    ("--purge", 1.1),
    ("", 0.6),
    ("", 0.9),
)
_BLOCK = 4096
_PATIENCE_S = 120  # an ingest that takes longer hangs, and is killed


@dataclass(frozen=True)
class Full:
    """One ingest. The problems are empty where all is as it should be.

    Attributes:
        part: of the space that a plain one needs.
        while_full, live: with the live index while there is no space, and when there is again.
        next: with the next ingest.
    """

    mode: str
    part: float
    returncode: int
    out: str
    err: str
    while_full: str
    live: str
    next: str


class Site:
    """A docs folder with changes that wait for an ingest, and its index on a disk."""

    def __init__(self, scratch: Path, disk: Path, embedder: Memoised | None = None) -> None:
        self.scratch = scratch
        self.disk = disk
        self.embedder = embedder or Memoised(make_embedder(load_settings(None).models))
        self.settings = load_settings(None, docs_dir=scratch / "docs", index_dir=disk / "index")
        for number in range(30):
            self.write(f"guides/page{number}.md", f"The relay of zone {number} listens on port {7000 + number}.")
        built = self.settings.changed(index_dir=scratch / "built")
        quiet_ingest(built, self.embedder)
        self.before = read_contents(built.folders.index_dir, self.embedder)
        self.answered = answers(built, self.embedder)
        for number in range(20):
            self.write(f"new/{number}.md", f"Table {number} of zone {number} has a größe.")
        self.write("guides/page3.md", "Backups are restored after the zebra fails.")
        (self.settings.folders.docs_dir / "guides" / "page4.md").unlink()

    def lay_out(self, with_index: bool = True) -> None:
        """Put the index onto the disk as it was before the changes."""
        shutil.rmtree(self.settings.folders.index_dir, ignore_errors=True)
        if with_index:
            shutil.copytree(self.scratch / "built", self.settings.folders.index_dir)

    def ingest(self, mode: str, part: float, make_space: Callable[[], object], file_size: int | None = None) -> Full:
        """Run one, and compare with the index before and, after the next one, with a fresh build."""
        returncode, out, err = self._ingest_in_a_process(mode, file_size)
        while_full = _problem(lambda: self._require_live(returncode, mode))
        make_space()
        live = _problem(lambda: self._require_live(returncode, mode))
        exact = _problem(self.require_exact)
        return Full(mode, part, returncode, out, err, while_full, live, exact)

    def _ingest_in_a_process(self, mode: str, file_size: int | None) -> tuple[int, str, str]:
        arguments = [str(self.settings.folders.docs_dir), "--index-dir", str(self.settings.folders.index_dir)]
        process = subprocess.Popen(
            [sys.executable, "-m", "footnote.ingest", *arguments, *([mode] if mode.startswith("--") else [])],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
            env=os.environ | {"FOOTNOTE_DISK_CHECK": "false"},  # which would refuse before the disk is full
        )
        with process:
            if file_size is not None:  # from outside: code between fork and exec may hang where threads run
                resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (file_size, file_size))
            try:
                out, err = process.communicate(timeout=_PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                out, err = process.communicate()
        return process.returncode, out, err

    def _require_live(self, returncode: int, mode: str) -> None:
        if returncode == 0:
            read_contents(self.settings.folders.index_dir, self.embedder)
        elif mode == "first":
            assert Generations(self.settings.folders.index_dir).current() is None
        else:
            self.require_unchanged()

    def require_unchanged(self) -> None:
        """The live index finds and answers what it did before the changes."""
        assert_unchanged(read_contents(self.settings.folders.index_dir, self.embedder), self.before)
        assert answers(self.settings, self.embedder) == self.answered

    def require_exact(self) -> None:
        """The next ingest succeeds, gives the index of a fresh build, and leaves nothing over."""
        report = quiet_ingest(self.settings, self.embedder)
        try:
            assert_exact(self.settings, self.embedder, self.scratch / "fresh")
        finally:
            shutil.rmtree(self.scratch / "fresh", ignore_errors=True)
        if report.published:
            assert_tidy(self.settings.folders.index_dir)

    def write(self, path: str, text: str) -> None:
        file = self.settings.folders.docs_dir / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"---\ntags: [ops]\n---\n# {file.stem}\n\n{text}\n\n## More\n\nIn {path}: {text * 3}\n")


def fill_disk(site: Site) -> Iterator[Full]:
    """Ingests that find less space than they need."""
    site.lay_out()
    free = _free(site.disk)
    quiet_ingest(site.settings, site.embedder)
    needed = free - _free(site.disk)
    for mode, part in _MODES_AND_PARTS:
        site.lay_out(with_index=mode != "first")
        ballast = site.disk / "ballast"
        with ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, _free(site.disk) - int(part * needed) // _BLOCK * _BLOCK)
        yield site.ingest(mode, part, ballast.unlink)


def limit_file_size(site: Site) -> Iterator[Full]:
    """Ingests that may not write files as large as they need."""
    site.lay_out()
    quiet_ingest(site.settings, site.embedder)
    largest = max(file.stat().st_size for file in site.settings.folders.index_dir.rglob("*"))
    for mode, part in _MODES_AND_PARTS[::2]:
        site.lay_out(with_index=mode != "first")
        yield site.ingest(mode, part, lambda: None, int(part * largest))


def forbid_writing(site: Site) -> Iterator[Full]:
    """An ingest whose index lies on a file system that is mounted read-only."""
    site.lay_out()

    def remount(how: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{how}", str(site.disk)], check=True)

    remount("ro")
    yield site.ingest("", 0.0, lambda: remount("rw"))


def take_permissions(site: Site) -> Iterator[Full]:
    """An ingest that may not write into the index folder; root always may."""
    site.lay_out()
    below = [site.settings.folders.index_dir, *site.settings.folders.index_dir.rglob("*")]

    def permit(bits: int) -> None:
        for path in below:
            path.chmod(bits | 0o111 * path.is_dir())

    permit(0o444)
    yield site.ingest("", 0.0, lambda: permit(0o644))


def _free(disk: Path) -> int:
    status = os.statvfs(disk)
    return status.f_bavail * status.f_bsize


def _problem(comparison: Callable[[], None]) -> str:
    try:
        comparison()
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:500] or "?"
    return ""


KINDS = {
    "disk": fill_disk,
    "file-size": limit_file_size,
    "read-only": forbid_writing,
    "permissions": take_permissions,
}


def main() -> None:
    kind, scratch, disk = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    site = Site(scratch, disk)
    for full in KINDS[kind](site):
        sys.stdout.write(json.dumps(asdict(full)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
