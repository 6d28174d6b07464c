"""The bytes of pages from generation to generation: exact, shared where nothing changed, gone with what named them."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnote.app.core.errors import IndexDamagedError
from footnote.app.index import raw_pages
from footnote.app.index.raw_pages import RawPages, compressed, write_raw_pages


def sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def write(folder: Path, contents: Iterable[bytes], base: Path | None = None) -> RawPages:
    """The pages of a generation, given as an ingest gives them: only what the base does not have."""
    wanted = set(contents)
    before = RawPages(base) if base else None
    sizes = {sha256(raw): len(raw) for raw in wanted}
    new = {}
    for raw in wanted:
        try:
            assert before and before.read(sha256(raw)) == raw
        except (AssertionError, IndexDamagedError):
            new[sha256(raw)] = compressed(raw)
    write_raw_pages(folder, sizes, new, before)
    return RawPages(folder)


def inodes(folder: Path) -> dict[str, int]:
    return {file.name: file.stat().st_ino for file in folder.iterdir()}


PAGES = [b"# One\r\n", b"", "größe\n".encode(), bytes(range(256)) * 40]


def test_every_page_is_read_as_it_was_written(tmp_path: Path) -> None:
    pages = write(tmp_path / "pages", PAGES)
    assert [pages.read(sha256(raw)) for raw in PAGES] == PAGES


def test_unchanged_pages_take_no_second_place(tmp_path: Path) -> None:
    write(tmp_path / "1", PAGES)
    write(tmp_path / "2", PAGES, tmp_path / "1")
    assert inodes(tmp_path / "2") == inodes(tmp_path / "1")


def test_a_change_writes_its_bucket_anew_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_pages, "_BYTES_A_BUCKET", 100)
    contents = [b"page %d" % number for number in range(100)]
    write(tmp_path / "1", contents)
    changed = write(tmp_path / "2", [*contents[1:], b"new"], tmp_path / "1")
    before, after = inodes(tmp_path / "1"), inodes(tmp_path / "2")
    assert len(before) > 4
    assert 1 <= sum(after[name] != inode for name, inode in before.items() if name in after) <= 2
    assert [changed.read(sha256(raw)) for raw in (*contents[1:], b"new")] == [*contents[1:], b"new"]
    with pytest.raises(IndexDamagedError):
        changed.read(sha256(contents[0]))


def test_a_page_that_nobody_has_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(IndexDamagedError, match="are not stored: run `footnote ingest --rebuild`"):
        write_raw_pages(tmp_path / "1", {"0" * 64: 1}, {})
    base = write(tmp_path / "2", PAGES)
    with pytest.raises(IndexDamagedError, match="cannot be read"):
        write_raw_pages(tmp_path / "3", {"0" * 64: 1}, {}, base)


@pytest.mark.parametrize("damage", [b"", b"garbage", b'{"a": 1}\n'])
def test_a_damaged_bucket_says_what_to_do(tmp_path: Path, damage: bytes) -> None:
    write(tmp_path / "1", PAGES)
    for file in (tmp_path / "1").iterdir():
        file.write_bytes(damage)
    with pytest.raises(IndexDamagedError, match="run `footnote ingest --rebuild`"):
        RawPages(tmp_path / "1").read(sha256(PAGES[0]))


def test_a_flipped_bit_is_never_handed_out(tmp_path: Path) -> None:
    write(tmp_path / "1", [b"stored"])
    (file,) = (tmp_path / "1").iterdir()
    whole = file.read_bytes()
    header = whole.index(b"\n") + 1
    for place in range(header, len(whole)):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(IndexDamagedError):
            RawPages(tmp_path / "1").read(sha256(b"stored"))


def test_the_bytes_of_another_page_are_never_handed_out(tmp_path: Path) -> None:
    one, other = b"one", b"two"
    write(tmp_path / "1", [one, other])
    (file,) = (tmp_path / "1").iterdir()
    header, rest = file.read_bytes().decode("latin-1").split("\n", 1)
    names = {sha256(one): sha256(other), sha256(other): sha256(one)}
    swapped = json.dumps({names[name]: length for name, length in json.loads(header).items()})
    file.write_text(f"{swapped}\n{rest}", "latin-1", newline="")
    with pytest.raises(IndexDamagedError, match="are others"):
        RawPages(tmp_path / "1").read(sha256(one))


def test_no_folder_is_an_error_and_not_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(IndexDamagedError):
        RawPages(tmp_path / "pages").read("0" * 64)


@given(st.lists(st.sets(st.integers(0, 40), min_size=1), min_size=1, max_size=5), st.integers(20, 2000))
def test_generations_in_a_row_hold_what_they_name(
    tmp_path_factory: pytest.TempPathFactory, generations: list[set[int]], bucket_bytes: int
) -> None:
    root = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(raw_pages, "_BYTES_A_BUCKET", bucket_bytes)
        for number, wanted in enumerate(generations):
            base = root / str(number - 1) if number else None
            write(root / str(number), (b"x" * (one * 7) for one in wanted), base)
    for number, wanted in enumerate(generations):
        pages = RawPages(root / str(number))
        for one in range(41):
            raw = b"x" * (one * 7)
            if one in wanted:
                assert pages.read(sha256(raw)) == raw
            else:
                with pytest.raises(IndexDamagedError):
                    pages.read(sha256(raw))
