"""Why a page or section was not found: `footnote search --why-not --json` and `GET /search/why-not`."""

from pydantic import AliasPath, Field

from footnote.app.explaining.types import LostTo, TraceStage
from footnote.app.schemas.shape import Shape


class PlaceOut(Shape):
    path: str
    heading_path: list[str]
    start_line: int
    end_line: int


class RankedPassageOut(Shape):
    passage: PlaceOut = Field(validation_alias="chunk")
    rank: int | None = Field(description="From 1; null where it comes after all that were looked at.")
    score: float | None = Field(
        description="BM25, cosine similarity, the fused score, or the reranker's logit; null without a reranker."
    )


class StageTraceOut(Shape):
    stage: TraceStage
    kept: int | None = Field(description="How many passages the stage hands on; null where it only orders them.")
    best: RankedPassageOut | None = Field(description="Its best passage; null where the stage never had one.")
    ahead: RankedPassageOut | None = Field(
        description="The last passage that was handed on where `best` was not, else the one before `best`."
    )


class MissingWordOut(Shape):
    text: str
    passages: int = Field(description="How many passages of the docs hold it.")


class WhyNotOut(Shape):
    """What became of a page or section among the passages that an answer is written from."""

    question: str
    generation: int
    path: str
    heading_path: list[str] = Field(description="Of the section; empty for the whole page.")
    lost_to: LostTo | None = Field(description="What kept it from the answer first; null where nothing did.")
    rank: int | None = Field(description="Of its best passage in the final order; null where it did not get so far.")
    top_k: int = Field(description="How many passages an answer is written from.")
    reason: str
    fix: str = Field(description="What would keep it; empty where there is nothing to fix.")
    settings: dict[str, float] = Field(description="Values that were tried and keep it, by variable.")
    suggestions: list[str] = Field(description="What may have been meant, where there is no such page or heading.")
    stages: list[StageTraceOut] = Field(
        description="In the order of the query flow; without the filter where that leaves the page out."
    )
    passage: PlaceOut | None = Field(description="Its best passage, at the last stage that had one.")
    missing_words: list[MissingWordOut] = Field(
        description="The question's words that this passage lacks, rare ones first."
    )
    passages: int = Field(description="All that the index has.")
    refusal: str | None = Field(description="Why the question is refused before anything is written; null if not.")
    answerability: float | None = Field(description="As of an answer.")
    queries: list[str] = Field(
        validation_alias=AliasPath("rewritten", "texts"),
        description="What a language model wrote and was searched beside the question.",
    )
    rewrite_failed: str | None = Field(
        validation_alias=AliasPath("rewritten", "failed"), description="Why nothing was, though one was asked."
    )
