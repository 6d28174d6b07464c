"""The cache of embeddings and file hashes."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from footnote.app.core.errors import IndexWriteError
from footnote.app.core.find import FoundFile
from footnote.app.core.types import Chunk, Fingerprint
from footnote.ingest import cache as cache_module
from footnote.ingest.cache import CACHE, IngestCache, KnownFile

MODEL = Fingerprint("model", "1" * 64)
OTHER_MODEL = Fingerprint("model", "2" * 64)
DOCS = Path("/srv/docs")
SECOND = 1_000_000_000
NOW = 1_700_000_000 * SECOND
DAY_S = 86_400


def chunk_of(text: str, path: str = "a.md", title: str = "Page") -> Chunk:
    return Chunk(f"{path}:{text}", path, title, (), 1, 1, 0, 1, text, "")


def chunks_of(texts: str) -> list[Chunk]:
    return [chunk_of(text) for text in texts.split()]


def vector_of(*numbers: float) -> list[float]:
    return np.asarray(numbers, dtype=np.float32).tolist()


def add(cache: IngestCache, texts: str, model: Fingerprint = MODEL, first: float = 0.0) -> None:
    """Vectors `[first], [first + 1], ...` for the texts."""
    chunks = chunks_of(texts)
    cache.add(model, chunks, np.arange(first, first + len(chunks), dtype=np.float32).reshape(-1, 1))


def missing(cache: IngestCache, texts: str, model: Fingerprint = MODEL) -> list[str]:
    return [chunk.text for chunk in cache.missing(model, chunks_of(texts))]


def found(path: str, mtime_ns: int = NOW, ctime_ns: int = NOW, size_bytes: int = 3) -> FoundFile:
    return FoundFile(path, DOCS / path, size_bytes, mtime_ns, ctime_ns)


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[IngestCache]:
    with closing(IngestCache(tmp_path)) as opened:
        yield opened


@pytest.fixture
def set_day(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets the clock to a day, counted from some day on."""
    return lambda day: monkeypatch.setattr(cache_module.time, "time", lambda: NOW / SECOND + day * DAY_S)


def test_an_embedding_comes_back_bit_by_bit_in_the_order_asked_for(cache: IngestCache) -> None:
    rows = np.asarray([[0.1, -1e-30], [1 / 3, 3e38]], dtype=np.float32)
    cache.add(MODEL, chunks_of("one two"), rows)
    given = cache.embeddings(MODEL, chunks_of("two one two"))
    assert given.dtype == np.dtype("<f4")
    assert given.tolist() == rows[[1, 0, 1]].tolist()


def test_an_embedding_is_found_by_the_embedded_text_and_not_by_the_place(cache: IngestCache) -> None:
    cache.add(MODEL, [chunk_of("text", "old.md", "Page")], np.ones((1, 2), dtype=np.float32))
    same_text, other_title = chunk_of("text", "new.md", "Page"), chunk_of("text", "old.md", "Another page")
    assert cache.missing(MODEL, [same_text, other_title]) == [other_title]
    assert cache.embeddings(MODEL, [same_text]).tolist() == [[1.0, 1.0]]


def test_every_model_has_embeddings_of_its_own(cache: IngestCache) -> None:
    add(cache, "one two", MODEL, first=1)
    assert missing(cache, "one two", OTHER_MODEL) == ["one", "two"]
    assert missing(cache, "one two", Fingerprint("another", MODEL.sha256)) == ["one", "two"]
    add(cache, "one", OTHER_MODEL, first=8)
    assert missing(cache, "one two", OTHER_MODEL) == ["two"]
    assert cache.embeddings(MODEL, chunks_of("one")).tolist() == [[1.0]]
    assert cache.embeddings(OTHER_MODEL, chunks_of("one")).tolist() == [[8.0]]


def test_texts_without_embedding_are_told_once_and_in_order(cache: IngestCache) -> None:
    add(cache, "b d")
    assert missing(cache, "c b a c d a") == ["c", "a"]
    assert missing(cache, "b d") == missing(cache, "") == []


def test_what_was_added_is_there_when_opened_again(tmp_path: Path) -> None:
    with closing(IngestCache(tmp_path)) as first:
        add(first, "one", first=5)
        first.remember_embed_s(MODEL, 0.25)
        first.remember_files(DOCS, [(found("a.md"), "hash")], NOW + 3 * SECOND)
    with closing(IngestCache(tmp_path)) as second:
        assert second.embeddings(MODEL, chunks_of("one")).tolist() == [[5.0]]
        assert second.embed_s(MODEL) == 0.25
        assert second.known_files(DOCS) == {"a.md": KnownFile(3, NOW, NOW, "hash")}
    assert [file.name for file in tmp_path.iterdir()] == [CACHE]


