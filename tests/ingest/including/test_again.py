"""What is shown changes: the next ingest does what is new alone, and the index equals one built from nothing."""

import json
import threading
from pathlib import Path

import pytest

from footnote.app.core.errors import DeletionsError
from footnote.app.core.settings import Settings
from footnote.app.models.embedder import Embedder
from footnote.ingest.commands.watch import watch_and_ingest
from tests.ingest.contents import Memoised, assert_exact, quiet_ingest
from tests.ingest.including.conftest import Write
from tests.ingest.ingesting import chunks_of, look_ahead, run

PAGE = '# Relay\n\n## Connect\n\nOpen it:\n\n```python\n--8<-- "code/a.py"\n```\n'
OTHER = "# Other\n\nA zebra grazes beside the relay.\n"
CODE = "import relay\n\nrelay.open(7070)\n"


@pytest.fixture
def settings(write: Write) -> Settings:
    return write({"docs/page.md": PAGE, "docs/other.md": OTHER, "docs/code/a.py": CODE})


def edit(settings: Settings, path: str, text: str | None) -> None:
    file = settings.folders.docs_dir / path
    if text is None:
        file.unlink()
    else:
        file.write_text(text)


@pytest.mark.parametrize(
    ("edits", "changes", "embedded"),
    [
        ({"code/a.py": CODE.replace("7070", "9090")}, ([], ["code/a.py"], []), 1),
        ({"code/a.py": None}, ([], [], ["code/a.py"]), 0),
        ({"page.md": PAGE.replace("--8<--", ";--8<--")}, ([], ["page.md"], ["code/a.py"]), 1),
        ({"page.md": PAGE.replace("## Connect", "## Open")}, ([], ["code/a.py", "page.md"], []), 2),
        ({"other.md": OTHER + '\n--8<-- "code/a.py:1:1"\n'}, ([], ["code/a.py", "other.md"], []), 1),
        (
            {"code/a.py": None, "code/b.py": CODE, "page.md": PAGE.replace("a.py", "b.py")},
            (["code/b.py"], ["page.md"], ["code/a.py"]),
            1,
        ),
    ],
    ids=["edited", "deleted", "not shown any more", "shown elsewhere", "shown twice", "moved"],
)
def test_what_changed_is_done_alone(
    settings: Settings,
    memoised: Memoised,
    tmp_path: Path,
    edits: dict[str, str | None],
    changes: tuple[list[str], list[str], list[str]],
    embedded: int,
) -> None:
    quiet_ingest(settings, memoised)
    assert not quiet_ingest(settings, memoised).published
    for path, text in edits.items():
        edit(settings, path, text)
    plan = look_ahead(settings).plan
    assert (list(plan.added), list(plan.changed), list(plan.deleted)) == changes
    report = quiet_ingest(settings, memoised)
    assert report.published and report.embedded <= embedded
    assert_exact(settings, memoised, tmp_path / "fresh")


def test_a_page_becomes_an_included_file_and_back(write: Write, memoised: Memoised, tmp_path: Path) -> None:
    settings = write({"docs/page.md": PAGE.replace("code/a.py", "part.md"), "docs/part.md": "A part of the relay.\n"})
    quiet_ingest(settings, memoised)
    assert [chunk.included_by for chunk in chunks_of(settings, "part.md")] == [()]
    narrower = settings.changed(include=("page.md",))
    quiet_ingest(narrower, memoised)
    assert [chunk.included_by for chunk in chunks_of(settings, "part.md")] == [("page.md",)]
    assert_exact(narrower, memoised, tmp_path / "narrower")
    quiet_ingest(settings, memoised)
    assert [chunk.included_by for chunk in chunks_of(settings, "part.md")] == [()]
    assert_exact(settings, memoised, tmp_path / "again")


def test_an_index_of_a_version_that_showed_nothing_is_looked_through_once(
    settings: Settings, memoised: Memoised, tmp_path: Path
) -> None:
    quiet_ingest(settings.changed(include_roots=("none",)), memoised)
    folder = settings.folders.index_dir / "generations" / "1"
    fields = json.loads((folder / "manifest.json").read_text())
    del fields["include_roots"], fields["included"]
    (folder / "manifest.json").write_text(json.dumps(fields))
    rows = [json.loads(line) for line in (folder / "files.jsonl").read_text().splitlines()]
    for row in rows:
        row.pop("includes", None)
    (folder / "files.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    report = quiet_ingest(settings, memoised)
    assert (report.rebuilt_because, report.plan.added, report.plan.changed) == (None, ("code/a.py",), ())
    assert report.embedded == 1
    assert_exact(settings, memoised, tmp_path / "fresh")
    assert not quiet_ingest(settings, memoised).published


def test_a_folder_that_is_gone_takes_nothing_with_it(write: Write, embedder: Embedder, tmp_path: Path) -> None:
    targets = "\n".join(f'--8<-- "../code/{number}.py"' for number in range(20))
    code: dict[str, str | bytes] = {f"code/{number}.py": f"import relay{number}\n" for number in range(20)}
    settings = write({"docs/page.md": f"# Page\n\n{targets}\n", **code}, include_roots=str(tmp_path / "code"))
    run(settings, embedder)
    (tmp_path / "code").rename(tmp_path / "unmounted")
    with pytest.raises(DeletionsError, match="20 of the 21 files"):
        run(settings, embedder)
    (tmp_path / "unmounted").rename(tmp_path / "code")
    (tmp_path / "docs/page.md").write_text("# Page\n\nIt shows nothing any more.\n")
    assert run(settings, embedder).plan.deleted == tuple(sorted(f"code/{number}.py" for number in range(20)))


def test_a_change_beside_the_docs_folder_is_seen_while_watching(write: Write, tmp_path: Path) -> None:
    page = PAGE.replace("code/a.py", "../code/a.py")
    settings = write({"docs/page.md": page, "code/a.py": CODE}, include_roots=str(tmp_path / "code"))
    stop, ingested = threading.Event(), threading.Semaphore(0)
    thread = threading.Thread(
        target=watch_and_ingest,
        args=(settings, lambda *_: None, lambda _: ingested.release(), lambda _: None, stop),
        daemon=True,
    )
    thread.start()
    try:
        assert ingested.acquire(timeout=60)
        threading.Timer(0.5, lambda: (tmp_path / "code/a.py").write_text(CODE.replace("7070", "9090"))).start()
        assert ingested.acquire(timeout=30)
    finally:
        stop.set()
        thread.join(timeout=30)
    assert "9090" in chunks_of(settings, "code/a.py")[0].text
