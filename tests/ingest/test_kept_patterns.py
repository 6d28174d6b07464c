"""Which files are read goes on as it was the last time, until a setting says otherwise."""

import json
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from footnote.app.cli.main import app
from footnote.app.core.settings import load_settings
from footnote.app.index.docs_folder import as_meant, read_by
from footnote.app.index.generations import live_manifest
from footnote.app.index.reader import open_index
from footnote.app.models.embedder import Embedder
from tests.conftest import WriteDocs
from tests.http.test_http import serving, until
from tests.ingest.ingesting import PAGES, run
from tests.ingest.test_watch import watching

pytestmark = pytest.mark.usefixtures("_quick_embedder")
PAGE = "# Page\n\n{{#include ../src/first.py}}\n"


@pytest.fixture
def _quick_embedder(monkeypatch: pytest.MonkeyPatch, embedder: Embedder) -> None:
    monkeypatch.setattr("footnote.ingest.build.make_embedder", lambda *_: embedder)


@pytest.fixture
def docs_dir(tmp_path: Path, write_docs: WriteDocs) -> Path:
    write_docs(tmp_path / "src", {"first.py": "FIRST = 1\n"})
    return write_docs(tmp_path / "docs", {**PAGES, "drafts/one.md": "# Draft\n\nNot yet.\n", "page.md": PAGE})


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    return tmp_path / "index"


def ingest(index_dir: Path, *arguments: str | Path, exit_code: int = 0, **environment: str) -> Result:
    command = ["ingest", "--index-dir", str(index_dir), *map(str, arguments)]
    result = CliRunner().invoke(app, command, env=environment)
    assert result.exit_code == exit_code, result.stderr
    return result


def paths(index_dir: Path) -> set[str]:
    with closing(open_index(index_dir)) as index:
        return set(index.files)


WITHOUT_DRAFTS = {*PAGES, "page.md"}
ALL = {*WITHOUT_DRAFTS, "drafts/one.md"}


@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize("flags", [[], ["--rebuild"], ["--purge"], ["--checksum"]])
def test_excluded_pages_stay_out_until_they_are_taken_back(
    docs_dir: Path, index_dir: Path, named: bool, flags: list[str]
) -> None:
    ingest(index_dir, docs_dir, "--exclude", "drafts/")
    folder = [docs_dir] if named else []
    said = ingest(index_dir, *folder, *flags).stderr
    assert paths(index_dir) == WITHOUT_DRAFTS
    assert "as the last time, with --exclude drafts/; --exclude '' takes that back\n" in said
    assert "nothing to do" in ingest(index_dir, *folder, "--dry-run").stdout
    ingest(index_dir, *folder, *flags, "--exclude", "")
    assert paths(index_dir) == ALL
    assert "as the last time" not in ingest(index_dir).stderr


def test_what_is_given_anew_is_in_place_of_what_was_kept(docs_dir: Path, index_dir: Path) -> None:
    ingest(index_dir, docs_dir, "--exclude", "drafts/")
    ingest(index_dir, "--exclude", "page.md")
    assert paths(index_dir) == ALL - {"page.md"}
    ingest(index_dir, FOOTNOTE_EXCLUDE="cache.md")
    assert paths(index_dir) == ALL - {"cache.md"}


@pytest.mark.parametrize("named", [False, True])
def test_includes_and_folders_beside_are_kept_as_well(docs_dir: Path, index_dir: Path, named: bool) -> None:
    ingest(index_dir, docs_dir, "--include", "*.md,drafts/*.md", "--include-roots", docs_dir.parent / "src")
    kept = {"cache.md", "ports.md", "page.md", "drafts/one.md", "src/first.py"}
    assert paths(index_dir) == kept
    ingest(index_dir, *([docs_dir] if named else []))
    assert paths(index_dir) == kept
    ingest(index_dir, "--include", "")
    assert paths(index_dir) == {*ALL, "src/first.py"}
    ingest(index_dir, "--include-roots", "")
    assert paths(index_dir) == ALL


def test_other_docs_are_read_by_their_own(docs_dir: Path, index_dir: Path, write_docs: WriteDocs) -> None:
    ingest(index_dir, docs_dir, "--exclude", "drafts/")
    other = write_docs(docs_dir.parent / "other", {"drafts/two.md": "# Two\n\nText.\n"})
    ingest(index_dir, other, "--replace")
    assert paths(index_dir) == {"drafts/two.md"}


def test_status_tells_what_an_ingest_would_do(docs_dir: Path, index_dir: Path) -> None:
    ingest(index_dir, docs_dir, "--exclude", "drafts/")

    def status(**environment: str) -> dict[str, object]:
        result = CliRunner().invoke(app, ["status", "--index-dir", str(index_dir), "--json"], env=environment)
        told: dict[str, object] = json.loads(result.stdout)
        return told

    now = status()
    assert now["docs_changes"] == {"added": [], "changed": [], "deleted": []}
    assert now["settings"]["exclude"] == ["drafts/"]  # type: ignore[index]
    otherwise = status(FOOTNOTE_EXCLUDE="page.md")
    assert otherwise["docs_changes"] == {"added": ["drafts/one.md"], "changed": [], "deleted": ["page.md"]}


def test_a_watch_goes_on_with_what_an_ingest_beside_it_left_out(docs_dir: Path, index_dir: Path) -> None:
    settings = load_settings(env_file=None, docs_dir=docs_dir, index_dir=index_dir)
    with watching(settings) as watched:
        watched.published()
        ingest(index_dir, "--exclude", "drafts/")
        (docs_dir / "new.md").write_text("# New\n\nText.\n")
        assert watched.published().plan.added == ("new.md",)
    assert paths(index_dir) == {*WITHOUT_DRAFTS, "new.md"}


def test_what_reads_the_docs_beside_an_ingest_leaves_the_same_out(
    docs_dir: Path, index_dir: Path, embedder: Embedder
) -> None:
    given = load_settings(env_file=None, docs_dir=docs_dir, index_dir=index_dir)
    run(given.changed(exclude=("drafts/",)), embedder)
    manifest = live_manifest(index_dir)
    for settings in (given, load_settings(env_file=None, index_dir=index_dir)):
        assert read_by(settings, manifest).exclude == as_meant(settings).ingest.exclude == ("drafts/",)
    elsewhere = given.changed(docs_dir=docs_dir.parent)
    assert read_by(elsewhere, manifest).exclude == as_meant(elsewhere).ingest.exclude == ()


def test_a_service_looks_for_no_quote_in_what_was_left_out(docs_dir: Path, index_dir: Path, embedder: Embedder) -> None:
    given = load_settings(env_file=None, docs_dir=docs_dir, index_dir=index_dir)
    run(given.changed(exclude=("drafts/",)), embedder)
    with serving(index_dir=index_dir, reranker="none") as client:
        until(lambda: client.get("/health/ready").status_code == 200)
        cited = client.post("/query", json={"question": "Which port does the server listen on?"}).json()["citations"]
        assert {one["path"] for one in cited} == {"ports.md"}
        (docs_dir / "ports.md").rename(docs_dir / "drafts" / "ports.md")
        assert set(client.post("/verify", json=cited).json()["counts"].items()) >= {("moved", 0), ("gone", len(cited))}
        (docs_dir / "drafts" / "ports.md").rename(docs_dir / "new.md")
        assert client.post("/verify", json=cited).json()["counts"]["moved"] == len(cited)
