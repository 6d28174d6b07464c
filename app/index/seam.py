"""What stands between the flows and whatever holds the chunks.

    ingest -> Store.writer -> IndexWriter -> publish -> Store.reader -> IndexReader -> retrieval

A store keeps each generation's chunks: their vectors, terms and contents. All else of a generation (manifest, file
list, bytes of pages) lies in its folder, whatever the store. `tests/index/contract/` is what every store must pass.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from footnote.app.core.types import Chunk
from footnote.app.index.filters import FileSelection
from footnote.app.index.manifest import Manifest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from footnote.app.index.documents import LexicalDocument

    VectorsOf = Callable[[Sequence[Chunk]], NDArray[np.float32]]


class LexicalHit(NamedTuple):
    """`score` is BM25, above 0."""

    chunk_id: str
    score: float


class VectorHit(NamedTuple):
    """`similarity` is the cosine, [-1, 1]."""

    chunk_id: str
    similarity: float


class LexicalIndex(Protocol):
    def search(self, question: str, top_k: int, paths: Collection[str] | None = None) -> list[LexicalHit]:
        """At most `top_k` chunks, best first, ties by id; only chunks that share a term with the question.

        `paths` restricts the search to those files; None means all.
        """
        ...


class VectorIndex(Protocol):
    def search(self, embedding: Sequence[float], top_k: int, selection: FileSelection | None = None) -> list[VectorHit]:
        """At most `top_k` chunks, nearest first, ties by id; `selection` restricts the files searched."""
        ...

    def count(self) -> int:
        """Vectors in the index."""
        ...

    def rows(self) -> Iterator[tuple[str, str, "NDArray[np.float32]"]]:
        """Id, path and vector of every chunk, in no particular order."""
        ...


class TermIndex(Protocol):
    """Which chunks hold a term."""

    def count(self) -> int:
        """Chunks in the index."""
        ...

    def chunks_with(self, term: str) -> int:
        """Chunks that hold the term, as `footnote.app.core.text.analysis.terms` spells it."""
        ...

    def with_all(self, terms: Collection[str], limit: int) -> list[Chunk] | None:
        """The chunks that hold all the terms, in no particular order; None when they are more than `limit`."""
        ...

    def has_near(self, term: str, distance: int) -> bool:
        """Whether any chunk holds a term that at most so many letters make from this one."""
        ...


class ChunkIndex(LexicalIndex, TermIndex, Protocol):
    """The chunks themselves, and their terms."""

    def get(self, chunk_ids: Collection[str]) -> dict[str, Chunk]:
        """The chunks by id; an unknown id is missing from the result."""
        ...

    def documents(self) -> Iterator["LexicalDocument"]:
        """Every chunk with its terms, in no particular order."""
        ...

    def all_chunks(self) -> Iterator[Chunk]:
        """Every chunk, in no particular order."""
        ...


class IndexReader(Protocol):
    """One generation's chunks, opened for questions; safe to call from several threads."""

    @property
    def chunks(self) -> ChunkIndex: ...

    @property
    def vectors(self) -> VectorIndex: ...

    def damages(self) -> Iterator[tuple[str, str]]:
        """What is not as it was published: the part of the store, and what is wrong with it."""
        ...

    def close(self) -> None:
        """Let go of the generation; once is enough."""
        ...


@dataclass(frozen=True, slots=True)
class Changes:
    """What makes a new generation's chunks from those of its base, or from nothing.

    Attributes:
        written: the chunks that the base lacks, or has with other contents.
        embedded: those of them that get a vector: it is new, or another than in the base.
        dropped: paths by id, of the base's chunks that no file has any more.
        replaced: paths by id, of the base's chunks that are in `written`.
    """

    written: Sequence[Chunk]
    embedded: Sequence[Chunk]
    dropped: Mapping[str, str]
    replaced: Mapping[str, str]

    @property
    def stale_vectors(self) -> list[str]:
        """Ids of the base's vectors that are not taken over."""
        return [*self.dropped, *(chunk.id for chunk in self.embedded if chunk.id in self.replaced)]


@dataclass(frozen=True, slots=True)
class Written:
    """What a writer has written: the length of the vectors, how many of them and of chunks, and how to find them.

    Attributes:
        graph_sha256, collection: see `Manifest`.
    """

    dimension: int
    vectors: int
    chunks: int
    graph_sha256: str = ""
    collection: str = ""


class IndexWriter(Protocol):
    """Writes the chunks of one generation, which nobody sees before it is published."""

    def stored(self, chunk_ids: Collection[str]) -> dict[str, Chunk]:
        """Those of the base's chunks that have one of these ids."""
        ...

    def write(self, changes: Changes, vectors_of: "VectorsOf", on_written: Callable[[int], None]) -> Written:
        """Write everything, and close it; `on_written` is told how many chunks of `changes.embedded` are done.

        `vectors_of` gives unit vectors, `(n, dim)`, in the order of the chunks.

        Raises:
            IndexDamagedError: the base cannot be read.
        """
        ...


@dataclass(frozen=True, slots=True)
class BaseGeneration:
    """What a writer starts from."""

    folder: Path
    manifest: Manifest


class Store(Protocol):
    """Holds the chunks of the generations of one index."""

    @property
    def kind(self) -> str:
        """The store's name, as manifests have it."""
        ...

    def require(self, folder: Path, manifest: Manifest) -> None:
        """Look whether a generation's chunks are there, without opening them.

        Raises:
            IndexDamagedError: they are not.
        """
        ...

    def reader(self, folder: Path, manifest: Manifest) -> IndexReader:
        """Open a generation.

        Raises:
            IndexDamagedError: it cannot be read.
        """
        ...

    def writer(self, folder: Path, generation: int, base: BaseGeneration | None) -> IndexWriter:
        """Begin a generation, in a folder of its own."""
        ...

    def made_live(self, folder: Path) -> None:
        """Hear that the generation in this folder is the live one now."""
        ...

    def remove_others(self, folders: Sequence[Path]) -> None:
        """Remove what lies outside the folders of an index and belongs to none of these, all that it has."""
        ...
