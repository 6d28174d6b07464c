import contextlib
import hashlib
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from footnote.app.core.errors import DocsFolderError, IndexWriteError, IngestRunningError, ModelError, SettingsError
from footnote.app.core.settings import Settings
from footnote.app.core.types import Fingerprint
from footnote.app.core.version import VERSION
from footnote.app.index.generations import Generations
from footnote.app.index.manifest import FORMAT, read_files
from footnote.app.index.reader import open_index
from footnote.app.models.embedder import Embedder, PrefixedEmbeddings
from footnote.ingest.flow import ingest
from tests.conftest import CORPUS, WriteDocs
from tests.ingest.ingesting import PAGES, Searched, chunks, chunks_of, run, search


class BreaksAfter:
    """A remote embedder that fails when it has embedded so many texts."""

    def __init__(self, embedder: Embedder, texts: int) -> None:
        self._embedder = embedder
        self._left = texts

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self._left -= len(texts)
        if self._left < 0:
            raise ConnectionError("the provider went away")
        return self._embedder.embed_documents(texts)

    def embed_query(self, text: str) -> list[float]:
        return self._embedder.embed_query(text)


def breaking(embedder: Embedder, texts: int, fingerprint: Fingerprint) -> PrefixedEmbeddings:
    return PrefixedEmbeddings(BreaksAfter(embedder, texts), "", fingerprint)  # type: ignore[arg-type]


def test_an_ingest_reports_and_records_what_it_did(settings: Settings, embedder: Embedder) -> None:
    report = run(settings, embedder)
    manifest = report.manifest
    assert (manifest.generation, manifest.files, manifest.chunks, manifest.dimension) == (1, 3, 4, 384)
    assert (manifest.format, manifest.tool_version, manifest.docs_dir) == (
        FORMAT,
        VERSION,
        str(settings.folders.docs_dir),
    )
    assert manifest.embedder == embedder.fingerprint
    assert (manifest.chunk_size_chars, manifest.chunk_overlap_chars) == (1000, 200)
    assert (manifest.include, manifest.exclude, manifest.max_file_mb) == (settings.ingest.include, (), 10.0)
    assert (manifest.replaced_chunks, manifest.skipped) == (0, ())
    assert (report.published, report.embedded, report.rebuilt_because) == (True, 4, None)
    assert report.plan.added == ("cache.md", "guides/backup.md", "ports.md")
    assert (report.plan.base, report.plan.changed, report.plan.deleted, report.plan.unchanged) == (None, (), (), 0)
    with contextlib.closing(open_index(settings.folders.index_dir)) as index:
        assert index.manifest == manifest


def test_every_chunk_is_an_exact_slice_of_its_file(settings: Settings, embedder: Embedder) -> None:
    run(settings, embedder)
    stored = chunks(settings)
    assert [(chunk.path, chunk.breadcrumb, chunk.start_line, chunk.end_line) for chunk in stored] == [
        ("cache.md", "Cache", 4, 6),
        ("guides/backup.md", "Backups", 4, 4),
        ("ports.md", "Ports", 1, 3),
        ("ports.md", "Ports > Low ports", 5, 7),
    ]
    for chunk in stored:
        raw = (settings.folders.docs_dir / chunk.path).read_bytes()
        assert raw[chunk.start : chunk.end] == chunk.text.encode()
    assert stored[0].metadata == {"tags": ["a"]}


def test_files_are_recorded_with_hash_size_time_title_and_chunks(settings: Settings, embedder: Embedder) -> None:
    run(settings, embedder)
    records = read_files(Generations(settings.folders.index_dir).folder(1))
    assert [(record.path, record.title) for record in records] == [
        ("cache.md", "Cache"),
        ("guides/backup.md", "Backups"),
        ("ports.md", "Ports"),
    ]
    stored = chunks(settings)
    for record in records:
        file = settings.folders.docs_dir / record.path
        assert record.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
        assert (record.size_bytes, record.mtime_ns) == (file.stat().st_size, file.stat().st_mtime_ns)
        assert record.chunk_ids == tuple(chunk.id for chunk in stored if chunk.path == record.path)


