"""The public shapes: what `--json` prints and what the HTTP service takes and returns.

They are filled from the internal types by attribute name; there is one shape for `footnote ask --json`
and `POST /query`, and one for `footnote search --json` and `GET /search`.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from app.core.errors import PROBLEM_TYPE, FootnoteError
from app.core.filters import QueryFilter


class _Shape(BaseModel):
    model_config = ConfigDict(from_attributes=True, populate_by_name=True)


class FiltersIn(BaseModel):
    """Conditions that must all hold; they narrow both searches before anything is ranked."""

    model_config = ConfigDict(extra="forbid")

    path: str | None = Field(None, max_length=500, description="A file, a folder or a glob.", examples=["guides/"])
    tags: list[Annotated[str, Field(max_length=200)]] = Field(
        [], max_length=20, description="Tags the file must have.", examples=[["install"]]
    )
    fields: dict[str, Annotated[str, Field(max_length=500)]] = Field(
        {}, max_length=20, description="Front-matter fields and their values.", examples=[{"team": "docs"}]
    )

    def to_filter(self) -> QueryFilter:
        return QueryFilter(self.path, tuple(self.tags), tuple(self.fields.items()))


class QueryIn(BaseModel):
    """One question."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"question": "How do I ingest again?", "top_k": 4}]},
    )

    question: str = Field(description="The question, in plain words or keywords.")
    top_k: int | None = Field(None, ge=1, le=50, description="Passages to answer from; the setting without it.")
    filters: FiltersIn = Field(default_factory=FiltersIn)


class CitationOut(_Shape):
    number: int = Field(description="The n of the answer's [n].")
    path: str = Field(description="The file, relative to the docs folder.")
    title: str
    heading_path: list[str] = Field(description="Headings above the quote, outermost first.")
    start_line: int = Field(description="First line, from 1.")
    end_line: int = Field(description="Last line, inclusive.")
    start: int = Field(description="First byte of the quote in the file, from 0.")
    end: int = Field(description="The byte after the last.")
    quote: str = Field(description="Exactly the file's bytes [start:end], as UTF-8.")
    sha256: str = Field(description="Of those bytes.")
    generation: int = Field(description="The index generation that was asked.")


class SentenceOut(_Shape):
    text: str = Field(description="Without markers; in an extractive answer, a verbatim quote.")
    citations: list[int] = Field(description="Numbers of the citations that support it.")


class TimingsOut(_Shape):
    embed: float
    lexical: float
    vector: float
    fuse: float
    rerank: float
    answer: float
    total: float


class TokensOut(_Shape):
    prompt: int
    completion: int


class AnswerOut(_Shape):
    """An answer, or with `refused` the statement that the docs do not say."""

    question: str
    answer: str = Field(validation_alias="text", description="The answer with [n] markers.")
    mode: str = Field(description="`extractive` (verbatim quotes) or `llm`.")
    model: str
    refused: bool
    refusal_reason: str | None
    sentences: list[SentenceOut]
    citations: list[CitationOut]
    truncated: bool = Field(description="The limit on tokens (FOOTNOTE_LLM_MAX_TOKENS) ended the answer early.")
    unknown_markers: int = Field(description="Markers of the model that named no source; they were removed.")
    generation: int
    timings_ms: TimingsOut = Field(validation_alias="timings")
    tokens: TokensOut | None


class StageScoreOut(_Shape):
    rank: int = Field(description="From 1, best first.")
    score: float


class ChunkOut(_Shape):
    id: str
    path: str
    title: str
    heading_path: list[str]
    start_line: int
    end_line: int
    start: int
    end: int
    text: str
    sha256: str
    metadata: dict[str, Any]


class HitOut(_Shape):
    chunk: ChunkOut
    lexical: StageScoreOut | None = Field(description="BM25.")
    vector: StageScoreOut | None = Field(description="Cosine similarity.")
    fused: StageScoreOut = Field(description="Weighted reciprocal rank fusion.")
    reranked: StageScoreOut | None = Field(description="The cross-encoder's logit.")


class SearchOut(BaseModel):
    question: str
    generation: int
    hits: list[HitOut] = Field(description="Best first.")


class FingerprintOut(_Shape):
    name: str
    sha256: str


class SkipOut(_Shape):
    path: str
    reason: str
    detail: str


class IndexOut(BaseModel):
    """What is being served: `footnote status --json` and `GET /index`."""

    generation: int
    created_at: str
    tool_version: str
    docs_dir: str
    files: int
    chunks: int
    skipped: list[SkipOut]
    models: dict[str, FingerprintOut | None] = Field(description="`embedder` (which built the index), `reranker`.")
    llm: str
    settings: dict[str, Any]


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str = Field(examples=[PROBLEM_TYPE + "bad-question"])
    title: str
    status: int | None = None
    detail: str


def problem(error: FootnoteError, status: int | None = None) -> Problem:
    """The error as problem details; `type` is stable, `detail` names the fix."""
    return Problem(type=error.problem_type, title=error.title, status=status, detail=str(error))
