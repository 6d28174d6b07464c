"""A collection: its fields and indexes, and a chunk as a row of it."""

import base64
import json
import time
import zlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from footnote.app.core.errors import StoreError
from footnote.app.index.documents import LexicalDocument
from footnote.app.index.milvus.bm25 import document_weights
from footnote.app.index.milvus.files import FileNumbers
from footnote.app.index.milvus.server import Server
from footnote.app.index.milvus.vocabulary import Vocabulary

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PAGE = 1_000  # rows a call
MOST_HITS = 16_384  # that Milvus gives in one answer
_MOST_BYTES = 65_535  # of a VARCHAR
_NO_TERM = 1  # of the odd numbers, which no term has: an empty sparse vector is refused
# As of the embedded store: of the 20 nearest by exact search 99.9% are found.
_GRAPH = {"M": 16, "efConstruction": 200}
SEARCH_WIDTH = 200
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.02, 2.0  # between looks whether an index is built


class Row(NamedTuple):
    """A chunk of a collection.

    Attributes:
        number: rows are numbered from 0, so that they can be read in pages.
        weights: by dimension; see `sparse_terms`.
    """

    number: int
    document: LexicalDocument
    vector: "NDArray[np.float32]"
    weights: Mapping[int, float]


def create(server: Server, collection: str, dimension: int) -> None:
    """Create an empty collection."""

    def ask(client: Any, limits: dict[str, Any]) -> None:
        from pymilvus import DataType

        schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.VARCHAR, is_primary=True, max_length=64)
        schema.add_field("row", DataType.INT64)
        schema.add_field("file", DataType.INT64)
        # Read for hits alone, so it may stay on the server's disk.
        schema.add_field("contents", DataType.VARCHAR, max_length=_MOST_BYTES, mmap_enabled=True)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
        schema.add_field("terms", DataType.SPARSE_FLOAT_VECTOR)
        client.create_collection(collection, schema=schema, consistency_level="Bounded", **limits)

    server.call(ask)


def finish(server: Server, collection: str) -> None:
    """Write what was inserted to the server's storage, build the indexes, and load them.

    Raises:
        StoreError: an index cannot be built.
    """

    def index(client: Any, limits: dict[str, Any]) -> None:
        params = client.prepare_index_params()
        params.add_index("vector", index_name="vector", index_type="HNSW", metric_type="COSINE", params=_GRAPH)
        params.add_index("terms", index_name="terms", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
        for field in ("row", "file"):
            params.add_index(field, index_name=field, index_type="INVERTED")
        # pymilvus would sleep half a second before it looks for each for the first time.
        client.create_index(collection, params, sync=False, **limits)

    server.wait(lambda client, limits: client.flush(collection, **limits))
    server.wait(index)
    for name in ("vector", "terms", "row", "file"):
        _wait_for_index(server, collection, name)
    load(server, collection)


def _wait_for_index(server: Server, collection: str, name: str) -> None:
    pause_s = _FIRST_PAUSE_S
    while True:
        found = server.call(lambda client, limits: client.describe_index(collection, name, **limits))
        if found and found["state"] == "Finished":
            return
        if not found or found["state"] not in ("Unissued", "InProgress", "Retry"):
            raise StoreError(f"the server does not index {name} of {collection}: look into its log, and ingest again")
        time.sleep(pause_s)
        pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)


def load(server: Server, collection: str) -> None:
    """Let the server answer of it; at once where it does already."""
    server.wait(lambda client, limits: client.load_collection(collection, **limits))


def count(server: Server, collection: str) -> int:
    """Rows, also those that were written a moment ago.

    The one read that waits until the server has seen all writes, which takes it 0.2 s: a collection is complete before
    it is published, and whoever opens it counts its rows first.
    """
    [found] = server.read(
        collection,
        lambda client, limits: client.query(
            collection, output_fields=["count(*)"], consistency_level="Strong", **limits
        ),
    )
    return int(found["count(*)"])


def numbered_rows(server: Server, collection: str, first: int, fields: Collection[str]) -> list[dict[str, Any]]:
    """The page of rows that begins with this number, as the server has them."""
    return _query(server, collection, f"row >= {first} and row < {first + PAGE}", fields)


def rows_by_id(
    server: Server, collection: str, chunk_ids: Collection[str], fields: Collection[str]
) -> Iterator[dict[str, Any]]:
    """The rows of these chunks; an unknown id has none."""
    # No other text is part of an expression, and none of another form is the id of a chunk.
    ids = [one for one in dict.fromkeys(chunk_ids) if one.isascii() and one.isalnum()]
    for first in range(0, len(ids), PAGE):
        listed = ",".join(f'"{one}"' for one in ids[first : first + PAGE])
        yield from _query(server, collection, f"id in [{listed}]", fields)


def _query(server: Server, collection: str, condition: str, fields: Collection[str]) -> list[dict[str, Any]]:
    def ask(client: Any, limits: dict[str, Any]) -> list[dict[str, Any]]:
        return list(client.query(collection, filter=condition, output_fields=list(fields), limit=MOST_HITS, **limits))

    return server.read(collection, ask)


def sparse_terms(document: LexicalDocument, numbers: Mapping[str, int], norms: Sequence[float]) -> dict[int, float]:
    """A chunk's terms by dimension: at 2n what term n gives to a score, at 2n + 1 a 1, whatever language it is of.

    `norms` are `length_norms`.
    """
    body = document.body.split()
    counts = {2 * numbers[term]: times for term, times in Counter(body).items()}
    there = {2 * numbers[term] + 1: 1.0 for term in {*body, *document.english.split()}}
    return {**document_weights(counts, len(body), norms), **there} or {_NO_TERM: 1.0}


def packed(document: LexicalDocument) -> bytes:
    """All of a document but id and path, for a row; its texts take half of their size so."""
    texts = [document.language, document.body, document.english, document.chunk]
    return base64.b64encode(zlib.compress(json.dumps(texts, ensure_ascii=False).encode()))


def fits_a_row(contents: bytes) -> bool:
    """Whether the server takes so much in one field."""
    return len(contents) <= _MOST_BYTES


def stored_document(row: Mapping[str, Any], files: FileNumbers, vocabulary: Vocabulary) -> LexicalDocument:
    """What `packed` was given.

    Raises:
        ValueError: it is not what was packed.
    """
    chunk_id = str(row["id"])
    contents = row["contents"] or vocabulary.large_contents(chunk_id) or b""
    try:
        language, body, english, chunk = json.loads(zlib.decompress(base64.b64decode(contents)))
    except zlib.error as error:
        raise ValueError(f"the row of chunk {chunk_id} is not what was written ({error})") from error
    return LexicalDocument(chunk_id, files.path(int(row["file"])), language, body, english, chunk)
