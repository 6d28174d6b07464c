"""The lexical index, derived from the one before: as if it had been built from nothing."""

import json
import random
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from footnote.app.core.errors import IndexDamagedError
from footnote.app.core.text.analysis import terms
from footnote.app.core.types import Chunk
from footnote.app.index.documents import lexical_document
from footnote.app.index.embedded import lexical_segments
from footnote.app.index.embedded.lexical_segments import write_segments
from footnote.app.index.embedded.tantivy_index import TantivyIndex
from footnote.app.index.seam import LexicalHit

WORDS = ["relay", "queue", "port", "backup", "zebra", "folder", "server", "cache", "token", "header", "purge", "index"]
QUESTIONS = [*WORDS, "the relay server", "backup the queue folder", "zebra cache token header port", "pages of a.md"]
BUCKETS = 4

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
        "big": 2**63,
        "ratio": 0.1,
        "tags": ["a", 2, None, ["b"]],
        "author": {"name": "Ada", "team": {"größe": []}},
        "path": "a field named like one of ours",
        "heading_path": ["another"],
    },
    references={"größe": "https://a.example"},
)


@contextmanager
def small_buckets(chunks: int = 5) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lexical_segments, "_CHUNKS_A_BUCKET", chunks)
        yield


@pytest.fixture(autouse=True)
def _small_buckets() -> Iterator[None]:
    with small_buckets():
        yield


def chunk_of(chunk_id: str, path: str, text: str = "relay") -> Chunk:
    return Chunk(chunk_id, path, "Page", (), 1, 1, 0, len(text), text, "")


def pages(paths: Iterable[str], randomness: random.Random) -> dict[str, list[Chunk]]:
    """One to three chunks a page, each of some words of `WORDS`."""
    return {
        path: [
            chunk_of(
                f"{path}:{randomness.random()}", path, " ".join(randomness.choices(WORDS, k=randomness.randint(1, 40)))
            )
            for _ in range(randomness.randint(1, 3))
        ]
        for path in paths
    }


def all_of(corpus: Mapping[str, list[Chunk]]) -> list[Chunk]:
    return [chunk for chunks in corpus.values() for chunk in chunks]


def removed(corpus: Mapping[str, list[Chunk]], paths: Iterable[str]) -> dict[str, str]:
    return {chunk.id: path for path in paths for chunk in corpus[path]}


def bucket_count(folder: Path) -> int:
    count: int = json.loads((folder / "buckets.json").read_text())["buckets"]
    return count


def bucket_of(path: str, buckets: int = BUCKETS) -> int:
    return lexical_segments._bucket_of(path, buckets)


def paths_of_bucket(bucket: int, count: int) -> list[str]:
    """The first paths that fall into a bucket of four."""
    paths = (f"{number}.md" for number in range(1000))
    return [path for path in paths if bucket_of(path) == bucket][:count]


def segment_inodes(folder: Path) -> dict[int, set[int]]:
    """The inodes of each bucket's files."""
    named = json.loads((folder / "buckets.json").read_text())["segments"]
    stems = {bucket: {segment["segment_id"].replace("-", "") for segment in named[bucket]} for bucket in named}
    return {
        int(bucket): {file.stat().st_ino for file in folder.iterdir() if file.name.partition(".")[0] in of_bucket}
        for bucket, of_bucket in stems.items()
    }


def assert_as_built(derived: Path, chunks: Iterable[Chunk]) -> None:
    """The same chunks as an index of a single segment, and the same hits with bit-equal scores."""
    built = derived.with_name(derived.name + "-built")
    with small_buckets(1_000):
        write_segments(built, chunks)
    assert bucket_count(built) == 1
    one, other = TantivyIndex.open(derived), TantivyIndex.open(built)
    assert one.count() == other.count()
    assert sorted(one.documents()) == sorted(other.documents())
    for question in QUESTIONS:
        for top_k in (1, 7, 100):
            assert one.search(question, top_k) == other.search(question, top_k)


