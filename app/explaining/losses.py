"""losses: which setting lost a passage, and with which values it is kept, found by trying them."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from footnote.app.core.setting_groups import GateSettings, SearchSettings
from footnote.app.core.types import Hit
from footnote.app.explaining.trace import first_rank
from footnote.app.explaining.types import LostTo
from footnote.app.retrieval.gate import GateDecision
from footnote.app.retrieval.retrieve import Retrieval, depths

# Each can lose it once, and a longer list may reorder what comes after it: a guess with room.
_TRIES = 5
Retrieve = Callable[[SearchSettings, int], Retrieval]
Judge = Callable[[GateSettings, Sequence[Hit]], GateDecision]


class Loss(NamedTuple):
    """The setting that is too low, its value, and the lowest at which it would do; None where no value does."""

    to: LostTo
    now: int
    needed: int | None


class Kept(NamedTuple):
    """The settings that keep it, by variable, and the rank that it has then; `missed` is the loss that stays."""

    settings: Mapping[str, float]
    rank: int | None
    missed: Loss | None = None


def loss(
    retrieval: Retrieval, wanted: frozenset[str], search: SearchSettings, top_k: int, searched_rank: int | None
) -> Loss | None:
    """The first setting that lost the wanted chunks; None where one of them is a hit.

    `searched_rank` is the best that they have in either search, however deep.
    """
    fused = first_rank([hit.chunk_id for hit in retrieval.fused], wanted)
    if fused is None:
        return Loss("candidates", depths(search, top_k).searched, searched_rank)
    final = first_rank([hit.chunk.id for hit in retrieval.candidates], wanted)
    if final is None:
        return Loss("rerank_depth", depths(search, top_k).reranked, fused)
    return Loss("top_k", top_k, final) if final > top_k else None


def what_keeps(
    retrieval: Retrieval,
    wanted: frozenset[str],
    search: SearchSettings,
    top_k: int,
    searched_rank: int | None,
    retrieve: Retrieve,
) -> tuple[Kept, Retrieval]:
    """The settings with which the wanted chunks are among the hits, and what is retrieved with them."""
    changed: dict[str, int] = {}
    for _ in range(_TRIES):
        lost = loss(retrieval, wanted, search, top_k, searched_rank)
        if lost is None:
            rank = first_rank([hit.chunk.id for hit in retrieval.candidates], wanted)
            return Kept({f"FOOTNOTE_{name.upper()}": value for name, value in changed.items()}, rank), retrieval
        if lost.needed is None or not lost.now < lost.needed <= most(lost.to):
            break
        changed[lost.to] = lost.needed
        search = search.model_copy(update=changed)
        top_k = changed.get("top_k", top_k)
        if lost.to != "top_k":  # which shows more of the same
            retrieval = retrieve(search, top_k)
    return Kept({}, None, lost), retrieval


def what_passes(gate: GateSettings, candidates: Sequence[Hit], judge: Judge) -> dict[str, float]:
    """The highest round values with which the gate lets the candidates pass; empty where none does."""
    best = candidates[0].reranked if candidates else None
    changed: dict[str, float] = {}
    while (decision := judge(gate.model_copy(update=changed), candidates)).reason is not None:
        before = dict(changed)
        # The logit is judged first: below its limit no probability is computed, or it is 0.
        if decision.answerability:
            changed["strictness"] = math.floor(decision.answerability * 100) / 100
        elif best is not None:
            changed["min_rerank_score"] = math.floor(best.score * 10) / 10
        if changed == before:
            return {}
    return {f"FOOTNOTE_{name.upper()}": value for name, value in changed.items()}


def most(setting: str) -> int:
    """The highest value of a setting of the search."""
    bounds = SearchSettings.model_fields[setting].metadata
    return int(next(bound.le for bound in bounds if hasattr(bound, "le")))
