"""The scores of one question, what was retrieved for it, and what went wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from footnote.app.core.types import Answer, Chunk, Hit, StageScore
from footnote.app.evaluation.scoring.answers import answer_text, checked_of, token_f1, token_recall
from footnote.app.evaluation.scoring.ranking import DEPTH, hit, ndcg, recall, reciprocal_rank
from footnote.app.evaluation.scoring.relevance import Relevance, finest
from footnote.app.evaluation.types import Checked, Cited, Question, Retrieved, Score, Stage
from footnote.app.retrieval.retrieve import Retrieval

STAGES: tuple[Stage, ...] = get_args(Stage)
_EXCERPT_CHARS = 300


@dataclass(frozen=True, slots=True)
class StageRankings:
    """What each stage returned, best first; a stage that did not run is missing.

    `places` has, for a chunk id, the rank and score at each stage that returned it.
    """

    order: Mapping[Stage, tuple[Chunk, ...]]
    places: Mapping[str, Mapping[Stage, StageScore]]

    @property
    def final(self) -> tuple[Chunk, ...]:
        """The order that answers are made from."""
        return self.order.get("reranked", self.order["fused"])


def stage_rankings(retrieval: Retrieval, chunks: Mapping[str, Chunk]) -> StageRankings:
    """The rankings of a retrieval; `chunks` has those that the fusion cut."""
    known = {**chunks, **{hit.chunk.id: hit.chunk for hit in retrieval.candidates}}
    places: dict[str, dict[Stage, StageScore]] = {}
    for rank, lexical in enumerate(retrieval.lexical, 1):
        places.setdefault(lexical.chunk_id, {})["lexical"] = StageScore(rank, lexical.score)
    for rank, vector in enumerate(retrieval.vector, 1):
        places.setdefault(vector.chunk_id, {})["vector"] = StageScore(rank, vector.similarity)
    for one in retrieval.candidates:
        places.setdefault(one.chunk.id, {})["fused"] = one.fused  # which a query beside the question may have found
        if one.reranked:
            places[one.chunk.id]["reranked"] = one.reranked
    order: dict[Stage, tuple[Chunk, ...]] = {
        "lexical": tuple(known[one.chunk_id] for one in retrieval.lexical),
        "vector": tuple(known[one.chunk_id] for one in retrieval.vector),
        "fused": tuple(one.chunk for one in sorted(retrieval.candidates, key=lambda one: one.fused.rank)),
    }
    if _was_reranked(retrieval.candidates):
        order["reranked"] = tuple(one.chunk for one in retrieval.candidates)
    return StageRankings(order, places)


def cutoffs(top_k: int) -> tuple[int, ...]:
    """The k of hit@k and recall@k: the first, as many as an answer is made from, and ten."""
    return tuple(sorted({1, top_k, DEPTH}))


def ranking_scores(rankings: StageRankings, relevances: Sequence[Relevance], top_k: int) -> list[Score]:
    """hit, recall, MRR and nDCG of every stage at every level."""
    scores = []
    for stage, chunks in rankings.order.items():
        for one in relevances:
            relevant = one.ranked(chunks)
            values = {f"hit@{k}": hit(relevant, k) for k in cutoffs(top_k)}
            values |= {f"recall@{k}": recall(relevant, one.total, k) for k in cutoffs(top_k)}
            values |= {f"MRR@{DEPTH}": reciprocal_rank(relevant), f"nDCG@{DEPTH}": ndcg(relevant, one.total)}
            scores += [Score(f"{stage}/{one.level}/{name}", value) for name, value in values.items()]
    return scores


def answer_scores(
    question: Question, answer: Answer, cited: Sequence[Cited], labels_cited: float | None
) -> list[Score]:
    """Refusal, citations, check and words; `labels_cited` is the share of the labels that a citation is of."""
    answered = float(not answer.refused)
    scores = [
        Score("refusal/answered", answered) if question.answerable else Score("refusal/recall", 1 - answered),
    ]
    if answer.refused:
        scores.append(Score("refusal/precision", float(not question.answerable)))
    verified = [one.verdict == "valid" for one in cited if one.verdict]
    if verified:
        scores.append(Score("citations/validity", sum(verified) / len(verified)))
    matches = [one.matches for one in cited if one.matches is not None]
    if matches:
        scores.append(Score("citations/precision", sum(matches) / len(matches)))
    if labels_cited is not None and not answer.refused:
        scores.append(Score("citations/recall", labels_cited))
    scores += _check_scores(checked_of(answer))
    if question.answerable and question.answer:
        said = answer_text(answer)
        scores.append(Score("answers/token_f1", token_f1(said, question.answer)))
        scores.append(Score("answers/token_recall", token_recall(said, question.answer)))
    return scores


def _check_scores(checked: Checked) -> list[Score]:
    """Shares of which more is better, as of every metric: a baseline says of what sinks that it fell."""
    if not checked.sentences:
        return []
    seen = checked.sentences - checked.left_out
    scores = [
        Score("checks/supported", checked.supported / checked.sentences),
        Score("checks/kept", seen / checked.sentences),
    ]
    return [*scores, Score("checks/cited", 1 - checked.uncited / seen)] if seen else scores


def retrieved(rankings: StageRankings, relevances: Sequence[Relevance]) -> tuple[Retrieved, ...]:
    """The first ten of the final order, then chunks at the finest level of the labels that are not among them."""
    ranks = {chunk.id: rank for rank, chunk in enumerate(rankings.final, 1)}
    every = {chunk.id: chunk for chunks in rankings.order.values() for chunk in chunks}
    level = relevances[-1].level if relevances else None
    shown = [chunk.id for chunk in rankings.final[:DEPTH]]
    late = [one for one in every if one not in shown and level and finest(relevances, one) == level]
    late.sort(key=lambda one: (ranks.get(one, len(every)), one))
    return tuple(_retrieved(every[one], ranks.get(one), rankings, relevances) for one in [*shown, *late])


def miss(
    question: Question,
    rankings: StageRankings,
    relevances: Sequence[Relevance],
    top_k: int,
    answer: Answer | None,
    cited: Sequence[Cited],
) -> str:
    """What went wrong, and at which stage; "" where nothing did, or where no label could tell."""
    if not question.answerable:
        return f"answered{_probability(answer)}, although the docs do not say" if answer and not answer.refused else ""
    found = ""
    if relevances:
        level, wanted = relevances[-1].level, relevances[-1].units
        ranks = [rank for rank, chunk in enumerate(rankings.final, 1) if chunk.id in wanted]
        if not ranks or ranks[0] > top_k:
            return _lost(rankings, level, wanted, top_k)
        found = f"the {level} was found at rank {ranks[0]}, but "
    if answer and answer.refused:
        return f"{found}the question was refused{_probability(answer)}: {answer.refusal_reason}"
    matches = [one.matches for one in cited if one.matches is not None]
    if answer and found and not any(matches):
        return f"{found}the answer cites {'something else' if matches else 'nothing'}"
    return ""


def _lost(rankings: StageRankings, level: str, wanted: Mapping[str, int], top_k: int) -> str:
    best: dict[Stage, int] = {}
    for stage, chunks in rankings.order.items():
        ranks = [rank for rank, chunk in enumerate(chunks, 1) if chunk.id in wanted]
        if ranks:
            best[stage] = ranks[0]
    searches = [f"{stage} search at rank {best[stage]}" for stage in ("lexical", "vector") if stage in best]
    if not searches and "fused" in best:
        searches = ["searches for what was written beside the question"]
    if not searches:
        return f"no search found the {level} among its first {len(rankings.order['vector'])}"
    where = f"the {level} was found by the {' and the '.join(searches)}"
    if "fused" not in best:
        return f"{where}, but is not among the {len(rankings.order['fused'])} that the fusion kept"
    if "reranked" not in best:
        return f"{where}, but the fusion put it at rank {best['fused']} and answers are made from {top_k}"
    return (
        f"{where} and is at rank {best['fused']} of the fusion, but the reranker put it at rank {best['reranked']} "
        f"and answers are made from {top_k}"
    )


def _probability(answer: Answer | None) -> str:
    return "" if answer is None or answer.answerability is None else f" at probability {answer.answerability:.2f}"


def _retrieved(chunk: Chunk, rank: int | None, rankings: StageRankings, relevances: Sequence[Relevance]) -> Retrieved:
    places = rankings.places[chunk.id]
    return Retrieved(
        chunk_id=chunk.id,
        rank=rank,
        path=chunk.path,
        heading_path=chunk.heading_path,
        start_line=chunk.start_line,
        end_line=chunk.end_line,
        lexical=places.get("lexical"),
        vector=places.get("vector"),
        fused=places.get("fused"),
        reranked=places.get("reranked"),
        matches=finest(relevances, chunk.id),
        excerpt=" ".join(chunk.text.split())[:_EXCERPT_CHARS],
    )


def _was_reranked(candidates: Sequence[Hit]) -> bool:
    return bool(candidates) and candidates[0].reranked is not None
