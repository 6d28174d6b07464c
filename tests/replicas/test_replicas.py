"""From a writer to a replica through a folder."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from footnote.app.core.errors import IngestRunningError, ObjectStoreError, ReplicaError
from footnote.app.index.generations import Generations
from footnote.app.index.reader import open_index
from footnote.app.index.replica import read_replica
from footnote.app.objects.directory import Directory
from footnote.app.replicas.assemble import assemble
from footnote.app.replicas.follow import Replica
from footnote.app.replicas.local_blocks import LocalBlocks
from footnote.app.replicas.release import part_name
from footnote.app.service.status import describe_replica
from tests.replicas.conftest import World, silent


def texts(index_dir: Path) -> set[str]:
    """What the live generation answers from."""
    index = open_index(index_dir)
    try:
        return {chunk.text for chunk in index.chunks.all_chunks()}
    finally:
        index.close()


def holds(folder: Path, text: str) -> bool:
    """Whether a file below the folder has these words."""
    return any(text.encode() in file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_a_replica_is_its_writer_file_by_file(published: World) -> None:
    report = published.follow()
    assert (report.generation, report.taken, published.live()) == (1, True, 1)
    # Blocks of zeros are in any new file.
    assert 15 < report.fetched.parts <= len(published.release().parts())
    writer, replica = (Generations(published.root / name).folder(1) for name in ("writer", "replica"))
    theirs = {file.relative_to(writer): file for file in writer.rglob("*") if file.is_file()}
    ours = {file.relative_to(replica) for file in replica.rglob("*") if file.is_file()}
    assert ours - {Path("release.json")} == theirs.keys()
    for path, file in theirs.items():
        if path.name != "chroma.sqlite3":  # copied with sqlite's own means
            assert (replica / path).read_bytes() == file.read_bytes()
    assert texts(published.root / "replica") == texts(published.writer_dir)


def test_what_is_there_is_neither_sent_nor_fetched_again(published: World) -> None:
    published.follow()
    again = published.publish()
    assert (again.published, again.sent, again.serial) == (False, 0, 1)
    assert published.follow().taken is False
    published.write(valve="The valve is red.")
    sent = published.publish()
    assert sent.published
    assert 0 < sent.sent < sent.parts
    fetched = published.follow().fetched
    assert 0 < fetched.parts <= sent.sent  # of which one may be of what a reader wrote
    assert any("valve" in text for text in texts(published.root / "replica"))


def test_a_reader_of_the_writer_makes_nothing_new(published: World) -> None:
    """Chroma writes a row into its database whenever it is opened."""
    open_index(published.writer_dir).close()
    before = published.parts()
    assert published.publish().sent == 0
    assert published.parts() == before


def test_a_rollback_reaches_the_replica_and_moves_nothing(published: World) -> None:
    published.follow()
    published.write(valve="The valve is red.")
    published.publish()
    published.follow()
    generations = Generations(published.writer_dir)
    with generations.lock():
        generations.roll_back()
    published.publish()
    assert published.live() == 2
    report = published.follow()
    assert (report.generation, report.taken, report.fetched.parts, published.live()) == (1, True, 0, 1)
    assert report.serial == 3


def test_an_index_that_begins_anew_reaches_the_replica(published: World) -> None:
    published.follow()
    shutil.rmtree(published.writer_dir)
    shutil.rmtree(published.root / "docs")
    assert published.write(lantern="The lantern burns oil.") == 1
    assert published.publish().published
    assert published.follow().taken
    assert published.live() == 1
    assert any("lantern" in text for text in texts(published.root / "replica"))
    assert not holds(published.root / "replica", "sluice")


def test_a_purge_reaches_the_target_and_the_replica(published: World) -> None:
    published.follow()
    (published.root / "docs" / "boiler.md").unlink()
    published.ingest()
    published.publish()
    published.follow()
    assert holds(published.target.root, "below 6 bar")  # the generation before is kept, as on the writer
    assert holds(published.root / "replica", "below 6 bar")
    published.ingest(purge=True)
    report = published.publish()
    assert report.removed.releases == 2
    published.follow()
    for folder in ("target", "replica"):
        assert not holds(published.root / folder, "below 6 bar")
        assert holds(published.root / folder, "40 cm")


def test_what_the_index_has_no_more_is_removed_and_all_else_stays(published: World) -> None:
    for name in ("valve", "lantern", "anchor"):
        published.write(**{name: f"The {name} is red."})
        published.publish()
    pointer = published.pointer()
    assert [ref.generation for ref in pointer.releases] == [4, 3]
    named = set()
    for ref in pointer.releases:
        release = published.release().model_validate_json((published.target.root / ref.name).read_bytes())
        named |= {part_name(sha256) for sha256 in release.parts()}
    assert published.parts() == named
    assert {found.name for found in published.target.found("releases")} == {ref.name for ref in pointer.releases}


def test_a_removal_that_broke_off_goes_on(published: World, monkeypatch: pytest.MonkeyPatch) -> None:
    published.write(valve="The valve is red.")
    published.publish()
    (published.root / "docs" / "boiler.md").unlink()
    published.ingest(purge=True)
    with monkeypatch.context() as patch:
        patch.setattr(Directory, "delete", lambda *_: (_ for _ in ()).throw(ObjectStoreError("the network is gone")))
        with pytest.raises(ObjectStoreError, match="the network is gone"):
            published.publish()
    assert holds(published.target.root, "below 6 bar")
    assert published.publish().removed.releases == 2
    assert not holds(published.target.root, "below 6 bar")


def test_what_a_broken_off_publishing_sent_goes_after_a_day(published: World) -> None:
    young, old = ("parts/aa/" + "a" * 64, "parts/bb/" + "b" * 64)
    for name in (young, old):
        published.target.write(name, b"x")
    os.utime(published.target.root / old, (1.0, 1.0))
    published.publish()
    assert young in published.parts()
    assert old not in published.parts()


def test_of_two_publishings_the_later_one_counts(published: World, monkeypatch: pytest.MonkeyPatch) -> None:
    published.write(valve="The valve is red.")
    write = Directory.write

    def other_began(self: Directory, name: str, content: object) -> None:
        write(self, name, content)
        if name.startswith("parts/"):
            write(self, "PUBLISHING", b"another's turn")

    monkeypatch.setattr(Directory, "write", other_began)
    with pytest.raises(ReplicaError, match="another publishing"):
        published.publish()
    assert published.pointer().live.generation == 1


def test_a_part_that_is_gone_or_short_is_sent_again(published: World) -> None:
    names = [published.part_of(path) for path in ("files.jsonl", "manifest.json")]
    (published.target.root / names[0]).unlink()
    (published.target.root / names[1]).write_bytes(b"")
    with pytest.raises((ObjectStoreError, ReplicaError)):  # whichever part is asked for first
        published.follow()
    assert published.publish().sent >= 1
    assert published.follow().taken


def test_an_interrupted_take_up_goes_on(published: World, monkeypatch: pytest.MonkeyPatch) -> None:
    read, count = Directory.read, 0

    def breaks_off(self: Directory, name: str):
        nonlocal count
        count += name.startswith("parts/")
        if count > 5:
            raise ObjectStoreError("the network is gone")
        return read(self, name)

    with monkeypatch.context() as patch:
        patch.setattr(Directory, "read", breaks_off)
        with pytest.raises(ObjectStoreError, match="the network is gone"):
            published.follow()
    assert published.live() is None
    state = read_replica(published.root / "replica")
    assert (state.source_generation, state.generation, state.error) == (1, None, "the network is gone")
    assert state.behind_since is not None
    fetched = published.follow().fetched
    assert fetched.parts <= len(published.release().parts()) - 5
    assert not (published.root / "replica" / "taking").exists()
    assert read_replica(published.root / "replica").error is None


def test_a_replica_keeps_serving_when_the_source_is_gone(published: World) -> None:
    replica = published.replica()
    replica.follow(silent)
    shutil.rmtree(published.target.root)
    with pytest.raises(ReplicaError, match="is gone, where generation 1 was live: if it is a mount, mount it again"):
        replica.follow(silent)
    assert published.live() == 1
    assert texts(published.root / "replica")
    state = read_replica(published.root / "replica")
    assert "is gone" in state.error
    assert state.contact_at is not None


def test_a_file_that_rotted_here_is_not_taken_over(published: World) -> None:
    published.follow()
    local = Generations(published.root / "replica").folder(1)
    for file in local.rglob("*"):
        if file.is_file() and file.stat().st_size and file.name not in ("release.json", "manifest.json", "lease"):
            content = bytearray(file.read_bytes())
            content[-1] ^= 1
            file.write_bytes(content)
    published.write(valve="The valve is red.")
    published.publish()
    assert published.follow().taken
    writer = Generations(published.writer_dir).folder(2)
    for file in Generations(published.root / "replica").folder(2).rglob("*"):
        if file.is_file() and file.name not in ("chroma.sqlite3", "release.json"):
            assert (
                file.read_bytes()
                == (writer / file.relative_to(Generations(published.root / "replica").folder(2))).read_bytes()
            )


def test_a_replica_refuses_what_changes_generations(published: World) -> None:
    published.follow()
    generations = Generations(published.root / "replica")
    with pytest.raises(ReplicaError, match="ingest or roll back on the writer"), generations.lock():
        pass
    with generations.lock(as_replica=True), pytest.raises(IngestRunningError, match="another follow takes up an index"):
        published.follow()
    assert read_replica(published.root / "replica").error is None  # the one that holds it may fare well


def test_an_index_of_its_own_is_not_replaced(published: World) -> None:
    with pytest.raises(ReplicaError, match="holds an index of its own"):
        published.follow("writer")
    assert not (published.writer_dir / "replica.json").exists()


def test_an_index_of_another_embedder_is_not_taken_up(published: World) -> None:
    other = replace(published.embedder.fingerprint, name="other")
    with pytest.raises(ReplicaError, match="set FOOTNOTE_EMBEDDER as on the writer"):
        Replica(published.root / "replica", published.target, other).follow(silent)
    assert published.live() is None


def test_a_take_up_that_ended_just_before_it_was_live_is_made_live(published: World) -> None:
    published.follow()
    (published.root / "replica" / "CURRENT").unlink()
    report = published.follow()
    assert (report.taken, report.fetched.parts, published.live()) == (True, 0, 1)


def test_a_target_that_was_emptied_counts_anew_and_is_not_taken_for_an_old_one(published: World) -> None:
    replica = published.replica()
    for name in ("valve", "lantern"):
        published.write(**{name: f"The {name} is red."})
        published.publish()
    replica.follow(silent)
    shutil.rmtree(published.target.root)
    published.write(anchor="The anchor is red.")
    assert published.publish().serial == 1
    held = Generations(published.root / "replica")
    with held.lock(as_replica=True), pytest.raises(IngestRunningError):
        replica.follow(silent)
    replica._look()
    lag = describe_replica(published.root / "replica")
    assert (lag.generation, lag.source_generation, lag.publishings_behind) == (3, 4, 1)
    replica.follow(silent)
    assert describe_replica(published.root / "replica").publishings_behind == 0
    assert published.live() == 4


def test_what_a_killed_publishing_left_is_removed_by_the_next(published: World) -> None:
    (published.writer_dir / ".publish-killed").mkdir()
    (published.writer_dir / ".publish-killed" / "chroma.sqlite3").write_bytes(b"x")
    published.publish()
    assert list(published.writer_dir.glob(".publish-*")) == []


def test_files_are_shared_with_the_generation_before_but_for_the_database(published: World, tmp_path: Path) -> None:
    published.follow()
    before = Generations(published.root / "replica").folder(1)
    release = published.release()
    assemble(tmp_path / "again", release, published.target, LocalBlocks([before]), silent)
    shared = {file.path for file in release.files if (tmp_path / "again" / file.path).samefile(before / file.path)}
    assert {file.path for file in release.files} - shared == {"chroma/chroma.sqlite3"}
