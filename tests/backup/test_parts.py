"""A backup as parts in a store of objects: there whole or not at all, and begun again where it broke off."""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from footnote.app.backup import pack
from footnote.app.backup.backup import back_up
from footnote.app.backup.restore import check, restore
from footnote.app.core.errors import BackupError, ObjectMissingError, ObjectStoreError
from footnote.app.objects.directory import Directory
from footnote.app.questions.question_log import QuestionLog
from tests.backup.backups import backed_up, quiet

PART_BYTES = 64 * 1024


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pack, "PART_BYTES", PART_BYTES)


@pytest.fixture
def bucket(tmp_path: Path) -> Path:
    return tmp_path / "bucket"


class Sending:
    """Counts what is written to a folder of objects, and breaks off after some of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.names: list[str] = []
        self.most = 10_000
        write = Directory.write

        def counted(objects: Directory, name: str, content: bytes | Iterable[bytes]) -> None:
            if len(self.names) == self.most:
                raise ObjectStoreError("the network is gone")
            self.names.append(name)
            write(objects, name, content)

        monkeypatch.setattr(Directory, "write", counted)


@pytest.fixture
def sending(monkeypatch: pytest.MonkeyPatch) -> Sending:
    return Sending(monkeypatch)


def test_parts_are_restored_as_the_file_is(in_use: Path, bucket: Path, tmp_path: Path) -> None:
    made = back_up(in_use, f"file:{bucket}/docs", quiet)
    parts = sorted((bucket / "docs.parts").iterdir())
    assert len(parts) > 5 and made.size_bytes == sum(part.stat().st_size for part in parts)
    restore(f"file:{bucket}/docs", tmp_path / "index", quiet)
    assert backed_up(tmp_path / "index") == backed_up(in_use)
    (tmp_path / "docs.tar.gz").write_bytes(b"".join(part.read_bytes() for part in parts))
    assert check(str(tmp_path / "docs.tar.gz"), quiet).contents == made.contents


def test_a_backup_that_broke_off_is_none_and_begun_again_it_sends_the_rest(
    in_use: Path, bucket: Path, sending: Sending
) -> None:
    address = f"file:{bucket}/docs"
    sending.most = 4
    with pytest.raises(ObjectStoreError):
        back_up(in_use, address, quiet)
    with pytest.raises(ObjectMissingError):
        check(address, quiet)
    sent, sending.names, sending.most = set(sending.names[1:]), [], 10_000  # the first one holds the time
    back_up(in_use, address, quiet)
    assert len(sent & set(sending.names)) == 0
    assert sending.names[-1] == "docs"
    listed = [part["name"] for part in json.loads((bucket / "docs").read_text())["parts"]]
    assert {f"docs.parts/{file.name}" for file in (bucket / "docs.parts").iterdir()} == set(listed)
    assert len(sent & set(listed)) == 3
    check(address, quiet)


def test_of_an_unchanged_generation_only_the_logs_are_sent_again(
    index_dir: Path, bucket: Path, sending: Sending
) -> None:
    address = f"file:{bucket}/docs"
    back_up(index_dir, address, quiet)
    first, sending.names = set(sending.names), []
    QuestionLog(index_dir, 90).keep_feedback("Is it newer?", False)
    back_up(index_dir, address, quiet, replace=True)
    assert 2 <= len(set(sending.names) - first) < len(first) / 2
    restore(address, bucket.parent / "index", quiet)
    assert len(QuestionLog(bucket.parent / "index", 90).read()) == 2


def test_what_is_there_is_not_replaced_unless_told_to(in_use: Path, bucket: Path) -> None:
    back_up(in_use, f"file:{bucket}/docs", quiet)
    with pytest.raises(BackupError, match="is there already"):
        back_up(in_use, f"file:{bucket}/docs", quiet)


def changed(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-9] + b"x" * 9)


@pytest.mark.parametrize("harm", [changed, Path.unlink, lambda part: part.write_bytes(b"")])
def test_a_part_that_is_another_or_missing_is_noticed_before_anything_is_restored(
    in_use: Path, bucket: Path, tmp_path: Path, harm: object
) -> None:
    back_up(in_use, f"file:{bucket}/docs", quiet)
    harm(sorted((bucket / "docs.parts").iterdir())[3])  # type: ignore[operator]
    with pytest.raises((BackupError, ObjectStoreError)):
        restore(f"file:{bucket}/docs", tmp_path / "index", quiet)
    assert not list((tmp_path / "index" / "generations").iterdir())


@pytest.mark.parametrize(
    "parts",
    [
        b"{}",
        b"no JSON",
        b'{"footnote_backup": 2, "encrypted": false, "parts": []}',
        b'{"footnote_backup": 1, "encrypted": false, "parts": [{"name": "../x", "sha256": "%s"}]}' % (b"0" * 64),
        b'{"footnote_backup": 1, "encrypted": false, "parts": [{"name": "docs.parts/../../x", "sha256": "%s"}]}'
        % (b"0" * 64),
        b'{"footnote_backup": 1, "encrypted": false, "parts": [{"name": "docs.parts/1", "sha256": 1}]}',
        b'{"footnote_backup": 1, "encrypted": false, "parts": []}',
    ],
)
def test_a_list_of_parts_is_not_believed(bucket: Path, parts: bytes) -> None:
    bucket.mkdir()
    (bucket / "x").write_bytes(b"secret")
    (bucket / "docs").write_bytes(parts)
    with pytest.raises((BackupError, ObjectStoreError)):
        check(f"file:{bucket}/docs", quiet)


def test_parts_beside_it_stay(in_use: Path, bucket: Path) -> None:
    back_up(in_use, f"file:{bucket}/one", quiet)
    shutil.copytree(bucket / "one.parts", bucket / "other.parts")
    back_up(in_use, f"file:{bucket}/one", quiet, replace=True)
    assert len(list((bucket / "other.parts").iterdir())) > 5


def test_parts_and_their_list_are_for_their_owner_alone(in_use: Path, bucket: Path) -> None:
    back_up(in_use, f"file:{bucket}/docs", quiet)
    modes = {file.stat().st_mode & 0o777 for file in bucket.rglob("*") if file.is_file()}
    assert modes == {0o600}


def test_a_backup_named_in_the_other_form_is_told_its_own(in_use: Path, archive: Path, bucket: Path) -> None:
    back_up(in_use, f"file:{bucket}/docs", quiet)
    with pytest.raises(BackupError, match=f"name it file:{bucket}/docs, "):
        check(str(bucket / "docs"), quiet)
    with pytest.raises(BackupError, match="is a backup in one file"):
        check(f"file:{archive}", quiet)
