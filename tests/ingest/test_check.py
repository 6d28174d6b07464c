"""An index against its manifest, its docs folder and itself: every drift is named, and there are no others."""

import shutil
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from footnote.app.core.errors import DocsFolderError, IndexDamagedError, IndexMissingError
from footnote.app.core.settings import Settings
from footnote.app.core.types import Chunk, Fingerprint
from footnote.app.index.embedded import lexical_segments
from footnote.app.index.embedded.chroma_folder import graph_sha256_of
from footnote.app.index.embedded.chroma_store import ChromaStore
from footnote.app.index.embedded.lexical_segments import write_segments
from footnote.app.index.embedded.tantivy_index import TantivyIndex
from footnote.app.index.generations import Generations
from footnote.app.index.manifest import FileRecord, Manifest, read_files, read_manifest, write_manifest
from footnote.app.models.embedder import Embedder, PrefixedEmbeddings
from footnote.ingest.commands.check import CheckReport, Drift, check
from tests.conftest import CORPUS, WriteDocs
from tests.ingest.ingesting import chunks, chunks_of, contents, run


def checked(settings: Settings) -> CheckReport:
    return check(settings, lambda stage, done, total: None)


def drifts(settings: Settings) -> list[Drift]:
    return sorted(checked(settings).drifts, key=lambda drift: (drift.where, drift.what))


def live(settings: Settings) -> Path:
    generations = Generations(settings.folders.index_dir)
    return generations.folder(generations.live())


def rewrite_lexical(settings: Settings, added: Sequence[Chunk], removed: Sequence[Chunk] = ()) -> None:
    """Take chunks out of the lexical index alone, and put others in."""
    folder = live(settings) / "tantivy"
    write_segments(folder.with_name("other"), added, folder, {chunk.id: chunk.path for chunk in removed})
    shutil.rmtree(folder)
    folder.with_name("other").rename(folder)


def rewrite_manifest(
    settings: Settings,
    manifest: Callable[[Manifest], Manifest] = lambda manifest: manifest,
    files: Callable[[list[FileRecord]], list[FileRecord]] = lambda files: files,
) -> None:
    folder = live(settings)
    write_manifest(folder, manifest(read_manifest(folder)), files(read_files(folder)))


def rewrite_vectors(settings: Settings, change: Callable[[ChromaStore], None]) -> None:
    """Change Chroma alone, as an ingest with a bug would: its graph is the one in the manifest."""
    folder = live(settings) / "chroma"
    with closing(ChromaStore.open(folder)) as store:
        change(store)
        store.settle()
    rewrite_manifest(settings, lambda manifest: replace(manifest, graph_sha256=graph_sha256_of(folder)))


@pytest.fixture
def port(ingested: Settings) -> Chunk:
    """The first chunk of ports.md."""
    return chunks_of(ingested, "ports.md")[0]


def test_a_fresh_index_has_no_drifts(ingested: Settings) -> None:
    assert checked(ingested) == CheckReport(generation=1, files=3, chunks=4, drifts=())


def test_an_index_of_many_changes_has_no_drifts(ingested: Settings, embedder: Embedder, write_docs: WriteDocs) -> None:
    for number in range(3):
        write_docs(
            ingested.folders.docs_dir, {f"{number}.md": f"# {number}\n\ntext\n", "cache.md": f"# Cache\n\n{number}\n"}
        )
        run(ingested, embedder)
    (ingested.folders.docs_dir / "0.md").unlink()
    write_docs(
        ingested.folders.docs_dir, {"ports.md": "---\ntitle: T\n---\n\n# Ports\n\nThe server listens on port 7070.\n"}
    )
    run(ingested, embedder)
    assert checked(ingested) == CheckReport(generation=5, files=5, chunks=5, drifts=())


def test_the_corpus_and_skipped_files_are_no_drifts(settings: Settings, embedder: Embedder, tmp_path: Path) -> None:
    shutil.copytree(CORPUS, tmp_path / "corpus")
    (tmp_path / "corpus" / "image.md").write_bytes(b"\0")
    (tmp_path / "corpus" / "broken.md").write_text("---\na: [\n---\ntext")
    settings = settings.changed(docs_dir=tmp_path / "corpus")
    run(settings, embedder)
    report = checked(settings)
    assert (report.files, report.drifts) == (9, ())


