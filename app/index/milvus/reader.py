"""Reading a generation: its collection on the server, and the words in its folder."""

from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from footnote.app.core.errors import IndexDamagedError
from footnote.app.core.text.term_counts import TermCounts
from footnote.app.core.types import Chunk
from footnote.app.index.documents import LexicalDocument
from footnote.app.index.filters import FileSelection
from footnote.app.index.lexical_index import by_score, weighted_terms
from footnote.app.index.manifest import Manifest
from footnote.app.index.milvus import collection as rows
from footnote.app.index.milvus.bm25 import length_norms, question_weight
from footnote.app.index.milvus.files import FileNumbers
from footnote.app.index.milvus.searches import lexical_hits, vector_hits
from footnote.app.index.milvus.server import Server
from footnote.app.index.milvus.vocabulary import Vocabulary, words_sha256
from footnote.app.index.seam import LexicalHit, VectorHit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FOLDER = "milvus"
_CONTENTS = ("id", "file", "contents")
_WEIGHT_TOLERANCE = 1e-5  # relative: the server keeps them as float32


class MilvusReader:
    """A generation, bound to its collection: none of its answers is of another one."""

    def __init__(self, server: Server, folder: Path, manifest: Manifest) -> None:
        """Raises IndexDamagedError where the collection is not whole, StoreError where the server fails."""
        self._server, self._manifest = server, manifest
        self._vocabulary = Vocabulary(folder / FOLDER)
        try:
            rows.load(server, manifest.collection)
            stored = Stored(server, manifest.collection, self._vocabulary, manifest.chunks)
            self.chunks, self.vectors = MilvusChunks(stored), MilvusVectors(stored)
            # The only read that waits for all writes: what it sees the searches see as well.
            if stored.count != manifest.chunks:
                raise IndexDamagedError(
                    f"the collection {manifest.collection} holds {stored.count} chunks, and {manifest.chunks} were "
                    "published: run `footnote ingest --rebuild`"
                )
        except BaseException:
            self._vocabulary.close()
            raise
        self._stored = stored

    def damages(self) -> Iterator[tuple[str, str]]:
        if words_sha256(self._vocabulary.folder) != self._manifest.graph_sha256:
            yield FOLDER, "the file of words is not the one that was published"
        for row in self._stored.pages((*_CONTENTS, "terms")):
            document = self._stored.document(row)
            expected = self._stored.weights_of(document)
            found = {int(number): float(weight) for number, weight in dict(row["terms"]).items()}
            if expected.keys() != found.keys() or any(
                abs(found[number] - weight) > _WEIGHT_TOLERANCE * weight for number, weight in expected.items()
            ):
                yield document.path, f"the weights of chunk {document.chunk_id} are not those of its terms"

    def documents_of(self, chunk_ids: Collection[str]) -> Iterator[LexicalDocument]:
        """These chunks with their terms."""
        return map(self._stored.document, self._stored.by_id(chunk_ids, _CONTENTS))

    def vectors_of(self, chunk_ids: Collection[str]) -> "dict[str, NDArray[np.float32]]":
        """These chunks' vectors."""
        return {str(row["id"]): vector_of(row) for row in self._stored.by_id(chunk_ids, ("id", "vector"))}

    def rows(self) -> "Iterator[tuple[LexicalDocument, NDArray[np.float32]]]":
        """Every chunk with its terms and its vector."""
        for row in self._stored.pages((*_CONTENTS, "vector")):
            yield self._stored.document(row), vector_of(row)

    def close(self) -> None:
        self._vocabulary.close()


class Stored:
    """The rows of a collection; what both indexes read."""

    def __init__(self, server: Server, collection: str, vocabulary: Vocabulary, published: int) -> None:
        self.server, self.collection, self.vocabulary, self.published = server, collection, vocabulary, published
        self.count = rows.count(server, collection)

    @cached_property
    def files(self) -> FileNumbers:
        return self.vocabulary.files()

    @cached_property
    def norms(self) -> list[float]:
        return length_norms(self.vocabulary.average_terms)

    def pages(self, fields: Collection[str]) -> Iterator[dict[str, Any]]:
        """Every row, in the order in which they were written."""
        for first in range(0, self.published, rows.PAGE):
            yield from rows.numbered_rows(self.server, self.collection, first, fields)

    def by_id(self, chunk_ids: Collection[str], fields: Collection[str]) -> Iterator[dict[str, Any]]:
        return rows.rows_by_id(self.server, self.collection, chunk_ids, fields)

    def document(self, row: dict[str, Any]) -> LexicalDocument:
        """The row as the index holds it.

        Raises:
            IndexDamagedError: it cannot be read.
        """
        try:
            return rows.stored_document(row, self.files, self.vocabulary)
        except ValueError as error:
            raise IndexDamagedError(f"{self.collection}: {error}: run `footnote ingest --rebuild`") from error

    def weights_of(self, document: LexicalDocument) -> dict[int, float]:
        """What its terms give to scores; without those that the vocabulary lacks."""
        words = document.body.split(), document.english.split()
        numbers = self.vocabulary.numbers_of(set(chain(*words)))
        known = document._replace(
            **{
                name: " ".join(word for word in several if word in numbers)
                for name, several in zip(("body", "english"), words, strict=True)
            }
        )
        return rows.sparse_terms(known, numbers, self.norms)