def test_adding_again_replaces(cache: IngestCache) -> None:
    add(cache, "one", first=1)
    add(cache, "one", first=2)
    assert cache.embeddings(MODEL, chunks_of("one")).tolist() == [[2.0]]


def test_the_last_rate_of_a_model_is_kept(cache: IngestCache) -> None:
    assert cache.embed_s(MODEL) is None
    cache.remember_embed_s(MODEL, 0.5)
    cache.remember_embed_s(MODEL, 0.125)
    assert (cache.embed_s(MODEL), cache.embed_s(OTHER_MODEL)) == (0.125, None)


def test_files_are_known_by_docs_folder_and_path(cache: IngestCache) -> None:
    cache.remember_files(DOCS, [(found("a.md"), "1"), (found("größe.md", size_bytes=9), "2")], NOW + 3 * SECOND)
    cache.remember_files(Path("/srv/other"), [(found("a.md"), "3")], NOW + 3 * SECOND)
    assert cache.known_files(DOCS) == {
        "a.md": KnownFile(3, NOW, NOW, "1"),
        "größe.md": KnownFile(9, NOW, NOW, "2"),
    }
    assert cache.known_files(Path("/srv/other")) == {"a.md": KnownFile(3, NOW, NOW, "3")}
    assert cache.known_files(Path("/srv")) == {}


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        (found("a.md"), True),
        (found("renamed.md"), True),  # the path is not looked at: it is the key
        (found("a.md", size_bytes=4), False),
        (found("a.md", mtime_ns=NOW - 1), False),
        (found("a.md", mtime_ns=NOW + 1), False),
        (found("a.md", ctime_ns=NOW + 1), False),  # of the same size, with its time set back
    ],
)
def test_a_file_is_still_the_same_with_size_and_both_times(changed: FoundFile, same: bool) -> None:
    assert KnownFile(3, NOW, NOW, "hash").is_still(changed) is same


@pytest.mark.parametrize(
    ("mtime_ns", "ctime_ns", "trusted"),
    [
        (NOW - 10 * SECOND, NOW - 10 * SECOND, True),
        (NOW - 2 * SECOND - 1, NOW - 2 * SECOND - 1, True),
        (NOW - 2 * SECOND, NOW - 10 * SECOND, False),
        (NOW - 10 * SECOND, NOW - 2 * SECOND, False),
        (NOW - 1, NOW - 1, False),
        (NOW + 3600 * SECOND, NOW - 10 * SECOND, False),  # a clock that goes wrong
    ],
)
def test_a_file_that_changed_within_two_seconds_of_the_reading_is_not_trusted(
    cache: IngestCache, mtime_ns: int, ctime_ns: int, trusted: bool
) -> None:
    # It may change again without a new time.
    cache.remember_files(DOCS, [(found("a.md", mtime_ns, ctime_ns), "hash")], NOW)
    assert bool(cache.known_files(DOCS)) is trusted


def test_a_file_that_is_not_trusted_any_more_is_still_known_as_it_was(cache: IngestCache) -> None:
    cache.remember_files(DOCS, [(found("a.md", NOW, NOW), "old")], NOW + 3 * SECOND)
    changed = found("a.md", NOW + 9 * SECOND, NOW + 9 * SECOND)
    cache.remember_files(DOCS, [(changed, "new")], NOW + 10 * SECOND)
    assert not cache.known_files(DOCS)["a.md"].is_still(changed)


def test_unused_embeddings_are_forgotten_after_thirty_days_of_any_model(
    cache: IngestCache, set_day: Callable[[int], None]
) -> None:
    set_day(0)
    add(cache, "used unused")
    add(cache, "unused", OTHER_MODEL)
    set_day(1)
    add(cache, "recent")
    set_day(30)
    cache.forget_unused(MODEL, chunks_of("used"), at_once=False)
    assert missing(cache, "used unused recent") == []
    set_day(31)
    cache.forget_unused(MODEL, chunks_of("used used"), at_once=False)
    assert missing(cache, "used unused recent") == ["unused"]
    assert missing(cache, "unused", OTHER_MODEL) == ["unused"]
    # What a rebuild used counts from that day on.
    set_day(61)
    cache.forget_unused(MODEL, chunks_of("other"), at_once=False)
    assert missing(cache, "used recent") == ["recent"]
    set_day(62)
    cache.forget_unused(MODEL, chunks_of("other"), at_once=False)
    assert missing(cache, "used recent") == ["used", "recent"]


