"""A question as `POST /query` takes it, and its answer, the same for `footnote ask --json`."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo

from footnote.app.answering.defang import without_markup
from footnote.app.conversation.turns import MAX_SENT_ANSWER_CHARS, MAX_SENT_QUESTION_CHARS, MAX_TURNS, Turn
from footnote.app.core.text.unicode import without_surrogates
from footnote.app.core.types import Arm, PremiseKind, RefusedBy, Verdict
from footnote.app.index.filters import QueryFilter
from footnote.app.schemas.shape import NOT_BLANK, WHOLE, Shape, is_empty, is_none


class FiltersIn(BaseModel):
    """Conditions that must all hold; they narrow both searches before anything is ranked."""

    model_config = ConfigDict(extra="forbid", strict=True)

    path: str | None = Field(None, max_length=500, description="A file, a folder or a glob.", examples=["guides/"])
    tags: list[Annotated[str, Field(max_length=200)]] = Field(
        [], max_length=20, description="Tags the file must have.", examples=[["install"]]
    )
    fields: dict[str, Annotated[str, Field(max_length=500)]] = Field(
        {}, max_length=20, description="Front-matter fields and their values.", examples=[{"team": "docs"}]
    )

    def to_filter(self) -> QueryFilter:
        return QueryFilter(self.path, tuple(self.tags), tuple(self.fields.items()))


class TurnIn(BaseModel):
    """An earlier question of the conversation, and its answer."""

    model_config = ConfigDict(extra="forbid", strict=True)

    question: str = Field(max_length=MAX_SENT_QUESTION_CHARS)
    answer: str = Field("", max_length=MAX_SENT_ANSWER_CHARS)

    def to_turn(self) -> Turn:
        return Turn(without_surrogates(self.question), without_surrogates(self.answer))


_Name = Annotated[str, Field(max_length=100)]
CollectionsIn = _Name | Annotated[list[_Name], Field(min_length=1, max_length=100)] | None


class QueryIn(BaseModel):
    """One question."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"question": "How do I ingest again?", "top_k": 4}]},
    )

    question: str = Field(description="The question, in plain words or keywords.", json_schema_extra=NOT_BLANK)
    top_k: Annotated[int, Field(ge=1, le=50), WHOLE] | None = Field(
        None, description="Passages to answer from; the setting without it."
    )
    filters: FiltersIn = Field(default_factory=FiltersIn)
    collection: CollectionsIn = Field(
        None,
        description="The collection to ask, or several that are asked together; without it all that the caller may.",
        examples=["handbook"],
    )
    history: list[TurnIn] = Field(
        [],
        max_length=20,
        description="The turns before, the oldest first: what the question leaves out is taken from the last "
        f"{MAX_TURNS}.",
    )


# Left out where there is only one, whose answers are as they are without a footnote.toml.
CollectionName = Annotated[
    str | None,
    Field(description="The collection whose page it is; left out where there is only one.", exclude_if=is_none),
]


class AskedCollectionOut(Shape):
    """A collection that was asked together with others."""

    name: str
    generation: int


class OtherPlaceOut(Shape):
    path: str
    start_line: int
    end_line: int
    collection: CollectionName = None


class CitationOut(Shape):
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
    also_at: list[OtherPlaceOut] = Field(description="Where the same words stand as well, as far as they were found.")
    included_by: list[str] = Field(
        [],
        description="Of a file that is no page: the pages that show a part of it; title and headings are of the first.",
    )
    source: str = Field("", description="The document that the file was imported from; else empty.")
    source_place: str = Field("", description="Where it stands there, as far as is known: `page 12`, `slide 3`.")
    collection: CollectionName = None


class SentenceOut(Shape):
    text: str = Field(description="Without markers; in an extractive answer, a verbatim quote.")
    citations: list[int] = Field(description="Numbers of the citations that support it.")
    verdict: Verdict | None = Field(description="Whether the cited passages say it.")
    reason: str = Field(description="Why it is not `supported`; empty if it is.")


