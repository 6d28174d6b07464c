"""Objects as files: what lies in a folder beside them."""

import os
import time
from pathlib import Path

import pytest

from footnote.app.core.errors import ObjectStoreError, SettingsError
from footnote.app.objects.directory import Directory
from footnote.app.objects.open import open_objects


def test_links_and_pipes_are_no_objects(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s")
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "link").symlink_to(tmp_path / "secret")
    os.mkfifo(tmp_path / "store" / "pipe")
    store = Directory(tmp_path / "store")
    assert list(store.found()) == []
    for name in ("link", "pipe"):
        assert store.size(name) is None
        with pytest.raises(ObjectStoreError):
            next(store.read(name))


def test_what_a_dead_writer_left_is_no_object_and_goes_in_time(tmp_path: Path) -> None:
    store = Directory(tmp_path)
    store.write("a", b"1")
    old, new = tmp_path / ".writing" / "old", tmp_path / ".writing" / "new"
    for draft in (old, new):
        draft.write_bytes(b"half")
    os.utime(old, (time.time() - 200_000,) * 2)
    assert [found.name for found in store.found()] == ["a"]
    store.delete(["a"])
    assert not old.exists()
    assert new.exists()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ObjectStoreError, match="cannot be written"):
        Directory(tmp_path / "file").write("a", b"1")


def test_a_folder_that_cannot_be_listed_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ObjectStoreError, match="cannot be read"):
        list(Directory(tmp_path / "file").found())


def test_addresses(tmp_path: Path) -> None:
    for address in (str(tmp_path), f"file:{tmp_path}", f"file://{tmp_path}", f"file://localhost{tmp_path}"):
        store = open_objects(address)
        assert isinstance(store, Directory)
        assert (store.root, store.address) == (tmp_path, address)


@pytest.mark.parametrize(
    "address", ["", "file://elsewhere/x", "ftp://a/b", "s3://key:secret@bucket/x", "s3:///x", "s3://Bucket/x"]
)
def test_addresses_that_mean_nothing(address: str) -> None:
    with pytest.raises(SettingsError) as raised:
        open_objects(address)
    assert "secret" not in str(raised.value)
