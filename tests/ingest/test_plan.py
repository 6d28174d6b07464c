"""What an ingest finds changed, and that it embeds nothing but that."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from footnote.app.answering.extractive import ExtractiveAnswerer
from footnote.app.core.settings import Settings
from footnote.app.core.types import Skip
from footnote.app.engine.engine import Engine
from footnote.app.engine.models import Models
from footnote.app.index.reader import open_index
from footnote.app.models.embedder import Embedder
from footnote.ingest import diff
from footnote.ingest.cache import IngestCache
from footnote.ingest.commands.check import check
from footnote.ingest.flow import IngestReport
from tests.conftest import WriteDocs
from tests.ingest.ingesting import PAGES, chunks, chunks_of, run, search, vectors

ROOT = Path(__file__).parents[2]
# What must not be imported to find out that there is nothing to do.
HEAVY = ("chromadb", "numpy", "onnxruntime", "tantivy", "tokenizers")
IMPORTED = f"""
import sys
from footnote.app.cli.main import app
app(["ingest", *sys.argv[1:]], standalone_mode=False)
print(sorted(name for name in {HEAVY} if name in sys.modules))
"""


@pytest.fixture
def read_paths(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of all files that are read from now on."""
    paths: list[str] = []
    read = diff.read_document
    monkeypatch.setattr(diff, "read_document", lambda file: (paths.append(file.path), read(file))[1])
    return paths


def changes(report: IngestReport) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], int]:
    plan = report.plan
    return plan.added, plan.changed, plan.deleted, plan.unchanged


def test_an_unchanged_run_publishes_nothing_and_loads_neither_chroma_nor_a_model(settings: Settings) -> None:
    arguments = [str(settings.folders.docs_dir), "--index-dir", str(settings.folders.index_dir)]
    command = [sys.executable, "-c", IMPORTED, *arguments]
    outputs = [
        subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout.splitlines()
        for _ in range(2)
    ]
    assert outputs[0][0].startswith("generation 1: 3 files, 4 chunks")
    assert outputs[0][1] == str(sorted(HEAVY))  # so that the other list means something
    assert outputs[1][0].startswith("nothing changed: generation 1 stays (3 files, 4 chunks)")
    assert outputs[1][1] == "[]"


@pytest.mark.usefixtures("trusting")
def test_files_whose_size_and_times_are_known_are_not_read(
    ingested: Settings, embedder: Embedder, write_docs: WriteDocs, read_paths: list[str]
) -> None:
    assert changes(run(ingested, embedder)) == ((), (), (), 3)
    assert read_paths == []
    write_docs(ingested.folders.docs_dir, {"cache.md": "# Cache\n\nIt is gone.\n"})
    assert changes(run(ingested, embedder)) == ((), ("cache.md",), (), 2)
    assert read_paths == ["cache.md"]
    assert changes(run(ingested, embedder)) == ((), (), (), 3)
    assert read_paths == ["cache.md"]


def test_files_that_were_written_just_before_the_ingest_are_read_again(
    ingested: Settings, embedder: Embedder, read_paths: list[str]
) -> None:
    # They may have been written again within the same tick of the file system's clock.
    assert not run(ingested, embedder).published
    assert read_paths == ["cache.md", "guides/backup.md", "ports.md"]


@pytest.mark.usefixtures("trusting")
def test_a_touched_file_is_read_once_and_is_no_change(
    ingested: Settings, embedder: Embedder, read_paths: list[str]
) -> None:
    os.utime(ingested.folders.docs_dir / "ports.md", ns=(1, 1))
    assert not run(ingested, embedder).published
    assert read_paths == ["ports.md"]
    assert not run(ingested, embedder).published
    assert read_paths == ["ports.md"]


