"""A backup that is restored gives the same answers, byte for byte, and holds all that was asked, saved and kept."""

import json
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from footnote.app.access.keys.store import KeyStore
from footnote.app.access.keys.types import NewKey
from footnote.app.access.types import Grant
from footnote.app.backup.backup import back_up
from footnote.app.backup.restore import check, restore
from footnote.app.core import disk
from footnote.app.core.errors import (
    BackupError,
    BackupThereError,
    DiskSpaceError,
    IndexDamagedError,
    IndexMissingError,
    IndexOccupiedError,
    IndexWriteError,
    IngestRunningError,
    ReplicaError,
    SettingsError,
)
from footnote.app.core.progress import OnProgress
from footnote.app.index.generations import Generations
from footnote.app.index.reader import open_index
from footnote.app.models.embedder import Embedder
from footnote.app.questions.question_log import QuestionLog
from footnote.ingest.flow import ingest
from tests.backup.backups import KEYS, LOGS, answer, backed_up, contents, footnote, quiet
from tests.conftest import GuideIndex


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def test_an_empty_machine_gives_the_same_answers_byte_for_byte(in_use: Path, tmp_path: Path) -> None:
    archive, restored = tmp_path / "docs.tar.gz", tmp_path / "another" / "machine"
    made = footnote("backup", archive, "--index-dir", in_use, "--json")
    assert made.returncode == 0, made.stderr
    described = json.loads(made.stdout)
    assert (described["generation"], described["encrypted"]) == (1, False)
    assert described["size_bytes"] == archive.stat().st_size < described["unpacked_bytes"]
    done = footnote("restore", archive, "--index-dir", restored)
    assert done.stdout.startswith(f"generation 1 is live in {restored}: "), done.stderr
    assert backed_up(restored) == backed_up(in_use)
    assert answer(restored) == answer(in_use)


def test_what_was_asked_is_its_owners_alone_in_the_archive_and_where_it_is_restored(
    archive: Path, tmp_path: Path
) -> None:
    assert mode(archive) == 0o600
    restore(str(archive), tmp_path / "index", quiet)
    private = (*LOGS, KEYS)
    assert {name: mode(tmp_path / "index" / name) for name in private} == dict.fromkeys(private, 0o600)
    assert len(QuestionLog(tmp_path / "index", 90).read()) == 1


def test_nothing_is_left_of_the_work_but_the_archive(index_dir: Path, tmp_path: Path) -> None:
    before = contents(index_dir)
    (tmp_path / "backups").mkdir()
    back_up(index_dir, str(tmp_path / "backups"), quiet)
    (file,) = (tmp_path / "backups").iterdir()
    assert file.name.startswith("footnote-2") and file.name.endswith("Z-g1.tar.gz")
    assert contents(index_dir) == before
    restore(str(file), tmp_path / "restored", quiet)
    assert {entry.name for entry in (tmp_path / "restored").iterdir()} == {
        ".lock", "CURRENT", "generations", "evaluation.json", "tuning.json", *LOGS, KEYS
    }  # fmt: skip


def test_the_archive_is_one_that_tar_reads(archive: Path) -> None:
    listed = subprocess.run(["tar", "tzf", archive], capture_output=True, text=True, check=True).stdout.split()
    assert listed[0] == "backup.json"
    assert {"generation/manifest.json", "generation/chroma/chroma.sqlite3", "tuning.json", *LOGS, KEYS} < set(listed)
    assert not {name for name in listed if "cache" in name or "lease" in name or "jobs" in name}
    with tarfile.open(archive) as opened:
        assert all(member.isfile() and member.mode == 0o600 for member in opened)


def test_the_cache_of_embeddings_comes_along_when_asked_for(index_dir: Path, tmp_path: Path) -> None:
    back_up(index_dir, str(tmp_path / "a"), quiet, with_cache=True)
    restore(str(tmp_path / "a"), tmp_path / "index", quiet)
    assert contents(tmp_path / "index")["cache.sqlite3"] == contents(index_dir)["cache.sqlite3"]


