"""An index that an older release wrote: an upgrade is said, and one ingest away.

`tests/index/older/format-2.tar.xz` was made by a version whose indexes had format 2, from two pages, with a question
log of version 1.
"""

import json
import shutil
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from footnote.app.backup.backup import back_up
from footnote.app.backup.restore import restore
from footnote.app.core.errors import FootnoteError, IndexDamagedError, OtherDocsError
from footnote.app.core.settings import Settings, load_settings
from footnote.app.index.docs_folder import require_same_docs, with_docs_dir
from footnote.app.index.manifest import FORMAT
from footnote.app.index.reader import open_index
from footnote.app.kept.answer_log import AnswerLog
from footnote.app.models.embedder import Embedder
from footnote.app.questions.question_log import QuestionLog
from footnote.app.sharing.store import AnswerStore
from tests.backup.backups import footnote, quiet
from tests.conftest import CORPUS, WriteDocs
from tests.ingest.ingesting import chunks, run
from tests.serving import Serve, until

OLDER = CORPUS.parent / "index" / "older" / "format-2.tar.xz"
PAGES = ("install.md", "guides/backups.md")
ASKED_S = 1_795_764_535  # when the question in its log was asked


@pytest.fixture
def older(tmp_path: Path, write_docs: WriteDocs) -> Settings:
    """The settings of the older index, whose docs are now in another folder of this machine."""
    docs_dir = write_docs(tmp_path / "docs", {path: (CORPUS / path).read_bytes() for path in PAGES})
    index_dir = tmp_path / "index"
    with tarfile.open(OLDER) as archive:
        archive.extractall(index_dir, filter="data")
    manifest = index_dir / "generations" / "1" / "manifest.json"
    fields = json.loads(manifest.read_text())
    assert fields["format"] == 2
    manifest.write_text(json.dumps(fields | {"docs_dir": str(docs_dir)}))
    return load_settings(env_file=None, index_dir=index_dir)


def log_of(settings: Settings) -> QuestionLog:
    return QuestionLog(settings.folders.index_dir, 90, lambda: ASKED_S + 60)


def test_asking_says_which_format_it_is_and_what_to_do(older: Settings) -> None:
    with pytest.raises(IndexDamagedError, match=rf"has format 2, this version reads {FORMAT}: run `footnote ingest`, "):
        open_index(older.folders.index_dir)


def test_a_later_format_says_to_upgrade(older: Settings) -> None:
    manifest = older.folders.index_dir / "generations" / "1" / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"format": FORMAT + 1}))
    with pytest.raises(IndexDamagedError, match=r"upgrade Footnote, or run `footnote ingest`"):
        open_index(older.folders.index_dir)


def test_an_ingest_without_a_folder_builds_it_anew_from_its_own_docs_and_says_so(older: Settings) -> None:
    done = footnote("ingest", "--index-dir", older.folders.index_dir)
    assert done.returncode == 0, done.stderr
    assert "the index is built from nothing, because: the index" in done.stderr
    assert done.stderr.split("nothing, because: ")[1].rstrip().endswith(f"has format 2, this version reads {FORMAT}")
    assert done.stdout.startswith("generation 2: 2 files, ")
    asked = footnote("ask", "How do I install Relay?", "--index-dir", older.folders.index_dir)
    assert "install.md" in asked.stdout, asked.stderr


def test_it_becomes_what_a_new_index_of_its_docs_is(older: Settings, tmp_path: Path, embedder: Embedder) -> None:
    settings = with_docs_dir(older)
    report = run(settings, embedder)
    assert (report.published, report.manifest.generation, report.manifest.files) == (True, 2, 2)
    again = run(settings, embedder)
    assert (again.published, again.rebuilt_because) == (False, None)
    new = settings.changed(index_dir=tmp_path / "new")
    run(new, embedder)
    assert chunks(settings) == chunks(new)


def test_an_upgrade_replaces_no_index_of_other_docs(older: Settings, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with pytest.raises(OtherDocsError, match="was built from"):
        require_same_docs(older.changed(docs_dir=tmp_path / "other"))


def test_a_service_says_so_and_serves_once_it_is_built_anew(older: Settings, serve: Serve, embedder: Embedder) -> None:
    index_dir = older.folders.index_dir
    service = serve("--index-dir", str(index_dir))
    asking = ("POST", "/query", {"question": "How do I install Relay?"})
    until(lambda: service.request(*asking)[2]["type"] == "urn:footnote:problem:index-damaged")
    status, _, problem = service.request(*asking)
    assert status == 503 and "run `footnote ingest`" in problem["detail"]
    run(with_docs_dir(older), embedder)
    service.serves(2)
    assert service.request(*asking)[0] == 200


def test_what_was_asked_is_read_and_written_on(older: Settings) -> None:
    assert [kept.question for kept in log_of(older).read()] == ["How do I install Relay on a router?"]
    log_of(older).keep_feedback("Is it newer?", False)
    assert log_of(older).dismiss(["Is it newer?"]) == 1
    assert [kept.question for kept in log_of(older).read()] == ["How do I install Relay on a router?"]


def test_a_backup_of_it_is_restored_and_built_anew(older: Settings, tmp_path: Path, embedder: Embedder) -> None:
    back_up(older.folders.index_dir, str(tmp_path / "a.tar.gz"), quiet, with_cache=True)
    report = restore(str(tmp_path / "a.tar.gz"), tmp_path / "restored", quiet)
    assert report.needs_ingest and report.contents.index_format == 2
    restored = with_docs_dir(older.changed(index_dir=tmp_path / "restored"))
    assert len(log_of(restored).read()) == 1
    assert run(restored, embedder).manifest.generation == 2
    shutil.rmtree(older.folders.index_dir)
    assert len(chunks(restored)) == run(restored, embedder).manifest.chunks


def set_version(file: Path, version: int) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")


def test_a_log_of_a_later_version_is_refused_with_what_to_do(tmp_path: Path) -> None:
    readers: dict[str, Callable[[], object]] = {
        "questions.sqlite3": QuestionLog(tmp_path, 90).read,
        "kept_answers.sqlite3": lambda: list(AnswerLog(tmp_path, 90).read()),
        "answers.sqlite3": AnswerStore(tmp_path, 90).all,
    }
    for name, read in readers.items():
        set_version(tmp_path / name, 99)
        with pytest.raises(FootnoteError, match=rf"{name} is of another version of Footnote: move it away"):
            read()


def test_a_cache_of_another_version_is_made_anew(older: Settings, embedder: Embedder) -> None:
    set_version(older.folders.index_dir / "cache.sqlite3", 99)
    report = run(with_docs_dir(older), embedder)
    assert (report.published, report.embedded) == (True, report.manifest.chunks)