def test_a_check_changes_nothing(ingested: Settings) -> None:
    before = contents(ingested.folders.docs_dir)
    checked(ingested)
    assert contents(ingested.folders.docs_dir) == before
    assert checked(ingested).drifts == ()


def test_progress_is_told_by_file(ingested: Settings) -> None:
    told: list[tuple[str, int, int]] = []
    check(ingested, lambda *progress: told.append(progress))
    assert told == [("check", 1, 3), ("check", 2, 3), ("check", 3, 3)]


def test_the_settings_that_built_the_index_are_those_it_is_checked_with(
    settings: Settings, embedder: Embedder, write_docs: WriteDocs
) -> None:
    write_docs(settings.folders.docs_dir, {"long.md": "Alpha beta. " * 60, "drafts/a.md": "draft", "a.txt": "text"})
    small = {"chunk_size_chars": 200, "chunk_overlap_chars": 50, "exclude": ("drafts/",), "include": ("**/*.md",)}
    run(settings.changed(**small), embedder)
    assert checked(settings).drifts == ()
    assert checked(settings.changed(docs_dir=Path("elsewhere"))).drifts == ()


def test_changed_added_deleted_and_unreadable_pages_are_named(ingested: Settings, write_docs: WriteDocs) -> None:
    write_docs(ingested.folders.docs_dir, {"cache.md": "# Cache\n\nAnother.\n", "new.md": "new", "ports.md": b"\0"})
    (ingested.folders.docs_dir / "guides/backup.md").unlink()
    assert drifts(ingested) == [
        Drift("cache.md", "was changed since it was ingested"),
        Drift("guides/backup.md", "is in the index, but not in the docs folder"),
        Drift("new.md", "is not in the index"),
        Drift("ports.md", "is in the index, but cannot be read: binary"),
    ]