def test_both_searches_find_what_was_ingested(settings: Settings, embedder: Embedder) -> None:
    run(settings, embedder)
    by_path = {chunk.id: chunk.path for chunk in chunks(settings)}
    found = search(settings, embedder, "--no-cache")
    assert [by_path[hit.chunk_id] for hit in found.lexical] == ["cache.md"]
    assert by_path[found.vector[0].chunk_id] == "cache.md"
    assert len(found.vector) == 4


def test_chunks_are_embedded_with_their_breadcrumb(settings: Settings, embedder: Embedder) -> None:
    run(settings, embedder)
    with contextlib.closing(open_index(settings.folders.index_dir)) as index:
        for chunk in chunks(settings):
            [hit] = index.vectors.search(embedder.embed_documents([chunk.index_text])[0], 1)
            assert (hit.chunk_id, hit.similarity) == (chunk.id, pytest.approx(1.0, abs=1e-5))


def test_what_was_skipped_is_reported_and_kept_in_the_manifest(
    settings: Settings, embedder: Embedder, write_docs: WriteDocs
) -> None:
    write_docs(
        settings.folders.docs_dir,
        {"big.md": b"x" * 1001, "broken.md": "---\na: [\n---\ntext", "image.md": b"\x00", "latin.md": b"\xe9"},
    )
    report = run(settings.changed(max_file_mb=0.001), embedder)
    assert [(skip.path, skip.reason) for skip in report.plan.skips] == [
        ("big.md", "too large"),
        ("broken.md", "front matter not read"),
        ("image.md", "binary"),
        ("latin.md", "not UTF-8"),
    ]
    assert report.manifest.skipped == report.plan.skips
    # Broken front matter costs the page its metadata, not its text, and is no heading of it.
    [chunk] = chunks_of(settings, "broken.md")
    assert (chunk.text, chunk.heading_path, chunk.start_line) == ("text", (), 4)


def test_blank_pages_are_files_without_chunks(settings: Settings, embedder: Embedder, write_docs: WriteDocs) -> None:
    write_docs(settings.folders.docs_dir, {"blank.md": "---\ntitle: Later\n---\n\n", "empty.md": ""})
    manifest = run(settings, embedder).manifest
    assert (manifest.files, manifest.chunks) == (5, 4)
    [blank, *_] = read_files(Generations(settings.folders.index_dir).folder(1))
    assert (blank.path, blank.title, blank.chunk_ids) == ("blank.md", "Later", ())


def test_progress_goes_through_the_stages_to_their_ends(settings: Settings, embedder: Embedder) -> None:
    told: list[tuple[str, int, int]] = []
    ingest(settings, lambda *progress: told.append(progress), embedder)
    assert told == [
        ("read", 1, 3),
        ("read", 2, 3),
        ("read", 3, 3),
        ("embed", 0, 4),
        ("embed", 4, 4),
        ("write", 0, 4),
        ("write", 4, 4),
        ("write", 4, 4),
    ]


def test_progress_counts_what_is_embedded_and_written_this_time(
    settings: Settings, embedder: Embedder, write_docs: WriteDocs
) -> None:
    run(settings, embedder)
    write_docs(settings.folders.docs_dir, {"ports.md": PAGES["ports.md"] + "\n## High ports\n\nAnyone may.\n"})
    told: list[tuple[str, int, int]] = []
    ingest(settings, lambda *progress: told.append(progress), embedder)
    # Of the page's three chunks one is new.
    assert [progress for progress in told if progress[0] != "read"] == [
        ("embed", 0, 1),
        ("embed", 1, 1),
        ("write", 0, 3),
        ("write", 3, 3),
        ("write", 3, 3),
    ]


