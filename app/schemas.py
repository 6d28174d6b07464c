"""The public shapes: what `--json` prints and what the HTTP service takes and returns.

They are filled from the internal types by attribute name; there is one shape for `footnote ask --json`
and `POST /query`, and one for `footnote search --json` and `GET /search`.
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from app.core.errors import PROBLEM_TYPE, FootnoteError
from app.core.filters import QueryFilter
from app.core.types import RefusedBy, Verdict
from app.defang import without_markup


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


class CitedIn(BaseModel):
    """A citation of the answer, as it was; other fields are ignored."""

    path: str = Field(max_length=1000)
    heading_path: list[Annotated[str, Field(max_length=1000)]] = Field([], max_length=10)


class FeedbackIn(BaseModel):
    """Whether an answer helped."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"question": "How do I ingest again?", "helpful": False}]},
    )

    question: str = Field(description="The question that was answered.")
    helpful: bool = Field(strict=True)
    answer: str | None = Field(None, max_length=4000, description="The answer, for those who read the gaps.")
    comment: str | None = Field(None, max_length=2000, description="What the reader says of it.")
    citations: list[CitedIn] = Field([], max_length=50, description="Those of the answer; path and headings are kept.")


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
    url: str | None = Field(description="Where to read it, made of FOOTNOTE_LINK_TEMPLATE; null without one.")
    table_header: str = Field(description="Of a quoted table row: the header row of its table; else empty.")


class SentenceOut(_Shape):
    text: str = Field(description="Without markers; in an extractive answer, a verbatim quote.")
    citations: list[int] = Field(description="Numbers of the citations that support it.")
    verdict: Verdict | None = Field(description="Whether the cited passages say it.")
    reason: str = Field(description="Why it is not `supported`; empty if it is.")


class SectionOut(_Shape):
    path: str
    title: str
    heading_path: list[str]
    start_line: int
    end_line: int
    url: str | None = Field(description="As of a citation.")


class SearchedOut(_Shape):
    files: int = Field(description="That passed the filter, all without one.")
    total_files: int
    passages: int = Field(description="That the reranker read.")


class TimingsOut(_Shape):
    embed: float
    lexical: float
    vector: float
    fuse: float
    rerank: float
    answer: float
    check: float
    total: float


class TokensOut(_Shape):
    prompt: int
    completion: int


class AnswerOut(_Shape):
    """An answer, or with `refused` the statement that the docs do not say."""

    question: str
    answer: Annotated[str, AfterValidator(without_markup)] = Field(
        validation_alias="text",
        description="The answer with [n] markers, as markdown that renders to no HTML and no image; "
        "the quotes are verbatim in `sentences` and `citations`.",
    )
    mode: str = Field(description="`extractive` (verbatim quotes) or `llm`.")
    model: str
    refused: bool
    refused_by: RefusedBy | None = Field(description="Which stage refused.")
    refusal_reason: str | None
    answerability: float | None = Field(
        description="The probability that the docs answer the question, by what was retrieved; null where the models "
        "are not the bundled ones."
    )
    nearest: list[SectionOut] = Field(description="Of a refusal: the sections that came nearest, best first.")
    searched: SearchedOut
    sentences: list[SentenceOut]
    citations: list[CitationOut]
    truncated: bool = Field(description="The limit on tokens (FOOTNOTE_LLM_MAX_TOKENS) ended the answer early.")
    unknown_markers: int = Field(description="Markers of the model that named no source; they were removed.")
    dropped: list[SentenceOut] = Field(description="Sentences that were left out: no passage supports them.")
    generation: int
    timings_ms: TimingsOut = Field(validation_alias="timings")
    tokens: TokensOut | None


class SavedCitation(BaseModel):
    """A citation as it was saved; fields that a check does not need are ignored."""

    number: int | None = Field(None, description="The n of the answer's [n].")
    path: str
    start_line: int
    end_line: int
    start: int
    end: int
    quote: str
    sha256: str

    @field_validator("path", "quote")
    @classmethod
    def _text(cls, value: str) -> str:
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise ValueError("holds half a character (a lone surrogate)") from error
        return value


class SavedAnswer(BaseModel):
    """A saved answer, of which only the citations matter, or a list of citations alone."""

    citations: list[SavedCitation]

    @model_validator(mode="before")
    @classmethod
    def _answer(cls, saved: object) -> object:
        return {"citations": saved} if isinstance(saved, list) else saved


class VerifyIn(SavedAnswer):
    """The same with a bound, since each citation costs a search."""

    citations: list[SavedCitation] = Field(max_length=100)


