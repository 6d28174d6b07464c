"""Vectors for texts that the cache lacks, from local and remote embedders."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from footnote.app.core.errors import ModelError
from footnote.app.core.types import Chunk, Fingerprint
from footnote.app.models.embedder import Embedder, PrefixedEmbeddings
from footnote.ingest import embed as embed_module
from footnote.ingest.cache import IngestCache
from footnote.ingest.embed import embed_chunks

REMOTE = Fingerprint("remote", "")


def chunk_of(number: int) -> Chunk:
    return Chunk(str(number), "a.md", "Page", (), 1, 1, 0, 1, f"text {number}", "")


def vector_of(text: str) -> list[float]:
    """A vector of length 1 that stands for the number a text ends with."""
    vector = np.asarray([float(text.split()[-1]), 1.0], dtype=np.float32)
    unit: list[float] = (vector / np.linalg.norm(vector)).tolist()
    return unit


class Remote:
    """An embedder of another provider, which answers a call as a test tells it to."""

    def __init__(self, answer: Callable[[int, list[list[float]]], object]) -> None:
        self._answer = answer
        self.calls: list[int] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.calls.append(len(texts))
        return self._answer(len(self.calls), [vector_of(text) for text in texts])  # type: ignore[return-value]

    def embed_query(self, text: str) -> list[float]:
        return vector_of(text)


def remote(answer: Callable[[int, list[list[float]]], object]) -> tuple[Remote, PrefixedEmbeddings]:
    inner = Remote(answer)
    return inner, PrefixedEmbeddings(inner, "", REMOTE)  # type: ignore[arg-type]


def fails_in_call(number: int) -> Callable[[int, list[list[float]]], object]:
    def answer(call: int, vectors: list[list[float]]) -> object:
        if call == number:
            raise ConnectionError("the provider went away")
        return vectors

    return answer


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[IngestCache]:
    with closing(IngestCache(tmp_path)) as opened:
        yield opened


def kept(cache: IngestCache, chunks: list[Chunk]) -> dict[str, list[float]]:
    """The cached vectors of those chunks that have one, by text."""
    lacking = cache.missing(REMOTE, chunks)
    there = [chunk for chunk in chunks if chunk not in lacking]
    return {chunk.text: pytest.approx(cache.embeddings(REMOTE, [chunk])[0].tolist(), abs=1e-6) for chunk in there}


def test_every_text_gets_its_vector_and_progress_is_told_by_32(cache: IngestCache) -> None:
    chunks = [chunk_of(number) for number in range(70)]
    inner, embedder = remote(lambda _, vectors: vectors)
    told: list[int] = []
    embed_chunks(embedder, chunks, cache, told.append)
    assert kept(cache, chunks) == {chunk.text: vector_of(chunk.text) for chunk in chunks}
    assert (inner.calls, told) == ([32, 32, 6], [32, 64, 70])
    rate = cache.embed_s(REMOTE)
    assert rate is not None
    assert rate > 0


def test_the_bundled_embedder_gives_the_vectors_of_the_breadcrumb_and_text(
    cache: IngestCache, embedder: Embedder
) -> None:
    chunks = [chunk_of(number) for number in range(3)]
    embed_chunks(embedder, chunks, cache, lambda _: None)
    expected = embedder.embed_documents([chunk.index_text for chunk in chunks])
    assert cache.embeddings(embedder.fingerprint, chunks).tolist() == expected


@pytest.mark.parametrize("failing_call", [1, 2, 3])
def test_what_a_failing_embedder_gave_before_is_kept(cache: IngestCache, failing_call: int) -> None:
    chunks = [chunk_of(number) for number in range(70)]
    with pytest.raises(ModelError, match="the provider went away"):
        embed_chunks(remote(fails_in_call(failing_call))[1], chunks, cache, lambda _: None)
    given = chunks[: (failing_call - 1) * 32]
    assert kept(cache, chunks) == {chunk.text: vector_of(chunk.text) for chunk in given}
    assert cache.embed_s(REMOTE) is None


@pytest.mark.parametrize("failing_call", [1, 2])
@pytest.mark.parametrize(
    "answer",
    [
        lambda vectors: vectors[:-1],
        lambda vectors: vectors[1:],
        lambda vectors: [*vectors, [0.0, 1.0]],
        lambda _: [],
        lambda vectors: [[1.0, 2.0, 3.0], *vectors[1:]],
    ],
    ids=["last missing", "first missing", "one too many", "none", "another length"],
)
def test_an_answer_that_is_no_vector_of_each_text_is_an_error_and_nothing_of_it_is_kept(
    cache: IngestCache,
    monkeypatch: pytest.MonkeyPatch,
    answer: Callable[[list[list[float]]], object],
    failing_call: int,
) -> None:
    monkeypatch.setattr(embed_module, "_KEEP_EVERY_S", 0.0)  # keep each batch at once, as a slow embedder's
    chunks = [chunk_of(number) for number in range(70)]
    _, embedder = remote(lambda call, vectors: answer(vectors) if call == failing_call else vectors)
    with pytest.raises(ModelError, match="remote gives no vector of each text: is FOOTNOTE_EMBEDDER"):
        embed_chunks(embedder, chunks, cache, lambda _: None)
    given = chunks[: (failing_call - 1) * 32]
    assert kept(cache, chunks) == {chunk.text: vector_of(chunk.text) for chunk in given}


def test_vectors_are_float32_of_length_one_whatever_the_embedder_gives(cache: IngestCache) -> None:
    chunks = [chunk_of(number) for number in range(3)]
    _, embedder = remote(lambda _, vectors: np.asarray(vectors, dtype=np.float64) * 7)
    embed_chunks(embedder, chunks, cache, lambda _: None)
    assert cache.embeddings(REMOTE, chunks).dtype == np.dtype("<f4")
    assert kept(cache, chunks) == {chunk.text: vector_of(chunk.text) for chunk in chunks}


@pytest.mark.parametrize("wrong", [[0.0, 0.0], [float("nan"), 1.0], [float("inf"), 1.0]])
def test_a_vector_without_a_direction_is_an_error_and_is_not_kept(cache: IngestCache, wrong: list[float]) -> None:
    chunks = [chunk_of(number) for number in range(40)]
    _, embedder = remote(lambda call, vectors: vectors if call == 1 else [*vectors[:-1], wrong])
    with pytest.raises(ModelError, match="remote gives no vector of each text"):
        embed_chunks(embedder, chunks, cache, lambda _: None)
    assert len(kept(cache, chunks)) == 32
