"""Links, copies and durable writes."""

import errno
import os
from pathlib import Path

import pytest

from footnote.app.core import files
from footnote.app.core.files import copy_file, copy_tree, remove_busy_folder, replace_text, share_file

CONTENT = bytes(range(256)) * 1000


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "source").write_bytes(CONTENT)
    return tmp_path / "source"


def failing_with(number: int) -> object:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


def test_a_shared_file_is_one_file_with_two_names(source: Path, tmp_path: Path) -> None:
    share_file(source, tmp_path / "target")
    assert source.samefile(tmp_path / "target")
    source.unlink()
    assert (tmp_path / "target").read_bytes() == CONTENT


@pytest.mark.parametrize("number", [errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.EACCES])
def test_a_file_that_cannot_be_linked_is_copied(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(os, "link", failing_with(number))
    share_file(source, tmp_path / "target")
    assert not source.samefile(tmp_path / "target")
    assert (tmp_path / "target").read_bytes() == CONTENT


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_told_and_nothing_is_copied(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(os, "link", failing_with(number))
    with pytest.raises(OSError, match=os.strerror(number)):
        share_file(source, tmp_path / "target")
    assert not (tmp_path / "target").exists()


def test_a_file_is_neither_shared_over_another_nor_from_nowhere(source: Path, tmp_path: Path) -> None:
    (tmp_path / "target").write_text("mine")
    with pytest.raises(FileExistsError):
        share_file(source, tmp_path / "target")
    with pytest.raises(FileNotFoundError):
        share_file(tmp_path / "missing", tmp_path / "other")
    assert (tmp_path / "target").read_text() == "mine"


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_a_copy_is_a_file_of_its_own(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    monkeypatch.setattr(files.sys, "platform", platform)
    copy_file(source, tmp_path / "target")
    with (tmp_path / "target").open("r+b") as target:
        target.write(b"changed")
    assert source.read_bytes() == CONTENT
    assert (tmp_path / "target").read_bytes() == b"changed" + CONTENT[7:]


def test_a_tree_is_copied_with_its_empty_folders(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "a" / "b").mkdir(parents=True)
    (tree / "empty").mkdir()
    (tree / "a" / "b" / "größe").write_bytes(CONTENT)
    (tree / "file").write_bytes(b"")
    copy_tree(tree, tmp_path / "copy")
    copied = sorted(path.relative_to(tmp_path / "copy").as_posix() for path in (tmp_path / "copy").rglob("*"))
    assert copied == ["a", "a/b", "a/b/größe", "empty", "file"]
    assert (tmp_path / "copy/a/b/größe").read_bytes() == CONTENT
    assert not (tmp_path / "copy/file").samefile(tree / "file")
    with pytest.raises(FileExistsError):
        copy_tree(tree, tmp_path / "copy")


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_text_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str) -> None:
    file = tmp_path / "CURRENT"
    replace_text(file, "1\n")
    with monkeypatch.context() as patch:
        patch.setattr(os, failing, failing_with(errno.EIO))
        with pytest.raises(OSError, match="Input/output error"):
            replace_text(file, "a longer text\n")
    assert file.read_text() == "1\n"
    assert list(tmp_path.iterdir()) == [file]
    replace_text(file, "größe\n")
    assert file.read_text("utf-8") == "größe\n"
    assert list(tmp_path.iterdir()) == [file]


def test_a_reader_of_a_replaced_text_goes_on_reading_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "CURRENT"
    replace_text(file, "old" * 10_000)
    with file.open() as reader:
        first = reader.read(3)
        replace_text(file, "new")
        assert first + reader.read() == "old" * 10_000
    assert file.read_text() == "new"


def test_a_text_is_on_disk_before_it_has_its_name_and_its_name_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a power cut leaves is either text, whole: each step is durable before the next."""
    steps: list[tuple[str, str]] = []
    rename = Path.replace

    def renamed(path: Path, target: Path) -> Path:
        steps.append(("rename", target.name))
        return rename(path, target)

    monkeypatch.setattr(files, "sync", lambda path: steps.append(("sync", path.name)))
    monkeypatch.setattr(Path, "replace", renamed)
    replace_text(tmp_path / "CURRENT", "1\n")
    assert steps == [("sync", "CURRENT.new"), ("rename", "CURRENT"), ("sync", tmp_path.name)]


def test_all_files_and_folders_of_a_tree_are_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "file").write_text("x")
    (tmp_path / "file").write_text("x")
    synced: list[str] = []
    monkeypatch.setattr(files, "sync", lambda path: synced.append(path.relative_to(tmp_path).as_posix()))
    files.sync_tree(tmp_path)
    assert sorted(synced) == [".", "a", "a/b", "a/file", "file"]


def test_a_folder_is_removed_although_another_thread_still_writes_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "draft"
    folder.mkdir()
    late = iter(["a", "b"])
    unlink = os.rmdir

    def rmdir(path: str, *, dir_fd: int | None = None) -> None:
        for name in late:
            (folder / name).write_text("written after the folder was listed")
            break
        unlink(path, dir_fd=dir_fd)

    monkeypatch.setattr("os.rmdir", rmdir)
    remove_busy_folder(folder)
    assert not folder.exists()


def test_a_folder_that_cannot_be_removed_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "draft").mkdir()
    monkeypatch.setattr("os.rmdir", failing_with(errno.EACCES))
    with pytest.raises(PermissionError):
        remove_busy_folder(tmp_path / "draft")
