"""Much of a live index is not removed by accident: an unmounted folder, a wrong pattern, half a checkout."""

import json
import shlex
from pathlib import Path

import pytest

from footnote.app.core.errors import DeletionsError
from footnote.app.core.settings import Settings
from footnote.app.index.generations import Generations, live_manifest
from footnote.app.models.embedder import Embedder
from tests.conftest import WriteDocs
from tests.ingest.ingesting import look_ahead, run, search
from tests.ingest.test_ingest_modes import document, ingest_again, invoke
from tests.ingest.test_watch import watching

PAGES = 40
REMOVED = "11 of the 40 files of the index would be removed (p/00.md, p/01.md, p/02.md, ...)"


@pytest.fixture
def many(settings: Settings, embedder: Embedder, write_docs: WriteDocs) -> Settings:
    """Ingested: forty pages, of which none is among the three of other tests."""
    for page in list(settings.folders.docs_dir.rglob("*.md")):
        page.unlink()
    write_docs(
        settings.folders.docs_dir, {f"p/{n:02}.md": f"# Page {n}\n\nThe zebra of page {n}.\n" for n in range(PAGES)}
    )
    run(settings, embedder)
    return settings


def remove(settings: Settings, count: int) -> None:
    for number in range(count):
        (settings.folders.docs_dir / f"p/{number:02}.md").unlink()


def test_ten_pages_may_go(many: Settings, embedder: Embedder) -> None:
    remove(many, 10)
    assert run(many, embedder).manifest.files == 30


@pytest.mark.parametrize("mode", ["", "rebuild", "purge", "checksum"])
def test_more_than_ten_and_a_tenth_are_held_until_they_are_allowed(
    many: Settings, embedder: Embedder, mode: str
) -> None:
    before = search(many, embedder)
    remove(many, 11)
    flags = {mode: True} if mode else {}
    with pytest.raises(DeletionsError) as error:
        run(many, embedder, **flags)
    assert REMOVED in str(error.value) and "--allow-deletes" in str(error.value)
    assert search(many, embedder) == before
    report = run(many, embedder, allow_deletes=True, **flags)
    assert (report.published, report.manifest.files) == (True, 29)


def test_a_tenth_of_many_pages_may_go(many: Settings, embedder: Embedder, write_docs: WriteDocs) -> None:
    write_docs(many.folders.docs_dir, {f"q/{n}.md": f"# Other {n}\n\nText {n}.\n" for n in range(110 - PAGES)})
    run(many, embedder)
    remove(many, 11)
    assert run(many, embedder).manifest.files == 99


def test_moved_and_renamed_pages_are_not_removed(many: Settings, embedder: Embedder) -> None:
    (many.folders.docs_dir / "p").rename(many.folders.docs_dir / "q")
    assert run(many, embedder).manifest.files == PAGES


def test_a_pattern_that_leaves_much_out_is_held_as_well(many: Settings, embedder: Embedder) -> None:
    with pytest.raises(DeletionsError, match="20 of the 40"):
        run(many.changed(exclude=("p/[01]*.md",)), embedder)


def test_another_folder_replaces_the_index_whatever_it_holds(
    many: Settings, embedder: Embedder, write_docs: WriteDocs, tmp_path: Path
) -> None:
    other = write_docs(tmp_path / "other", {"one.md": "# One\n\nAlone.\n"})
    assert run(many.changed(docs_dir=other), embedder).manifest.files == 1


def test_the_command_line_stops_shows_and_goes_on(many: Settings) -> None:
    remove(many, 11)
    stopped = ingest_again(many)
    assert (stopped.exit_code, stopped.stdout) == (2, "")
    assert REMOVED in stopped.stderr.replace("\n", " ")
    failed = document(ingest_again(many, "--json"))
    assert failed["type"] == "urn:footnote:problem:deletions"
    assert REMOVED in str(document(ingest_again(many, "--dry-run", "--json"))["held"])
    assert "an ingest would stop: " + REMOVED in ingest_again(many, "--dry-run").stderr.replace("\n", " ")
    status = json.loads(invoke("status", "--index-dir", many.folders.index_dir, "--json").stdout)
    assert REMOVED in status["docs_problem"]
    assert len(status["docs_changes"]["deleted"]) == 11
    shown = " ".join(invoke("status", "--index-dir", many.folders.index_dir).stdout.split())
    assert "11 deleted since, but 11 of the 40 files" in shown
    assert ingest_again(many, "--allow-deletes").exit_code == 0
    assert look_ahead(many).held is None


def suggested(said: str) -> str:
    return " ".join(said.split()).partition("run `")[2].partition("`")[0]


def test_what_is_to_be_run_is_what_was_typed_and_deletes(many: Settings) -> None:
    docs_dir, index_dir = many.folders.docs_dir, many.folders.index_dir
    out = ["--exclude", "p/[01]*.md, a b", "--checksum"]
    said = suggested(ingest_again(many, docs_dir, *out).stderr)
    assert said == (
        f"footnote ingest {docs_dir} --exclude 'p/[01]*.md, a b' --checksum --index-dir {index_dir} --allow-deletes"
    )
    assert suggested(ingest_again(many, "--dry-run", *out).stderr) == said.replace(f" {docs_dir}", "", 1)
    assert invoke(*shlex.split(said)[1:]).exit_code == 0
    assert live_manifest(index_dir).files == PAGES // 2


def test_what_is_to_be_run_names_the_index_where_nobody_typed_it(many: Settings, embedder: Embedder) -> None:
    index_dir = many.folders.index_dir
    remove(many, 11)
    expected = f"footnote ingest --index-dir {index_dir} --allow-deletes"
    with pytest.raises(DeletionsError) as error:
        run(many, embedder)
    assert suggested(str(error.value)) == expected
    assert suggested(invoke("ingest", FOOTNOTE_INDEX_DIR=str(index_dir)).stderr) == expected
    assert suggested(invoke("status", "--index-dir", index_dir).stdout) == expected


def test_what_is_to_be_run_names_the_collection(
    many: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    table = f"docs = {json.dumps(str(many.folders.docs_dir))}\nindex = {json.dumps(str(many.folders.index_dir))}\n"
    Path("footnote.toml").write_text(f"[collections.handbook]\n{table}")
    remove(many, 11)
    for typed in (["ingest"], ["ingest", "--dry-run"], ["ingest", "--collection", "handbook"], ["status"]):
        result = invoke(*typed)
        expected = "footnote ingest --collection handbook --allow-deletes"
        assert suggested(result.stderr + result.stdout) == expected


def test_while_it_watches_a_change_is_held_told_once_and_goes_on_when_the_pages_are_back(
    many: Settings, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("footnote.ingest.build.make_embedder", lambda *_: embedder)
    monkeypatch.setattr("footnote.ingest.commands.watch._TRY_AGAIN_S", 0.1)
    folder = many.folders.docs_dir / "p"
    with watching(many) as watched:
        watched.report()
        folder.rename(many.folders.docs_dir / ".away")
        (many.folders.docs_dir / "new.md").write_text("# New\n\nAlone.\n")
        assert isinstance(watched.error(), Exception)
        (many.folders.docs_dir / ".away").rename(folder)
        assert watched.published().manifest.files == PAGES + 1
    assert Generations(many.folders.index_dir).live() == 2