def test_a_backup_is_not_replaced_unless_told_to(in_use: Path, archive: Path, tmp_path: Path) -> None:
    file = tmp_path / "docs.tar.gz"
    file.write_text("precious")
    with pytest.raises(BackupThereError, match=r"is there already: name another one, or replace it with --force") as it:
        back_up(in_use, str(file), quiet)
    assert it.value.exit_code == IndexOccupiedError.exit_code == 2
    assert file.read_text() == "precious"
    back_up(in_use, str(file), quiet, replace=True)
    assert check(str(file), quiet).contents.files == check(str(archive), quiet).contents.files


def test_an_index_in_use_is_not_touched_unless_told_to(index_dir: Path, archive: Path) -> None:
    before = contents(index_dir)
    with pytest.raises(IndexOccupiedError, match=r"holds an index \(generation 1\), questions.sqlite3, .*--force"):
        restore(str(archive), index_dir, quiet)
    assert contents(index_dir) == before


def test_forced_the_restored_index_is_live_beside_the_old_one_and_logs_are_set_aside(
    index_dir: Path, archive: Path
) -> None:
    (index_dir / "evaluation.json").write_text('{"newer": true}')
    QuestionLog(index_dir, 90).keep_feedback("Is it newer?", False)
    before = contents(index_dir)
    with closing(open_index(index_dir)) as reader:
        report = restore(str(archive), index_dir, quiet, force=True)
        assert reader.chunks.count() == reader.vectors.count()
    assert report.generation == 2 and Generations(index_dir).live() == 2
    with closing(open_index(index_dir)) as index:
        assert index.generation == 2
    after = contents(index_dir)
    # Chroma's database notes who opens it.
    assert all(
        after[path] == before[path]
        for path in before
        if path.startswith("generations/1/") and "chroma.sqlite3" not in path
    )
    assert len(QuestionLog(index_dir, 90).read()) == 1
    assert report.set_aside is not None and mode(report.set_aside) == 0o700
    assert len(QuestionLog(report.set_aside, 90).read()) == 2
    aside = contents(report.set_aside)
    assert aside == {name: before[name] for name in ("evaluation.json", "tuning.json", *LOGS)}
    assert Generations(index_dir).roll_back() == 1


def test_a_key_is_good_after_a_restore_and_keys_that_are_there_stay(index_dir: Path, tmp_path: Path) -> None:
    keys = KeyStore(index_dir)
    key, secret = keys.create(NewKey("jane", Grant(frozenset({"search"}), paths=frozenset({"guides/"}))))
    archive = str(tmp_path / "docs.tar.gz")
    back_up(index_dir, archive, quiet)
    restore(archive, tmp_path / "restored", quiet)
    caller = KeyStore(tmp_path / "restored").caller(secret, None)
    assert caller == keys.caller(secret, None) and caller is not None and caller.grants == (key.grant,)
    # What was revoked and made since the backup stays so where the index alone is set back.
    keys.revoke(key.id)
    _, newer = keys.create(NewKey("joe"))
    restore(archive, index_dir, quiet, force=True)
    assert keys.caller(secret, None) is None and keys.caller(newer, None) is not None


def test_a_purge_removes_what_was_set_aside(
    index_dir: Path, archive: Path, guide_index: GuideIndex, embedder: Embedder
) -> None:
    aside = restore(str(archive), index_dir, quiet, force=True).set_aside
    assert aside is not None
    ingest(guide_index.settings.changed(index_dir=index_dir), quiet, embedder, purge=True)
    assert not aside.exists()


def test_what_a_killed_writer_left_beside_a_log_is_not_rolled_back_into_the_restored_one(
    index_dir: Path, archive: Path
) -> None:
    hot = index_dir / "questions.sqlite3-journal"
    hot.write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + b"\0" * 504)
    report = restore(str(archive), index_dir, quiet, force=True)
    assert not hot.exists() and report.set_aside is not None
    assert len(QuestionLog(index_dir, 90).read()) == 1