def test_an_edit_that_size_and_time_do_not_show_is_named(ingested: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    page = ingested.folders.docs_dir / "ports.md"
    page.write_text(page.read_text().replace("7070", "8080"))
    monkeypatch.setattr("footnote.ingest.cache.KnownFile.is_still", lambda known, file: True)
    assert drifts(ingested) == [Drift("ports.md", "was changed since it was ingested")]


def test_a_chunk_that_is_missing_from_chroma_alone_is_named(ingested: Settings, port: Chunk) -> None:
    rewrite_vectors(ingested, lambda store: store.delete([port.id]))
    assert drifts(ingested) == [
        Drift("manifest.json", "states 4 vectors, there are 3"),
        Drift("ports.md", f"the vector index lacks chunk {port.id}"),
    ]


def test_a_chunk_that_is_missing_from_the_lexical_index_alone_is_named(ingested: Settings, port: Chunk) -> None:
    rewrite_lexical(ingested, [], removed=[port])
    assert drifts(ingested) == [
        Drift("manifest.json", "states 4 chunks in the lexical index, there are 3"),
        Drift("ports.md", f"the lexical index lacks chunk {port.id}"),
    ]


def test_a_chunk_that_no_file_has_is_named_where_it_is_held(ingested: Settings, port: Chunk) -> None:
    gone = replace(port, id="0" * 32, path="gone.md")
    rewrite_lexical(ingested, [gone])
    rewrite_vectors(ingested, lambda store: store.add([gone], np.eye(1, 384, dtype=np.float32)))
    assert drifts(ingested) == [
        Drift("gone.md", f"the lexical index holds chunk {gone.id}, which no file has"),
        Drift("gone.md", f"the vector index holds chunk {gone.id}, which no file has"),
        Drift("manifest.json", "states 4 chunks in the lexical index, there are 5"),
        Drift("manifest.json", "states 4 vectors, there are 5"),
    ]


def test_a_chunk_under_another_path_in_chroma_is_named(ingested: Settings, port: Chunk) -> None:
    # A filter by path would not find it.
    def move(store: ChromaStore) -> None:
        store.delete([port.id])
        store.add([replace(port, path="cache.md")], np.eye(1, 384, dtype=np.float32))

    rewrite_vectors(ingested, move)
    assert drifts(ingested) == [
        Drift("cache.md", f"the vector index holds chunk {port.id}, which no file has"),
        Drift("ports.md", f"the vector index lacks chunk {port.id}"),
    ]


def test_a_chunk_that_the_lexical_index_holds_twice_is_named(ingested: Settings, port: Chunk) -> None:
    rewrite_lexical(ingested, [port])
    assert drifts(ingested) == [
        Drift("manifest.json", "states 4 chunks in the lexical index, there are 5"),
        Drift("ports.md", f"the lexical index holds chunk {port.id} twice"),
    ]


@pytest.mark.parametrize("length", [0.0, 0.999, 1.001, 2.0])
def test_a_vector_that_is_not_of_length_one_is_named(ingested: Settings, port: Chunk, length: float) -> None:
    vector = np.eye(1, 384, dtype=np.float32) * np.float32(length)

    def spoil(store: ChromaStore) -> None:
        store.delete([port.id])
        store.add([port], vector)

    rewrite_vectors(ingested, spoil)
    assert drifts(ingested) == [Drift("ports.md", f"the vector of chunk {port.id} is not of length 1")]


def test_graph_files_that_are_not_those_that_were_published_are_named(ingested: Settings) -> None:
    # Chroma reads the levels of its graph without checking them.
    [file] = (live(ingested) / "chroma").glob("*/link_lists.bin")
    file.write_bytes(file.read_bytes() + b"\0")
    assert Drift("chroma", "the graph files are not those that were published") in drifts(ingested)


def test_a_remote_embedder_whose_vectors_have_other_lengths_is_no_drift(settings: Settings, embedder: Embedder) -> None:
    class Long:
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [[3 * number for number in vector] for vector in embedder.embed_documents(texts)]

    run(settings, PrefixedEmbeddings(Long(), "", Fingerprint("remote", "")))  # type: ignore[arg-type]
    assert checked(settings).drifts == ()


def test_another_dimension_in_the_manifest_is_named(ingested: Settings) -> None:
    rewrite_manifest(ingested, lambda manifest: replace(manifest, dimension=383))
    expected = [Drift(chunk.path, f"the vector of chunk {chunk.id} has 384 dimensions") for chunk in chunks(ingested)]
    assert drifts(ingested) == sorted(expected, key=lambda drift: (drift.where, drift.what))


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("files", ["states 4 files, there are 3"]),
        (
            "chunks",
            [
                "states 5 chunks in the lexical index, there are 4",
                "states 5 chunks, there are 4",
                "states 5 vectors, there are 4",
            ],
        ),
    ],
)
def test_another_count_in_the_manifest_is_named(ingested: Settings, name: str, what: list[str]) -> None:
    rewrite_manifest(ingested, lambda manifest: replace(manifest, **{name: getattr(manifest, name) + 1}))
    assert drifts(ingested) == [Drift("manifest.json", line) for line in what]


def test_a_file_that_is_missing_from_the_file_list_is_named(ingested: Settings) -> None:
    [chunk] = chunks_of(ingested, "cache.md")
    rewrite_manifest(ingested, files=lambda files: [file for file in files if file.path != "cache.md"])
    assert drifts(ingested) == [
        Drift("cache.md", "is not in the index"),
        Drift("cache.md", f"the lexical index holds chunk {chunk.id}, which no file has"),
        Drift("cache.md", f"the vector index holds chunk {chunk.id}, which no file has"),
        Drift("manifest.json", "states 3 files, there are 2"),
        Drift("manifest.json", "states 4 chunks, there are 3"),
    ]


@pytest.mark.parametrize(
    ("shift", "also_bytes"),
    [
        ({"start": 1, "end": 1}, True),
        ({"start_line": 1, "end_line": 1}, False),
    ],
)
def test_a_shifted_place_is_named(ingested: Settings, port: Chunk, shift: dict[str, int], also_bytes: bool) -> None:
    shifted = replace(port, **{name: getattr(port, name) + by for name, by in shift.items()})
    rewrite_lexical(ingested, [shifted], removed=[port])
    expected = [Drift("ports.md", f"chunk {port.id} is stored with another place, title or metadata")]
    if also_bytes:
        expected.insert(
            0, Drift("ports.md", f"chunk {port.id} is not the file's bytes {port.start + 1} to {port.end + 1}")
        )
    assert drifts(ingested) == expected


