"""Whatever fails in an ingest, and wherever: old or new is live, whole, and the next ingest is exact."""

import errno
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from footnote.app.core import files
from footnote.app.core.errors import IndexWriteError
from footnote.app.index import generations
from footnote.app.index.generations import Generations
from tests.ingest.contents import Memoised, memory_folder, quiet_ingest
from tests.ingest.full_disk import Site

UNCHANGED = {
    "find": "footnote.ingest.flow.find_files",
    "read": "footnote.ingest.diff.read_document",
    "split": "footnote.ingest.splitting.split_or_skip",
    "keep file hashes": "footnote.ingest.cache.IngestCache.remember_files",
    "embed": "tests.ingest.contents.Memoised.embed_documents",
    "keep embeddings": "footnote.ingest.cache.IngestCache.add",
    "take embeddings": "footnote.ingest.cache.IngestCache.embeddings",
    "Chroma add": "footnote.app.index.embedded.chroma_store.ChromaStore.add",
    "Chroma settle": "footnote.app.index.embedded.chroma_store.ChromaStore.settle",
    "tantivy bucket": "footnote.app.index.embedded.lexical_segments._write_bucket",
    "tantivy layout": "footnote.app.index.embedded.lexical_segments._write_layout",
    "manifest": "footnote.ingest.write.write_manifest",
    "sync": "footnote.app.index.generations.sync_tree",
    "sync of the names": "footnote.app.index.generations.sync",
    "CURRENT": "footnote.app.index.generations.replace_text",
}
# What only the continuation of a base does: without it, the index is built from nothing.
BUILT_FROM_NOTHING = {
    "Chroma copy": "footnote.app.index.embedded.chroma_store.copy_store",
    "Chroma delete": "footnote.app.index.embedded.chroma_store.ChromaStore.delete",
}
# After the publication nothing may fail.
PUBLISHED = {
    "sweep": "footnote.app.index.generations.unless_held",
    "removal": "footnote.app.index.generations.Generations.sweep",
}
OPERATIONS = {"open", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.scandir", "sqlite3.connect"}
EVERY = 9  # of some 250 file operations; 1 takes minutes


@pytest.fixture(scope="module")
def laid_out(memoised: Memoised) -> Iterator[Site]:
    with tempfile.TemporaryDirectory(prefix="footnote-", dir=memory_folder()) as folder:
        yield Site(Path(folder) / "scratch", Path(folder) / "disk", memoised)


@pytest.fixture
def site(laid_out: Site) -> Site:
    """An index, and changes that wait."""
    laid_out.lay_out()
    return laid_out


def fail(*_: object, **__: object) -> Any:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("stage", UNCHANGED)
@pytest.mark.parametrize("error", [OSError(errno.EIO, "broken"), KeyboardInterrupt()], ids=["error", "Ctrl-C"])
def test_a_failing_stage_leaves_the_live_index(
    site: Site, monkeypatch: pytest.MonkeyPatch, stage: str, error: BaseException
) -> None:
    def fail(*_: object, **__: object) -> Any:
        raise error

    with monkeypatch.context() as patch, pytest.raises((OSError, IndexWriteError, KeyboardInterrupt)):
        patch.setattr(UNCHANGED[stage], fail)
        quiet_ingest(site.settings, site.embedder)
    assert not (site.settings.folders.index_dir / "building").exists()
    site.require_unchanged()
    site.require_exact()


def test_a_generation_that_cannot_be_moved_to_its_place_leaves_the_live_index(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename
    with monkeypatch.context() as patch, pytest.raises(IndexWriteError, match="nothing was published"):
        patch.setattr(Path, "rename", lambda path, to: fail() if path.name == "building" else rename(path, to))
        quiet_ingest(site.settings, site.embedder)
    site.require_unchanged()
    site.require_exact()


@pytest.mark.parametrize("stage", BUILT_FROM_NOTHING)
def test_a_base_that_cannot_be_continued_is_built_from_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    def fail(*_: object) -> Any:
        raise RuntimeError("Error in compaction")

    with monkeypatch.context() as patch:
        patch.setattr(BUILT_FROM_NOTHING[stage], fail)
        try:
            assert quiet_ingest(site.settings, site.embedder).rebuilt_because
        except IndexWriteError:
            site.require_unchanged()
    site.require_exact()


@pytest.mark.parametrize("stage", PUBLISHED)
def test_what_fails_after_the_publication_is_told_and_undoes_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    quiet_ingest(site.settings, site.embedder)
    site.write("another.md", "One more page, so that there is a generation to remove.")
    with monkeypatch.context() as patch:
        patch.setattr(PUBLISHED[stage], fail)
        report = quiet_ingest(site.settings, site.embedder)
    assert report.published and report.untidy
    assert Generations(site.settings.folders.index_dir).live() == report.manifest.generation == 3
    site.require_exact()
    (site.settings.folders.docs_dir / "another.md").unlink()
    site.require_exact()


@pytest.mark.parametrize("place", ["after", "within"])
def test_a_failure_around_the_replacement_of_current_leaves_the_new_index_whole(
    site: Site, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    replace_text, sync = files.replace_text, files.sync

    def replace_and_fail(file: Path, text: str) -> None:
        replace_text(file, text)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        if place == "after":
            patch.setattr(generations, "replace_text", replace_and_fail)
            with pytest.raises(KeyboardInterrupt):
                quiet_ingest(site.settings, site.embedder)
        else:
            index_dir = site.settings.folders.index_dir
            patch.setattr(files, "sync", lambda path: fail() if path == index_dir else sync(path))
            assert quiet_ingest(site.settings, site.embedder).published
    assert Generations(site.settings.folders.index_dir).live() == 2
    site.require_exact()


class _Failing:
    """Counts the file operations below a folder, and lets one of them fail."""

    def __init__(self) -> None:
        self.folder: str | None = None
        self.count = 0
        self.fails_at = -1
        self.error: BaseException = KeyboardInterrupt()
        sys.addaudithook(self._hear)  # it cannot be removed, only be deaf

    @contextmanager
    def at(self, folder: Path, number: int, error: BaseException) -> Iterator[None]:
        self.folder, self.count, self.fails_at, self.error = str(folder), 0, number, error
        try:
            yield
        finally:
            self.folder = None

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.folder is None or event not in OPERATIONS or not arguments:
            return
        path = arguments[0]
        if isinstance(path, str | os.PathLike) and os.fspath(path).startswith(self.folder):
            self.count += 1
            if self.count == self.fails_at:
                raise self.error


@pytest.fixture(scope="module")
def failing() -> _Failing:
    return _Failing()


def test_a_failure_in_any_file_operation_leaves_a_whole_index(site: Site, failing: _Failing) -> None:
    index_dir = site.settings.folders.index_dir
    with failing.at(index_dir, -1, KeyboardInterrupt()):
        quiet_ingest(site.settings, site.embedder)
    operations = failing.count
    assert operations > 100
    outcomes = set()
    for number in range(1, operations + 1, EVERY):
        site.lay_out()
        error = OSError(errno.EIO, "broken") if number % 2 else KeyboardInterrupt()
        with failing.at(index_dir, number, error), suppress(OSError, IndexWriteError, KeyboardInterrupt):
            quiet_ingest(site.settings, site.embedder)
        live = Generations(index_dir).live()
        outcomes.add(live)
        if live == 1:
            site.require_unchanged()
        site.require_exact()
    assert outcomes == {1, 2}
