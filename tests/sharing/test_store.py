"""Saved answers: only what the service gave, once, for a while."""

import copy
import json
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnote.app.core.errors import AnswerNotGivenError, AnswerStoreError, SavedAnswerUnknownError
from footnote.app.sharing import store as stores
from footnote.app.sharing.digest import digest_of
from footnote.app.sharing.store import ANSWERS, AnswerStore

ANSWER: dict[str, Any] = {
    "question": "How long are bäckups kept?",
    "answer": "30 days. [1]",
    "refused": False,
    "answerability": 1.0,
    "generation": 3,
    "citations": [{"number": 1, "path": "a.md", "quote": "30 days.", "sha256": "x", "start": 0}],
    "timings_ms": {"total": 17.0},
}


class Clock:
    now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> AnswerStore:
    return AnswerStore(tmp_path, 10, clock)


def test_what_was_given_can_be_saved_and_read(store: AnswerStore, clock: Clock) -> None:
    store.note_given(ANSWER)
    saved = store.save(ANSWER)
    assert store.read(saved.id) == saved
    assert saved.saved_s == int(clock.now)
    assert saved.answer == {name: value for name, value in ANSWER.items() if name != "timings_ms"}
    assert len(saved.id) == 32 and set(saved.id) <= set("0123456789abcdef")


def test_an_answer_is_saved_once(store: AnswerStore, tmp_path: Path) -> None:
    store.note_given(ANSWER)
    store.note_given(ANSWER)
    first = store.save(ANSWER)
    assert AnswerStore(tmp_path, 10, Clock()).save({**ANSWER, "timings_ms": {"total": 99}}) == first
    assert store.all() == [first]


def test_times_are_not_taken_from_a_client(store: AnswerStore) -> None:
    store.note_given(ANSWER)
    assert "timings_ms" not in store.save({**ANSWER, "timings_ms": {"lie": "<script>"}}).answer


def altered() -> list[dict[str, Any]]:
    found = []
    for name in ANSWER:
        if name != "timings_ms":
            found += [{**ANSWER, name: "other"}, {one: value for one, value in ANSWER.items() if one != name}]
    quote = copy.deepcopy(ANSWER)
    quote["citations"][0]["quote"] = "40 days."
    return [*found, quote, {**ANSWER, "more": 1}, {**ANSWER, "refused": 0}, {}, {**ANSWER, "generation": 3.5}]


@pytest.mark.parametrize("answer", altered())
def test_nothing_else_is_saved(store: AnswerStore, answer: dict[str, Any]) -> None:
    store.note_given(ANSWER)
    with pytest.raises(AnswerNotGivenError, match="ask again"):
        store.save(answer)
    assert store.all() == []


def test_nothing_is_saved_where_nothing_was_given(store: AnswerStore) -> None:
    with pytest.raises(AnswerNotGivenError):
        store.save(ANSWER)


def test_an_answer_nested_without_end_is_none_that_was_given(store: AnswerStore) -> None:
    nested: Any = 1
    for _ in range(100_000):
        nested = [nested]
    with pytest.raises(AnswerNotGivenError):
        store.save({"question": nested})


def test_a_saved_answer_is_deleted_after_its_days(store: AnswerStore, clock: Clock, tmp_path: Path) -> None:
    store.note_given(ANSWER)
    saved = store.save(ANSWER)
    clock.now += 10 * 86_400
    assert store.all() == [saved]
    clock.now += 1
    assert store.all() == []
    with pytest.raises(SavedAnswerUnknownError):
        store.read(saved.id)
    store.note_given({**ANSWER, "question": "another"})
    assert b"30 days" not in (tmp_path / ANSWERS).read_bytes()
    with pytest.raises(AnswerNotGivenError):
        store.save(ANSWER)


def test_a_forgotten_answer_is_gone_from_the_file(store: AnswerStore, tmp_path: Path) -> None:
    for number in range(3):
        store.note_given({**ANSWER, "question": f"number {number}"})
        store.save({**ANSWER, "question": f"number {number}"})
    first, second, third = store.all()
    store.forget(second.id)
    assert store.all() == [first, third]
    assert b"number 1" not in (tmp_path / ANSWERS).read_bytes()
    with pytest.raises(SavedAnswerUnknownError):
        store.forget(second.id)


def test_only_so_many_are_kept(store: AnswerStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "MOST_SAVED", 3)
    monkeypatch.setattr(stores, "MOST_GIVEN", 2)
    for number in range(5):
        store.note_given({**ANSWER, "generation": number})
        store.save({**ANSWER, "generation": number})
    assert [saved.answer["generation"] for saved in store.all()] == [2, 3, 4]
    with pytest.raises(AnswerNotGivenError):
        store.save({**ANSWER, "generation": 2})


def test_the_file_is_its_owners(store: AnswerStore, tmp_path: Path) -> None:
    store.note_given(ANSWER)
    assert stat.S_IMODE((tmp_path / ANSWERS).stat().st_mode) == 0o600


def test_reading_makes_no_file(store: AnswerStore, tmp_path: Path) -> None:
    assert store.all() == []
    with pytest.raises(SavedAnswerUnknownError):
        store.read("0" * 32)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"no database" * 500, b""])
def test_a_file_that_is_none(store: AnswerStore, tmp_path: Path, content: bytes) -> None:
    (tmp_path / ANSWERS).write_bytes(content)
    if content:
        with pytest.raises(AnswerStoreError, match="cannot be used"):
            store.all()
    else:
        assert store.all() == []


def test_another_version_is_left_alone(store: AnswerStore, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / ANSWERS) as connection:
        connection.execute("PRAGMA user_version = 9")
    with pytest.raises(AnswerStoreError, match="of another version"):
        store.note_given(ANSWER)


def test_several_threads_write_at_once(store: AnswerStore) -> None:
    def work(number: int) -> str:
        answer = {**ANSWER, "generation": number}
        store.note_given(answer)
        return store.save(answer).id

    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(work, range(40)))
    assert {saved.id for saved in store.all()} == ids and len(ids) == 40


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


def as_a_browser_sends(value: Any) -> Any:
    """Numbers without a fraction come back as integers."""
    if isinstance(value, dict):
        return {name: as_a_browser_sends(one) for name, one in reversed(value.items())}
    if isinstance(value, list):
        return [as_a_browser_sends(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value


@given(st.dictionaries(st.text(), JSON, max_size=4))
def test_a_digest_is_that_of_the_meaning(answer: dict[str, Any]) -> None:
    sent = json.loads(json.dumps(as_a_browser_sends(answer), ensure_ascii=True, indent=1))
    assert digest_of(sent) == digest_of(answer)