@pytest.mark.usefixtures("trusting")
def test_an_edit_of_the_same_size_with_its_time_set_back_is_noticed(
    ingested: Settings, embedder: Embedder, write_docs: WriteDocs
) -> None:
    page = ingested.folders.docs_dir / "ports.md"
    before = page.stat()
    write_docs(ingested.folders.docs_dir, {"ports.md": PAGES["ports.md"].replace("7070", "8080")})
    os.utime(page, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (page.stat().st_size, page.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert changes(run(ingested, embedder)) == ((), ("ports.md",), (), 2)
    assert "8080" in chunks_of(ingested, "ports.md")[0].text


@pytest.mark.usefixtures("trusting")
def test_a_change_that_neither_size_nor_times_show_is_found_by_checksum(
    ingested: Settings, embedder: Embedder, write_docs: WriteDocs, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_docs(ingested.folders.docs_dir, {"ports.md": PAGES["ports.md"].replace("7070", "8080")})
    monkeypatch.setattr("footnote.ingest.cache.KnownFile.is_still", lambda known, file: True)
    assert not run(ingested, embedder).published
    assert changes(run(ingested, embedder, checksum=True)) == ((), ("ports.md",), (), 2)
    monkeypatch.undo()
    assert not run(ingested, embedder).published


@pytest.mark.usefixtures("trusting")
def test_with_checksum_every_file_is_read_and_what_was_read_is_known_afterwards(
    ingested: Settings, embedder: Embedder, read_paths: list[str]
) -> None:
    assert not run(ingested, embedder, checksum=True).published
    assert read_paths == ["cache.md", "guides/backup.md", "ports.md"]
    assert not run(ingested, embedder).published
    assert len(read_paths) == 3


def rename(docs_dir: Path) -> None:
    (docs_dir / "ports.md").rename(docs_dir / "network.md")


def move(docs_dir: Path) -> None:
    (docs_dir / "ports.md").rename(docs_dir / "guides" / "ports.md")


def copy(docs_dir: Path) -> None:
    (docs_dir / "copy.md").write_bytes((docs_dir / "ports.md").read_bytes())


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (rename, (("network.md",), (), ("ports.md",), 2)),
        (move, (("guides/ports.md",), (), ("ports.md",), 2)),
        (copy, (("copy.md",), (), (), 3)),
    ],
)
def test_a_page_under_another_name_is_not_embedded_again(
    ingested: Settings,
    embedder: Embedder,
    change: Callable[[Path], None],
    expected: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], int],
) -> None:
    before = vectors(ingested)
    old = {chunk.text: before[chunk.id] for chunk in chunks_of(ingested, "ports.md")}
    change(ingested.folders.docs_dir)
    report = run(ingested, embedder)
    assert (changes(report), report.published, report.embedded) == (expected, True, 0)
    after = vectors(ingested)
    [path] = expected[0]
    assert {chunk.text: after[chunk.id] for chunk in chunks_of(ingested, path)} == old
    assert {chunk.path for chunk in chunks(ingested)} == {*PAGES, path} - set(expected[2])


def test_pages_that_come_back_as_they_were_are_not_embedded_again(
    ingested: Settings, embedder: Embedder, write_docs: WriteDocs
) -> None:
    before = search(ingested, embedder)
    write_docs(ingested.folders.docs_dir, {"ports.md": "# Ports\n\nGone."})
    (ingested.folders.docs_dir / "cache.md").unlink()
    assert run(ingested, embedder).embedded == 1
    write_docs(ingested.folders.docs_dir, PAGES)
    report = run(ingested, embedder)
    assert (changes(report), report.embedded) == ((("cache.md",), ("ports.md",), (), 1), 0)
    after = search(ingested, embedder)
    assert (after.generation, after.chunks, after.lexical) == (3, before.chunks, before.lexical)
    assert [hit.chunk_id for hit in after.vector] == [hit.chunk_id for hit in before.vector]


def test_a_rebuild_embeds_nothing_and_finds_the_same(ingested: Settings, embedder: Embedder) -> None:
    before, held = search(ingested, embedder), chunks(ingested)
    report = run(ingested, embedder, rebuild=True)
    assert (report.published, report.embedded, report.rebuilt_because, report.plan.base) == (True, 0, None, None)
    assert changes(report) == (("cache.md", "guides/backup.md", "ports.md"), (), (), 0)
    after = search(ingested, embedder)
    assert (after.generation, after.chunks, after.lexical, after.vector) == (
        2,
        before.chunks,
        before.lexical,
        before.vector,
    )
    assert chunks(ingested) == held