@pytest.fixture(scope="module")
def corpus() -> dict[str, list[Chunk]]:
    """Four pages in each of four buckets."""
    paths = [path for bucket in range(BUCKETS) for path in paths_of_bucket(bucket, 4)]
    return {path: [chunk_of(path, path, f"relay {path} zebra")] for path in paths}


@pytest.fixture(scope="module")
def written(corpus: dict[str, list[Chunk]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("segments") / "base"
    with small_buckets():
        write_segments(folder, all_of(corpus))
    assert bucket_count(folder) == BUCKETS
    return folder


@pytest.fixture
def base(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(written, tmp_path / "base"))


@pytest.mark.parametrize("seed", range(2))
def test_after_any_changes_it_is_the_index_that_would_be_built_from_nothing(tmp_path: Path, seed: int) -> None:
    randomness = random.Random(seed)
    corpus = pages((f"{number}.md" for number in range(8)), randomness)
    write_segments(tmp_path / "0", all_of(corpus))
    for step in range(1, 6):
        touched = {f"{number}.md" for number in randomness.sample(range(20), 3)}
        gone = removed(corpus, touched & corpus.keys())
        # Some of them are changed, the others deleted; those that are not there yet are added.
        new = pages((path for path in sorted(touched) if randomness.random() < 0.8), randomness)
        corpus = {path: chunks for path, chunks in corpus.items() if path not in touched} | new
        write_segments(tmp_path / str(step), all_of(new), tmp_path / str(step - 1), gone)
        assert_as_built(tmp_path / str(step), all_of(corpus))


def test_only_the_buckets_of_changed_pages_are_written_and_the_others_share_their_files(
    corpus: dict[str, list[Chunk]], base: Path, tmp_path: Path
) -> None:
    [changed, *_], [deleted, *_] = paths_of_bucket(1, 4), paths_of_bucket(2, 4)
    new = chunk_of("new", changed, "the header")
    write_segments(tmp_path / "derived", [new], base, removed(corpus, [changed, deleted]))
    before, after = segment_inodes(base), segment_inodes(tmp_path / "derived")
    assert before.keys() == after.keys() == {0, 1, 2, 3}
    assert (after[0], after[3]) == (before[0], before[3])
    assert not (before[1] | before[2]) & (after[1] | after[2])
    assert before[0]


def test_without_any_change_every_segment_is_shared(base: Path, corpus: dict[str, list[Chunk]], tmp_path: Path) -> None:
    write_segments(tmp_path / "derived", [], base, {})
    assert segment_inodes(tmp_path / "derived") == segment_inodes(base)
    assert_as_built(tmp_path / "derived", all_of(corpus))


def test_a_base_is_left_as_it_is_and_a_reader_of_it_sees_nothing(
    corpus: dict[str, list[Chunk]], base: Path, tmp_path: Path
) -> None:
    reader = TantivyIndex.open(base)
    found, files = reader.search("zebra", 100), {file: file.read_bytes() for file in base.iterdir()}
    write_segments(
        tmp_path / "derived", [chunk_of("new", "0.md", "zebra")], base, removed(corpus, paths_of_bucket(1, 2))
    )
    assert reader.search("zebra", 100) == TantivyIndex.open(base).search("zebra", 100) == found
    assert {file: file.read_bytes() for file in base.iterdir()} == files


def test_a_derived_index_outlives_its_base(corpus: dict[str, list[Chunk]], base: Path, tmp_path: Path) -> None:
    before = TantivyIndex.open(base).search("zebra", 100)
    write_segments(tmp_path / "derived", [], base, {})
    for file in base.iterdir():
        file.unlink()
    derived = TantivyIndex.open(tmp_path / "derived")
    assert derived.search("zebra", 100) == before
    assert sorted(derived.get(list(corpus))) == sorted(corpus)


def numbered(numbers: Iterable[int]) -> list[Chunk]:
    return [chunk_of(f"{number:03}", f"{number}.md", "zebra" + " of the folder" * (number % 7)) for number in numbers]


def test_the_buckets_grow_in_steps_and_scores_stay_exact(tmp_path: Path) -> None:
    counts = []
    previous: Path | None = None
    for before, now in pairwise((0, 5, 10, 21, 40)):
        write_segments(tmp_path / str(now), numbered(range(before, now)), previous)
        assert_as_built(tmp_path / str(now), numbered(range(now)))
        previous = tmp_path / str(now)
        counts.append(bucket_count(previous))
    # A build from nothing would have 1, 2, 8 and 8: half of that is left alone, less is laid out anew.
    assert counts == [1, 1, 8, 8]


def test_the_buckets_shrink_again(tmp_path: Path) -> None:
    write_segments(tmp_path / "21", numbered(range(21)))
    for count in (18, 9, 3):
        gone = {chunk.id: chunk.path for chunk in numbered(range(count, 21))}
        write_segments(tmp_path / str(count), [], tmp_path / "21", gone)
        assert_as_built(tmp_path / str(count), numbered(range(count)))
    # A build from nothing would have 8, 4, 2 and 1.
    assert [bucket_count(tmp_path / str(count)) for count in (21, 18, 9, 3)] == [8, 8, 2, 1]


def test_a_bucket_of_which_everything_is_removed_has_no_segment(
    corpus: dict[str, list[Chunk]], base: Path, tmp_path: Path
) -> None:
    gone = paths_of_bucket(1, 4)
    write_segments(tmp_path / "derived", [], base, removed(corpus, gone))
    assert segment_inodes(tmp_path / "derived").keys() == {0, 2, 3}
    assert_as_built(tmp_path / "derived", [chunk for chunk in all_of(corpus) if chunk.path not in gone])
    write_segments(tmp_path / "again", [corpus[path][0] for path in gone], tmp_path / "derived")
    assert segment_inodes(tmp_path / "again").keys() == {0, 1, 2, 3}
    assert_as_built(tmp_path / "again", all_of(corpus))


def test_everything_may_be_removed_and_added_again(corpus: dict[str, list[Chunk]], base: Path, tmp_path: Path) -> None:
    write_segments(tmp_path / "empty", [], base, removed(corpus, corpus))
    empty = TantivyIndex.open(tmp_path / "empty")
    assert (empty.count(), list(empty.documents()), empty.search("zebra", 5)) == (0, [], [])
    write_segments(tmp_path / "again", all_of(corpus), tmp_path / "empty")
    assert_as_built(tmp_path / "again", all_of(corpus))


def test_a_chunk_may_be_replaced_by_another_of_the_same_id(
    corpus: dict[str, list[Chunk]], base: Path, tmp_path: Path
) -> None:
    path = paths_of_bucket(2, 1)[0]
    moved = replace(corpus[path][0], start=900, start_line=90, end_line=91)
    write_segments(tmp_path / "derived", [moved], base, {moved.id: path})
    derived = TantivyIndex.open(tmp_path / "derived")
    assert derived.get([moved.id]) == {moved.id: moved}
    assert derived.count() == len(corpus)


def test_ties_are_cut_by_id_whatever_the_layout(tmp_path: Path) -> None:
    twins = [chunk_of(f"{number:02}", f"{number}.md", "zebra") for number in range(9)]
    shuffled = random.Random(1).sample(twins, len(twins))
    write_segments(tmp_path / "first", shuffled[:5])
    write_segments(tmp_path / "derived", shuffled[5:], tmp_path / "first")
    write_segments(tmp_path / "built", shuffled[::-1])
    assert [bucket_count(tmp_path / name) for name in ("derived", "built")] == [1, 2]
    for name in ("derived", "built"):
        index = TantivyIndex.open(tmp_path / name)
        for top_k in range(1, 9):
            hits = index.search("zebra", top_k)
            assert [hit.chunk_id for hit in hits] == [f"{number:02}" for number in range(top_k)]
            assert len({hit.score for hit in hits}) == 1


def test_a_tie_in_the_middle_keeps_the_better_ones_first(tmp_path: Path) -> None:
    twins = [chunk_of(f"{number:02}", f"{number}.md", "zebra and a longer page") for number in range(9)]
    write_segments(
        tmp_path / "index", [*twins[::-1], chunk_of("best", "best.md", "zebra zebra"), chunk_of("z", "z.md", "x")]
    )
    hits: list[LexicalHit] = TantivyIndex.open(tmp_path / "index").search("zebra", 3)
    assert [hit.chunk_id for hit in hits] == ["best", "00", "01"]


def test_a_chunk_comes_back_as_it_went_in(tmp_path: Path) -> None:
    plain = replace(RICH, id="0" * 32, path="a.md", heading_path=(), metadata={}, title="", text="x")
    write_segments(tmp_path / "index", [RICH, plain])
    index = TantivyIndex.open(tmp_path / "index")
    assert index.get([RICH.id, plain.id]) == {RICH.id: RICH, plain.id: plain}
    assert index.get([plain.id, "1" * 32]) == {plain.id: plain}
    assert index.get([]) == {}
    assert sorted(index.all_chunks(), key=lambda chunk: chunk.id) == [plain, RICH]
    write_segments(tmp_path / "derived", [], tmp_path / "index", {plain.id: "a.md"})
    assert list(TantivyIndex.open(tmp_path / "derived").all_chunks()) == [RICH]


def test_the_terms_of_a_document_are_those_of_its_breadcrumb_and_text() -> None:
    chunk = Chunk("1", "a.md", "Backups", ("Restore",), 1, 1, 0, 1, "Call foo.bar() nightly.", "")
    assert lexical_document(chunk).body.split() == ["backup", "restor", "call", "foo.bar", "foo", "bar", "night"]


@pytest.mark.parametrize("name", ["buckets.json", "meta.json"])
@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b"{}", b"\xff", b'{"buckets": 4, "segments": [1]}'])
def test_a_base_whose_lists_cannot_be_read_is_damaged(
    base: Path, tmp_path: Path, name: str, content: bytes | None
) -> None:
    if content is None:
        (base / name).unlink()
    else:
        (base / name).write_bytes(content)
    with pytest.raises(IndexDamagedError, match="run `footnote ingest --rebuild`"):
        write_segments(tmp_path / "derived", [chunk_of("new", "0.md")], base, {})


