from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from footnote.app.core.errors import IndexDamagedError
from footnote.app.core.types import Chunk
from footnote.app.index.embedded import chroma_store
from footnote.app.index.embedded.chroma_folder import _GRAPH_HEADER, graph_sha256_of
from footnote.app.index.embedded.chroma_store import ChromaStore
from footnote.app.index.filters import FileSelection
from tests.builders import make_chunk


def chunk_of(chunk_id: str, path: str = "a.md") -> Chunk:
    return Chunk(chunk_id, path, "Title", (), 1, 1, 0, 1, "x", "")


def vectors(*rows: Sequence[float]) -> np.ndarray:
    matrix = np.asarray(rows, dtype=np.float32)
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


def circle(count: int) -> np.ndarray:
    """Unit vectors from east to north, each further from east than the one before."""
    angles = np.linspace(0, np.pi / 2, count)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def selection(allowed: str, others: str = "") -> FileSelection:
    return FileSelection(frozenset(allowed.split()), frozenset(others.split()))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ChromaStore]:
    built = ChromaStore.build(tmp_path / "chroma")
    yield built
    built.close()


@pytest.fixture
def compass(store: ChromaStore) -> ChromaStore:
    """Five chunks in three files, by their angle from east."""
    chunks = [
        chunk_of("north", "a.md"),
        chunk_of("east", "b.md"),
        chunk_of("northeast", "c.md"),
        chunk_of("west", "c.md"),
        chunk_of("south", "a.md"),
    ]
    store.add(chunks, vectors([3, 4], [1, 0], [4, 3], [-1, 0], [0, -1]))
    return store


def ids(store: ChromaStore, top_k: int, chosen: FileSelection | None = None) -> list[str]:
    return [hit.chunk_id for hit in store.search([1.0, 0.0], top_k, chosen)]


def rows(store: ChromaStore) -> dict[str, tuple[str, list[float]]]:
    return {chunk_id: (path, vector.tolist()) for chunk_id, path, vector in store.rows()}


def test_id_path_and_vector_come_back_as_they_went_in(store: ChromaStore) -> None:
    assert rows(store) == {}
    store.add([chunk_of("x", "guides/größe.md"), chunk_of("y")], vectors([3, 4], [0, 1]))
    assert rows(store) == {
        "x": ("guides/größe.md", pytest.approx([0.6, 0.8], abs=1e-6)),
        "y": ("a.md", [0.0, 1.0]),
    }
    assert store.count() == 2


def test_rows_come_back_after_the_store_was_closed_and_moved(tmp_path: Path) -> None:
    store = ChromaStore.build(tmp_path / "building")
    store.add([chunk_of("x")], vectors([1, 0]))
    store.close()
    (tmp_path / "building").rename(tmp_path / "moved")
    with closing(ChromaStore.open(tmp_path / "moved")) as reopened:
        assert rows(reopened) == {"x": ("a.md", [1.0, 0.0])}
        assert ids(reopened, 1) == ["x"]


def test_deleted_chunks_are_gone_and_unknown_ids_are_no_error(compass: ChromaStore) -> None:
    compass.delete(["north", "nowhere", "west"])
    assert compass.count() == 3
    assert rows(compass).keys() == {"east", "northeast", "south"}
    assert ids(compass, 5) == ["east", "northeast", "south"]
    compass.delete([])
    assert compass.count() == 3


def test_a_deleted_id_may_be_added_again_with_another_vector(compass: ChromaStore) -> None:
    compass.delete(["north"])
    compass.add([chunk_of("north")], vectors([-3, 4]))
    [hit] = [hit for hit in compass.search([1.0, 0.0], 5) if hit.chunk_id == "north"]
    assert hit.similarity == pytest.approx(-0.6, abs=1e-6)


def test_a_settled_store_is_closed_and_answers_as_before_when_opened_again(tmp_path: Path) -> None:
    store = ChromaStore.build(tmp_path)
    store.add([chunk_of(f"{number:03}") for number in range(250)], circle(250))
    before = store.search([1.0, 0.0], 20)
    store.settle()
    with closing(ChromaStore.open(tmp_path)) as reopened:
        assert reopened.count() == 250
        assert reopened.search([1.0, 0.0], 20) == before