class PlaceOut(_Shape):
    path: str
    start_line: int
    end_line: int
    start: int
    end: int


class CheckedCitationOut(_Shape):
    """What became of a citation."""

    number: int | None
    path: str = Field(description="As cited, as are the lines.")
    start_line: int
    end_line: int
    verdict: Literal["valid", "moved", "changed", "gone", "invalid"] = Field(
        description="`valid`: the same bytes at the same lines; `moved`: the same bytes elsewhere; `changed`: edited; "
        "`gone`: nothing like it is left; `invalid`: the citation itself was altered."
    )
    now: PlaceOut | None = Field(description="Where the quote stands now, or what replaced it if `changed`.")
    diff: str | None = Field(description="If `changed`: from the quote to what stands there now, as a unified diff.")
    reason: str | None = Field(description="Why it is `gone` or `invalid`, or what changed where no line did.")


class VerificationOut(BaseModel):
    """`footnote verify --json` and `POST /verify`."""

    docs_dir: str = Field(description="The folder that was searched.")
    all_valid: bool
    counts: dict[str, int] = Field(description="Citations by verdict.")
    citations: list[CheckedCitationOut]


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
    fused: StageScoreOut = Field(description="Both searches together, 0 to 1.")
    reranked: StageScoreOut | None = Field(
        description="The cross-encoder's logit, and the rank in the final order, where the fused score counts too."
    )


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


class DocsChangesOut(_Shape):
    """What the next ingest would find in the docs folder."""

    added: list[str]
    changed: list[str]
    deleted: list[str]


class StatusOut(IndexOut):
    """`footnote status --json`: the index, and the docs folder as it is now."""

    docs_changes: DocsChangesOut | None
    docs_problem: str | None = Field(description="Why the next ingest would not run; null if it would.")


class HeadingOut(_Shape):
    path: str
    heading_path: list[str] = Field(description="Outermost first; empty for the page as a whole.")


class AskedQuestionOut(_Shape):
    question: str
    count: int
    last_asked: str


class RemarkOut(_Shape):
    """What a reader said of an answer that did not help."""

    question: str
    comment: str | None
    answer: str | None


class GapOut(_Shape):
    """Questions of about the same meaning that the docs do not answer."""

    question: str = Field(description="The most central one, as it was asked.")
    count: int = Field(description="How often they were asked: `refused` and `unhelpful`.")
    refused: int
    unhelpful: int
    helpful: int = Field(description="Answers to the same questions that helped.")
    questions: int = Field(description="How many different questions there are.")
    last_asked: str = Field(description="ISO 8601, in UTC.")
    examples: list[AskedQuestionOut] = Field(description="Others of them, up to three, the most asked first.")
    nearest: list[HeadingOut] = Field(description="Up to three headings that they come nearest to.")
    remarks: list[RemarkOut] = Field(description="Up to three, the newest first.")


class GapsOut(BaseModel):
    """`footnote gaps --json`."""

    count: int = Field(description="Askings in all gaps, shown or not.")
    questions: int = Field(description="Different questions in them.")
    answered_now: int | None = Field(
        description="Questions left out because they are answered now; null without --ask."
    )
    not_judged: int | None = Field(
        description="Questions that --ask did not ask: an answer did not help, or a language model refused."
    )
    gaps: list[GapOut] = Field(description="The most asked first.")
    not_shown: int = Field(description="Gaps beyond --top.")


class Problem(_Shape):
    """RFC 9457 problem details."""

    type: str = Field(examples=[PROBLEM_TYPE + "bad-question"])
    title: str
    status: int | None = None
    detail: str


class IngestIn(BaseModel):
    """How to ingest; the docs folder is the one of the service's settings."""

    model_config = ConfigDict(extra="forbid")

    rebuild: bool = Field(False, description="Build from nothing, as `footnote ingest --rebuild`.")
    checksum: bool = Field(False, description="Compare files by hash, not by size and times.")


class IngestOut(_Shape):
    """An ingest that the service started, and how far it is."""

    id: str
    state: Literal["running", "done", "failed"]
    started_at: str = Field(description="ISO 8601, in UTC.")
    stage: str | None = Field(description="`read`, `embed` or `write`; null before the first.")
    done: int = Field(description="Of the stage: files read, chunks embedded or written.")
    total: int
    report: dict[str, Any] | None = Field(description="When done: what `footnote ingest --json` prints.")
    problem: Problem | None = Field(description="When failed: why.")


def problem(error: FootnoteError, status: int | None = None) -> Problem:
    """The error as problem details; `type` is stable, `detail` names the fix."""
    return Problem(type=error.problem_type, title=error.title, status=status, detail=str(error))