def test_ingesting_again_after_a_change_publishes_the_next_generation_with_the_other_ids_kept(
    settings: Settings, embedder: Embedder, write_docs: WriteDocs
) -> None:
    run(settings, embedder)
    first, old = search(settings, embedder), {chunk.id for chunk in chunks_of(settings, "cache.md")}
    write_docs(settings.folders.docs_dir, {"cache.md": "# Cache\n\nIt is gone.\n"})
    assert run(settings, embedder).manifest.generation == 2
    second, new = search(settings, embedder), {chunk.id for chunk in chunks_of(settings, "cache.md")}
    assert (second.generation, second.chunks) == (2, first.chunks - old | new)
    assert [hit.chunk_id for hit in second.lexical] == [hit.chunk_id for hit in first.lexical]
    kept = [hit for hit in first.vector if hit.chunk_id not in old]
    assert [hit for hit in second.vector if hit.chunk_id not in new] == kept


def test_ingesting_again_without_a_change_publishes_nothing(settings: Settings, embedder: Embedder) -> None:
    first = run(settings, embedder)
    before = search(settings, embedder)
    again = run(settings, embedder)
    assert (again.published, again.embedded, again.manifest) == (False, 0, first.manifest)
    assert again.plan.unchanged == 3
    assert search(settings, embedder) == before == Searched(1, before.chunks, before.lexical, before.vector)


def test_a_deleted_page_is_gone_from_both_searches(settings: Settings, embedder: Embedder) -> None:
    run(settings, embedder)
    before = search(settings, embedder)
    [gone] = [chunk.id for chunk in chunks(settings) if chunk.path == "guides/backup.md"]
    assert before.lexical[0].chunk_id == before.vector[0].chunk_id == gone
    (settings.folders.docs_dir / "guides/backup.md").unlink()
    run(settings, embedder)
    after = search(settings, embedder)
    assert after.chunks == before.chunks - {gone}
    assert after.lexical == ()
    assert {hit.chunk_id for hit in after.vector} == after.chunks


def test_a_changed_page_is_found_by_its_new_text_only(
    settings: Settings, embedder: Embedder, write_docs: WriteDocs
) -> None:
    run(settings, embedder)
    write_docs(settings.folders.docs_dir, {"guides/backup.md": "A weekly okapi is enough."})
    run(settings, embedder)
    assert search(settings, embedder, "zebra").lexical == ()
    assert len(search(settings, embedder, "okapi").lexical) == 1


def test_an_index_opened_before_an_ingest_answers_as_before(
    settings: Settings, embedder: Embedder, write_docs: WriteDocs
) -> None:
    run(settings, embedder)
    with contextlib.closing(open_index(settings.folders.index_dir)) as index:
        before = index.lexical.search("zebra", 5), index.vectors.search(embedder.embed_query("zebra"), 5)
        held = sorted(chunk.id for chunk in index.chunks.all_chunks())
        for animal in ("okapi", "gnu", "yak"):
            write_docs(settings.folders.docs_dir, {"guides/backup.md": f"A weekly {animal} is enough."})
            run(settings, embedder)
        assert (index.lexical.search("zebra", 5), index.vectors.search(embedder.embed_query("zebra"), 5)) == before
        assert sorted(chunk.id for chunk in index.chunks.all_chunks()) == held
        assert generations_of(settings) == ["1", "3", "4"]
    write_docs(settings.folders.docs_dir, {"guides/backup.md": "Closed."})
    run(settings, embedder)
    assert generations_of(settings) == ["4", "5"]


def generations_of(settings: Settings) -> list[str]:
    return sorted(folder.name for folder in (settings.folders.index_dir / "generations").iterdir())


def test_only_the_live_generation_and_the_one_before_are_kept(
    settings: Settings, embedder: Embedder, write_docs: WriteDocs
) -> None:
    for number in range(3):
        write_docs(settings.folders.docs_dir, {"cache.md": f"# Cache\n\nNumber {number}.\n"})
        run(settings, embedder)
    assert generations_of(settings) == ["2", "3"]
    assert not (settings.folders.index_dir / "building").exists()


