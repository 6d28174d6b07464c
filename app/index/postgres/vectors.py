"""Vector search by pgvector: its graph, or every vector of the files that a filter leaves."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from footnote.app.index.filters import FileSelection
from footnote.app.index.postgres.chunks import LIMITED, paged
from footnote.app.index.postgres.schema import Version, live
from footnote.app.index.postgres.session import Sessions
from footnote.app.index.seam import VectorHit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# So many vectors are compared one by one: the graph would go through most of its own to find those that are allowed.
_FEW = 20_000
_NEAREST = """
SELECT c.id, s.distance FROM (
    SELECT v.number, v.embedding <#> %(embedding)s::vector AS distance FROM vectors v WHERE TRUE {narrowed}
    ORDER BY distance LIMIT %(top_k)s
) AS s JOIN chunks c ON c.number = s.number
"""
# Materialised, so that the planner does not take the graph after all.
_NEAREST_OF_FEW = """
WITH few AS MATERIALIZED (
    SELECT c.number, c.id FROM chunks c WHERE TRUE {narrowed}
)
SELECT f.id, v.embedding <#> %(embedding)s::vector AS distance FROM few f JOIN vectors v ON v.number = f.number
ORDER BY distance LIMIT %(top_k)s
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
        values = {"embedding": _as_text(embedding), "top_k": top_k, **_paths(selection)}
        few = self._few(selection, values)
        nearest = _NEAREST.format(narrowed=self._narrowed("v.number", selection))
        found = [] if few else self._sessions.rows(nearest, values)
        if few or len(found) < min(top_k, self._version.chunks):
            narrowed = live("c.number", self._version) + _allowed(selection)
            found = self._sessions.rows(_NEAREST_OF_FEW.format(narrowed=narrowed), values)
        # pgvector's is the negative inner product, of vectors of length 1.
        hits = [VectorHit(chunk_id, -float(distance)) for chunk_id, distance in found]
        return sorted(hits, key=lambda hit: (-hit.similarity, hit.chunk_id))

    def rows(self) -> Iterator[tuple[str, str, "NDArray[np.float32]"]]:
        import numpy as np

        query = (
            "SELECT v.number, c.id, c.path, v.embedding::text FROM vectors v JOIN chunks c ON c.number = v.number "
            "WHERE v.number > %(after)s" + live("v.number", self._version)
        )
        for chunk_id, path, embedding in paged(lambda values: self._sessions.rows(query + LIMITED, values)):
            yield chunk_id, path, np.fromstring(embedding.strip("[]"), np.float32, sep=",")

    def _few(self, selection: FileSelection | None, values: dict[str, Any]) -> bool:
        if self._version.chunks <= _FEW:
            return True
        if selection is None:
            return False
        counted = "SELECT count(*) FROM (SELECT FROM chunks c WHERE TRUE{} LIMIT %(few)s) AS f"
        [(count,)] = self._sessions.rows(counted.format(_allowed(selection)), {**values, "few": _FEW + 1})
        return int(count) <= _FEW

    def _narrowed(self, column: str, selection: FileSelection | None) -> str:
        narrowed = live(column, self._version)
        if selection is None:
            return narrowed
        # Not IN, twice: IN would be a join, for which the planner forsakes the graph.
        return narrowed + f" AND NOT ({column} NOT IN (SELECT c.number FROM chunks c WHERE TRUE{_allowed(selection)}))"


def _allowed(selection: FileSelection | None) -> str:
    """A condition on `c.path`, by the shorter of the two lists of paths."""
    if selection is None:
        return ""
    by_allowed = len(selection.allowed) <= len(selection.others)
    return " AND c.path = ANY(%(paths)s)" if by_allowed else " AND c.path <> ALL(%(paths)s)"


def _paths(selection: FileSelection | None) -> dict[str, list[str]]:
    if selection is None:
        return {}
    by_allowed = len(selection.allowed) <= len(selection.others)
    return {"paths": sorted(selection.allowed if by_allowed else selection.others)}


def _as_text(embedding: Sequence[float]) -> str:
    return "[" + ",".join(repr(float(value)) for value in embedding) + "]"