def test_a_restore_that_died_while_it_put_files_in_place_is_begun_again(
    archive: Path, in_use: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index_dir = tmp_path / "index"
    with monkeypatch.context() as patch:
        patch.setattr(Generations, "publish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            restore(str(archive), index_dir, quiet)
    assert not (index_dir / "CURRENT").exists() and (index_dir / "questions.sqlite3").exists()
    report = restore(str(archive), index_dir, quiet)
    assert (report.generation, report.set_aside) == (1, None)
    assert backed_up(index_dir) == backed_up(in_use)
    assert not (index_dir / "restoring").exists()
    with pytest.raises(IndexOccupiedError):
        restore(str(archive), index_dir, quiet)


def test_an_ingest_and_a_restore_exclude_each_other(archive: Path, tmp_path: Path) -> None:
    with Generations(tmp_path).lock(), pytest.raises(IngestRunningError):
        restore(str(archive), tmp_path, quiet)


def test_two_backups_of_a_folder_exclude_each_other(in_use: Path, tmp_path: Path) -> None:
    def second(stage: str, done: int, total: int) -> None:
        with pytest.raises(BackupError, match="another backup of"):
            back_up(in_use, str(tmp_path / "b"), quiet)

    back_up(in_use, str(tmp_path / "a"), second)


@pytest.mark.parametrize("part", ["chroma/chroma.sqlite3", "tantivy/meta.json", "manifest.json"])
def test_an_index_that_lacks_a_part_is_not_backed_up(index_dir: Path, tmp_path: Path, part: str) -> None:
    (index_dir / "generations" / "1" / part).unlink()
    with pytest.raises(IndexDamagedError, match="run `footnote ingest --rebuild`"):
        back_up(index_dir, str(tmp_path / "a"), quiet)
    assert not (tmp_path / "a").exists()


def test_a_damaged_graph_is_not_backed_up(index_dir: Path, tmp_path: Path) -> None:
    (graph,) = index_dir.glob("generations/1/chroma/*/data_level0.bin")
    graph.write_bytes(b"x" + graph.read_bytes()[1:])
    with pytest.raises(IndexDamagedError, match="graph files"):
        back_up(index_dir, str(tmp_path / "a"), quiet)


def test_without_an_index_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError):
        back_up(tmp_path / "index", str(tmp_path / "a"), quiet)
    assert not list(tmp_path.iterdir())


def test_what_the_disk_cannot_hold_is_not_begun(
    in_use: Path, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "free_bytes", lambda folder: 10**5)
    with pytest.raises(DiskSpaceError, match=r"needs about .* MB in .*, and 0.1 MB are free: make room"):
        restore(str(archive), tmp_path / "index", quiet)
    with pytest.raises(DiskSpaceError):
        back_up(in_use, str(tmp_path / "a"), quiet)
    assert not list(tmp_path.iterdir()) and not (in_use / "backing-up").exists()


@contextmanager
def largest_file(size_bytes: int) -> Iterator[None]:
    """A block in which no file can be larger, as on a full disk."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.parametrize(("size_bytes", "problem"), [(50_000, "cannot be copied"), (500_000, "cannot be written")])
def test_a_full_disk_leaves_no_half_archive(index_dir: Path, tmp_path: Path, size_bytes: int, problem: str) -> None:
    (index_dir / "evaluation.json").write_bytes(os.urandom(600_000))
    before = contents(index_dir)
    (tmp_path / "backups").mkdir()
    with largest_file(size_bytes), pytest.raises(BackupError, match=problem):
        back_up(index_dir, str(tmp_path / "backups"), quiet)
    assert not list((tmp_path / "backups").iterdir())
    assert contents(index_dir) == before


def test_a_disk_that_gets_full_in_a_restore_leaves_what_was_there(
    index_dir: Path, archive: Path, tmp_path: Path
) -> None:
    before = contents(index_dir)
    with largest_file(50_000), pytest.raises(IndexWriteError, match="is not live, and one that was is unchanged"):
        restore(str(archive), index_dir, quiet, force=True)
    assert contents(index_dir) == before and not (index_dir / "restoring").exists()


@pytest.mark.parametrize("address", ["s3://", "s3:///key", "s3://bucket", "ftp://host/key"])
def test_an_address_that_is_none_is_refused(in_use: Path, address: str) -> None:
    with pytest.raises(SettingsError):
        back_up(in_use, address, quiet)


def test_a_missing_file_and_a_folder_are_no_backups(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="No such file"):
        check(str(tmp_path / "none"), quiet)
    with pytest.raises(SettingsError, match="is a folder: name the backup in it"):
        check(str(tmp_path), quiet)


def test_a_missing_extra_is_named(in_use: Path, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyrage", None)
    with pytest.raises(SettingsError, match=r"encrypted backups need pyrage .*'.\[encryption\]'"):
        back_up(in_use, str(tmp_path / "a"), quiet, ["age1abc"])
    with pytest.raises(SettingsError, match=r"encrypted backups need pyrage"):
        restore(str(archive), tmp_path / "index", quiet, tmp_path / "key")
    assert not list(tmp_path.iterdir())


def stopped_at(stage: str) -> OnProgress:
    """Ctrl-C, as soon as this stage has something done."""

    def on_progress(now: str, done: int, total: int) -> None:
        if now == stage:
            raise KeyboardInterrupt

    return on_progress


@pytest.mark.parametrize("stage", ["check", "pack"])
def test_a_backup_that_is_stopped_leaves_nothing(index_dir: Path, tmp_path: Path, stage: str) -> None:
    before = contents(index_dir)
    (tmp_path / "backups").mkdir()
    with pytest.raises(KeyboardInterrupt):
        back_up(index_dir, str(tmp_path / "backups"), stopped_at(stage))
    assert not list((tmp_path / "backups").iterdir())
    assert contents(index_dir) == before


def test_a_restore_that_is_stopped_leaves_what_was_there(index_dir: Path, archive: Path) -> None:
    before = contents(index_dir)
    with pytest.raises(KeyboardInterrupt):
        restore(str(archive), index_dir, stopped_at("unpack"), force=True)
    assert contents(index_dir) == before


def test_a_replica_is_not_restored_into(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "replica.json").write_text('{"source": "s3://bucket"}')
    with pytest.raises(ReplicaError):
        restore(str(archive), tmp_path, quiet, force=True)
    assert [entry.name for entry in tmp_path.iterdir()] == ["replica.json"]


@pytest.mark.parametrize("store", ["chroma", "postgres", "milvus"])
def test_what_lies_on_a_server_is_said_to_and_not_called_damaged(index_dir: Path, tmp_path: Path, store: str) -> None:
    generation = index_dir / "generations" / "1"
    shutil.rmtree(generation / "chroma")
    manifest = json.loads((generation / "manifest.json").read_text()) | {"store": store}
    (generation / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(BackupError, match=f"lie in {store}, .* back up the server by its own means"):
        back_up(index_dir, str(tmp_path / "a"), quiet)
    assert not (tmp_path / "a").exists()


def test_one_that_tar_packed_again_is_refused_with_the_reason(archive: Path, tmp_path: Path) -> None:
    with tarfile.open(archive) as opened:
        names = opened.getnames()
        opened.extractall(tmp_path / "unpacked", filter="data")
    for form in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        again = tmp_path / f"{form}.tar.gz"
        with tarfile.open(again, "w:gz", format=form) as opened:
            for name in names:
                opened.add(tmp_path / "unpacked" / name, name)
        with pytest.raises(BackupError, match="another program packed, also again from the files of a backup"):
            check(str(again), quiet)
