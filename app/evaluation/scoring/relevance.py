"""Relevance of retrieved chunks at three levels, from the targets of a question's labels."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from footnote.app.core.types import Chunk
from footnote.app.evaluation.scoring.labels import Target
from footnote.app.evaluation.types import Level

LEVELS: tuple[Level, ...] = get_args(Level)


@dataclass(frozen=True, slots=True)
class Relevance:
    """What is relevant to one question at one level.

    Attributes:
        total: relevant pages, sections or passages. Labels that share a chunk at this level are one.
        units: chunk id to the number of the relevant one that it belongs to, below `total`.
    """

    level: Level
    total: int
    units: Mapping[str, int]

    def ranked(self, chunks: Sequence[Chunk]) -> list[bool]:
        """Whether each page, section or passage is relevant, in the order of its best chunk."""
        seen: dict[Hashable, bool] = {}
        for chunk in chunks:
            unit = self.units.get(chunk.id)
            seen.setdefault(self._place(chunk) if unit is None else unit, unit is not None)
        return list(seen.values())

    def _place(self, chunk: Chunk) -> Hashable:
        if self.level == "page":
            return chunk.path
        return (chunk.path, chunk.heading_path) if self.level == "section" else chunk.id


def relevance(targets: Sequence[Target]) -> list[Relevance]:
    """The relevance at each level for which every label has what it takes, from page to passage."""
    found = []
    for level in LEVELS:
        wanted = [_chunks(target, level) for target in targets]
        sets = [ids for ids in wanted if ids]
        if sets and len(sets) == len(targets):
            merged = _merged(sets)
            units = {chunk_id: number for number, ids in enumerate(merged) for chunk_id in ids}
            found.append(Relevance(level, len(merged), units))
    return found


def finest(relevances: Sequence[Relevance], chunk_id: str) -> Level | None:
    """The finest level at which the chunk is relevant; None where it is at none."""
    levels = [one.level for one in relevances if chunk_id in one.units]
    return levels[-1] if levels else None


def _chunks(target: Target, level: Level) -> frozenset[str] | None:
    return {"page": target.page, "section": target.section, "passage": target.passage}[level]


def _merged(sets: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    """The sets, those that share a member joined into one."""
    merged: list[frozenset[str]] = []
    for one in sets:
        joined = one.union(*(other for other in merged if other & one))
        merged = [other for other in merged if not other & one] + [joined]
    return merged
