"""Filling a collection: batches of a bounded size, one after the other."""

from collections.abc import Collection, Iterable
from itertools import chain
from typing import TYPE_CHECKING, Any

from footnote.app.index.documents import LexicalDocument
from footnote.app.index.milvus import collection as rows
from footnote.app.index.milvus.bm25 import length_norms
from footnote.app.index.milvus.reader import MilvusReader
from footnote.app.index.milvus.server import Server
from footnote.app.index.milvus.vocabulary import Vocabulary

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Documents = Iterable[tuple[LexicalDocument, NDArray[np.float32]]]

_ROWS = 1_000
_BYTES = 8_000_000  # the server takes 64 MB in one message
_NUMBER_BYTES = 8  # of a dimension with its weight


class Loading:
    """A new collection; the next batch is made when the server has taken the last one.

    Attributes:
        dimension: of the vectors; 0 before the first one.
        is_created: whether the server said that the collection is there.
        large: contents by chunk id that no row has room for.
    """

    def __init__(self, server: Server, name: str, vocabulary: Vocabulary) -> None:
        self._server, self._name, self._vocabulary = server, name, vocabulary
        self._files = vocabulary.files()
        self._norms = length_norms(vocabulary.average_terms)
        self._batch: list[dict[str, Any]] = []
        self._bytes = 0
        self._rows = 0
        self.dimension = 0
        self.is_created = False
        self.large: list[tuple[str, bytes]] = []

    def take_over(self, base: MilvusReader, gone: Collection[str]) -> None:
        """All of the base's chunks but those that are gone, with new weights."""
        page: list[tuple[LexicalDocument, NDArray[np.float32]]] = []
        for document, vector in base.rows():
            if document.chunk_id not in gone:
                page.append((document, vector))
            if len(page) == rows.PAGE:
                self.put(page)
                page = []
        self.put(page)

    def put(self, documents: "Documents") -> None:
        """A page of chunks with their vectors."""
        page = list(documents)
        texts = (text.split() for one, _ in page for text in (one.body, one.english))
        numbers = self._vocabulary.numbers_of(set(chain.from_iterable(texts)))
        for document, vector in page:
            self._put_one(document, vector, rows.sparse_terms(document, numbers, self._norms))

    def _put_one(self, document: LexicalDocument, vector: "NDArray[np.float32]", weights: dict[int, float]) -> None:
        if not self.dimension:
            self.dimension = len(vector)
            rows.create(self._server, self._name, self.dimension)
            self.is_created = True
        contents = rows.packed(document)
        if not rows.fits_a_row(contents):
            self.large.append((document.chunk_id, contents))
            contents = b""
        self._batch.append(
            {
                "id": document.chunk_id,
                "row": self._rows,
                "file": self._files.number(document.path),
                "contents": contents.decode(),
                "vector": vector.tolist(),
                "terms": weights,
            }
        )
        self._rows += 1
        self._bytes += len(contents) + vector.nbytes + _NUMBER_BYTES * len(weights)
        if len(self._batch) >= _ROWS or self._bytes >= _BYTES:
            self._send()

    def finish(self) -> int:
        """Write it to the server's storage, index and load it; how many rows the server has."""
        self._send()
        rows.finish(self._server, self._name)
        return rows.count(self._server, self._name)

    def _send(self) -> None:
        if self._batch:
            self._server.insert(self._name, self._batch)
            self._batch, self._bytes = [], 0
