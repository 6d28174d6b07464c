"""Archives that anybody may have written: one error, and nothing of them on the disk."""

import gzip
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from footnote.app.backup import unpack
from footnote.app.backup.contents import from_json
from footnote.app.backup.pack import END, header_of, padding_of
from footnote.app.backup.restore import check, restore
from footnote.app.core.errors import BackupError
from tests.backup.backups import quiet

MEMBERS: Mapping[str, bytes] = {"generation/manifest.json": b"{}", "questions.sqlite3": b"rows" * 300}


def described(files: Mapping[str, bytes], **fields: Any) -> dict[str, Any]:
    listed = [
        {"name": name, "size_bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in files.items()
    ]
    return {
        "format": 1, "tool_version": "0.1.0", "created_at": "2026-01-01T00:00:00+00:00", "generation": 1,
        "index_format": 7, "files": 1, "chunks": 1, "members": listed, **fields,
    }  # fmt: skip


def member(name: str, content: bytes, header: bytes | None = None) -> bytes:
    return (header or header_of(name, len(content))) + content + padding_of(len(content))


def packed(members: Mapping[str, bytes], listed: Mapping[str, Any] | bytes | None = None, end: bytes = END) -> bytes:
    text = listed if isinstance(listed, bytes) else json.dumps(listed or described(members)).encode()
    return gzip.compress(member("backup.json", text) + b"".join(member(*one) for one in members.items()) + end)


def other_header(name: str, content: bytes, **fields: Any) -> bytes:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    for field, value in fields.items():
        setattr(entry, field, value)
    return entry.tobuf(tarfile.GNU_FORMAT)


def with_header(name: str = "questions.sqlite3", **fields: Any) -> bytes:
    """An archive in which the last member's header is another one."""
    listed = json.dumps(described(MEMBERS)).encode()
    content = MEMBERS["questions.sqlite3"]
    first = member("generation/manifest.json", b"{}")
    last = member("", content, other_header(name, content, **fields))
    return gzip.compress(member("backup.json", listed) + first + last + END)


def with_name(name: str) -> bytes:
    return packed({"generation/manifest.json": b"{}", name: b"x"})


def with_list(**fields: Any) -> bytes:
    return packed(MEMBERS, described(MEMBERS, **fields))


def rehashed(**fields: Any) -> bytes:
    """An archive whose list says something else of the last member."""
    listed = described(MEMBERS)
    listed["members"][1] |= fields
    return packed(MEMBERS, listed)


def ordinary_tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as tar:
        tar.addfile(tarfile.TarInfo("page.md"))
    return file.getvalue()


WHOLE = packed(MEMBERS)
HOSTILE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "cut off"),
    "no archive": (b"PK\x03\x04" + os.urandom(5000), "no backup of Footnote"),
    "another tar": (ordinary_tar(), "does not begin with its list"),
    "a list that is no JSON": (packed(MEMBERS, b"{"), "no backup of Footnote"),
    "a list nested without end": (packed(MEMBERS, b"[" * 100_000), "no backup of Footnote"),
    "a list of another shape": (packed(MEMBERS, b"[]"), "no backup of Footnote"),
    "fields of other types": (with_list(chunks="many"), "1 wrong fields"),
    "a later format": (with_list(format=2), "format 2, this version reads 1"),
    "a later index": (with_list(index_format=99), "99; this version reads 7: upgrade Footnote"),
    "a path upwards": (with_name("generation/../../CURRENT"), "which no backup of Footnote holds"),
    "an absolute path": (with_name("/etc/passwd"), "which no backup of Footnote holds"),
    "a path with a line end": (with_name("generation/x\n"), "which no backup of Footnote holds"),
    "a path of Windows": (with_name("generation/..\\..\\x"), "which no backup of Footnote holds"),
    "a file of the folder": (with_name("CURRENT"), "which no backup of Footnote holds"),
    "an environment file": (with_name(".env"), "which no backup of Footnote holds"),
    "a deep path": (with_name("generation/a/b/c/d/e"), "which no backup of Footnote holds"),
    "a long name": (with_name("generation/" + "x" * 99), "wrong fields"),
    "a name twice": (with_list(members=described(MEMBERS)["members"] * 2), "names a file twice"),
    "names that differ in case": (
        packed({"generation/manifest.json": b"{}", "generation/A": b"", "generation/a": b""}), "names a file twice"
    ),
    "a file that is a folder": (
        packed({"generation/manifest.json": b"{}", "generation/a": b"", "generation/a/b": b""}), "of no index"
    ),
    "no manifest": (packed({"questions.sqlite3": b""}), "of no index"),
    "a symbolic link": (with_header(type=tarfile.SYMTYPE, linkname="/etc/passwd"), "what is not listed"),
    "a hard link": (with_header(type=tarfile.LNKTYPE, linkname="CURRENT"), "what is not listed"),
    "a device": (with_header(type=tarfile.CHRTYPE, devmajor=1, devminor=3), "what is not listed"),
    "a pipe": (with_header(type=tarfile.FIFOTYPE), "what is not listed"),
    "a folder": (with_header(type=tarfile.DIRTYPE), "what is not listed"),
    "a program of another user": (with_header(mode=0o4755), "what is not listed"),
    "another name than listed": (with_header("../../.bashrc"), "what is not listed"),
    "a size in the header alone": (with_header(size=5), "what is not listed"),
    "a hash of something else": (rehashed(sha256="0" * 64), "another hash"),
    "less than listed": (rehashed(size_bytes=1199), "what is not listed"),
    "more than listed": (rehashed(size_bytes=1201), "what is not listed"),
    "a negative size": (rehashed(size_bytes=-1), "wrong fields"),
    "what is not listed": (packed(MEMBERS, described(MEMBERS), member("more", b"x") + END), "what is not listed"),
    "something after the end": (packed(MEMBERS, None, END + b"x" * 512), "more comes after its end"),
    "another stream after the end": (WHOLE + gzip.compress(b"x" * 512), "more comes after its end"),
    "no gzip after the end": (WHOLE + b"x" * 512, "no backup of Footnote"),
    "a list without end": (
        gzip.compress(header_of("backup.json", 2**40) + b" " * 2**20), "does not begin with its list"
    ),
    "zeros without end": (
        gzip.compress(member("backup.json", json.dumps(described(MEMBERS)).encode()) + bytes(2**26)), "not listed"
    ),
    "one byte": (WHOLE[:1], "cut off"),
    "half of it": (WHOLE[: len(WHOLE) // 2], "cut off"),
    "all but the last byte": (WHOLE[:-1], "cut off"),
}  # fmt: skip


@pytest.mark.parametrize(("archive", "problem"), HOSTILE.values(), ids=HOSTILE)
def test_it_is_refused_and_nothing_of_it_stays(tmp_path: Path, archive: bytes, problem: str) -> None:
    file, index_dir = tmp_path / "a.tar.gz", tmp_path / "index"
    file.write_bytes(archive)
    for read in (lambda: check(str(file), quiet), lambda: restore(str(file), index_dir, quiet)):
        with pytest.raises(BackupError, match=problem):
            read()
    left = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert left <= {"a.tar.gz", ".lock"}


def test_each_byte_that_changes_what_is_restored_is_noticed(archive: Path, tmp_path: Path) -> None:
    whole = archive.read_bytes()
    file = tmp_path / "a.tar.gz"
    noticed = 0
    for place in range(0, len(whole), len(whole) // 150):
        flipped = whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :]
        file.write_bytes(flipped)
        try:
            check(str(file), quiet)
        except BackupError:
            noticed += 1
        else:  # the time in gzip's header, or another distance to the same zeros
            assert gzip.decompress(flipped) == gzip.decompress(whole)
    assert noticed > 140


@pytest.mark.parametrize("manifest", [b"{}", b"[]", b"{", b"[" * 100_000, b'{"format": 7, "store": "milvus"}'])
def test_a_manifest_that_is_none_is_refused_before_anything_is_put_in_place(tmp_path: Path, manifest: bytes) -> None:
    (tmp_path / "a").write_bytes(packed(dict(MEMBERS) | {"generation/manifest.json": manifest}))
    with pytest.raises(BackupError, match="holds no manifest of an index: nothing was restored"):
        restore(str(tmp_path / "a"), tmp_path / "index", quiet)
    assert {path.name for path in (tmp_path / "index").iterdir()} == {".lock", "generations"}


def test_of_a_list_that_is_too_long_nothing_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "MOST_LIST_BYTES", 100)
    (tmp_path / "a").write_bytes(WHOLE)
    with pytest.raises(BackupError, match="does not begin with its list"):
        check(str(tmp_path / "a"), quiet)


def test_a_list_of_before_there_were_names_of_collections_is_read() -> None:
    older = from_json(json.dumps(described(MEMBERS)).encode())
    assert (older.collection, older.docs) == ("", "")
    with pytest.raises(BackupError, match="1 wrong fields"):
        from_json(json.dumps(described(MEMBERS, collection="../x")).encode())
