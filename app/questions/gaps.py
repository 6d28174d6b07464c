"""gaps: what was asked and the docs did not answer, grouped by meaning.

kept askings -> distinct questions -> (asked again) -> embed -> clusters -> gaps, the most asked first
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from footnote.app.core.errors import GapUnknownError, QuestionError
from footnote.app.core.progress import OnProgress
from footnote.app.core.text.unicode import bare_question
from footnote.app.engine.engine import Engine
from footnote.app.models.embedder import BUNDLED, BUNDLED_QUERY_PREFIX, BUNDLED_SHA256, OnnxEmbedder
from footnote.app.models.onnx_model import bundled_folder
from footnote.app.questions.linkage import clusters
from footnote.app.questions.question_log import Heading, KeptQuestion

# Average cosine similarity of the bundled embedder's question vectors, prefix included.
# Source: the 50 unanswerable questions on the docs of uv and Prometheus, each with two rewordings, among the 160
# answerable ones. Of the pairs put together 0.94 and 0.98 are of one question, of the pairs of one question 0.65 and
# 0.59 are put together. At 0.76 that is 0.81 and 0.90, 0.81 and 0.71: a group of two subjects misleads, a subject in
# two groups does not. The best F0.5 without the prefix is no better (0.84 and 0.88, but not at one limit).
LEAST_SIMILARITY = 0.80
_MOST_DIGITS = 9  # Python refuses to read thousands of them
_MOST_EXAMPLES = _MOST_HEADINGS = _MOST_REMARKS = 3


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One question and all that was kept of it, oldest first; spellings differ in case, spaces and end marks."""

    askings: tuple[KeptQuestion, ...]

    @property
    def question(self) -> str:
        """In its commonest spelling."""
        spellings = Counter(asking.question for asking in self.askings)
        return min(spellings, key=lambda spelling: (-spellings[spelling], spelling))

    @property
    def spellings(self) -> set[str]:
        """The question as it was asked."""
        return {asking.question for asking in self.askings}

    @property
    def count(self) -> int:
        """How often the docs did not answer it."""
        return self.refused + self.unhelpful

    @property
    def refused(self) -> int:
        return sum(asking.kind == "refused" for asking in self.askings)

    @property
    def unhelpful(self) -> int:
        """How often an answer did not help; what a reader says of a refusal, which cites nothing, is none."""
        said = [asking for asking in self.askings if asking.kind == "unhelpful"]
        return sum(bool(asking.nearest) for asking in said) if self.refused else len(said)

    @property
    def helpful(self) -> int:
        return sum(asking.kind == "helpful" for asking in self.askings)

    @property
    def last_asked(self) -> str:
        """When the docs did not answer it for the last time: ISO 8601, in UTC."""
        last_s = max(asking.asked_s for asking in self.askings if asking.kind != "helpful")
        return datetime.fromtimestamp(last_s, UTC).isoformat()

    @property
    def refused_by_gate(self) -> bool:
        """Whether asking again, without a language model, can tell that the docs answer it now.

        Not where an answer was found unhelpful or a language model refused: the gate let those through then, too.
        """
        return self.unhelpful == 0 and all(
            asking.refused_by == "gate" for asking in self.askings if asking.kind == "refused"
        )