def test_another_title_in_the_front_matter_embeds_all_chunks_of_that_page_and_no_others(
    ingested: Settings, embedder: Embedder, write_docs: WriteDocs
) -> None:
    before = vectors(ingested)
    ids = [chunk.id for chunk in chunks_of(ingested, "ports.md")]
    write_docs(ingested.folders.docs_dir, {"ports.md": "---\ntitle: Sockets\n---\n" + PAGES["ports.md"]})
    report = run(ingested, embedder)
    assert (changes(report), report.embedded) == (((), ("ports.md",), (), 2), 2)
    titled = chunks_of(ingested, "ports.md")
    assert [(chunk.id, chunk.breadcrumb) for chunk in titled] == [
        (ids[0], "Sockets > Ports"),
        (ids[1], "Sockets > Ports > Low ports"),
    ]
    after = vectors(ingested)
    assert after.keys() == before.keys()
    assert {chunk_id for chunk_id in before if after[chunk_id] != before[chunk_id]} == set(ids)
    expected = embedder.embed_documents([chunk.index_text for chunk in titled])
    assert [after[chunk.id] for chunk in titled] == [pytest.approx(vector, abs=1e-6) for vector in expected]
    # The lexical index has the new title, too.
    assert {hit.chunk_id for hit in search(ingested, embedder, "sockets").lexical} == set(ids)
    assert report.manifest.replaced_chunks == 2


def test_other_metadata_is_stored_without_embedding_anything(
    ingested: Settings, embedder: Embedder, write_docs: WriteDocs
) -> None:
    before = vectors(ingested)
    write_docs(ingested.folders.docs_dir, {"cache.md": PAGES["cache.md"].replace("[a]", "[a, b]")})
    report = run(ingested, embedder)
    assert (report.published, report.embedded, report.manifest.replaced_chunks) == (True, 0, 0)
    [chunk] = chunks_of(ingested, "cache.md")
    assert chunk.metadata == {"tags": ["a", "b"]}
    assert vectors(ingested) == before


def test_sections_that_an_insertion_moved_down_are_at_their_new_place_without_being_embedded(
    ingested: Settings, embedder: Embedder, write_docs: WriteDocs
) -> None:
    old = chunks_of(ingested, "ports.md")
    inserted = "# Ports\n\nTwo lines more,\nof größe.\n\n"
    write_docs(ingested.folders.docs_dir, {"ports.md": PAGES["ports.md"].replace("# Ports\n\n", inserted, 1)})
    report = run(ingested, embedder)
    assert report.embedded == 1  # the section with the insertion
    first, second = chunks_of(ingested, "ports.md")
    assert (first.id != old[0].id, second.id) == (True, old[1].id)
    shift = len(inserted.encode()) - len(b"# Ports\n\n")
    assert (second.start, second.end) == (old[1].start + shift, old[1].end + shift)
    assert (second.start_line, second.end_line) == (old[1].start_line + 3, old[1].end_line + 3)
    assert (second.text, second.sha256) == (old[1].text, old[1].sha256)
    raw = (ingested.folders.docs_dir / "ports.md").read_bytes()
    assert raw[second.start : second.end].decode() == second.text
    assert raw.splitlines()[second.start_line - 1] == b"## Low ports"
    with closing(open_index(ingested.folders.index_dir)) as index:
        engine = Engine(index, Models(embedder, None, ExtractiveAnswerer(None, embedder)), ingested)
        citation = engine.ask("What do low ports need?").citations[0]
    assert (citation.path, citation.start_line, citation.end_line) == ("ports.md", 10, 10)
    assert raw[citation.start : citation.end].decode() == citation.quote == "They need root."


