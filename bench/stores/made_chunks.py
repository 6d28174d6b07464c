"""Chunks without docs and vectors without a model, so that stores are measured and nothing else.

Words follow Zipf's law, 2% of them are rare names, of which a larger corpus has more. Vectors are clustered, about 100
chunks around each centre: uniform noise in 384 dimensions has no near neighbours, and every graph would look bad on it.
"""

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from footnote.app.core.types import Chunk

DIMENSIONS = 384
CHUNKS_A_FILE = 10
_A_CLUSTER = 100
_NOISE = 0.6  # of the centre's length: cosines of about 0.74 within a cluster
_COMMON_WORDS = 20_000
_WORDS = 130  # 1,000 characters


class Corpus:
    """So many chunks of so many files, always the same ones."""

    def __init__(self, count: int) -> None:
        dice = np.random.default_rng(count)
        self.count = count
        centres = _unit(dice.standard_normal((max(1, count // _A_CLUSTER), DIMENSIONS), dtype=np.float32))
        self._clusters = dice.integers(len(centres), size=count)
        self.vectors = np.empty((count, DIMENSIONS), np.float32)
        for first in range(0, count, 50_000):
            chosen = self._clusters[first : first + 50_000]
            self.vectors[first : first + 50_000] = _near(centres[chosen], dice)
        self._centres = centres
        self._dice = dice

    def chunks(self) -> Iterator[Chunk]:
        dice = np.random.default_rng(self.count + 1)
        for number in range(self.count):
            yield made_chunk(number, dice)

    def vectors_of(self, chunks: Sequence[Chunk]) -> NDArray[np.float32]:
        return self.vectors[[chunk.start_line for chunk in chunks]]

    def questions(self, count: int) -> list[tuple[str, NDArray[np.float32]]]:
        """Words and a vector each."""
        vectors = _near(self._centres[self._dice.integers(len(self._centres), size=count)], self._dice)
        return [(" ".join(_words(self._dice, 6)), vector) for vector in vectors]

    def path(self, number: int) -> str:
        return _path(number)


def made_chunk(number: int, dice: np.random.Generator, mark: str = "") -> Chunk:
    """Its number stands in place of its line."""
    text = " ".join(_words(dice, _WORDS)) + mark
    return Chunk(
        id=f"{number:032x}",
        path=_path(number),
        title="Made",
        heading_path=("Made", f"Section {number % 7}"),
        start_line=number,
        end_line=number + 1,
        start=0,
        end=len(text),
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )


def _path(number: int) -> str:
    file = number // CHUNKS_A_FILE
    return f"folder-{file % 10}/{file}.md"


def _words(dice: np.random.Generator, count: int) -> list[str]:
    ranks = np.minimum(dice.zipf(1.3, size=count), _COMMON_WORDS)
    rare = dice.random(count) < 0.02
    return [f"rare{dice.integers(10_000_000)}" if odd else f"word{rank}" for rank, odd in zip(ranks, rare, strict=True)]


def _near(centres: NDArray[np.float32], dice: np.random.Generator) -> NDArray[np.float32]:
    noise = dice.standard_normal(centres.shape, dtype=np.float32) * np.float32(_NOISE / np.sqrt(DIMENSIONS))
    return _unit(centres + noise)


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
