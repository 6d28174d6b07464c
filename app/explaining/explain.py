"""explain: what became of a page or a section that a question should have found."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from footnote.app.core.setting_groups import GateSettings, ModelSettings, SearchSettings
from footnote.app.core.types import AnchorStyle, Chunk, Hit, Rewritten
from footnote.app.explaining.losses import Kept, Loss, loss, most, what_keeps, what_passes
from footnote.app.explaining.target import Absent, Target, find_target
from footnote.app.explaining.trace import DEEPEST, first_rank, trace
from footnote.app.explaining.types import LostTo, StageTrace, WhyNot
from footnote.app.explaining.words import missing_words
from footnote.app.index.filters import QueryFilter
from footnote.app.retrieval.gate import Gate, GateDecision
from footnote.app.retrieval.retrieve import Retrieval, Retriever, depths

_LOSSES: dict[LostTo, str] = {
    "candidates": "neither search has it among its first {now}",
    "rerank_depth": "it is at rank {needed} of the merged list, of which the reranker reads the first {now}",
    "top_k": "it is at rank {needed} of the final order, and an answer is written from the first {now}",
}
_ON_THE_PAGE = "say on the page, best in its heading, what the question asks for, in its words"
_NOTHING = Rewritten()


class Explainer:
    """Explains why a question did not find what it should; `style` is that of the site's anchors."""

    def __init__(
        self,
        retriever: Retriever,
        search: SearchSettings,
        gate: GateSettings,
        models: ModelSettings,
        style: AnchorStyle,
    ) -> None:
        self._retriever = retriever
        self._search = search
        self._gate = gate
        self._models = models
        self._style = style

    def explain(
        self,
        question: str,
        wanted: str,
        top_k: int,
        query_filter: QueryFilter | None = None,
        rewritten: Rewritten = _NOTHING,
    ) -> WhyNot:
        """What became of `wanted`, which is `PATH` or `PATH#HEADING`; `rewritten` is searched beside the question.

        Raises:
            QuestionError: `wanted` is empty or too long, or the filter is malformed.
        """
        target = find_target(wanted, self._retriever.index, self._style)
        excluding = self._excluding(query_filter, target)
        applied = None if excluding else query_filter

        def retrieve(search: SearchSettings, top_k: int) -> Retrieval:
            return self._retriever.retrieve(question, top_k, applied, search, rewritten)

        def judge(gate: GateSettings, candidates: Sequence[Hit]) -> GateDecision:
            return Gate(gate, self._models, self._retriever.index.term_counts).judge(question, candidates)

        found = WhyNot(question, target.path, top_k, self._retriever.index.generation, rewritten=rewritten)
        if isinstance(target, Absent):
            return replace(found, lost_to="index", reason=f"{target.reason}.", suggestions=target.suggestions)
        retrieval = retrieve(self._search, top_k)
        stages = trace(self._retriever, question, applied, target, retrieval, depths(self._search, top_k), top_k)
        searched = min((one.best.rank for one in stages[:2] if one.best and one.best.rank), default=None)
        lost = loss(retrieval, target.chunk_ids, self._search, top_k, searched)
        decision = judge(self._gate, retrieval.candidates)
        kept, retried = what_keeps(retrieval, target.chunk_ids, self._search, top_k, searched, retrieve)
        settings = dict(kept.settings)
        if kept.missed is None:
            settings |= what_passes(self._gate, retried.candidates, judge)
        rank = first_rank([hit.chunk.id for hit in retrieval.candidates], target.chunk_ids)
        passage = _furthest(stages)
        return replace(
            found,
            heading_path=target.heading_path,
            lost_to="filter" if excluding else lost.to if lost else "gate" if decision.reason else None,
            rank=rank,
            reason=_reason(excluding, lost, decision, rank, top_k),
            fix=_fix(excluding, lost, decision, kept, settings),
            settings=settings,
            stages=stages,
            passage=passage,
            missing_words=missing_words(question, passage.index_text, self._retriever.index.term_counts),
            passages=self._retriever.index.manifest.chunks,
            refusal=decision.reason,
            answerability=decision.answerability,
        )

    def _excluding(self, query_filter: QueryFilter | None, target: Target | Absent) -> tuple[str, ...]:
        """The conditions of the filter that leave the page out."""
        if not query_filter:
            return ()
        conditions = {f"path {query_filter.path}": QueryFilter(path=query_filter.path)} if query_filter.path else {}
        conditions |= {f"tag {tag}": QueryFilter(tags=(tag,)) for tag in query_filter.tags}
        conditions |= {f"{name}={value}": QueryFilter(fields=((name, value),)) for name, value in query_filter.fields}
        selections = {name: self._retriever.index.select(one) for name, one in conditions.items()}
        return tuple(name for name, one in selections.items() if one and target.path not in one.allowed)


def _furthest(stages: Sequence[StageTrace]) -> Chunk:
    """The best passage at the last stage that had one; of the two searches, where its rank is better."""
    *searches, fused, _, final = stages
    for one in (final, fused):
        if one.best:
            return one.best.chunk
    seen = [one.best for one in searches if one.best]
    return min(seen, key=lambda best: best.rank or DEEPEST + 1).chunk


def _reason(excluding: Sequence[str], lost: Loss | None, decision: GateDecision, rank: int | None, top_k: int) -> str:
    if lost:
        said = _LOSSES[lost.to].format(now=lost.now, needed=lost.needed)
    elif decision.reason:
        said = f"it is at rank {rank}, but the question is refused: {decision.reason}"
    else:
        said = f"it is at rank {rank} of the {top_k} passages that an answer is written from"
    if excluding:
        said = f"the filter ({', '.join(excluding)}) leaves its page out; without that {said}"
    return f"{said[0].upper()}{said[1:]}."


def _fix(
    excluding: Sequence[str],
    lost: Loss | None,
    decision: GateDecision,
    kept: Kept,
    settings: Mapping[str, float],
) -> str:
    without = "Without the filter" if excluding else ""
    if kept.missed:
        return _no_setting(kept.missed)
    if not settings:
        if lost or decision.reason:
            return f"No value of a setting was found that keeps it: {_ON_THE_PAGE}."
        return "Leave the filter out." if excluding else ""
    values = " and ".join(f"{name}={value:g}" for name, value in settings.items())
    said = f"{without} and with {values}" if without else f"With {values}"
    return f"{said} it is at rank {kept.rank} of what an answer is written from."


def _no_setting(missed: Loss) -> str:
    name = f"FOOTNOTE_{missed.to.upper()}"
    if missed.needed is None:
        why = f"it is not among the first {DEEPEST:,} passages of either search"
    elif missed.needed > most(missed.to):
        why = f"it would take {name}={missed.needed}, which goes to {most(missed.to)}"
    else:
        why = f"it stays out with {name}={missed.needed}"
    return f"No setting keeps it, as {why}: {_ON_THE_PAGE}."