def test_an_added_and_a_deleted_page_are_told_by_path(
    ingested: Settings, embedder: Embedder, write_docs: WriteDocs
) -> None:
    write_docs(ingested.folders.docs_dir, {"z.md": "new", "a.md": "new"})
    (ingested.folders.docs_dir / "cache.md").unlink()
    report = run(ingested, embedder)
    assert changes(report) == (("a.md", "z.md"), (), ("cache.md",), 2)
    assert {chunk.path for chunk in chunks(ingested)} == {"a.md", "guides/backup.md", "ports.md", "z.md"}
    assert report.manifest.replaced_chunks == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x00", Skip("ports.md", "binary", "holds NUL bytes")),
        (b"\xff", Skip("ports.md", "not UTF-8", "byte 0: invalid start byte")),
        (b"x" * 501, Skip("ports.md", "too large", "0.000501 MB; FOOTNOTE_MAX_FILE_MB allows 0.0005")),
        (None, Skip("ports.md", "symlink is broken or loops", "")),
    ],
)
def test_a_page_that_cannot_be_read_any_more_is_gone_and_told(
    settings: Settings, embedder: Embedder, content: bytes | None, reason: Skip
) -> None:
    settings = settings.changed(max_file_mb=0.0005)
    run(settings, embedder)
    page = settings.folders.docs_dir / "ports.md"
    page.unlink()
    if content is None:
        page.symlink_to("gone.md")
    else:
        page.write_bytes(content)
    report = run(settings, embedder)
    assert (changes(report), report.plan.skips) == (((), (), ("ports.md",), 2), (reason,))
    assert report.manifest.skipped == (reason,)
    assert {chunk.path for chunk in chunks(settings)} == {"cache.md", "guides/backup.md"}
    page.unlink()
    page.write_text(PAGES["ports.md"])
    report = run(settings, embedder)
    assert (changes(report), report.manifest.skipped, report.embedded) == ((("ports.md",), (), (), 2), (), 0)


@pytest.mark.usefixtures("trusting")
def test_a_broken_front_matter_is_told_by_every_generation_though_the_file_is_not_read_again(
    settings: Settings, embedder: Embedder, write_docs: WriteDocs, read_paths: list[str]
) -> None:
    write_docs(settings.folders.docs_dir, {"broken.md": "---\na: [\n---\ntext"})
    [skip] = run(settings, embedder).manifest.skipped
    assert (skip.path, skip.reason, skip.lost) == ("broken.md", "front matter not read", "front matter")
    read_paths.clear()
    for number in range(2):
        write_docs(settings.folders.docs_dir, {"cache.md": f"# Cache\n\n{number}"})
        assert run(settings, embedder).manifest.skipped == (skip,)
    unchanged = run(settings, embedder)
    assert (unchanged.published, unchanged.plan.skips) == (False, (skip,))
    assert read_paths == ["cache.md", "cache.md"]
    write_docs(settings.folders.docs_dir, {"broken.md": "---\na: []\n---\ntext"})
    assert run(settings, embedder).manifest.skipped == ()


def test_skips_alone_are_published_and_nothing_else_is_changed_by_that(
    ingested: Settings, embedder: Embedder, write_docs: WriteDocs
) -> None:
    before = search(ingested, embedder)
    write_docs(ingested.folders.docs_dir, {"image.md": b"\x00"})
    report = run(ingested, embedder)
    assert (report.published, report.embedded, changes(report)) == (True, 0, ((), (), (), 3))
    assert report.manifest.skipped == (Skip("image.md", "binary", "holds NUL bytes"),)
    after = search(ingested, embedder)
    assert (after.generation, after.chunks, after.lexical, after.vector) == (
        2,
        before.chunks,
        before.lexical,
        before.vector,
    )
    assert not run(ingested, embedder).published
    (ingested.folders.docs_dir / "image.md").unlink()
    assert run(ingested, embedder).manifest.skipped == ()