@dataclass(frozen=True, slots=True)
class Remark:
    """What a reader said of an answer that did not help; untrusted text."""

    question: str
    comment: str | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions that mean about the same and that the docs do not answer.

    Attributes:
        question: the most central of them, as it was asked.
        count: how often they were asked; the sum of `refused` and `unhelpful`.
        helpful: answers to the same questions that readers found helpful.
        questions: how many there are, each counted once.
        last_asked: ISO 8601, in UTC.
        examples: others of them, the most asked first.
        nearest: headings that the questions come nearest to, the nearest first.
        remarks: the newest first.
        asked: all the questions.
    """

    question: str
    count: int
    refused: int
    unhelpful: int
    helpful: int
    questions: int
    last_asked: str
    examples: tuple[AskedQuestion, ...]
    nearest: tuple[Heading, ...]
    remarks: tuple[Remark, ...]
    asked: tuple[AskedQuestion, ...]


def asked_questions(kept: Sequence[KeptQuestion]) -> list[AskedQuestion]:
    """The distinct questions that the docs did not answer, in the order of their normalised text.

    A refusal because no file passed a filter is left out: it says nothing of the docs.
    """
    askings: defaultdict[str, list[KeptQuestion]] = defaultdict(list)
    for one in kept:
        if one.refused_by != "filter":
            askings[bare_question(one.question)].append(one)
    asked = (AskedQuestion(tuple(askings[question])) for question in sorted(askings))
    return [question for question in asked if question.count]


def still_refused(
    asked: Sequence[AskedQuestion],
    engine: Engine,
    on_progress: OnProgress = lambda *_: None,
    answers: Callable[[Engine, str], bool] = lambda engine, question: not engine.ask(question).refused,
) -> list[AskedQuestion]:
    """The questions without those that the engine answers now; those that it cannot judge stay.

    `answers` says whether it does; as it is, by an answer, which is to be written without a language model.
    """
    left = []
    for done, question in enumerate(asked, 1):
        if not (question.refused_by_gate and _answered(engine, question.question, answers)):
            left.append(question)
        on_progress("ask", done, len(asked))
    return left


def bundled_embedder(threads: int) -> OnnxEmbedder:
    """The embedder that groups, whatever the index is built with: the limit was measured with this one.

    Raises:
        ModelError: it cannot be loaded.
    """
    return OnnxEmbedder(bundled_folder(BUNDLED), "", BUNDLED_SHA256, threads)


def find_gaps(
    asked: Sequence[AskedQuestion], embedder: OnnxEmbedder, on_progress: OnProgress = lambda *_: None
) -> list[Gap]:
    """The questions in groups of one meaning, the most asked first; empty for no questions.

    `embedder` is the bundled one.
    """
    if not asked:
        return []
    rows = []
    for vector in embedder.iter_embeddings([BUNDLED_QUERY_PREFIX + question.question for question in asked]):
        rows.append(vector)
        on_progress("embed", len(rows), len(asked))
    vectors = np.stack(rows)
    grouped = clusters(vectors, LEAST_SIMILARITY, lambda done: on_progress("group", done, len(asked)))
    found = [_gap([asked[row] for row in group], vectors[group]) for group in grouped]
    # Sorted twice, since times are text: the newest first among those asked as often.
    newest_first = sorted(found, key=lambda gap: gap.last_asked, reverse=True)
    return sorted(newest_first, key=lambda gap: -gap.count)


def named_gap(gaps: Sequence[Gap], name: str) -> Gap:
    """The gap that holds the question `name` in any spelling, or that has this number in the list, from 1.

    Raises:
        GapUnknownError: there is none.
    """
    wanted = bare_question(name)
    for gap in gaps:
        if any(bare_question(spelling) == wanted for question in gap.asked for spelling in question.spellings):
            return gap
    if name.isascii() and name.isdecimal() and len(name) <= _MOST_DIGITS and 1 <= int(name) <= len(gaps):
        return gaps[int(name) - 1]
    raise GapUnknownError(f"no gap has the question or the number {name!r}: `footnote gaps` lists them")


def _answered(engine: Engine, question: str, answers: Callable[[Engine, str], bool]) -> bool:
    try:
        return answers(engine, question)
    except QuestionError:  # too long by now
        return False


def _gap(group: list[AskedQuestion], vectors: NDArray[np.float32]) -> Gap:
    counts = np.array([question.count for question in group], np.float32)
    # Rounded, so that equal ones are equal: then the more asked one is the label.
    centrality = (vectors @ (counts @ vectors)).round(4)
    label = max(range(len(group)), key=lambda row: (centrality[row], counts[row]))
    others = [question for row, question in enumerate(group) if row != label]
    askings = [asking for question in group for asking in question.askings if asking.kind != "helpful"]
    return Gap(
        question=group[label].question,
        count=sum(question.count for question in group),
        refused=sum(question.refused for question in group),
        unhelpful=sum(question.unhelpful for question in group),
        helpful=sum(question.helpful for question in group),
        questions=len(group),
        last_asked=max(question.last_asked for question in group),
        examples=tuple(sorted(others, key=lambda question: -question.count)[:_MOST_EXAMPLES]),
        nearest=_nearest(askings),
        remarks=_remarks(askings),
        asked=tuple(group),
    )


def _nearest(askings: list[KeptQuestion]) -> tuple[Heading, ...]:
    """The headings that are named most often and first: each asking gives 1, 1/2, 1/3 ... to its own."""
    weights: defaultdict[Heading, float] = defaultdict(float)
    for asking in askings:
        for rank, heading in enumerate(asking.nearest, 1):
            weights[heading] += 1 / rank
    order = sorted(weights, key=lambda heading: (-round(weights[heading], 6), heading.path, heading.heading_path))
    return tuple(order[:_MOST_HEADINGS])


def _remarks(askings: list[KeptQuestion]) -> tuple[Remark, ...]:
    said = [asking for asking in askings if asking.comment or asking.answer]
    newest = sorted(said, key=lambda asking: -asking.asked_s)[:_MOST_REMARKS]
    return tuple(Remark(asking.question, asking.comment, asking.answer) for asking in newest)
