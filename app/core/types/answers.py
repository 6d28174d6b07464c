"""answers: what is said to a question, what it cites, and what it took."""

from dataclasses import dataclass
from typing import Literal

from footnote.app.core.types.chunks import Anchors
from footnote.app.core.types.hits import Hit


@dataclass(frozen=True, slots=True)
class OtherPlace:
    """Where the words of a quote stand as well, word for word; `collection` as of a citation."""

    path: str
    start_line: int
    end_line: int
    collection: str | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """One source of an answer, checkable without Footnote: the quote's bytes are `file[start:end]`.

    The anchors are those of its chunk; `url` is made of them when links are set up. `table_header` is for the
    reader of a quoted table row, and no part of the quote; `fence` says that the quote is code, as of `Passage`.
    `also_at` are places among the hits that say the same word for word. `source` is the document that the page was
    imported from, and `source_place` where it stands there, such as `page 12`; "" where there is none. `included_by`
    are the pages that show a part of the file; none where it is a page itself.
    `collection` is the one whose page it is, of an answer from several; `generation` is of that one.
    """

    number: int
    path: str
    title: str
    heading_path: tuple[str, ...]
    start_line: int
    end_line: int
    start: int
    end: int
    quote: str
    sha256: str
    generation: int
    anchors: Anchors = Anchors()
    url: str | None = None
    table_header: str = ""
    fence: str | None = None
    also_at: tuple[OtherPlace, ...] = ()
    included_by: tuple[str, ...] = ()
    source: str = ""
    source_place: str = ""
    collection: str | None = None


# `filter`: no file passes it; `gate`: what was found does not seem to answer; `model`: it says that the passages do not
# answer; `check`: nothing that was written is supported.
RefusedBy = Literal["filter", "gate", "model", "check"]
Verdict = Literal["supported", "unverified", "unsupported", "not checkable"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer, without its markers.

    Attributes:
        citations: citation numbers.
        verdict: whether the cited passages say it; None before the check.
        reason: why the verdict is not "supported", for the reader; else "".
    """

    text: str
    citations: tuple[int, ...]
    verdict: Verdict | None = None
    reason: str = ""


PremiseKind = Literal["unnamed", "denied"]


@dataclass(frozen=True, slots=True)
class Premise:
    """What a question takes for granted and the docs nowhere name, or deny.

    Attributes:
        text: a sentence that says so.
        name: what the docs do not name, as the question spells it; "" where a passage denies.
        like: the name of the docs that is most like it, where one is near.
        citations: numbers of the citations of what denies it; none in a refusal.
    """

    kind: PremiseKind
    text: str
    name: str = ""
    like: str | None = None
    citations: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page below one heading, that a refusal points the reader to; lines are those of a chunk of it."""

    path: str
    title: str
    heading_path: tuple[str, ...]
    start_line: int
    end_line: int
    url: str | None
    collection: str | None = None


@dataclass(frozen=True, slots=True)
class AskedCollection:
    """A collection that was asked together with others, and its generation then."""

    name: str
    generation: int


@dataclass(frozen=True, slots=True)
class Searched:
    """What was searched for a question: `files` that passed the filter, of `total_files`; passages that were read.

    `queries` are what a language model wrote, and was searched beside the question.
    """

    files: int
    total_files: int
    passages: int
    queries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TokenUse:
    """What requests to language models took.

    Attributes:
        reasoning: the part of `completion` that nobody sees, as the model thought.
        cost_usd: by the prices that are known; None where one of the models has none.
    """

    prompt: int
    completion: int
    reasoning: int = 0
    cost_usd: float | None = None

    def __add__(self, other: "TokenUse") -> "TokenUse":
        unknown = self.cost_usd is None or other.cost_usd is None
        return TokenUse(
            self.prompt + other.prompt,
            self.completion + other.completion,
            self.reasoning + other.reasoning,
            None if unknown else (self.cost_usd or 0.0) + (other.cost_usd or 0.0),
        )


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A query beside the question.

    Attributes:
        words: what the lexical search looks for.
        meaning: what the vector search looks for.
        is_passage: `meaning` is embedded as a passage of the docs is, not as a question.
    """

    words: str
    meaning: str
    is_passage: bool = False


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What a language model wrote to be searched beside a question.

    Attributes:
        failed: why the question is searched alone although a model was asked; None when nothing failed.
    """

    queries: tuple[SearchQuery, ...] = ()
    failed: str | None = None
    tokens: TokenUse | None = None
    ms: float = 0.0

    @property
    def texts(self) -> tuple[str, ...]:
        """What the model wrote."""
        return tuple(query.meaning for query in self.queries)


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds per stage; `lexical` and `vector` run at the same time."""

    embed: float
    lexical: float
    vector: float
    fuse: float
    rerank: float
    answer: float
    check: float
    total: float
    rewrite: float = 0.0


# Of two language models that share the questions: which of them is to write an answer.
Arm = Literal["A", "B"]


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of one question.

    Attributes:
        asked_as: what a follow-up was read as; None where the question was taken as it is.
        text: the answer with `[n]` markers, or a sentence saying that the docs do not answer.
        mode: "extractive" (verbatim quotes) or "llm".
        model: what wrote it: "extractive", or the language model's name.
        refused: True when the docs do not answer; then `sentences` and `citations` are empty.
        refused_by: which stage refused; None when not refused.
        refusal_reason: why, for the reader; None when not refused.
        answerability: the probability that the docs answer the question, [0, 1]; None where it is not known.
        nearest: of a refusal, the sections that came nearest, best first; else empty.
        premises: what is wrong with the question; `text`, or the reason of a refusal, says it first.
        truncated: True when a written answer ends early: by the limit on tokens, or as `notice` says.
        unknown_markers: markers the model made up, removed from `text`.
        dropped: sentences that were left out of the answer, because no passage supports them.
        check_failed: why the verdicts are those of the rules although a language model was asked for a second opinion;
            None when nothing failed.
        hits: what it was written from, best first.
        tokens: of all requests to language models; None where none says.
        notice: what became of the language model, where it did not write the whole answer: why there are
            quotes in its place, or why it broke off. None where all went well.
        arm: which of two language models the question is for, also where it was refused before or quotes came instead;
            None where there is one model.
        generation: 0 of an answer from several collections.
        collections: those of an answer from several, as they were asked; empty of one.
        rewrite_failed: why the question was searched alone although a language model was asked for queries beside it;
            None when nothing failed.
    """

    question: str
    asked_as: str | None
    text: str
    mode: str
    model: str
    refused: bool
    refused_by: RefusedBy | None
    refusal_reason: str | None
    answerability: float | None
    nearest: tuple[Section, ...]
    searched: Searched
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    premises: tuple[Premise, ...]
    truncated: bool
    unknown_markers: int
    dropped: tuple[Sentence, ...]
    check_failed: str | None
    hits: tuple[Hit, ...]
    generation: int
    timings: Timings
    tokens: TokenUse | None
    rewrite_failed: str | None = None
    notice: str | None = None
    arm: Arm | None = None
    collections: tuple[AskedCollection, ...] = ()