def test_reading_a_settled_store_leaves_its_graph_as_it_is(tmp_path: Path) -> None:
    store = ChromaStore.build(tmp_path)
    store.add([chunk_of(f"{number:03}") for number in range(250)], circle(250))
    store.settle()
    written, hashed = {file: file.stat().st_mtime_ns for file in tmp_path.glob("*/*")}, graph_sha256_of(tmp_path)
    with closing(ChromaStore.open(tmp_path)) as reopened:
        reopened.search([1.0, 0.0], 20)
        assert len(rows(reopened)) == 250
    assert {file: file.stat().st_mtime_ns for file in tmp_path.glob("*/*")} == written != {}
    assert graph_sha256_of(tmp_path) == hashed != ""


def vectors_written(folder: Path) -> int:
    """How many vectors the files of the graph hold."""
    [header] = folder.glob("*/header.bin")
    return int(_GRAPH_HEADER.unpack_from(header.read_bytes())[3])


@pytest.mark.parametrize("count", [2, 99, 100, 101, 500, 777, 1_001])
def test_all_vectors_are_in_the_files_of_the_graph_after_the_last_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """What is not, is put into the graph again when the store is settled."""
    monkeypatch.setattr(chroma_store, "_LOADING_SYNC_ROWS", 500)
    monkeypatch.setattr(chroma_store, "PAGE", 100)
    embeddings = circle(count)
    with closing(ChromaStore.build(tmp_path / "chroma")) as store:
        pages = store.pages_to_add(count)
        assert [row for page in pages for row in page] == list(range(count))
        assert max(map(len, pages)) <= 100
        for page in pages:
            store.add([chunk_of(f"{row:04}") for row in page], embeddings[page.start : page.stop])
        assert vectors_written(tmp_path / "chroma") == count
        store.settle()
    with closing(ChromaStore.open(tmp_path / "chroma")) as store:
        assert store.count() == count
        assert ids(store, 3) == ["0000", "0001", "0002"][:count]


def test_no_page_is_of_no_rows(store: ChromaStore) -> None:
    assert store.pages_to_add(0) == []
    assert store.pages_to_add(1) == [range(1)]


def test_an_empty_store_can_be_settled(tmp_path: Path) -> None:
    ChromaStore.build(tmp_path).settle()
    with closing(ChromaStore.open(tmp_path)) as store:
        assert (store.count(), rows(store)) == (0, {})


def test_a_derived_store_has_the_rows_of_its_base_and_leaves_that_alone(tmp_path: Path) -> None:
    base = ChromaStore.build(tmp_path / "base")
    base.add([chunk_of(f"{number:03}") for number in range(250)], circle(250))
    base.settle()
    with closing(ChromaStore.open(tmp_path / "base")) as reader:
        before = rows(reader)
        derived = ChromaStore.derive(tmp_path / "base", tmp_path / "derived", graph_sha256_of(tmp_path / "base"))
        derived.delete(["000", "001"])
        derived.add([chunk_of("new", "new.md")], vectors([1, 0]))
        derived.settle()
        with closing(ChromaStore.open(tmp_path / "derived")) as changed:
            new = {"new": ("new.md", [1.0, 0.0])}
            assert rows(changed) == {row: before[row] for row in before if row not in ("000", "001")} | new
            assert ids(changed, 2) == ["new", "002"]
        assert rows(reader) == before
        assert ids(reader, 2) == ["000", "001"]


@pytest.mark.parametrize("damage", ["changed", "cut", "gone"])
def test_a_base_whose_graph_is_not_the_one_that_was_published_is_damaged(tmp_path: Path, damage: str) -> None:
    base = ChromaStore.build(tmp_path / "base")
    base.add([chunk_of(f"{number:03}") for number in range(250)], circle(250))
    base.settle()
    published = graph_sha256_of(tmp_path / "base")
    [file] = (tmp_path / "base").glob("*/data_level0.bin")
    content = bytearray(file.read_bytes())
    if damage == "gone":
        file.unlink()
    elif damage == "cut":
        file.write_bytes(content[:-1])
    else:
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
    with pytest.raises(IndexDamagedError, match="graph files of .* are damaged: run `footnote ingest --rebuild`"):
        ChromaStore.derive(tmp_path / "base", tmp_path / "derived", published)