class PremiseOut(Shape):
    """What the question takes for granted and the docs nowhere name, or deny."""

    kind: PremiseKind = Field(
        description="`unnamed`: a name that the docs do not hold; `denied`: a passage says otherwise."
    )
    text: str = Field(description="A sentence that says so.")
    name: str = Field(description="What the docs do not name; empty for `denied`.")
    like: str | None = Field(description="The name of the docs that is spelled most like it.")
    citations: list[int] = Field(description="Numbers of the citations of the passage that denies it.")


class SectionOut(Shape):
    path: str
    title: str
    heading_path: list[str]
    start_line: int
    end_line: int
    url: str | None = Field(description="As of a citation.")
    collection: CollectionName = None


class SearchedOut(Shape):
    files: int = Field(description="That passed the filter, all without one.")
    total_files: int
    passages: int = Field(description="That the reranker read.")
    queries: list[str] = Field(
        description="What a language model wrote and was searched beside the question (FOOTNOTE_QUERY_REWRITE)."
    )


class TimingsOut(Shape):
    embed: float
    lexical: float
    vector: float
    fuse: float
    rerank: float
    answer: float
    check: float
    total: float
    rewrite: float


class TokensOut(Shape):
    prompt: int = Field(description="Read, by all requests to language models together.")
    completion: int = Field(description="Written.")
    reasoning: int = Field(description="The part of `completion` that nobody sees, as the model thought.")
    cost_usd: float | None = Field(
        description="What they cost in USD, by the prices that are known; null where one of the models has none."
    )


def _harmless(text: str, info: ValidationInfo) -> str:
    """The text without markup that acts; of what a service sent, who made it so has seen to that."""
    return text if info.mode == "json" else without_markup(text)


class AnswerOut(Shape):
    """An answer, or with `refused` the statement that the docs do not say."""

    question: str
    asked_as: str | None = Field(
        description="What a follow-up was read as, which was searched for, answered and checked; null where the "
        "question was taken as it is."
    )
    answer: Annotated[str, AfterValidator(_harmless)] = Field(
        validation_alias="text",
        description="The answer with [n] markers, as markdown that renders to no HTML and no image; "
        "the quotes are verbatim in `sentences` and `citations`.",
    )
    mode: str = Field(description="`extractive` (verbatim quotes) or `llm`.")
    model: str
    arm: Arm | None = Field(
        None,
        description="Which of two language models the question is for (FOOTNOTE_LLM_SPLIT); null where there is one.",
    )
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
    premises: list[PremiseOut] = Field(
        description="What is wrong with the question; the answer, or the reason of a refusal, says it first."
    )
    truncated: bool = Field(
        description="The answer ends early, by the limit on tokens (FOOTNOTE_LLM_MAX_TOKENS) or as `notice` says."
    )
    unknown_markers: int = Field(description="Markers of the model that named no source; they were removed.")
    dropped: list[SentenceOut] = Field(description="Sentences that were left out: no passage supports them.")
    check_failed: str | None = Field(
        description="Why the verdicts are those of the rules although a language model was asked for a second opinion "
        "(FOOTNOTE_CHECK); null when nothing failed."
    )
    rewrite_failed: str | None = Field(
        description="Why the question was searched alone although a language model was asked for queries beside it "
        "(FOOTNOTE_QUERY_REWRITE); null when nothing failed."
    )
    notice: str | None = Field(
        description="What became of the language model, where it did not write the whole answer: why there are "
        "quotes in its place (FOOTNOTE_LLM_FALLBACK), or why it broke off; null when nothing failed."
    )
    generation: int = Field(description="That was asked; 0 where several collections were, see `collections`.")
    collections: list[AskedCollectionOut] = Field(
        [],
        description="Those that were asked, with their generations; left out where there is only one.",
        exclude_if=is_empty,
    )
    timings_ms: TimingsOut = Field(validation_alias="timings")
    tokens: TokensOut | None
