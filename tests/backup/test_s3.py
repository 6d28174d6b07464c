"""Backups in a bucket of a real S3 server."""

from pathlib import Path

import pytest

from footnote.app.backup import pack
from footnote.app.backup.backup import back_up
from footnote.app.backup.restore import restore
from footnote.app.core.errors import ObjectMissingError, ObjectStoreError
from footnote.app.objects.s3 import S3
from tests.backup.backups import answer, backed_up, footnote, quiet
from tests.backup.test_encryption import new_key

pytestmark = pytest.mark.scale


def test_a_bucket_gives_the_same_answers_byte_for_byte(in_use: Path, s3_bucket: str, tmp_path: Path) -> None:
    address = f"s3://{s3_bucket}/nightly/docs.tar.gz"
    key = new_key(tmp_path / "key")
    made = footnote("backup", address, "--index-dir", in_use, "--recipient", key)
    assert made.stdout.startswith(f"{address}: generation 1, "), made.stderr
    assert made.stdout.endswith(", encrypted\n")
    done = footnote("restore", address, "--index-dir", tmp_path / "index", "--identity", tmp_path / "key")
    assert done.returncode == 0, done.stderr
    assert backed_up(tmp_path / "index") == backed_up(in_use)
    assert answer(tmp_path / "index") == answer(in_use)


def test_a_backup_that_broke_off_is_gone_on_with(
    in_use: Path, s3_bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pack, "PART_BYTES", 64 * 1024)
    address = f"s3://{s3_bucket}/{tmp_path.name}"
    sent: list[str] = []
    write = S3.write

    def breaks_off(objects: S3, name: str, content: bytes) -> None:
        if len(sent) == 4:
            raise ObjectStoreError("gone")
        sent.append(name)
        write(objects, name, content)

    with monkeypatch.context() as patch:
        patch.setattr(S3, "write", breaks_off)
        with pytest.raises(ObjectStoreError):
            back_up(in_use, address, quiet)
    with pytest.raises(ObjectMissingError):
        restore(address, tmp_path / "index", quiet)
    back_up(in_use, address, quiet)
    there = {one.name for one in S3(s3_bucket, "", "").found(f"{tmp_path.name}.parts")}
    assert set(sent[1:]) < there  # the first one holds the time
    restore(address, tmp_path / "index", quiet)
    assert backed_up(tmp_path / "index") == backed_up(in_use)


def test_a_bucket_that_is_not_there_is_said(in_use: Path, s3_bucket: str) -> None:
    done = footnote("backup", "s3://none-such/docs", "--index-dir", in_use)
    assert (done.returncode, done.stdout) == (1, "")
    assert "there is no such bucket" in done.stderr