def test_the_same_text_of_another_model_is_not_in_use(cache: IngestCache, set_day: Callable[[int], None]) -> None:
    set_day(0)
    add(cache, "text", MODEL)
    add(cache, "text", OTHER_MODEL)
    set_day(40)
    cache.forget_unused(MODEL, chunks_of("text"), at_once=False)
    assert (missing(cache, "text", MODEL), missing(cache, "text", OTHER_MODEL)) == ([], ["text"])


def test_at_once_everything_unused_goes_however_recent_and_leaves_no_byte(tmp_path: Path) -> None:
    with closing(IngestCache(tmp_path)) as cache:
        cache._connection.execute("PRAGMA secure_delete = OFF")  # Debian's sqlite has it on, others do not
        cache.add(MODEL, chunks_of("used unused"), np.frombuffer(b"KEPTVECT" + b"GONEVECT", "<f4").reshape(2, 2))
        cache.add(OTHER_MODEL, chunks_of("used"), np.frombuffer(b"ELSEVECT", "<f4").reshape(1, 2))
        cache.remember_files(DOCS, [(found("secret-plans.md"), "hash")], NOW + 3 * SECOND)
        cache.remember_embed_s(MODEL, 0.5)
        cache.forget_unused(MODEL, chunks_of("used"), at_once=True)
        assert missing(cache, "used unused") == ["unused"]
        assert missing(cache, "used", OTHER_MODEL) == ["used"]
        assert cache.known_files(DOCS) == {}
        assert cache.embed_s(MODEL) == 0.5
    raw = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"KEPTVECT" in raw
    for gone in (b"GONEVECT", b"ELSEVECT", b"secret-plans"):
        assert gone not in raw


def test_many_texts_are_used_at_once(cache: IngestCache) -> None:
    texts = " ".join(f"text{number}" for number in range(2_000))
    add(cache, texts)
    cache.forget_unused(MODEL, chunks_of(texts), at_once=True)
    assert missing(cache, texts + " another") == ["another"]


GARBAGE = {
    "empty": b"",
    "text": b"no database at all, but a file of some length" * 100,
    "header": b"SQLite format 3\x00" + b"\xff" * 5_000,
}


@pytest.mark.parametrize("content", GARBAGE.values(), ids=GARBAGE)
def test_a_file_that_is_no_cache_is_replaced(tmp_path: Path, content: bytes) -> None:
    (tmp_path / CACHE).write_bytes(content)
    with closing(IngestCache(tmp_path)) as cache:
        assert (missing(cache, "one"), cache.known_files(DOCS)) == (["one"], {})
        add(cache, "one")
    with closing(IngestCache(tmp_path)) as cache:
        assert missing(cache, "one") == []


