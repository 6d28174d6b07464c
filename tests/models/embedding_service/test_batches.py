"""Texts cut into what one request may hold."""

from hypothesis import given
from hypothesis import strategies as st

from footnote.app.models.embedding_service.batches import Batch, Batches


def taken(batches: Batches) -> list[Batch]:
    return list(iter(batches.take, None))


@given(st.lists(st.text(min_size=1, max_size=30)), st.integers(1, 5), st.integers(1, 60))
def test_batches_are_all_texts_in_order_within_both_limits(texts: list[str], most_texts: int, most_bytes: int) -> None:
    cut = taken(Batches(texts, most_texts, most_bytes))
    assert [text for batch in cut for text in batch.texts] == texts
    for batch in cut:
        assert texts[batch.first : batch.first + len(batch.texts)] == batch.texts
        assert 1 <= len(batch.texts) <= most_texts
        assert len(batch.texts) == 1 or sum(len(text.encode()) for text in batch.texts) <= most_bytes


def test_a_batch_is_as_large_as_it_may_be() -> None:
    cut = taken(Batches(["aa", "bb", "c", "dddd", "e"], 3, 4))
    assert [batch.texts for batch in cut] == [["aa", "bb"], ["c"], ["dddd"], ["e"]]


def test_a_batch_that_was_too_large_comes_again_as_two_and_none_is_larger_after_it() -> None:
    batches = Batches("abcdefghij", 4, 100)
    first = batches.take()
    assert first == Batch(0, ["a", "b", "c", "d"])
    batches.split(first)
    assert [(batch.first, "".join(batch.texts)) for batch in taken(batches)] == [
        (0, "ab"),
        (2, "cd"),
        (4, "ef"),
        (6, "gh"),
        (8, "ij"),
    ]


def test_texts_are_taken_as_they_are_needed() -> None:
    read: list[int] = []

    def texts():
        for number in range(1_000):
            read.append(number)
            yield str(number)

    Batches(texts(), 10, 1_000).take()
    assert len(read) == 10


def test_halves_of_an_odd_number_lose_nothing() -> None:
    assert Batch(5, ["a", "b", "c"]).halves() == (Batch(5, ["a"]), Batch(6, ["b", "c"]))