@pytest.mark.parametrize("part", ["store", "term", "idx", "fieldnorm"])
@pytest.mark.parametrize("damage", ["missing", "empty", "cut"])
def test_a_base_whose_segments_cannot_be_read_is_damaged(base: Path, tmp_path: Path, part: str, damage: str) -> None:
    for file in base.glob(f"*.{part}"):
        content = file.read_bytes()
        file.unlink()
        if damage != "missing":
            file.write_bytes(content[: len(content) // 2] if damage == "cut" else b"")
    with pytest.raises(IndexDamagedError, match="run `footnote ingest --rebuild`"):
        write_segments(tmp_path / "derived", [chunk_of("new", "0.md")], base, {})


def test_a_base_that_is_not_there_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(IndexDamagedError, match="run `footnote ingest --rebuild`"):
        write_segments(tmp_path / "derived", [], tmp_path / "missing", {})


def test_a_page_in_english_is_spelled_in_english_alone() -> None:
    for language in ("en", "", "pl", "ja"):
        document = lexical_document(replace(RICH, language=language))
        assert (document.language, document.body, document.english) == ("en", " ".join(terms(RICH.index_text)), "")


def test_a_page_in_another_language_keeps_what_only_english_spells_otherwise() -> None:
    chunk = Chunk("1", "a.md", "Guia", (), 1, 1, 0, 1, "As solicitações do docker. Docker!", "", language="pt")
    document = lexical_document(chunk)
    assert document.language == "pt"
    assert document.body.split() == ["gui", "as", "solicit", "do", "dock", "dock"]
    assert document.english.split() == ["guia", "solicitaçõ", "docker"]
