"""The two searches as the server does them, and equal scores where its answer is cut."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from footnote.app.index.milvus.collection import MOST_HITS, SEARCH_WIDTH
from footnote.app.index.milvus.server import Server
from footnote.app.index.seam import LexicalHit, VectorHit


def vector_hits(
    server: Server, collection: str, embedding: Sequence[float], top_k: int, condition: str, share: float
) -> list[VectorHit]:
    """The nearest of the share of the chunks that the condition allows, in no particular order."""
    # Of what is near in the graph, only that share may be in the answer.
    width = min(MOST_HITS, round(SEARCH_WIDTH / max(share, SEARCH_WIDTH / MOST_HITS)))
    params = {"metric_type": "COSINE", "params": {"ef": max(width, top_k)}}
    vector = list(map(float, embedding))
    return [VectorHit(*hit) for hit in _search(server, collection, "vector", vector, top_k, condition, params)]


def lexical_hits(
    server: Server, collection: str, query: Mapping[int, float], top_k: int, condition: str, rows: int = 0
) -> list[LexicalHit]:
    """The best, in no particular order; with `rows`, the number of all, also those that tie with the last of them."""
    limit = min(MOST_HITS, top_k + bool(rows))
    while True:
        found = list(_lexical(server, collection, query, limit, condition))
        if not rows or len(found) < limit or len(found) > top_k and found[-1].score < found[top_k - 1].score:
            return found
        if limit == MOST_HITS:
            break
        limit = min(MOST_HITS, 2 * limit)
    # More tie than an answer has room for: of so many rows at once, an answer has room for all.
    least = found[min(top_k, MOST_HITS) - 1].score
    several = [
        hit
        for first in range(0, rows, MOST_HITS)
        for hit in _lexical(server, collection, query, MOST_HITS, _within(condition, first))
        if hit.score >= least
    ]
    return several


def _within(condition: str, first: int) -> str:
    window = f"row >= {first} and row < {first + MOST_HITS}"
    return f"({condition}) and {window}" if condition else window


def _lexical(
    server: Server, collection: str, query: Mapping[int, float], limit: int, condition: str
) -> Iterator[LexicalHit]:
    params = {"metric_type": "IP", "params": {"drop_ratio_search": 0.0}}
    for hit in _search(server, collection, "terms", dict(query), limit, condition, params):
        if hit[1] > 0:
            yield LexicalHit(*hit)


def _search(
    server: Server, collection: str, field: str, vector: Any, limit: int, condition: str, params: dict[str, Any]
) -> list[tuple[str, float]]:
    def ask(client: Any, limits: dict[str, Any]) -> list[tuple[str, float]]:
        [found] = client.search(
            collection,
            data=[vector],
            anns_field=field,
            limit=limit,
            filter=condition,
            output_fields=["id"],
            search_params=params,
            **limits,
        )
        return [(str(hit["id"]), float(hit["distance"])) for hit in found]

    return server.read(collection, ask)
