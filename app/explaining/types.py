"""The frozen types of an explanation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from footnote.app.core.types import Chunk, Rewritten

TraceStage = Literal["lexical", "vector", "fused", "reranked", "final"]
# `index`: it is not there; `filter`: that leaves its page out; three settings; `gate`: the question is refused.
LostTo = Literal["index", "filter", "candidates", "rerank_depth", "top_k", "gate"]


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A passage in the order of a stage.

    Attributes:
        rank: from 1; None where it comes after all that were looked at.
        score: BM25, cosine, the fused score, or the reranker's logit; without a reranker the final order has none.
    """

    chunk: Chunk
    rank: int | None
    score: float | None


@dataclass(frozen=True, slots=True)
class StageTrace:
    """Where a stage had what was looked for.

    Attributes:
        kept: how many passages the stage hands on; None where it only orders them.
        best: the best passage of what was looked for; None where the stage never had one.
        ahead: the last passage that was handed on where `best` was not, else the one before `best`; None for neither.
    """

    stage: TraceStage
    kept: int | None
    best: RankedPassage | None = None
    ahead: RankedPassage | None = None


@dataclass(frozen=True, slots=True)
class MissingWord:
    """A word of the question, as it spells it, and how many passages of the docs hold it."""

    text: str
    passages: int


@dataclass(frozen=True, slots=True)
class WhyNot:
    """What became of a page or a section that a question should have found.

    Attributes:
        path: of the page; as it was asked for where the index has none.
        top_k: how many passages an answer is written from.
        heading_path: of the section; empty for the whole page.
        lost_to: what kept it from the answer first; None where nothing did.
        rank: of its best passage in the final order; None where it did not get that far.
        reason: a sentence.
        fix: what would keep it, a sentence; "" where there is nothing to fix.
        settings: values that were tried and keep it, by variable.
        suggestions: what may have been meant, where the index has no such page or heading.
        stages: in the order of the query flow; without the filter where that leaves the page out.
        passage: its best one, at the last stage that had one; None where the index has none.
        missing_words: those of the question that the passage lacks, rare ones first.
        passages: all that the index has.
        refusal: why the question is refused before anything is written; None where it is not.
        answerability: as of an answer.
        rewritten: what was searched beside the question; the places in the two searches are those of the question.
    """

    question: str
    path: str
    top_k: int
    generation: int
    heading_path: tuple[str, ...] = ()
    lost_to: LostTo | None = None
    rank: int | None = None
    reason: str = ""
    fix: str = ""
    settings: Mapping[str, float] = field(default_factory=dict)
    suggestions: tuple[str, ...] = ()
    stages: tuple[StageTrace, ...] = ()
    passage: Chunk | None = None
    missing_words: tuple[MissingWord, ...] = ()
    passages: int = 0
    refusal: str | None = None
    answerability: float | None = None
    rewritten: Rewritten = Rewritten()
