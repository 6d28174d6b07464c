"""Encrypted backups: read by their recipients alone, and by `age` as by Footnote."""

from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from footnote.app.backup import pack
from footnote.app.backup.backup import back_up
from footnote.app.backup.restore import check, restore
from footnote.app.core.errors import BackupError, SettingsError
from tests.backup.backups import backed_up, quiet

pytestmark = pytest.mark.scale


def new_key(file: Path) -> str:
    """The public key of a new pair, whose private one is in the file, as `age-keygen -o` writes it."""
    import pyrage

    identity = pyrage.x25519.Identity.generate()
    file.write_text(f"# created: 2026-01-01\n# public key: {identity.to_public()}\n{identity}\n")
    return str(identity.to_public())


@pytest.fixture(params=["file", "parts"])
def address(request: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(pack, "PART_BYTES", 64 * 1024)
    return str(tmp_path / "docs.age") if request.param == "file" else f"file:{tmp_path}/bucket/docs"


def files_of(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_the_holder_of_the_key_restores_it_and_nobody_else(in_use: Path, address: str, tmp_path: Path) -> None:
    public, _ = new_key(tmp_path / "key"), new_key(tmp_path / "other")
    assert back_up(in_use, address, quiet, [public]).encrypted
    with pytest.raises(BackupError, match=r"is encrypted: name the file of the private key with --identity"):
        restore(address, tmp_path / "index", quiet)
    with pytest.raises(BackupError, match="it is for another key, or damaged"):
        restore(address, tmp_path / "index", quiet, tmp_path / "other")
    assert not (tmp_path / "index").exists()
    restore(address, tmp_path / "index", quiet, tmp_path / "key")
    assert backed_up(tmp_path / "index") == backed_up(in_use)


def test_each_of_several_recipients_reads_it(in_use: Path, address: str, tmp_path: Path) -> None:
    back_up(in_use, address, quiet, [new_key(tmp_path / "a"), new_key(tmp_path / "b")])
    assert check(address, quiet, tmp_path / "a").contents == check(address, quiet, tmp_path / "b").contents


def test_it_shows_nothing_and_age_reads_it(in_use: Path, tmp_path: Path) -> None:
    import pyrage

    file = tmp_path / "docs.age"
    back_up(in_use, str(file), quiet, [new_key(tmp_path / "key")])
    assert file.read_bytes().startswith(b"age-encryption.org/v1\n") and b"\x1f\x8b\x08\x00\x00" not in file.read_bytes()
    identity = pyrage.x25519.Identity.from_str((tmp_path / "key").read_text().split()[-1])
    (tmp_path / "docs.tar.gz").write_bytes(pyrage.decrypt(file.read_bytes(), [identity]))
    check(str(tmp_path / "docs.tar.gz"), quiet)


def test_parts_that_are_there_for_others_are_sent_again(in_use: Path, tmp_path: Path) -> None:
    address = f"file:{tmp_path}/bucket/docs"
    back_up(in_use, address, quiet, [new_key(tmp_path / "a")])
    back_up(in_use, address, quiet, [new_key(tmp_path / "b")], replace=True)
    check(address, quiet, tmp_path / "b")
    with pytest.raises(BackupError):
        check(address, quiet, tmp_path / "a")


def test_parts_that_are_there_are_not_sent_again(in_use: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pack, "PART_BYTES", 64 * 1024)
    address, key = f"file:{tmp_path}/bucket/docs", new_key(tmp_path / "key")
    back_up(in_use, address, quiet, [key])
    before = {file.name: file.read_bytes() for file in (tmp_path / "bucket" / "docs.parts").iterdir()}
    back_up(in_use, address, quiet, [key], replace=True)
    after = {file.name: file.read_bytes() for file in (tmp_path / "bucket" / "docs.parts").iterdir()}
    same = before.keys() & after.keys()
    assert len(same) > len(before) / 2 and all(before[name] == after[name] for name in same)
    check(address, quiet, tmp_path / "key")


@pytest.mark.parametrize("place", [30, 150, -100_00, -1])
def test_a_changed_byte_is_noticed(in_use: Path, tmp_path: Path, place: int) -> None:
    file = tmp_path / "docs.age"
    back_up(in_use, str(file), quiet, [new_key(tmp_path / "key")])
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)
    with pytest.raises(BackupError):
        restore(str(file), tmp_path / "index", quiet, tmp_path / "key")
    assert not (tmp_path / "index" / "CURRENT").exists()


def test_one_that_is_cut_off_is_noticed(in_use: Path, tmp_path: Path) -> None:
    file = tmp_path / "docs.age"
    back_up(in_use, str(file), quiet, [new_key(tmp_path / "key")])
    file.write_bytes(file.read_bytes()[:-20_000])
    with pytest.raises(BackupError):
        check(str(file), quiet, tmp_path / "key")


def test_keys_of_ssh_do_as_well(in_use: Path, tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    (tmp_path / "id").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    public = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    back_up(in_use, str(tmp_path / "docs.age"), quiet, [public])
    check(str(tmp_path / "docs.age"), quiet, tmp_path / "id")


@pytest.mark.parametrize("key", ["age1abc", "", "AGE-SECRET-KEY-1QQQ", "ssh-ed25519 AAAA"])
def test_what_is_no_public_key_is_refused(in_use: Path, tmp_path: Path, key: str) -> None:
    with pytest.raises(SettingsError, match="is no public key"):
        back_up(in_use, str(tmp_path / "a"), quiet, [key])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", ["", "AGE-SECRET-KEY-1QQQ", "-----BEGIN OPENSSH PRIVATE KEY-----", "\udcff"])
def test_what_is_no_private_key_is_refused_without_repeating_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "key").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(SettingsError, match="holds no private key") as raised:
        check(str(tmp_path / "a"), quiet, tmp_path / "key")
    assert "1QQQ" not in str(raised.value)
    with pytest.raises(SettingsError, match="No such file"):
        check(str(tmp_path / "a"), quiet, tmp_path / "none")


def test_a_private_key_given_as_a_public_one_is_not_repeated(in_use: Path, tmp_path: Path) -> None:
    new_key(tmp_path / "key")
    private = (tmp_path / "key").read_text().split()[-1]
    with pytest.raises(SettingsError) as raised:
        back_up(in_use, str(tmp_path / "a"), quiet, [private])
    assert private[20:40] not in str(raised.value)