@pytest.mark.parametrize("texts", [0, 32])
def test_a_failing_embedder_leaves_the_index_in_use_and_the_next_ingest_embeds_only_what_is_left(
    settings: Settings, embedder: Embedder, write_docs: WriteDocs, texts: int
) -> None:
    run(settings, embedder)
    before = search(settings, embedder)
    write_docs(settings.folders.docs_dir, {f"new{number}.md": f"page {number}" for number in range(40)})
    failing = breaking(embedder, texts, embedder.fingerprint)
    with pytest.raises(ModelError, match=r"bge_small_en failed \(the provider went away\): check FOOTNOTE_EMBEDDER"):
        run(settings, failing)
    assert search(settings, embedder) == before
    report = run(settings, embedder)
    assert (report.manifest.generation, report.embedded) == (2, 40 - texts)
    assert search(settings, embedder).chunks > before.chunks


def test_a_remote_embedder_that_works_is_recorded_with_its_name(settings: Settings, embedder: Embedder) -> None:
    manifest = run(settings, breaking(embedder, 1000, Fingerprint("remote", ""))).manifest
    assert (manifest.embedder, manifest.dimension) == (Fingerprint("remote", ""), 384)


def test_a_failure_in_writing_leaves_the_index_in_use(
    settings: Settings, embedder: Embedder, write_docs: WriteDocs
) -> None:
    run(settings, embedder)
    before = search(settings, embedder)
    write_docs(settings.folders.docs_dir, {"new.md": "page"})
    (settings.folders.index_dir / "building").write_text("a file where the folder goes")
    with pytest.raises(IndexWriteError, match="nothing was published and the index in use is unchanged"):
        run(settings, embedder)
    assert search(settings, embedder) == before


def test_an_ingest_beside_a_running_one_is_refused(settings: Settings, embedder: Embedder) -> None:
    with Generations(settings.folders.index_dir).lock(), pytest.raises(IngestRunningError):
        run(settings, embedder)


def test_a_folder_without_markdown_is_an_error_that_names_what_was_looked_for(
    settings: Settings, embedder: Embedder, tmp_path: Path, write_docs: WriteDocs
) -> None:
    empty = settings.changed(docs_dir=write_docs(tmp_path / "empty", {"notes.txt": "x"}))
    with pytest.raises(DocsFolderError) as raised:
        run(empty, embedder)
    assert str(raised.value) == (
        f"no markdown in {tmp_path / 'empty'}: looked for **/*.md, **/*.mdx, **/*.markdown "
        "(FOOTNOTE_INCLUDE; hidden and ignored files are left out)"
    )


def test_a_glob_that_names_the_folder_alone_says_so_where_files_lie_deeper(
    settings: Settings, embedder: Embedder, tmp_path: Path, write_docs: WriteDocs
) -> None:
    deep = settings.changed(docs_dir=write_docs(tmp_path / "deep", {"secret/part.txt": "x"}), include=("*.txt",))
    with pytest.raises(DocsFolderError) as raised:
        run(deep, embedder)
    told = ". Such globs name the whole path below the docs folder: **/*.txt names secret/part.txt"
    assert str(raised.value).endswith(
        "looked for *.txt (FOOTNOTE_INCLUDE; hidden and ignored files are left out)" + told
    )
    with pytest.raises(DocsFolderError, match="left out\\)$"):
        run(deep.changed(exclude=("secret/",)), embedder)


@pytest.mark.parametrize("name", ["include", "exclude"])
def test_a_pattern_that_is_broken_is_refused(settings: Settings, embedder: Embedder, name: str) -> None:
    with pytest.raises(SettingsError, match=rf"FOOTNOTE_{name.upper()} \(--{name}\): '\[' can match no file"):
        run(settings.changed(**{name: ("[",)}), embedder)


def test_a_folder_of_which_all_is_skipped_is_an_error_that_names_the_first(
    settings: Settings, embedder: Embedder, tmp_path: Path, write_docs: WriteDocs
) -> None:
    skipped = write_docs(tmp_path / "skipped", {"b.md": b"\xff", "a.md": b"\x00"})
    with pytest.raises(DocsFolderError, match=r"2 files skipped, the first is a\.md: binary"):
        run(settings.changed(docs_dir=skipped), embedder)