@pytest.mark.parametrize("change", [{"title": "Other"}, {"metadata": {"a": 1}}, {"sha256": "0" * 64}])
def test_another_title_or_metadata_is_named(ingested: Settings, port: Chunk, change: dict[str, object]) -> None:
    rewrite_lexical(ingested, [replace(port, **change)], removed=[port])
    assert drifts(ingested) == [Drift("ports.md", f"chunk {port.id} is stored with another place, title or metadata")]


def test_a_text_that_is_not_in_the_file_is_named(ingested: Settings, port: Chunk) -> None:
    rewrite_lexical(ingested, [replace(port, text=port.text.replace("7070", "8080"))], removed=[port])
    assert drifts(ingested) == [
        Drift("ports.md", f"chunk {port.id} is not the file's bytes {port.start} to {port.end}"),
        Drift("ports.md", f"chunk {port.id} is stored with another place, title or metadata"),
    ]


def test_terms_that_are_not_those_of_the_text_are_named(
    ingested: Settings, port: Chunk, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = lexical_segments.lexical_document
    with monkeypatch.context() as patch:
        patch.setattr(lexical_segments, "lexical_document", lambda chunk: document(chunk)._replace(body="zebra"))
        rewrite_lexical(ingested, [port], removed=[port])
    lexical = TantivyIndex.open(live(ingested) / "tantivy")
    assert port.id in [hit.chunk_id for hit in lexical.search("zebra", 5)]
    assert drifts(ingested) == [Drift("ports.md", f"the terms of chunk {port.id} are not those of its text")]


def test_a_page_that_this_version_cuts_in_another_way_is_named(ingested: Settings, port: Chunk) -> None:
    """As after a change of the splitter without a change of the format."""
    older = replace(port, id="0" * 32)
    rewrite_lexical(ingested, [older], removed=[port])

    def rename(store: ChromaStore) -> None:
        [vector] = [vector for chunk_id, _, vector in store.rows() if chunk_id == port.id]
        store.delete([port.id])
        store.add([older], vector.reshape(1, -1))

    rewrite_vectors(ingested, rename)
    rewrite_manifest(
        ingested,
        files=lambda files: [
            replace(file, chunk_ids=tuple(older.id if chunk_id == port.id else chunk_id for chunk_id in file.chunk_ids))
            for file in files
        ],
    )
    assert drifts(ingested) == [
        Drift("ports.md", f"chunk {port.id} is not in the file list: the page is cut in another way now")
    ]


def test_a_chunk_that_this_version_does_not_cut_any_more_is_named(ingested: Settings, port: Chunk) -> None:
    """Every list agrees on it, and it is a slice of the file; but a build from nothing would not have it."""
    extra = replace(port, id="0" * 32, heading_path=("Elsewhere",))
    rewrite_lexical(ingested, [extra])
    rewrite_vectors(ingested, lambda store: store.add([extra], np.eye(1, 384, dtype=np.float32)))
    rewrite_manifest(
        ingested,
        lambda manifest: replace(manifest, chunks=5),
        lambda files: [
            replace(file, chunk_ids=(*file.chunk_ids, extra.id)) if file.path == "ports.md" else file for file in files
        ],
    )
    assert [drift.where for drift in drifts(ingested)] == ["ports.md"]


def test_without_index_docs_folder_or_chroma_there_is_nothing_to_check(ingested: Settings, tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match="run `footnote ingest` first"):
        checked(ingested.changed(index_dir=tmp_path / "none"))
    ingested.folders.docs_dir.rename(tmp_path / "moved")
    with pytest.raises(DocsFolderError, match="does not exist"):
        checked(ingested)
    shutil.rmtree(live(ingested) / "chroma")
    with pytest.raises(IndexDamagedError, match="run `footnote ingest --rebuild`"):
        checked(ingested)
