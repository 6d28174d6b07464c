"""A corpus of any size around real docs, and an embedder that takes minutes for it.

Real pages come first, as many as fit; synthetic sections, one chunk each, fill up. A synthetic section is a mixture of
two real chunks, drawn at random: its words are drawn from the words of both, and some invented, so that the posting
lists of what questions ask for grow with the corpus, and its vocabulary too. Its vector is the mean of both chunks'
vectors, the first one's more than the other's, and noise, so that it has neighbours as near as real chunks have. All of
that follows from its number, which stands in its heading.
"""

import random
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from footnote.app.core.settings import load_settings
from footnote.app.core.types import Chunk, Fingerprint
from footnote.app.index.reader import open_index
from footnote.app.models.embedder import BUNDLED, BUNDLED_QUERY_PREFIX, BUNDLED_SHA256, PrefixedEmbeddings
from footnote.ingest.flow import ingest

SECTIONS = 10  # of a page
SECTION_CHARS = 900  # at most: with its heading a section is one chunk
WORDS = (60, 150)  # of a section, at least and less than
# Of a section's words, those of the first and of the second chunk; the others are invented.
SHARES = (0.65, 0.3)
# Of a synthetic vector, the weights of both chunks and the length of the noise. Source: the cosines to the first, tenth
# and fiftieth neighbour, in the median 0.92, 0.81 and 0.77 in a corpus of 10,000 around 2,218 real chunks, where among
# the real ones they are 0.90, 0.80 and 0.74 (docs of uv and Prometheus, measured).
WEIGHTS = (0.8, 0.35, 0.35)
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[._-][A-Za-z0-9]+)*")
_SYNTHETIC = re.compile(r"Page \d+ > Section (\d+)\n")


def prepare(work: Path, docs: Sequence[Path]) -> None:
    """Copies of the docs folders, side by side in `work`, ingested with the bundled models."""
    settings = load_settings(None, docs_dir=work / "docs", index_dir=work / "index", embedder="bundled")
    shutil.rmtree(settings.folders.docs_dir, ignore_errors=True)
    for number, folder in enumerate(docs):
        shutil.copytree(folder, settings.folders.docs_dir / f"{number}-{folder.resolve().name}")
    ingest(settings, lambda *_: None)


class MixedCorpus:
    """Real chunks with their vectors, and what is made of them; it has an embedder's two methods."""

    def __init__(self, chunks: Sequence[Chunk], vectors: NDArray[np.float32], docs_dir: Path) -> None:
        self._chunks = chunks
        self._vectors = vectors
        self._docs_dir = docs_dir
        self._by_text: dict[str, NDArray[np.float32]] = {
            chunk.index_text: vector for chunk, vector in zip(chunks, vectors, strict=True)
        }
        self._words = [np.array(_WORD.findall(chunk.text) or ["empty"]) for chunk in chunks]

    @classmethod
    def of(cls, work: Path) -> "MixedCorpus":
        """The corpus around the docs that `prepare` left in `work`."""
        index = open_index(work / "index")
        vectors = {chunk_id: vector for chunk_id, _, vector in index.vectors.rows()}
        chunks = sorted(index.chunks.all_chunks(), key=lambda chunk: (chunk.path, chunk.start, chunk.end))
        index.close()
        return cls(chunks, np.array([vectors[chunk.id] for chunk in chunks], np.float32), work / "docs")

    def write(self, size: int, folder: Path) -> None:
        """A docs folder of so many chunks."""
        real = 0
        for path, chunks in self._pages():
            if real + chunks <= size:
                page = folder / "real" / path
                page.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(self._docs_dir / path, page)
                real += chunks
        for number, first in enumerate(range(0, size - real, SECTIONS)):
            area = folder / f"area{number // 100}"
            area.mkdir(parents=True, exist_ok=True)
            sections = [self._section(one) for one in range(first, min(first + SECTIONS, size - real))]
            (area / f"page{number}.md").write_text("\n".join([f"# Page {number}\n", *sections]), "utf-8")

    def embedder(self) -> PrefixedEmbeddings:
        """The embedder for ingest; the index says that the bundled one built it, which embeds its questions."""
        fingerprint = Fingerprint(BUNDLED, BUNDLED_SHA256)
        return PrefixedEmbeddings(self, BUNDLED_QUERY_PREFIX, fingerprint)  # type: ignore[arg-type]  # has the methods

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self._vector(text).tolist() for text in texts]

    def embed_query(self, text: str) -> list[float]:
        raise NotImplementedError("questions are embedded by the bundled embedder")

    def _pages(self) -> Iterator[tuple[str, int]]:
        """Path and number of chunks of the real pages, shuffled: of a few, all folders have some."""
        counts: defaultdict[str, int] = defaultdict(int)
        for chunk in self._chunks:
            counts[chunk.path] += 1
        pages = sorted(counts.items())
        random.Random(0).shuffle(pages)
        yield from pages

    def _section(self, number: int) -> str:
        rng, first, second = self._drawn(number)
        count = int(rng.integers(*WORDS))
        kind = rng.choice(3, size=count, p=(*SHARES, 1 - sum(SHARES)))
        sources = (
            rng.choice(self._words[first], count),
            rng.choice(self._words[second], count),
            [f"name{rank}" for rank in rng.zipf(1.3, count) % 1_000_000],
        )
        words = " ".join(str(sources[one][at]) for at, one in enumerate(kind))
        return f"## Section {number}\n\n{words[:SECTION_CHARS].rpartition(' ')[0]}.\n"

    def _vector(self, text: str) -> NDArray[np.float32]:
        synthetic = _SYNTHETIC.match(text)
        if not synthetic:
            return self._by_text[text]
        rng, first, second = self._drawn(int(synthetic[1]))
        of_first, of_second, of_noise = WEIGHTS
        noise = rng.normal(size=self._vectors.shape[1])
        vector = of_first * self._vectors[first] + of_second * self._vectors[second]
        vector = vector + of_noise * noise / np.linalg.norm(noise)
        unit: NDArray[np.float32] = (vector / np.linalg.norm(vector)).astype(np.float32)
        return unit

    def _drawn(self, number: int) -> tuple[np.random.Generator, int, int]:
        rng = np.random.default_rng(number)
        first, second = rng.integers(len(self._chunks), size=2)
        return rng, int(first), int(second)
