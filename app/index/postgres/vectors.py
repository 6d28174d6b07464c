"""Vector search by pgvector: its graph, or every vector of the files that a filter leaves."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from footnote.app.index.filters import FileSelection
from footnote.app.index.postgres.schema import Version, live
from footnote.app.index.postgres.session import Sessions
from footnote.app.index.seam import VectorHit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# So many vectors are compared one by one: of all of them, and of those that a filter leaves. Where that is less than a
# fifth, the graph goes through many that are not allowed, and misses a tenth of the nearest: bench/README.md, "Stores".
_FEW = 1_000
_FEW_ALLOWED, _SHARE_ALLOWED, _MOST_ALLOWED = 10_000, 0.2, 100_000
_PAGE = 1_000
_NEAREST = """
SELECT v.id, v.embedding <#> %(embedding)s::vector AS distance FROM vectors v WHERE TRUE {narrowed}
ORDER BY distance LIMIT %(top_k)s
"""
# Materialised, so that the planner does not take the graph after all.
_NEAREST_OF_FEW = """
WITH few AS MATERIALIZED (
    SELECT v.id, v.embedding <#> %(embedding)s::vector AS distance FROM vectors v WHERE TRUE {narrowed}
)
SELECT id, distance FROM few ORDER BY distance, id LIMIT %(top_k)s
"""


class PostgresVectors:
    """The vectors of one version."""

    def __init__(self, sessions: Sessions, version: Version) -> None:
        self._sessions = sessions
        self._version = version

    def count(self) -> int:
        [(count,)] = self._sessions.rows(
            "SELECT count(*) FROM vectors v WHERE TRUE" + live("v.number", self._version), {}
        )
        return int(count)

    def search(self, embedding: Sequence[float], top_k: int, selection: FileSelection | None = None) -> list[VectorHit]:
        if selection is not None and not selection.allowed:
            return []
        narrowed = live("v.number", self._version) + _allowed(selection)
        values = {"embedding": _as_text(embedding), "top_k": top_k, **_paths(selection)}
        few = self._few(selection, values)
        found = [] if few else self._sessions.rows(_NEAREST.format(narrowed=narrowed), values)
        if few or len(found) < top_k:
            found = self._sessions.rows(_NEAREST_OF_FEW.format(narrowed=narrowed), values)
        # pgvector's is the negative inner product, of vectors of length 1.
        hits = [VectorHit(chunk_id, -float(distance)) for chunk_id, distance in found]
        return sorted(hits, key=lambda hit: (-hit.similarity, hit.chunk_id))

    def rows(self) -> Iterator[tuple[str, str, "NDArray[np.float32]"]]:
        import numpy as np

        query = "SELECT v.number, v.id, v.path, v.embedding::text FROM vectors v WHERE v.number > %(after)s"
        query += live("v.number", self._version) + f" ORDER BY 1 LIMIT {_PAGE}"
        after = -1
        while page := self._sessions.rows(query, {"after": after}):
            for _, chunk_id, path, embedding in page:
                yield chunk_id, path, np.fromstring(embedding.strip("[]"), np.float32, sep=",")
            after = page[-1][0]

    def _few(self, selection: FileSelection | None, values: Mapping[str, Any]) -> bool:
        if selection is None or self._version.vectors <= _FEW:
            return self._version.vectors <= _FEW
        most = most_compared(self._version.vectors)
        counted = "SELECT count(*) FROM (SELECT FROM vectors v WHERE TRUE{} LIMIT %(few)s) AS f"
        [(count,)] = self._sessions.rows(counted.format(_allowed(selection)), {**values, "few": most + 1})
        return int(count) <= most


def most_compared(vectors: int) -> int:
    """So many that a filter leaves of these are compared one by one."""
    return min(max(_FEW_ALLOWED, int(vectors * _SHARE_ALLOWED)), _MOST_ALLOWED)


def _allowed(selection: FileSelection | None) -> str:
    """A condition on `v.path`, by the shorter of the two lists of paths."""
    if selection is None:
        return ""
    by_allowed = len(selection.allowed) <= len(selection.others)
    return " AND v.path = ANY(%(paths)s)" if by_allowed else " AND v.path <> ALL(%(paths)s)"


def _paths(selection: FileSelection | None) -> dict[str, list[str]]:
    if selection is None:
        return {}
    by_allowed = len(selection.allowed) <= len(selection.others)
    return {"paths": sorted(selection.allowed if by_allowed else selection.others)}


def _as_text(embedding: Sequence[float]) -> str:
    return "[" + ",".join(repr(float(value)) for value in embedding) + "]"