def test_a_cache_of_another_version_is_replaced(tmp_path: Path) -> None:
    with closing(IngestCache(tmp_path)) as cache:
        add(cache, "one")
    with closing(sqlite3.connect(tmp_path / CACHE)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with closing(IngestCache(tmp_path)) as cache:
        assert missing(cache, "one") == ["one"]


def test_a_cache_whose_making_was_cut_short_is_made_again(tmp_path: Path) -> None:
    """Killed between two tables: what is there has no version yet."""
    with closing(sqlite3.connect(tmp_path / CACHE)) as connection:
        connection.execute("CREATE TABLE files (docs_dir TEXT)")
    with closing(IngestCache(tmp_path)) as cache:
        add(cache, "one")
        cache.remember_files(DOCS, [(found("a.md"), "hash")], NOW + 3 * SECOND)
        assert (missing(cache, "one"), list(cache.known_files(DOCS))) == ([], ["a.md"])


def damage_all_but_the_header(file: Path) -> None:
    content = file.read_bytes()
    page = int.from_bytes(content[16:18])
    file.write_bytes(content[:page] + b"\xff" * (len(content) - page))


@pytest.mark.parametrize("read_only", [False, True])
def test_a_cache_with_damaged_pages_is_taken_for_an_empty_one(tmp_path: Path, read_only: bool) -> None:
    with closing(IngestCache(tmp_path)) as cache:
        add(cache, " ".join(f"text{number}" for number in range(500)))
        cache.remember_files(DOCS, [(found("a.md"), "hash")], NOW + 3 * SECOND)
    damage_all_but_the_header(tmp_path / CACHE)
    with closing(IngestCache(tmp_path, read_only)) as cache:
        assert (cache.known_files(DOCS), missing(cache, "text1")) == ({}, ["text1"])
        assert cache.embed_s(MODEL) is None


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize("question", ["known_files", "missing", "embed_s"])
def test_whatever_is_asked_first_of_damaged_pages_is_answered_as_by_an_empty_cache(
    tmp_path: Path, read_only: bool, question: str
) -> None:
    with closing(IngestCache(tmp_path)) as cache:
        add(cache, "one")
        cache.remember_embed_s(MODEL, 0.5)
    damage_all_but_the_header(tmp_path / CACHE)
    with closing(IngestCache(tmp_path, read_only)) as cache:
        answers = {
            "known_files": lambda: cache.known_files(DOCS) == {},
            "missing": lambda: missing(cache, "one") == ["one"],
            "embed_s": lambda: cache.embed_s(MODEL) is None,
        }
        assert answers[question]()


def test_an_embedding_on_a_damaged_page_is_an_error_once_and_the_next_ingest_embeds_again(tmp_path: Path) -> None:
    with closing(IngestCache(tmp_path)) as cache:
        add(cache, "one")
        damage_all_but_the_header(tmp_path / CACHE)
        cache._connection.close()
        cache._connection = sqlite3.connect(tmp_path / CACHE)
        with pytest.raises(IndexWriteError, match="was damaged and is made anew: run `footnote ingest` again"):
            cache.embeddings(MODEL, chunks_of("one"))
    with closing(IngestCache(tmp_path)) as cache:
        assert missing(cache, "one") == ["one"]
        add(cache, "one")
        assert missing(cache, "one") == []


def test_an_old_journal_beside_a_replaced_file_is_not_rolled_back_into_the_new_one(tmp_path: Path) -> None:
    journal = tmp_path / f"{CACHE}-journal"
    with closing(IngestCache(tmp_path)) as cache:
        add(cache, "one")
        # More changed pages than sqlite keeps in memory: it writes the old ones into the journal.
        cache._connection.execute("PRAGMA cache_size = 1")
        cache._connection.executemany(
            "INSERT INTO embeddings VALUES (9, ?, zeroblob(900), 0)", [[f"{number}"] for number in range(300)]
        )
        hot = journal.read_bytes()
        cache._connection.rollback()
    (tmp_path / CACHE).write_bytes(b"garbage" * 100)
    journal.write_bytes(hot)
    with closing(IngestCache(tmp_path)) as cache:
        assert missing(cache, "one") == ["one"]
        add(cache, "one")
    with closing(IngestCache(tmp_path)) as cache:
        assert missing(cache, "one") == []


@pytest.mark.parametrize("content", [None, *GARBAGE.values()], ids=["missing", *GARBAGE])
def test_for_reading_a_missing_or_foreign_file_is_an_empty_cache_and_nothing_is_written(
    tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / CACHE).write_bytes(content)
    with closing(IngestCache(tmp_path, read_only=True)) as cache:
        assert missing(cache, "one") == ["one"]
        assert (cache.known_files(DOCS), cache.embed_s(MODEL)) == ({}, None)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == (
        {} if content is None else {CACHE: content}
    )


def test_for_reading_a_missing_index_folder_is_an_empty_cache(tmp_path: Path) -> None:
    with closing(IngestCache(tmp_path / "none", read_only=True)) as cache:
        assert missing(cache, "one") == ["one"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["index", "a?b#c%20 d"])
def test_for_reading_all_that_is_there_is_found_whatever_the_folder_is_called(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with closing(IngestCache(tmp_path / name)) as cache:
        add(cache, "one", first=4)
        cache.remember_embed_s(MODEL, 0.5)
    before = (tmp_path / name / CACHE).read_bytes()
    with closing(IngestCache(tmp_path / name, read_only=True)) as cache:
        assert missing(cache, "one two") == ["two"]
        assert cache.embeddings(MODEL, chunks_of("one")).tolist() == [vector_of(4.0)]
        assert cache.embed_s(MODEL) == 0.5
    assert (tmp_path / name / CACHE).read_bytes() == before


def test_a_cache_that_cannot_be_opened_is_a_write_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / CACHE).mkdir()
    with pytest.raises(IndexWriteError, match=re.escape(str(tmp_path / CACHE)) + " cannot be written"):
        IngestCache(tmp_path)


def test_a_cache_that_cannot_be_written_is_an_error_that_names_it_and_what_to_do(cache: IngestCache) -> None:
    cache._connection.execute("PRAGMA query_only = 1")
    for write in (
        lambda: add(cache, "one"),
        lambda: cache.remember_embed_s(MODEL, 1.0),
        lambda: cache.remember_files(DOCS, [(found("a.md"), "hash")], NOW + 3 * SECOND),
        lambda: cache.forget_unused(MODEL, [], at_once=True),
    ):
        with pytest.raises(IndexWriteError, match=r"cache\.sqlite3 cannot be written .*: check space and permissions"):
            write()
