import json
import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from footnote.app.core.errors import (
    IndexDamagedError,
    IndexMissingError,
    IndexWriteError,
    IngestRunningError,
    SettingsError,
)
from footnote.app.core.types import Fingerprint, Skip
from footnote.app.index.generations import Generations
from footnote.app.index.manifest import FORMAT, FileRecord, Manifest, read_files, read_manifest, write_manifest

MANIFEST = Manifest(
    format=FORMAT,
    generation=3,
    created_at="2024-03-01T10:20:30+00:00",
    tool_version="1.2.3",
    docs_dir="/srv/größe",
    include=("**/*.md", "*.mdx"),
    exclude=("drafts/",),
    max_file_mb=2.5,
    embedder=Fingerprint("model", "0" * 64),
    dimension=384,
    graph_sha256="4" * 64,
    chunk_size_chars=1000,
    chunk_overlap_chars=200,
    small_section_chars=120,
    files=2,
    chunks=7,
    replaced_chunks=5,
    flavour="markdown",
    anchor_style="docusaurus",
    languages={"de": 1, "": 1},
    skipped=(Skip("a.md", "binary", "holds NUL bytes"),),
)
FILES = [
    FileRecord("b.md", "1" * 64, 10, 20, "B", {}, (), ""),
    FileRecord(
        "ä/a.md", "2" * 64, 11, 21, "Größe\n\u2028", {"tags": ["x", None], "n": {"m": 1.5}}, ("id1", "id2"), "de"
    ),
]


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    return Generations(tmp_path / "index")


def publish(generations: Generations, content: str = "") -> int:
    with generations.lock(), generations.building() as folder:
        (folder / "chroma").mkdir()
        (folder / "chroma" / "content").write_text(content)
        number = generations.next_number()
        generations.publish(folder, number)
    return number


def content(generations: Generations) -> str:
    return (generations.folder(generations.live()) / "chroma" / "content").read_text()


def numbers(generations: Generations) -> list[int]:
    return sorted(int(folder.name) for folder in (generations.index_dir / "generations").iterdir())