def test_a_folder_without_text_is_an_error_that_says_so(
    settings: Settings, embedder: Embedder, tmp_path: Path, write_docs: WriteDocs
) -> None:
    blank = write_docs(tmp_path / "blank", {"b.md": "", "a.md": "---\na: [\n---\n\n***\n"})
    with pytest.raises(DocsFolderError, match=r"nothing to ingest in .*: there is no text in its 2 files$"):
        run(settings.changed(docs_dir=blank), embedder)


def test_an_empty_folder_does_not_replace_the_index_in_use(
    settings: Settings, embedder: Embedder, tmp_path: Path, write_docs: WriteDocs
) -> None:
    run(settings, embedder)
    before = search(settings, embedder)
    with pytest.raises(DocsFolderError):
        run(settings.changed(docs_dir=write_docs(tmp_path / "empty", {})), embedder)
    assert search(settings, embedder) == before


def test_a_missing_docs_folder_creates_no_index(settings: Settings, embedder: Embedder, tmp_path: Path) -> None:
    with pytest.raises(DocsFolderError):
        run(settings.changed(docs_dir=tmp_path / "nope"), embedder)
    assert not settings.folders.index_dir.exists()


def test_chunk_size_and_overlap_are_the_settings(settings: Settings, embedder: Embedder, write_docs: WriteDocs) -> None:
    write_docs(settings.folders.docs_dir, {"long.md": "Alpha beta gamma delta. " * 40})
    run(settings.changed(chunk_size_chars=100, chunk_overlap_chars=50), embedder)
    pieces = chunks_of(settings, "long.md")
    assert max(len(chunk.text) for chunk in pieces) == 95
    assert all(later.start < earlier.end for earlier, later in zip(pieces, pieces[1:], strict=False))


def test_the_corpus_is_ingested_whole(settings: Settings, embedder: Embedder) -> None:
    manifest = run(settings.changed(docs_dir=CORPUS), embedder).manifest
    assert (manifest.files, manifest.skipped) == (8, ())


def interruptible_ingest(settings: Settings) -> subprocess.Popen[str]:
    """`python -m ingest`, with Ctrl-C as a terminal gives it, even where pytest runs in the background."""
    program = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from footnote.ingest.__main__ import main; main()"
    )
    command = [
        sys.executable,
        "-c",
        program,
        str(settings.folders.docs_dir),
        "--index-dir",
        str(settings.folders.index_dir),
    ]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_an_interrupted_ingest_exits_130_and_leaves_the_index_in_use(
    settings: Settings, embedder: Embedder, write_docs: WriteDocs
) -> None:
    run(settings, embedder)
    before = search(settings, embedder)
    write_docs(settings.folders.docs_dir, {f"new{number}.md": f"page {number} " * 200 for number in range(300)})
    lock = settings.folders.index_dir / ".lock"
    lock.unlink()
    process = interruptible_ingest(settings)
    try:
        while not lock.exists() and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    assert (process.returncode, output) == (130, "")
    assert errors == "interrupted: nothing was published, the index in use is unchanged\n"
    assert search(settings, embedder) == before
    shutil.rmtree(settings.folders.docs_dir)
    write_docs(settings.folders.docs_dir, PAGES | {"after.md": "The ingest after it."})
    report = run(settings, embedder)
    assert (report.manifest.generation, report.plan.added, report.plan.unchanged) == (2, ("after.md",), 3)


def test_a_killed_ingest_leaves_the_index_in_use_and_frees_the_lock(
    settings: Settings, embedder: Embedder, write_docs: WriteDocs
) -> None:
    run(settings, embedder)
    before = search(settings, embedder)
    lock = settings.folders.index_dir / ".lock"
    lock.unlink()
    write_docs(settings.folders.docs_dir, {f"new{number}.md": f"page {number} " * 200 for number in range(300)})
    process = interruptible_ingest(settings)
    while not lock.exists() and process.poll() is None:
        time.sleep(0.01)
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert search(settings, embedder) == before
    shutil.rmtree(settings.folders.docs_dir)
    write_docs(settings.folders.docs_dir, PAGES | {"after.md": "The ingest after it."})
    report = run(settings, embedder)
    assert (report.manifest.generation, report.plan.added, report.plan.unchanged) == (2, ("after.md",), 3)
