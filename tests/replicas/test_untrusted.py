"""What a target says is not believed."""

import hashlib
import json
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from footnote.app.core.errors import ObjectStoreError, ReplicaError
from footnote.app.replicas.follow import Replica
from tests.replicas.conftest import World, silent


@pytest.mark.parametrize(
    "path",
    [
        "../outside",
        "/etc/passwd",
        "a/../../b",
        "..",
        ".",
        "a//b",
        "a\\b",
        "C:x",
        "a\nb",
        "release.json",
        "a/b/c/d/e",
        "Manifest.json",
    ],
)
def test_no_file_is_written_elsewhere(published: World, path: str) -> None:
    def add(release: dict) -> None:
        release["files"].append({**release["files"][0], "path": path})

    published.tamper(add)
    before = sorted(published.root.iterdir())
    with pytest.raises(ReplicaError, match="cannot be read"):
        published.follow()
    assert published.live() is None
    assert {file.name for file in (published.root / "replica").rglob("*")} == {".lock", "generations", "replica.json"}
    assert len(sorted(published.root.iterdir())) == len(before) + 1


@pytest.mark.parametrize(
    "change",
    [
        {"size_bytes": -1},
        {"size_bytes": 10**15},
        {"block_bytes": 0},
        {"block_bytes": 10**9},
        {"blocks": []},
        {"blocks": ["x" * 64]},
        {"sha256": "../x"},
    ],
)
def test_sizes_and_hashes_are_bounded(published: World, change: dict) -> None:
    published.tamper(lambda release: release["files"][0].update(change))
    with pytest.raises(ReplicaError, match="cannot be read"):
        published.follow()


def test_more_than_the_disk_has_is_not_begun(published: World, monkeypatch: pytest.MonkeyPatch) -> None:
    free = published.release().size_bytes // 2
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=free))
    with pytest.raises(ReplicaError, match="make room"):
        published.follow()
    assert not (published.root / "replica" / "taking").exists()


@pytest.mark.parametrize(("shape", "match"), [("pointer", "has format 2"), ("release", "has format 2")])
def test_another_format_is_refused(published: World, shape: str, match: str) -> None:
    if shape == "release":
        published.tamper(lambda release: release.update(format=2))
    else:
        file = published.target.root / "CURRENT"
        file.write_text(json.dumps({**json.loads(file.read_text()), "format": 2}))
    with pytest.raises(ReplicaError, match=match):
        published.follow()


@pytest.mark.parametrize("content", [b"", b"7\n", b"{}", b"\xff", b"[" * 100_000, b'{"format": 1}'])
def test_what_is_no_pointer_is_said_to_be_none(published: World, content: bytes) -> None:
    (published.target.root / "CURRENT").write_bytes(content)
    with pytest.raises(ReplicaError, match="CURRENT in .* cannot be read"):
        published.follow()


def test_a_pointer_without_an_end_is_not_read_to_it(published: World) -> None:
    with (published.target.root / "CURRENT").open("wb") as file:
        file.truncate(10**9)
    with pytest.raises(ObjectStoreError, match="larger than"):
        published.follow()


@pytest.mark.parametrize("damage", [lambda content: b"#" + content[1:], lambda content: content + b"##"])
def test_a_damaged_part_is_not_taken_up(published: World, damage: Callable[[bytes], bytes]) -> None:
    published.follow("first")
    name = published.part_of("files.jsonl")
    content = (published.target.root / name).read_bytes()
    (published.target.root / name).write_bytes(damage(content))
    with pytest.raises(
        ReplicaError, match=f"{name} in .* is damaged: delete it there and run `footnote publish` again"
    ):
        published.follow()
    assert published.live() is None
    (published.target.root / name).unlink()
    published.publish()
    assert published.follow().taken


def test_a_damaged_release_is_not_taken_up(published: World) -> None:
    file = published.target.root / published.pointer().live.name
    file.write_bytes(file.read_bytes().replace(b'"generation":1', b'"generation":2'))
    with pytest.raises(ReplicaError, match="is damaged"):
        published.follow()


def test_a_file_whose_blocks_are_right_and_whose_hash_is_not(published: World) -> None:
    """Blocks that are there in another order."""

    def swap(release: dict) -> None:
        file = next(file for file in release["files"] if len(file["blocks"]) > 2)
        file["blocks"][0], file["blocks"][1] = file["blocks"][1], file["blocks"][0]

    published.tamper(swap)
    with pytest.raises(ReplicaError, match="is not as published"):
        published.follow()
    assert published.live() is None


def test_an_index_of_another_version_is_not_taken_up(published: World) -> None:
    def raise_format(release: dict) -> None:
        manifest = next(file for file in release["files"] if file["path"] == "manifest.json")
        old = (published.target.root / "parts" / manifest["blocks"][0][:2] / manifest["blocks"][0]).read_bytes()
        new = old.replace(b'"format": ', b'"format": 9')
        sha256 = hashlib.sha256(new).hexdigest()
        published.target.write(f"parts/{sha256[:2]}/{sha256}", new)
        manifest |= {"size_bytes": len(new), "sha256": sha256, "blocks": [sha256]}
        release["built"] = sha256

    published.follow()
    published.write(valve="The valve is red.")
    published.publish()
    published.tamper(raise_format)
    with pytest.raises(ReplicaError, match="install the version that the writer has"):
        published.follow()
    assert published.live() == 1


def test_links_in_a_target_lead_nowhere(published: World) -> None:
    name = published.part_of("files.jsonl")
    (published.target.root / name).rename(published.root / "elsewhere")
    (published.target.root / name).symlink_to(published.root / "elsewhere")
    with pytest.raises(ObjectStoreError):
        Replica(published.root / "replica", published.target, published.embedder.fingerprint).follow(silent)
