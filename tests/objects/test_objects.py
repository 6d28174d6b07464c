"""What every store of objects does, on a real folder and on a real S3 server."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from footnote.app.core.errors import ObjectMissingError, ObjectStoreError
from footnote.app.objects.checked import fetch_file, pieces_of, read_whole
from footnote.app.objects.protocol import PIECE_BYTES, Objects

LARGE = bytes(range(251)) * (2 * PIECE_BYTES // 251 + 1000)  # three pieces


def written(objects: Objects, name: str, content: bytes) -> None:
    objects.write(name, content)
    objects.flush()


def names_in(objects: Objects, folder: str = "") -> list[str]:
    return sorted(found.name for found in objects.found(folder))


def broken_off() -> Iterator[bytes]:
    yield LARGE
    raise ValueError("the disk is gone")


@pytest.mark.parametrize("content", [b"", b"few", LARGE], ids=["empty", "small", "large"])
def test_what_is_written_is_read(objects: Objects, content: bytes) -> None:
    objects.write("parts/ab/abc", content)
    assert b"".join(objects.read("parts/ab/abc")) == content
    assert objects.size("parts/ab/abc") == len(content)


def test_a_file_is_written_in_pieces_and_fetched_by_size_and_hash(objects: Objects, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(LARGE)
    objects.write("large", pieces_of(tmp_path / "file"))
    assert max(map(len, objects.read("large"))) <= PIECE_BYTES
    fetch_file(objects, "large", tmp_path / "again", len(LARGE), hashlib.sha256(LARGE).hexdigest())
    assert (tmp_path / "again").read_bytes() == LARGE


@pytest.mark.parametrize(
    ("size_bytes", "sha256", "reason"),
    [(3, "0" * 64, "damaged"), (2, hashlib.sha256(b"few").hexdigest(), "larger"), (4, "0" * 64, "damaged")],
)
def test_what_is_not_as_it_must_be_leaves_no_file(
    objects: Objects, tmp_path: Path, size_bytes: int, sha256: str, reason: str
) -> None:
    objects.write("few", b"few")
    with pytest.raises(ObjectStoreError, match=reason):
        fetch_file(objects, "few", tmp_path / "file", size_bytes, sha256)
    assert not (tmp_path / "file").exists()


def test_a_writing_that_breaks_off_leaves_what_was_there(objects: Objects) -> None:
    objects.write("a", b"before")
    for name in ("a", "b"):
        with pytest.raises(ValueError, match="the disk is gone"):
            objects.write(name, broken_off())
    assert names_in(objects) == ["a"]
    assert read_whole(objects, "a", 100) == b"before"


def test_one_is_replaced(objects: Objects) -> None:
    objects.write("CURRENT", b"1")
    objects.write("CURRENT", b"2")
    assert read_whole(objects, "CURRENT", 1) == b"2"


def test_they_are_found_by_folder_and_deleted(objects: Objects) -> None:
    assert names_in(objects) == []
    for name in ("a/b/c", "a/b", "ab", "a/d"):
        if name != "a/b":  # a folder cannot have the name of a file
            objects.write(name, name.encode())
    assert names_in(objects) == ["a/b/c", "a/d", "ab"]
    assert names_in(objects, "a") == ["a/b/c", "a/d"]
    assert {found.size_bytes for found in objects.found("a/b")} == {5}
    assert all(found.written_at > 1.7e9 for found in objects.found())
    objects.delete(["a/b/c", "ab", "never"])
    assert names_in(objects) == ["a/d"]
    objects.delete([])


def test_one_that_is_not_there_is_said_to_be_missing(objects: Objects) -> None:
    assert objects.size("no/such") is None
    with pytest.raises(ObjectMissingError, match="has no no/such"):
        next(objects.read("no/such"))


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a//b", "a/../b", ".hidden", "a/.b", "", "a\nb", "x" * 401])
def test_no_name_leads_elsewhere(objects: Objects, name: str) -> None:
    for call in (objects.size, lambda name: next(objects.read(name)), lambda name: objects.write(name, b"")):
        with pytest.raises(ObjectStoreError, match="is no name"):
            call(name)
    with pytest.raises(ObjectStoreError, match="is no name"):
        objects.delete([name])
