"""The frozen types of an evaluation: a question with its labels, and what became of it."""

from dataclasses import dataclass
from typing import Literal

from footnote.app.core.types import RefusedBy, StageScore, TokenUse

Level = Literal["page", "section", "passage"]
Stage = Literal["lexical", "vector", "fused", "reranked"]
Status = Literal["scored", "stale", "failed"]


@dataclass(frozen=True, slots=True)
class Label:
    """Where the answer to a question stands.

    Attributes:
        path: the page, relative to the docs folder.
        heading: one heading or several, outermost first; empty for any.
        quote: text of the page, in which white space makes no difference; "" for any.
    """

    path: str
    heading: tuple[str, ...] = ()
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a question file.

    Attributes:
        id: unique among all files; the text where the file gives none.
        gold: empty for an unanswerable question, and for one that has only a reference answer.
        answer: the reference; "" without one.
        origin: `file:line`.
    """

    id: str
    text: str
    answerable: bool
    gold: tuple[Label, ...]
    answer: str
    tags: tuple[str, ...]
    generated: bool
    origin: str


@dataclass(frozen=True, slots=True)
class Score:
    """One metric of one question, usually in [0, 1]; a question to which a metric does not apply has none.

    The names of metrics have their parts between slashes: `reranked/passage/hit@4`, `refusal/recall`.
    """

    metric: str
    value: float


@dataclass(frozen=True, slots=True)
class Unscored:
    """A metric that applies to a question but could not be computed, and why."""

    metric: str
    problem: str


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A chunk that some stage returned, with its place in each.

    Attributes:
        chunk_id: by which the index gives all of it.
        rank: in the final order, from 1; None where it did not get that far.
        matches: the finest level at which it holds a label; None where it holds none.
        excerpt: how its text begins.
    """

    chunk_id: str
    rank: int | None
    path: str
    heading_path: tuple[str, ...]
    start_line: int
    end_line: int
    lexical: StageScore | None
    vector: StageScore | None
    fused: StageScore | None
    reranked: StageScore | None
    matches: Level | None
    excerpt: str


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation of an answer; `matches` tells whether it is of a label, None where that cannot be told."""

    path: str
    start_line: int
    end_line: int
    quote: str
    verdict: str
    matches: bool | None


@dataclass(frozen=True, slots=True)
class Checked:
    """How many sentences of an answer came through the check how; what is not checkable is not counted.

    Attributes:
        sentences: all that were written, with those that were left out.
        supported: those that what they cite proves.
        unverified: those marked [?].
        left_out: those that the reader does not see.
        uncited: those that the reader sees, and that name no source.
    """

    sentences: int = 0
    supported: int = 0
    unverified: int = 0
    left_out: int = 0
    uncited: int = 0


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered to a question."""

    text: str
    refused: bool
    refusal_reason: str | None
    answerability: float | None
    citations: tuple[Cited, ...]
    tokens: TokenUse | None
    refused_by: RefusedBy | None = None
    checked: Checked = Checked()


@dataclass(frozen=True, slots=True)
class StageTime:
    """Milliseconds that a stage took for one question."""

    stage: str
    ms: float


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """What became of one question.

    Attributes:
        status: `stale` where a label does not match the docs any more, `failed` where asking it was an error;
            neither has scores.
        problem: why it is not scored; "" if it is.
        miss: what went wrong with it, and at which stage; "" where nothing did.
        unscored: what the judge was asked for in vain; these are in no mean.
        retrieved: the first of the final order, then the chunks with a label that did not get among them.
        answer: None without answers (`--retrieval-only`).
    """

    question: Question
    status: Status
    problem: str = ""
    miss: str = ""
    scores: tuple[Score, ...] = ()
    unscored: tuple[Unscored, ...] = ()
    retrieved: tuple[Retrieved, ...] = ()
    answer: Answered | None = None
    times: tuple[StageTime, ...] = ()


@dataclass(frozen=True, slots=True)
class Setup:
    """What was evaluated, and how.

    Attributes:
        created_at: ISO 8601, in UTC.
        llm: what wrote the answers; None where none were written.
        judge: the language model that judged answers; None without one.
        ragas: the version of RAGAS; None without it.
        citations_checked: False where the docs folder could not be read, so that no citation was verified.
        seed: of the resampling.
        query_rewrite: what a language model wrote to be searched beside the questions: `off` for nothing.
        not_rewritten: questions that were searched alone because it failed.
    """

    created_at: str
    tool_version: str
    generation: int
    docs_dir: str
    files: int
    chunks: int
    embedder: str
    reranker: str | None
    llm: str | None
    judge: str | None
    ragas: str | None
    top_k: int
    candidates: int
    rerank_depth: int
    citations_checked: bool
    seed: int
    query_rewrite: str = "off"
    not_rewritten: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """One evaluation; `results` in the order of the question files."""

    setup: Setup
    results: tuple[QuestionResult, ...]
