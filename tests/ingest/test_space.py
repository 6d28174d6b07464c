"""Room on the disk before a build, and how many generations stay."""

from pathlib import Path

import pytest

from footnote.app.core import disk
from footnote.app.core.errors import DiskSpaceError
from footnote.app.core.settings import Settings
from footnote.app.index.generations import Generations
from footnote.app.models.embedder import Embedder
from footnote.ingest import space
from tests.conftest import CORPUS, WriteDocs
from tests.ingest.ingesting import run, search


def estimates(settings: Settings, embedder: Embedder, patch: pytest.MonkeyPatch, **flags: bool) -> int:
    """What an ingest was expected to write."""
    asked: list[int] = []
    with patch.context() as context:
        context.setattr(space, "require_space", lambda folder, needed, *_: asked.append(needed))
        run(settings, embedder, **flags)
    (needed,) = asked
    return needed


def taken(settings: Settings, generation: int) -> int:
    """What a generation takes beside what it shares with the one before, and the cache."""
    index_dir = settings.folders.index_dir
    folder = Generations(index_dir).folder(generation)
    own = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and file.stat().st_nlink == 1)
    return own + (index_dir / "cache.sqlite3").stat().st_size


def test_less_is_asked_for_than_a_build_takes_but_not_much_less(
    settings: Settings, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, write_docs: WriteDocs
) -> None:
    paragraph = (CORPUS / "reference" / "api.md").read_text()
    pages = {f"{number}.md": f"# Page {number}\n\n{paragraph}\n" for number in range(25)}
    write_docs(settings.folders.docs_dir, pages)
    first = estimates(settings, embedder, monkeypatch)
    assert 0.4 * taken(settings, 1) < first < taken(settings, 1)


def test_a_build_that_the_disk_has_no_room_for_is_not_begun(
    settings: Settings, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "free_bytes", lambda folder: 0)
    message = r"the next generation needs about \d+ kB in .*, and 0 kB are free: make room, or FOOTNOTE_DISK_CHECK="
    with pytest.raises(DiskSpaceError, match=message):
        run(settings, embedder)
    index_dir = settings.folders.index_dir
    assert not (index_dir / "CURRENT").exists() and not (index_dir / "building").exists()
    assert run(settings.changed(disk_check=False), embedder).published


def test_a_disk_that_has_just_the_room_is_no_obstacle(
    settings: Settings, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed = estimates(settings, embedder, monkeypatch)
    anew = settings.changed(index_dir=settings.folders.index_dir / "anew")
    monkeypatch.setattr(disk, "free_bytes", lambda folder: needed - 1)
    with pytest.raises(DiskSpaceError):
        run(anew, embedder)
    monkeypatch.setattr(disk, "free_bytes", lambda folder: needed)
    assert run(anew, embedder).published


def test_vectors_of_an_unknown_length_are_not_asked_for(
    ingested: Settings, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundled = estimates(ingested, embedder, monkeypatch, rebuild=True)
    monkeypatch.setattr(space, "BUNDLED", "another")
    assert 0 < estimates(ingested, embedder, monkeypatch, rebuild=True) < 0.6 * bundled


def test_an_index_in_use_goes_on_where_there_is_no_room(
    ingested: Settings, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, write_docs: WriteDocs
) -> None:
    before = search(ingested, embedder)
    write_docs(ingested.folders.docs_dir, {"new.md": "# New\n\nAn okapi.\n"})
    monkeypatch.setattr(disk, "free_bytes", lambda folder: 0)
    with pytest.raises(DiskSpaceError):
        run(ingested, embedder)
    assert search(ingested, embedder) == before
    (ingested.folders.docs_dir / "new.md").unlink()
    assert not run(ingested, embedder).published  # nothing to write needs no room


def test_a_copy_of_the_base_counts_unless_it_takes_no_room(
    ingested: Settings, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, write_docs: WriteDocs
) -> None:
    write_docs(ingested.folders.docs_dir, {"new.md": "# New\n\nAn okapi.\n"})
    monkeypatch.setattr(space, "can_share_blocks", lambda folder: True)
    shared = estimates(ingested, embedder, monkeypatch)
    write_docs(ingested.folders.docs_dir, {"newer.md": "# Newer\n\nA quagga.\n"})
    monkeypatch.setattr(space, "can_share_blocks", lambda folder: False)
    copied = estimates(ingested, embedder, monkeypatch)
    chroma = Generations(ingested.folders.index_dir).folder(2) / "chroma"
    assert copied - shared > 0.9 * disk.size_on_disk(chroma)


def numbers(index_dir: Path) -> list[int]:
    return Generations(index_dir).complete()


@pytest.mark.parametrize(("keep", "kept"), [(1, [4]), (3, [2, 3, 4])])
def test_so_many_generations_stay_as_the_setting_says(
    ingested: Settings, embedder: Embedder, write_docs: WriteDocs, keep: int, kept: list[int]
) -> None:
    settings = ingested.changed(keep_generations=keep)
    for number in range(3):
        write_docs(settings.folders.docs_dir, {"new.md": f"# New\n\nOkapi {number}.\n"})
        run(settings, embedder)
    assert numbers(settings.folders.index_dir) == kept
    run(settings, embedder, purge=True)
    assert numbers(settings.folders.index_dir) == [5]


def test_the_one_that_was_gone_back_from_is_removed_however_many_stay(
    ingested: Settings, embedder: Embedder, write_docs: WriteDocs
) -> None:
    settings = ingested.changed(keep_generations=3)
    for number in range(2):
        write_docs(settings.folders.docs_dir, {"new.md": f"# New\n\nOkapi {number}.\n"})
        run(settings, embedder)
    generations = Generations(settings.folders.index_dir)
    with generations.lock():
        assert generations.roll_back() == 2
    write_docs(settings.folders.docs_dir, {"new.md": "# New\n\nOkapi again.\n"})
    run(settings, embedder)
    assert numbers(settings.folders.index_dir) == [1, 2, 4]
