from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.core.errors import IndexDamagedError
from app.core.filters import FileSelection
from app.core.types import Chunk
from app.core.vector_store import ChromaStore
from tests.query.builders import make_chunk

RICH = Chunk(
    id="f" * 32,
    path="guides/größe.md",
    title="Größe > und 'Quotes' \"",
    heading_path=("Größe", "a > b", ""),
    start_line=3,
    end_line=17,
    start=40,
    end=1234,
    text="Zeile 1\r\n\tZeile 2 😀\x7f",
    sha256="0" * 64,
    metadata={
        "title": None,
        "draft": True,
        "weight": 3,
        "ratio": 0.1,
        "tags": ["a", 2, None, ["b"]],
        "author": {"name": "Ada", "team": {"größe": []}},
        "path": "a field named like one of ours",
    },
)


def chunk_of(chunk_id: str, path: str = "a.md") -> Chunk:
    return replace(RICH, id=chunk_id, path=path, text=f"text of {chunk_id}")


def vectors(*rows: Sequence[float]) -> np.ndarray:
    matrix = np.asarray(rows, dtype=np.float32)
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


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


def test_a_chunk_comes_back_as_it_went_in(store: ChromaStore) -> None:
    plain = replace(RICH, id="0" * 32, heading_path=(), metadata={}, title="", text="x")
    store.add([RICH, plain], vectors([1, 0], [0, 1]))
    assert store.get([RICH.id, plain.id]) == {RICH.id: RICH, plain.id: plain}
    assert sorted(store.all_chunks(), key=lambda chunk: chunk.id) == [plain, RICH]
    assert store.count() == 2


def test_a_chunk_comes_back_after_the_store_was_closed_and_moved(tmp_path: Path) -> None:
    store = ChromaStore.build(tmp_path / "building")
    store.add([RICH], vectors([1, 0]))
    store.close()
    (tmp_path / "building").rename(tmp_path / "moved")
    reopened = ChromaStore.open(tmp_path / "moved")
    assert reopened.get([RICH.id]) == {RICH.id: RICH}
    assert [hit.chunk_id for hit in reopened.search([1.0, 0.0], 1)] == [RICH.id]
    reopened.close()


def test_an_unknown_id_is_missing_from_the_result(compass: ChromaStore) -> None:
    assert list(compass.get(["north", "nowhere"])) == ["north"]
    assert compass.get([]) == {}


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
    assert sorted(chunk.id for chunk in store.all_chunks()) == [chunk.id for chunk in chunks]


def test_opening_a_missing_folder_is_an_error_and_creates_nothing(tmp_path: Path) -> None:
    with pytest.raises(IndexDamagedError, match="is missing: run `footnote ingest`"):
        ChromaStore.open(tmp_path / "chroma")
    assert list(tmp_path.iterdir()) == []


def test_opening_a_damaged_database_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "chroma.sqlite3").write_bytes(b"no database")
    with pytest.raises(IndexDamagedError, match="cannot be read .*: run `footnote ingest`"):
        ChromaStore.open(tmp_path)


def test_opening_a_database_of_something_else_is_an_error(tmp_path: Path) -> None:
    import chromadb

    client = chromadb.PersistentClient(path=str(tmp_path))
    client.create_collection("other", embedding_function=None)
    client.close()
    with pytest.raises(IndexDamagedError, match="run `footnote ingest`"):
        ChromaStore.open(tmp_path)


def test_what_chroma_refuses_to_search_is_one_kind_of_error(tmp_path: Path) -> None:
    store = ChromaStore.build(tmp_path / "chroma")
    store.add([make_chunk("A.")], np.array([[1.0, 0.0]], dtype=np.float32))
    with pytest.raises(IndexDamagedError, match="run `footnote ingest`"):
        store.search([1.0, 0.0, 0.0], 1)
    store.close()
