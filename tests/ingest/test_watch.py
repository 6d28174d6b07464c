"""Keeping up with a docs folder, through everything that happens to it."""

import queue
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from footnote.app.core.errors import DocsFolderError, FootnoteError, IngestRunningError
from footnote.app.core.settings import Settings
from footnote.app.index.generations import Generations
from footnote.app.models.embedder import Embedder
from footnote.ingest import build, flow
from footnote.ingest.commands import watch
from footnote.ingest.commands.watch import watch_and_ingest
from footnote.ingest.flow import IngestReport
from tests.conftest import WriteDocs
from tests.ingest.ingesting import chunks, chunks_of

WAIT_S = 60  # for what must come; a test that passes never waits so long


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, embedder: Embedder) -> None:
    """Shorter pauses, and the embedder that is loaded already."""
    for name, pause in {"_QUIET_MS": 50, "_LOOK_MS": 50, "_TRY_AGAIN_S": 0.1}.items():
        monkeypatch.setattr(watch, name, pause)
    monkeypatch.setattr(build, "make_embedder", lambda *_: embedder)


class Watched:
    """What a watching thread told, in order."""

    def __init__(self) -> None:
        self.told: queue.Queue[IngestReport | FootnoteError] = queue.Queue()

    def report(self) -> IngestReport:
        """The next thing told; it must be a report."""
        told = self.told.get(timeout=WAIT_S)
        assert isinstance(told, IngestReport), told
        return told

    def published(self) -> IngestReport:
        """The next report of something published."""
        while not (report := self.report()).published:
            pass
        return report

    def error(self) -> FootnoteError:
        """The next error; reports that nothing changed may come before it."""
        while isinstance(told := self.told.get(timeout=WAIT_S), IngestReport):
            assert not told.published
        return told

    def rest(self) -> list[IngestReport | FootnoteError]:
        return [self.told.get_nowait() for _ in range(self.told.qsize())]


@contextmanager
def watching(settings: Settings) -> Iterator[Watched]:
    """A thread that watches, until the end of the block."""
    watched, stop = Watched(), threading.Event()
    thread = threading.Thread(
        target=watch_and_ingest, args=(settings, lambda *_: None, watched.told.put, watched.told.put, stop)
    )
    thread.start()
    try:
        yield watched
    finally:
        stop.set()
        thread.join(WAIT_S)
    assert not thread.is_alive()


def test_it_ingests_at_the_start_and_after_each_change(settings: Settings, write_docs: WriteDocs) -> None:
    with watching(settings) as watched:
        first = watched.report()
        assert (first.published, first.manifest.generation, first.manifest.files) == (True, 1, 3)
        write_docs(settings.folders.docs_dir, {"cache.md": "# Cache\n\nIt is gone.\n"})
        assert watched.published().plan.changed == ("cache.md",)
        write_docs(settings.folders.docs_dir, {"deep/down/new.md": "new"})
        assert watched.published().plan.added == ("deep/down/new.md",)
        (settings.folders.docs_dir / "ports.md").unlink()
        assert watched.published().plan.deleted == ("ports.md",)
        (settings.folders.docs_dir / "deep").rename(settings.folders.docs_dir / "up")
        report = watched.published()
        assert (report.plan.added, report.plan.deleted) == (("up/down/new.md",), ("deep/down/new.md",))
        write_docs(settings.folders.docs_dir, {".gitignore": "up/\n"})
        assert watched.published().plan.deleted == ("up/down/new.md",)
    assert {chunk.path for chunk in chunks(settings)} == {"cache.md", "guides/backup.md"}


def test_an_index_that_is_up_to_date_is_reported_as_such_at_the_start(ingested: Settings) -> None:
    with watching(ingested) as watched:
        report = watched.report()
    assert (report.published, report.manifest.generation) == (False, 1)


def test_a_burst_of_changes_is_ingested_whole(settings: Settings, write_docs: WriteDocs) -> None:
    with watching(settings) as watched:
        watched.report()
        for number in range(100):
            write_docs(settings.folders.docs_dir, {f"burst/{number}.md": f"# {number}\n\nOnce.\n"})
            write_docs(settings.folders.docs_dir, {f"burst/{number}.md": f"# {number}\n\nTwice.\n"})
        reports = [watched.published()]
        while reports[-1].manifest.files < 103 or any("Once." in chunk.text for chunk in chunks(settings)):
            reports.append(watched.published())
    added = [path for report in reports for path in report.plan.added]
    assert sorted(added) == sorted(f"burst/{number}.md" for number in range(100))
    assert len(reports) < 20