@pytest.mark.parametrize(
    ("name", "value"), [("exclude", ("drafts/",)), ("include", ("**/*.md",)), ("max_file_mb", 2.0)]
)
def test_other_rules_for_files_are_published_though_they_choose_the_same_files(
    ingested: Settings, embedder: Embedder, name: str, value: object
) -> None:
    # `--check` and `footnote status` look at the docs folder by the rules in the manifest.
    changed = ingested.changed(**{name: value})
    report = run(changed, embedder)
    assert (report.published, getattr(report.manifest, name), changes(report)) == (True, value, ((), (), (), 3))
    assert not run(changed, embedder).published


def test_a_docs_folder_that_was_moved_is_published_without_embedding_anything(
    ingested: Settings, embedder: Embedder, tmp_path: Path
) -> None:
    before = search(ingested, embedder)
    ingested.folders.docs_dir.rename(tmp_path / "moved")
    moved = ingested.changed(docs_dir=tmp_path / "moved")
    report = run(moved, embedder)
    assert (report.published, report.embedded, changes(report)) == (True, 0, ((), (), (), 3))
    assert report.manifest.docs_dir == str(tmp_path / "moved")
    assert search(moved, embedder).chunks == before.chunks
    assert not run(moved, embedder).published


@pytest.mark.usefixtures("trusting")
def test_a_folder_named_in_another_way_is_the_same_folder(
    ingested: Settings, embedder: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read_paths: list[str]
) -> None:
    monkeypatch.chdir(ingested.folders.docs_dir)
    (tmp_path / "link").symlink_to(ingested.folders.docs_dir)
    for name in (Path("."), Path("../docs"), tmp_path / "link"):
        assert not run(ingested.changed(docs_dir=name), embedder).published
    assert read_paths == []


def test_equal_texts_are_embedded_once(settings: Settings, embedder: Embedder, write_docs: WriteDocs) -> None:
    write_docs(settings.folders.docs_dir, {f"{folder}/same.md": "# Same\n\nThe same text.\n" for folder in "abc"})
    report = run(settings, embedder)
    assert (report.manifest.chunks, report.embedded) == (7, 5)
    held = vectors(settings)
    same = [held[chunk.id] for chunk in chunks(settings) if chunk.title == "Same"]
    assert same == [same[0]] * 3


def test_without_the_cache_an_unchanged_folder_is_still_unchanged(ingested: Settings, embedder: Embedder) -> None:
    (ingested.folders.index_dir / "cache.sqlite3").unlink()
    report = run(ingested, embedder)
    assert (report.published, report.embedded) == (False, 0)


def test_without_the_cache_only_changed_pages_are_embedded(
    ingested: Settings, embedder: Embedder, write_docs: WriteDocs
) -> None:
    (ingested.folders.index_dir / "cache.sqlite3").unlink()
    before = vectors(ingested)
    write_docs(ingested.folders.docs_dir, {"ports.md": PAGES["ports.md"] + "\n## High ports\n\nAnyone may.\n"})
    assert run(ingested, embedder).embedded == 3
    after = vectors(ingested)
    assert len(after) == 5
    assert {chunk_id: after[chunk_id] for chunk_id in before} == before


@pytest.mark.usefixtures("trusting")
def test_hashes_of_files_are_learned_by_an_ingest_that_fails_later(
    settings: Settings, embedder: Embedder, read_paths: list[str]
) -> None:
    (settings.folders.index_dir / "building").parent.mkdir()
    (settings.folders.index_dir / "building").write_text("a file where the folder goes")
    with pytest.raises(Exception, match="cannot be written"):
        run(settings, embedder)
    cache = IngestCache(settings.folders.index_dir, read_only=True)
    assert sorted(cache.known_files(settings.folders.docs_dir.resolve())) == sorted(PAGES)
    cache.close()


