"""Places that are none: an index folder, a file, a mistyped address, a damaged pointer, a folder without permission."""

import shutil
from pathlib import Path

import pytest

from footnote.app.core.errors import ObjectStoreError, ReplicaError
from footnote.app.index.generations import Generations
from footnote.app.index.replica import read_replica
from footnote.app.objects.directory import Directory
from footnote.app.replicas.follow import Replica
from footnote.app.replicas.publish import publish
from footnote.app.replicas.release import MOST_POINTER_BYTES
from tests.replicas.conftest import World, silent


def tree(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


@pytest.mark.parametrize("name", ["writer", "other", "begun"])
def test_an_index_folder_is_refused_as_a_target_and_as_a_source_before_anything_is_written(
    published: World, name: str
) -> None:
    shutil.copytree(published.writer_dir, published.root / "other", ignore=shutil.ignore_patterns(".lock"))
    with Generations(published.root / "begun").lock():
        pass
    before = tree(published.root)
    place = Directory(published.root / name)
    with pytest.raises(ReplicaError, match="is an index folder.*publish to a folder of its own"):
        publish(published.writer_dir, place, silent)
    with pytest.raises(ReplicaError, match="is an index folder.*follow what it is published to"):
        Replica(published.root / "replica", place, published.embedder.fingerprint).follow(silent)
    assert tree(published.root) == before


def test_a_folder_of_something_else_is_refused_before_anything_is_written(published: World, tmp_path: Path) -> None:
    docs = tmp_path / "site"
    (docs / "guides").mkdir(parents=True)
    with pytest.raises(ReplicaError, match="holds 'guides' and is no target yet: publish to an empty folder"):
        publish(published.writer_dir, Directory(docs), silent)
    assert tree(docs) == {docs / "guides"}
    (docs / "guides").rename(docs / "lost+found")
    assert publish(published.writer_dir, Directory(docs), silent).published
    (docs / "README").write_text("what this is")
    assert not publish(published.writer_dir, Directory(docs), silent).published


def test_what_was_published_is_not_made_a_replica(published: World) -> None:
    with pytest.raises(ReplicaError, match="is what an index was published to"):
        published.follow("target")
    assert published.pointer().serial == 1


@pytest.mark.parametrize("below", ["", "docs"])
def test_a_file_is_said_to_be_one(published: World, below: str) -> None:
    file = published.root / "file"
    file.write_text("x")
    place = Directory(file / below)
    with pytest.raises(ObjectStoreError, match="file is a file; name a folder"):
        publish(published.writer_dir, place, silent)
    with pytest.raises(ObjectStoreError, match="file is a file; name a folder"):
        Replica(published.root / "replica", place, published.embedder.fingerprint).follow(silent)
    for call in (lambda: place.write("a", b""), lambda: place.size("a"), lambda: list(place.found())):
        with pytest.raises(ObjectStoreError, match="file is a file; name a folder"):
            call()


@pytest.mark.parametrize(
    "content", [b"", b"7\n", b"{", b"\xff", b"[" * 100_000, b'{"format": 1}', b" " * MOST_POINTER_BYTES * 2]
)
def test_a_pointer_that_cannot_be_read_is_replaced_by_the_next_publishing(published: World, content: bytes) -> None:
    file = published.target.root / "CURRENT"
    file.write_bytes(content)
    if len(content) <= MOST_POINTER_BYTES:
        with pytest.raises(ReplicaError, match=r"CURRENT in .* cannot be read \(\w.*run `footnote publish` again"):
            published.follow()
    assert published.publish().published
    assert published.follow().taken


def test_a_pointer_of_a_later_format_is_not_replaced(published: World) -> None:
    file = published.target.root / "CURRENT"
    file.write_text('{"format": 2, "live": "elsewhere"}')
    with pytest.raises(ReplicaError, match="has format 2, .*install the writer's version"):
        published.publish()
    assert file.read_text().startswith('{"format": 2')


def test_a_source_that_is_not_there_makes_no_folder_a_replica(published: World) -> None:
    typo = Directory(published.root / "typo")
    with pytest.raises(ReplicaError, match="nothing was published to .*typo yet: check the address"):
        Replica(published.root / "new", typo, published.embedder.fingerprint).follow(silent)
    assert not (published.root / "new").exists()
    published.follow()
    before = read_replica(published.root / "replica")
    with pytest.raises(ReplicaError, match="nothing was published"):
        Replica(published.root / "replica", typo, published.embedder.fingerprint).follow(silent)
    assert read_replica(published.root / "replica") == before


def test_an_index_that_was_made_while_its_source_was_away_is_not_replaced(published: World) -> None:
    replica = published.replica()
    shutil.copytree(published.writer_dir, published.root / "replica")
    with pytest.raises(ReplicaError, match="holds an index of its own"):
        replica.follow(silent)
    assert read_replica(published.root / "replica") is None


@pytest.mark.parametrize("what", ["footnote.app.replicas.publish.FileLock.acquire", "tempfile.TemporaryDirectory"])
def test_an_index_that_cannot_be_written_is_named(published: World, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """As on a mount that is read-only; the tests may be run by root, whom no permission stops."""

    def refuses(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(what, refuses)
    with pytest.raises(ReplicaError, match="writer cannot be read or written .*Read-only.*check space and permissions"):
        published.publish()
