"""What an ingest would do: the same as it then does, and nothing is written."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from footnote.app.core.errors import DocsFolderError, IndexMismatchError
from footnote.app.core.settings import Settings
from footnote.app.index.generations import Generations
from footnote.app.models.embedder import Embedder
from footnote.ingest import plan as plan_module
from footnote.ingest.commands.report import preview_json
from footnote.ingest.flow import IngestReport, Preview
from footnote.ingest.plan import Plan
from tests.conftest import WriteDocs
from tests.ingest.ingesting import PAGES, contents, look_ahead, run


def described(plan: Plan) -> tuple[object, ...]:
    """A plan without the base's folder."""
    rest = (plan.files, plan.chunks, plan.dropped, plan.skips, plan.added, plan.changed, plan.deleted, plan.unchanged)
    return (plan.base is None, *rest)


def assert_same(previewed: Preview, report: IngestReport) -> None:
    assert described(previewed.plan) == described(report.plan)
    assert previewed.nothing_to_do is not report.published
    assert previewed.to_embed == report.embedded


def edit(docs_dir: Path) -> None:
    (docs_dir / "ports.md").write_text("# Ports\n\nNone.\n\n## Low ports\n\nThey need root.\n")


def rename(docs_dir: Path) -> None:
    (docs_dir / "ports.md").rename(docs_dir / "network.md")


def add_and_delete(docs_dir: Path) -> None:
    (docs_dir / "new.md").write_text("one\n\n# Two\n\ntwo")
    (docs_dir / "cache.md").unlink()


def damage(docs_dir: Path) -> None:
    shutil.rmtree(docs_dir.parent / "index" / "generations" / "1" / "tantivy")


CHANGES: dict[str, Callable[[Path], None]] = {
    "nothing": lambda docs_dir: None,
    "an edit": edit,
    "another name": rename,
    "a page more and one less": add_and_delete,
    "a skip": lambda docs_dir: (docs_dir / "image.md").write_bytes(b"\0") and None,
    "a damaged index": damage,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("rebuild", [False, True])
def test_the_preview_is_what_the_ingest_then_does_and_writes_nothing(
    ingested: Settings, embedder: Embedder, change: Callable[[Path], None], rebuild: bool
) -> None:
    change(ingested.folders.docs_dir)
    before = contents(ingested.folders.docs_dir.parent)
    previewed = look_ahead(ingested, rebuild=rebuild)
    assert contents(ingested.folders.docs_dir.parent) == before
    assert_same(previewed, run(ingested, embedder, rebuild=rebuild))
    assert previewed.embed_s is not None


def test_before_the_first_ingest_all_would_be_embedded_in_an_unknown_time_and_no_folder_is_made(
    settings: Settings, embedder: Embedder
) -> None:
    previewed = look_ahead(settings)
    assert not settings.folders.index_dir.exists()
    assert (previewed.to_embed, previewed.embed_s, previewed.nothing_to_do) == (4, None, False)
    assert previewed.plan.added == ("cache.md", "guides/backup.md", "ports.md")
    assert_same(previewed, run(settings, embedder))


def test_the_estimate_is_the_last_rate_times_what_is_to_embed(
    ingested: Settings, write_docs: WriteDocs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("footnote.ingest.cache.IngestCache.embed_s", lambda cache, model: 0.25)
    assert look_ahead(ingested).embed_s == 0.0
    write_docs(ingested.folders.docs_dir, {"a.md": "one", "b.md": "two", "c.md": "three"})
    previewed = look_ahead(ingested)
    assert (previewed.to_embed, previewed.embed_s) == (3, 0.75)


@pytest.mark.usefixtures("trusting")
def test_a_preview_learns_no_hashes(ingested: Settings) -> None:
    cache = ingested.folders.index_dir / "cache.sqlite3"
    before = cache.read_bytes()
    look_ahead(ingested, checksum=True)
    assert cache.read_bytes() == before


def test_a_preview_needs_no_lock(ingested: Settings) -> None:
    with Generations(ingested.folders.index_dir).lock():
        assert look_ahead(ingested).nothing_to_do


def test_a_worn_out_index_is_previewed_as_the_rebuild_it_will_be(
    ingested: Settings, embedder: Embedder, write_docs: WriteDocs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_module, "_MIN_REPLACED", 0)
    write_docs(ingested.folders.docs_dir, {path: text + "\nMore.\n" for path, text in PAGES.items()})
    previewed = look_ahead(ingested)
    assert previewed.plan.base is None
    assert_same(previewed, run(ingested, embedder))


def test_what_is_built_from_nothing_by_itself_shows_what_changed(
    ingested: Settings, embedder: Embedder, write_docs: WriteDocs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_module, "_MIN_REPLACED", 0)
    write_docs(ingested.folders.docs_dir, {"ports.md": "# Ports\n\nNone.\n", "new.md": "one"})
    (ingested.folders.docs_dir / "cache.md").unlink()
    previewed = look_ahead(ingested)
    plan = previewed.plan
    assert (plan.base, plan.added, plan.changed, plan.deleted) == (None, ("new.md",), ("ports.md",), ("cache.md",))
    assert plan.unchanged == 1
    assert json.loads(preview_json(previewed))["rebuild"] is True
    assert_same(previewed, run(ingested, embedder))


def test_docs_that_are_read_otherwise_are_previewed_as_unchanged(ingested: Settings, embedder: Embedder) -> None:
    (ingested.folders.docs_dir / "mkdocs.yml").write_text("site_name: Relay\n")
    previewed = look_ahead(ingested)
    plan = previewed.plan
    assert (plan.base, plan.added, plan.changed, plan.deleted, plan.unchanged) == (None, (), (), (), 3)
    assert_same(previewed, run(ingested, embedder))


def test_a_change_by_checksum_is_previewed_by_checksum(
    ingested: Settings, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("footnote.ingest.cache._SETTLED_NS", -3_600_000_000_000)
    run(ingested, embedder)
    monkeypatch.setattr("footnote.ingest.cache.KnownFile.is_still", lambda known, file: True)
    edit(ingested.folders.docs_dir)
    assert look_ahead(ingested).nothing_to_do
    previewed = look_ahead(ingested, checksum=True)
    assert previewed.plan.changed == ("ports.md",)
    assert_same(previewed, run(ingested, embedder, checksum=True))


def test_what_the_ingest_would_refuse_the_preview_refuses(ingested: Settings) -> None:
    with pytest.raises(IndexMismatchError, match="the settings now say 600"):
        look_ahead(ingested.changed(chunk_size_chars=600))
    shutil.rmtree(ingested.folders.docs_dir)
    with pytest.raises(DocsFolderError, match="does not exist"):
        look_ahead(ingested)
    ingested.folders.docs_dir.mkdir()
    with pytest.raises(DocsFolderError, match="no markdown in"):
        look_ahead(ingested)