def process_with_lock(generations: Generations) -> subprocess.Popen[str]:
    """Another process that has begun to ingest and is stuck."""
    program = (
        "import sys, time; from pathlib import Path; from footnote.app.index.generations import Generations\n"
        "with Generations(Path(sys.argv[1])).lock():\n"
        "    print('locked', flush=True)\n"
        "    time.sleep(600)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(generations.index_dir)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "locked\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL


def test_before_the_first_ingest_nothing_is_live_and_nothing_is_created(generations: Generations) -> None:
    assert generations.current() is None
    assert generations.next_number() == 1
    with pytest.raises(IndexMissingError, match=f"no index in {re.escape(str(generations.index_dir))}: run `footnote"):
        generations.live()
    assert not generations.index_dir.exists()


def test_publishing_makes_a_folder_live_under_the_next_number(generations: Generations) -> None:
    assert [publish(generations, "one"), publish(generations, "two")] == [1, 2]
    assert generations.live() == 2
    assert content(generations) == "two"
    assert (generations.index_dir / "CURRENT").read_text() == "2\n"
    assert numbers(generations) == [1, 2]


def test_a_failure_while_building_leaves_the_live_generation_and_no_rest(generations: Generations) -> None:
    publish(generations, "one")
    with pytest.raises(KeyboardInterrupt), generations.building() as folder:
        (folder / "half").write_text("x")
        raise KeyboardInterrupt
    assert content(generations) == "one"
    assert numbers(generations) == [1]
    assert not folder.exists()


def test_what_a_killed_ingest_left_in_building_is_not_in_the_next_generation(generations: Generations) -> None:
    leftover = generations.index_dir / "building" / "chroma" / "leftover"
    leftover.parent.mkdir(parents=True)
    leftover.write_text("x")
    publish(generations, "one")
    assert [file.name for file in (generations.folder(1) / "chroma").iterdir()] == ["content"]


def test_a_generation_that_was_moved_but_never_made_live_is_passed_over_and_swept(generations: Generations) -> None:
    publish(generations, "one")
    generations.folder(2).mkdir()
    assert generations.live() == 1
    assert generations.next_number() == 3
    generations.sweep(previous=None)
    assert numbers(generations) == [1]


def test_sweeping_keeps_the_live_generation_and_the_one_before(generations: Generations) -> None:
    for number in range(4):
        publish(generations, str(number))
    generations.folder(5).mkdir()  # what an ingest left that died before it was live: not what readers hold
    generations.sweep(previous=3)
    assert numbers(generations) == [3, 4]
    assert content(generations) == "3"
    assert publish(generations) == 5


@pytest.mark.parametrize("damage", [b"", b"two", b"-1", b"1.5", b"\xff", "²".encode()])
def test_a_damaged_current_is_an_error_that_the_next_ingest_repairs(generations: Generations, damage: bytes) -> None:
    publish(generations, "one")
    (generations.index_dir / "CURRENT").write_bytes(damage)
    with pytest.raises(IndexDamagedError, match="CURRENT"):
        generations.live()
    assert publish(generations, "two") == 2
    assert content(generations) == "two"


def test_the_lock_is_held_once_and_can_be_taken_again(generations: Generations) -> None:
    with generations.lock():
        pass
    refused = pytest.raises(IngestRunningError, match="another ingest is running on .*wait for it")
    with generations.lock(), refused, Generations(generations.index_dir).lock():
        pass


def test_another_process_holds_the_lock_until_it_is_killed(generations: Generations) -> None:
    process = process_with_lock(generations)
    try:
        with pytest.raises(IngestRunningError), generations.lock():
            pass
    finally:
        end(process)
    with generations.lock():
        pass


def test_two_indexes_have_two_locks(tmp_path: Path) -> None:
    with Generations(tmp_path / "a").lock(), Generations(tmp_path / "b").lock():
        pass


def test_an_index_folder_that_cannot_be_made_is_a_write_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused = pytest.raises(IndexWriteError, match="cannot be written .*check space and permissions")
    with refused, Generations(tmp_path / "file").lock():
        pass


def test_write_errors_lets_errors_of_our_own_through(generations: Generations) -> None:
    with pytest.raises(SettingsError, match="^as it is$"), generations.write_errors():
        raise SettingsError("as it is")
    with pytest.raises(IndexWriteError, match=r"\(disk full\): nothing was published"), generations.write_errors():
        raise OSError("disk full")


def test_manifest_and_files_come_back_as_they_were_written_by_path(tmp_path: Path) -> None:
    write_manifest(tmp_path, MANIFEST, FILES[::-1])
    assert read_manifest(tmp_path) == MANIFEST
    assert read_files(tmp_path) == FILES
    assert (tmp_path / "files.jsonl").read_bytes().count(b"\n") == 2


def test_another_format_is_refused_with_both_numbers(tmp_path: Path) -> None:
    write_manifest(tmp_path, replace(MANIFEST, format=FORMAT + 1), FILES)
    message = f"has format {FORMAT + 1}, this version reads {FORMAT}: upgrade Footnote, or run `footnote ingest`"
    with pytest.raises(IndexDamagedError, match=message):
        read_manifest(tmp_path)


@pytest.mark.parametrize("text", [None, "", "{", "[]", "null", "{}", json.dumps({"format": FORMAT})])
def test_a_manifest_that_cannot_be_read_is_damage(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(IndexDamagedError, match=r"manifest\.json cannot be read .*: run `footnote ingest --rebuild`"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("text", [None, "{", "[]\n", "{}\n", '{"path": "a.md"}\n'])
def test_a_file_list_that_cannot_be_read_is_damage(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "files.jsonl").write_text(text)
    with pytest.raises(IndexDamagedError, match=r"files\.jsonl cannot be read .*: run `footnote ingest --rebuild`"):
        read_files(tmp_path)