@pytest.mark.parametrize("damage", ["missing", "empty", "no database"])
def test_a_base_that_cannot_be_read_is_damaged(tmp_path: Path, damage: str) -> None:
    base = tmp_path / "base"
    if damage != "missing":
        base.mkdir()
    if damage == "no database":
        (base / "chroma.sqlite3").write_bytes(b"no database" * 100)
    with pytest.raises(IndexDamagedError, match="run `footnote ingest --rebuild`"):
        ChromaStore.derive(base, tmp_path / "derived", "")


def test_hits_come_nearest_first_with_their_cosine(compass: ChromaStore) -> None:
    hits = compass.search([2.0, 0.0], 5)  # the length of a vector does not matter
    assert [hit.chunk_id for hit in hits] == ["east", "northeast", "north", "south", "west"]
    assert [hit.similarity for hit in hits] == pytest.approx([1.0, 0.8, 0.6, 0.0, -1.0], abs=1e-6)
    assert compass.search([2.0, 0.0], 2) == hits[:2]


def test_equal_similarities_are_ordered_by_id(store: ChromaStore) -> None:
    store.add([chunk_of(chunk_id) for chunk_id in "cadb"], vectors(*[(1, 1)] * 4))
    assert ids(store, 4) == ["a", "b", "c", "d"]


def test_fewer_chunks_than_top_k_are_all_returned(compass: ChromaStore) -> None:
    assert len(ids(compass, 50)) == 5


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        (selection("a.md", "b.md c.md"), ["north", "south"]),  # by the allowed paths
        (selection("a.md c.md", "b.md"), ["northeast", "north"]),  # by the others
        (selection("a.md b.md c.md"), ["east", "northeast"]),
        (selection("", "a.md b.md c.md"), []),
        (selection("gone.md", "a.md b.md c.md"), []),
    ],
)
def test_a_selection_restricts_the_search_before_the_cut(
    compass: ChromaStore, chosen: FileSelection, found: list[str]
) -> None:
    assert ids(compass, 2, chosen) == found


def test_the_few_chunks_of_a_far_file_are_found_among_many_near_ones(store: ChromaStore) -> None:
    near = [(1.0, angle / 10_000) for angle in range(1500)]
    chunks = [chunk_of(f"near{number}", "near.md") for number in range(len(near))]
    chunks += [chunk_of("far1", "far.md"), chunk_of("far2", "far.md")]
    store.add(chunks, vectors(*near, (-1.0, 0.1), (-1.0, 0.0)))
    assert ids(store, 5, selection("far.md", "near.md")) == ["far1", "far2"]


def test_more_chunks_than_one_call_of_chroma_takes(store: ChromaStore) -> None:
    chunks = [chunk_of(f"{number:05}") for number in range(5_500)]
    store.add(chunks, vectors(*[(1.0, float(number)) for number in range(len(chunks))]))
    assert store.count() == len(chunks)
    assert sorted(rows(store)) == [chunk.id for chunk in chunks]
    store.delete([chunk.id for chunk in chunks[1:]])
    assert list(rows(store)) == ["00000"]


def test_opening_a_missing_folder_is_an_error_and_creates_nothing(tmp_path: Path) -> None:
    with pytest.raises(IndexDamagedError, match="is missing: run `footnote ingest --rebuild`"):
        ChromaStore.open(tmp_path / "chroma")
    assert list(tmp_path.iterdir()) == []


def test_opening_a_damaged_database_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "chroma.sqlite3").write_bytes(b"no database")
    with pytest.raises(IndexDamagedError, match="cannot be read .*: run `footnote ingest --rebuild`"):
        ChromaStore.open(tmp_path)


def test_opening_a_database_of_something_else_is_an_error(tmp_path: Path) -> None:
    import chromadb

    client = chromadb.PersistentClient(path=str(tmp_path))
    client.create_collection("other", embedding_function=None)
    client.close()
    with pytest.raises(IndexDamagedError, match="run `footnote ingest --rebuild`"):
        ChromaStore.open(tmp_path)


def test_what_chroma_refuses_to_search_is_one_kind_of_error(tmp_path: Path) -> None:
    store = ChromaStore.build(tmp_path / "chroma")
    store.add([make_chunk("A.")], np.array([[1.0, 0.0]], dtype=np.float32))
    with pytest.raises(IndexDamagedError, match="run `footnote ingest --rebuild`"):
        store.search([1.0, 0.0, 0.0], 1)
    store.close()