def test_a_page_that_would_hold_up_the_ingest_is_left_out_with_the_reason(
    ingested: Settings, embedder: Embedder, write_docs: WriteDocs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("footnote.app.core.text.markdown.MAX_BLOCKS", 50)
    write_docs(ingested.folders.docs_dir, {"cache.md": "- item\n" * 100, "new.md": "# New\n\nIt is new.\n"})
    report = run(ingested, embedder)
    [skip] = report.manifest.skipped
    assert (skip.path, skip.reason, skip.detail) == ("cache.md", "too costly to read", "more than 50 blocks")
    assert chunks_of(ingested, "cache.md") == []
    assert len(chunks_of(ingested, "new.md")) == 1
    # It is none of the files that are searched, with and without a filter.
    assert (report.manifest.files, changes(report)) == (3, (("new.md",), (), ("cache.md",), 2))
    with closing(open_index(ingested.folders.index_dir)) as index:
        assert index.files.keys() == {"guides/backup.md", "new.md", "ports.md"}
    assert check(ingested, lambda *_: None).drifts == ()


@pytest.mark.usefixtures("trusting")
def test_a_page_that_would_hold_up_the_ingest_is_not_read_again_and_not_forgotten(
    ingested: Settings,
    embedder: Embedder,
    write_docs: WriteDocs,
    monkeypatch: pytest.MonkeyPatch,
    read_paths: list[str],
) -> None:
    monkeypatch.setattr("footnote.app.core.text.markdown.MAX_BLOCKS", 50)
    write_docs(ingested.folders.docs_dir, {"costly.md": "- item\n" * 100})
    skips = run(ingested, embedder).manifest.skipped
    assert [skip.path for skip in skips] == ["costly.md"]
    assert read_paths == ["costly.md"]
    again = run(ingested, embedder)
    assert (again.published, again.plan.skips, read_paths) == (False, skips, ["costly.md"])
    # Nor split when its times alone are others.
    os.utime(ingested.folders.docs_dir / "costly.md", ns=(1, 1))
    monkeypatch.setattr("footnote.app.core.text.markdown.MAX_BLOCKS", 500)
    assert (run(ingested, embedder).plan.skips, len(read_paths)) == (skips, 2)
    [drift] = check(ingested, lambda *_: None).drifts
    assert (drift.where, drift.what) == ("costly.md", "is not in the index")
    write_docs(ingested.folders.docs_dir, {"costly.md": "- item\n" * 10})
    report = run(ingested, embedder)
    assert (changes(report), report.plan.skips) == ((("costly.md",), (), (), 3), ())


def test_a_page_that_came_to_hold_up_the_ingest_takes_its_front_matter_along(
    ingested: Settings, embedder: Embedder, write_docs: WriteDocs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("footnote.app.core.text.markdown.MAX_BLOCKS", 50)
    write_docs(ingested.folders.docs_dir, {"cache.md": "---\na: [\n---\n" + "- item\n" * 100})
    [skip] = run(ingested, embedder).manifest.skipped
    assert (skip.reason, skip.lost) == ("too costly to read", "page")


def test_pages_are_read_anew_when_the_site_is_another_one(
    ingested: Settings, embedder: Embedder, write_docs: WriteDocs
) -> None:
    write_docs(ingested.folders.docs_dir, {"cache.md": "import x from 'y';\n\nThe cache is here.\n"})
    run(ingested, embedder)
    assert "import" in chunks_of(ingested, "cache.md")[0].text
    write_docs(ingested.folders.docs_dir.parent, {"docusaurus.config.js": ""})
    report = run(ingested, embedder)
    assert report.rebuilt_because == "the docs are read as docusaurus now, as markdown before"
    assert report.manifest.flavour == "docusaurus"
    assert "import" not in chunks_of(ingested, "cache.md")[0].text
    assert not run(ingested, embedder).published


def test_no_page_is_read_anew_when_the_site_makes_other_anchors(
    ingested: Settings, embedder: Embedder, write_docs: WriteDocs
) -> None:
    site = ingested.folders.docs_dir.parent
    write_docs(site, {"mkdocs.yml": "site_name: x"})
    assert run(ingested, embedder).manifest.anchor_style == "mkdocs"
    write_docs(site, {"mkdocs.yml": "slugify: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}"})
    report = run(ingested, embedder)
    assert (report.manifest.anchor_style, report.published, report.rebuilt_because) == ("pymdownx", True, None)
    assert report.plan.chunks == ()
    assert not run(ingested, embedder).published