def test_a_change_during_an_ingest_leads_to_another_one(
    settings: Settings, write_docs: WriteDocs, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest = flow.ingest

    def ingest_and_edit(*arguments: object, **named: object) -> IngestReport:
        report = ingest(*arguments, **named)  # type: ignore[arg-type]
        if report.manifest.generation == 1:
            write_docs(settings.folders.docs_dir, {"cache.md": "# Cache\n\nChanged meanwhile.\n"})
        return report

    monkeypatch.setattr(watch, "ingest", ingest_and_edit)
    with watching(settings) as watched:
        assert watched.report().manifest.generation == 1
        assert watched.published().plan.changed == ("cache.md",)


def test_a_folder_that_goes_away_is_told_once_and_ingested_when_it_is_back_with_other_pages(
    settings: Settings, write_docs: WriteDocs
) -> None:
    with watching(settings) as watched:
        watched.report()
        shutil.rmtree(settings.folders.docs_dir)
        error = watched.error()
        assert isinstance(error, DocsFolderError)
        # While the tree goes away page by page, it may be seen empty before it is gone.
        while "does not exist" not in str(error):
            assert "no markdown in" in str(error)
            error = watched.error()
        assert len(chunks(settings)) > 0
        write_docs(settings.folders.docs_dir, {"other.md": "# Other\n\npages\n"})
        while watched.published().manifest.files != 1:
            pass
        write_docs(settings.folders.docs_dir, {"more.md": "# More\n\npages\n"})
        assert watched.published().plan.added == ("more.md",)
    assert not [told for told in watched.rest() if isinstance(told, FootnoteError)]
    assert [chunk.path for chunk in chunks(settings)] == ["more.md", "other.md"]


def test_a_folder_that_does_not_exist_yet_is_ingested_when_it_comes(
    settings: Settings, write_docs: WriteDocs, tmp_path: Path
) -> None:
    later = settings.changed(docs_dir=tmp_path / "later")
    with watching(later) as watched:
        assert str(watched.error()) == (
            f"the docs folder {tmp_path / 'later'} does not exist; "
            "name one with `footnote ingest DIR` or FOOTNOTE_DOCS_DIR"
        )
        settings.folders.docs_dir.rename(later.folders.docs_dir)
        assert watched.published().manifest.files == 3


def test_a_link_that_is_turned_to_another_folder_is_followed(
    settings: Settings, write_docs: WriteDocs, tmp_path: Path
) -> None:
    """As a deployment or a Kubernetes volume replaces a whole folder."""
    write_docs(tmp_path / "v2", {"second.md": "# Second\n\nversion\n"})
    (tmp_path / "current").symlink_to(settings.folders.docs_dir)
    linked = settings.changed(docs_dir=tmp_path / "current")
    with watching(linked) as watched:
        assert watched.report().manifest.files == 3
        (tmp_path / "next").symlink_to(tmp_path / "v2")
        (tmp_path / "next").replace(tmp_path / "current")
        assert watched.published().plan.added == ("second.md",)
        write_docs(tmp_path / "v2", {"third.md": "third"})
        assert watched.published().plan.added == ("third.md",)


def test_an_ingest_beside_a_running_one_is_told_and_made_up_for_without_another_change(
    ingested: Settings, write_docs: WriteDocs
) -> None:
    with watching(ingested) as watched:
        watched.report()
        with Generations(ingested.folders.index_dir).lock():
            write_docs(ingested.folders.docs_dir, {"cache.md": "# Cache\n\nIt is gone.\n"})
            assert isinstance(watched.error(), IngestRunningError)
        assert watched.published().plan.changed == ("cache.md",)


def test_any_error_is_survived_and_one_that_stays_the_same_is_told_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors: list[Exception] = [*[ValueError("one")] * 3, OSError("two"), ValueError("one")]
    ingest = flow.ingest

    def failing(*arguments: object, **named: object) -> IngestReport:
        if errors:
            raise errors.pop(0)
        return ingest(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(watch, "ingest", failing)
    with watching(settings) as watched:
        told = [str(watched.error()) for _ in range(3)]
        assert told == [
            f"{error}; trying again" for error in ("ValueError('one')", "OSError('two')", "ValueError('one')")
        ]
        assert watched.report().published
        errors.append(ValueError("one"))
        (settings.folders.docs_dir / "ports.md").unlink()
        # After a success the same error is news.
        assert str(watched.error()) == "ValueError('one'); trying again"
        assert watched.published().plan.deleted == ("ports.md",)


def test_an_index_below_the_docs_folder_does_not_wake_it(settings: Settings, write_docs: WriteDocs) -> None:
    inside = settings.changed(index_dir=settings.folders.docs_dir / "index")
    with watching(inside) as watched:
        assert watched.report().published
        for number in range(3):
            write_docs(settings.folders.docs_dir, {"cache.md": f"# Cache\n\nNumber {number}.\n"})
            assert watched.published().manifest.generation == number + 2
        # Writing a page may take two looks to see whole, an ingest none.
        threading.Event().wait(1)
        rest = watched.rest()
        assert len(rest) <= 1
        assert all(isinstance(told, IngestReport) and not told.published for told in rest)
    assert len(chunks_of(inside, "cache.md")) == 1


@pytest.mark.parametrize(
    ("path", "matters"),
    [
        ("a.md", True),
        ("deep/a.md", True),
        ("folder", True),
        ("image.png", True),  # may be a page by FOOTNOTE_INCLUDE
        (".gitignore", True),
        ("deep/.footnoteignore", True),
        (".a.md.swp", False),
        (".git/index.md", False),
        ("deep/.cache/a.md", False),
        ("index", False),
        ("index/generations/1/manifest.json", False),
        ("index.md", True),
        ("indexes/a.md", True),
    ],
)
def test_only_what_can_change_the_index_matters(tmp_path: Path, path: str, matters: bool) -> None:
    docs_dir = tmp_path / ".hidden" / "docs"  # what is above the docs folder does not count
    assert watch._matters(docs_dir / path, [docs_dir], docs_dir / "index") is matters