class MilvusChunks:
    """The chunks, and BM25 over them."""

    def __init__(self, stored: Stored) -> None:
        self._stored = stored
        self._vocabulary = stored.vocabulary
        self._languages = stored.vocabulary.languages
        self._counts = TermCounts(stored.vocabulary.chunks, self._bodies_with)

    def count(self) -> int:
        return self._stored.count

    def chunks_with(self, term: str) -> int:
        found = self._vocabulary.term(term)
        return found.chunks if found else 0

    def with_all(self, terms: Collection[str], limit: int) -> list[Chunk] | None:
        numbers = self._vocabulary.numbers_of(set(terms))
        if not terms or len(numbers) < len(set(terms)):
            return []
        # A chunk that holds a term has a 1 for it, so the best hits are those that hold them all.
        query = {2 * number + 1: 1.0 for number in numbers.values()}
        hits = lexical_hits(self._stored.server, self._stored.collection, query, limit + 1, "")
        found = [hit.chunk_id for hit in hits if hit.score > len(numbers) - 0.5]
        return None if len(found) > limit else list(self.get(found).values())

    def has_near(self, term: str, distance: int) -> bool:
        return self._vocabulary.has_near(term, distance)

    def get(self, chunk_ids: Collection[str]) -> dict[str, Chunk]:
        found = map(self._stored.document, self._stored.by_id(chunk_ids, _CONTENTS))
        return {document.chunk_id: document.to_chunk() for document in found}

    def documents(self) -> Iterator[LexicalDocument]:
        return map(self._stored.document, self._stored.pages(_CONTENTS))

    def all_chunks(self) -> Iterator[Chunk]:
        return (document.to_chunk() for document in self.documents())

    def search(self, question: str, top_k: int, paths: Collection[str] | None = None) -> list[LexicalHit]:
        condition = "" if paths is None else self._stored.files.condition(paths)
        if condition is None:
            return []
        query: dict[int, float] = {}
        for name, weight in weighted_terms(question, self._languages, self._counts).items():
            term = self._vocabulary.term(name)
            if term and term.bodies:
                query[2 * term.number] = weight * question_weight(self._counts.chunks, term.bodies)
        if not query:
            return []
        server, collection = self._stored.server, self._stored.collection
        hits = lexical_hits(server, collection, query, top_k, condition, self._stored.published)
        return by_score(hits, top_k)

    def _bodies_with(self, term: str) -> int:
        found = self._vocabulary.term(term)
        return found.bodies if found else 0


class MilvusVectors:
    """The vectors."""

    def __init__(self, stored: Stored) -> None:
        self._stored = stored

    def search(self, embedding: Sequence[float], top_k: int, selection: FileSelection | None = None) -> list[VectorHit]:
        files = self._stored.files
        condition, share = (
            (files.condition(selection.allowed), files.share(selection.allowed)) if selection else ("", 1.0)
        )
        if condition is None:
            return []
        hits = vector_hits(self._stored.server, self._stored.collection, embedding, top_k, condition, share)
        return sorted(hits, key=lambda hit: (-hit.similarity, hit.chunk_id))

    def count(self) -> int:
        return self._stored.count

    def rows(self) -> Iterator[tuple[str, str, "NDArray[np.float32]"]]:
        for row in self._stored.pages(("id", "file", "vector")):
            yield str(row["id"]), self._stored.files.path(int(row["file"])), vector_of(row)


def vector_of(row: dict[str, Any]) -> "NDArray[np.float32]":
    """A row's vector."""
    import numpy as np

    return np.asarray(row["vector"], dtype=np.float32)
