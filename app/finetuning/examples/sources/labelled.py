"""labelled: questions with labels or reference answers -> what they find -> what answers them -> cases."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from footnote.app.answering.answerer import Answerer
from footnote.app.checking.checker import Checker
from footnote.app.core.errors import LLMError, QuestionError
from footnote.app.core.progress import OnProgress
from footnote.app.core.types import Chunk, Hit, StageScore
from footnote.app.engine.engine import Engine
from footnote.app.evaluation.scoring.labels import Labels, Target
from footnote.app.evaluation.types import Question
from footnote.app.finetuning.examples.sources.answers import (
    Quoting,
    Unanswered,
    by_answerer,
    of_section,
    worth_learning,
)
from footnote.app.finetuning.examples.sources.cited import NOT_SUPPORTED, with_citations
from footnote.app.finetuning.examples.sources.types import Case, LeftOut, SourceName
from footnote.app.models.llm.chat import EXTRACTIVE
from footnote.app.retrieval.repeats import distinct

FOUND = 40  # so many passages of both searches can be distractors; a guess
_FAILURES_IN_A_ROW = 3


@dataclass(frozen=True, slots=True)
class Asking:
    """What questions are asked of, and what writes the answers that no file has.

    Attributes:
        writer: a language model; None quotes the docs.
        passages: so many numbered sources has a prompt.
    """

    engine: Engine
    writer: Answerer | None
    quoting: Quoting
    checker: Checker
    passages: int


def from_questions(
    questions: Sequence[Question], asking: Asking, source: SourceName, left_out: LeftOut, on_progress: OnProgress
) -> Iterator[Case]:
    """The case of each question that has one; the others are counted by what they lack.

    Raises:
        LLMError: a language model failed three times in a row.
    """
    labels = Labels(asking.engine.index)
    failures = 0
    for done, question in enumerate(questions):
        on_progress(source, done, len(questions))
        try:
            yield _case(question, asking, labels, source)
            failures = 0
        except Unanswered as reason:
            left_out[str(reason)] += 1
        except QuestionError:
            left_out["a question that is longer than FOOTNOTE_MAX_QUESTION_CHARS allows"] += 1
        except LLMError:
            left_out["a call of the model that failed"] += 1
            failures += 1
            if failures == _FAILURES_IN_A_ROW:
                raise
    on_progress(source, len(questions), len(questions))


def _case(question: Question, asking: Asking, labels: Labels, source: SourceName) -> Case:
    resolved = [labels.resolve(label) for label in question.gold]
    targets = [one for one in resolved if isinstance(one, Target)]
    if len(targets) < len(resolved):
        raise Unanswered("a question with a label that matches nothing in the index")
    found = _found(question.text, asking.engine)
    if not question.answerable:
        return Case(question.text, (), found, "", "", source, question.origin, question)
    oracle = _oracle(targets, found, asking) if targets else found[: asking.passages]
    if len(oracle) > asking.passages:
        raise Unanswered("a question that needs more passages than a prompt has")
    if question.generated and any(hit not in found[: asking.passages] for hit in oracle):
        raise Unanswered("a draft whose words do not find its passage: it asks about what it does not name")
    answer, by = _answer(question, targets, oracle, asking)
    cited = with_citations(answer, question.text, oracle, asking.checker)
    if cited is None:
        raise Unanswered(NOT_SUPPORTED)
    known = {hit.chunk.id for hit in oracle}
    beside = tuple(hit for hit in found if hit.chunk.id not in known and not _holds_label(hit, targets))
    return Case(question.text, oracle, beside, cited, by, source, question.origin, question)


def _found(question: str, engine: Engine) -> tuple[Hit, ...]:
    """What both searches find, best first: the ones that are reranked, then the others; each text once."""
    retrieval = engine.search(question, top_k=1)
    reranked = {hit.chunk.id for hit in retrieval.candidates}
    rest = [one for one in retrieval.fused if one.chunk_id not in reranked][: FOUND - len(reranked)]
    chunks = engine.index.chunks.get([one.chunk_id for one in rest])
    below = [Hit(chunks[one.chunk_id], one.lexical, one.vector, one.fused) for one in rest if one.chunk_id in chunks]
    return distinct([*retrieval.candidates, *below], FOUND)


def _oracle(targets: Sequence[Target], found: Sequence[Hit], asking: Asking) -> tuple[Hit, ...]:
    """Of each label the passage that holds it: the best placed, or the first of its page."""
    by_id = {hit.chunk.id: hit for hit in found}
    chosen: dict[str, Hit] = {}
    for target in targets:
        holding = target.passage or target.section or target.page
        if not holding.isdisjoint(chosen):
            continue
        chunks = asking.engine.index.chunks.get(holding).values()
        whole = {one.id for one in chunks if target.passage and _holds_all(one, target)} or holding
        best = next((hit for hit in found if hit.chunk.id in whole), None)
        if best is None:
            first = min((one for one in chunks if one.id in whole), key=lambda chunk: chunk.start)
            best = by_id.get(first.id) or Hit(first, None, None, StageScore(len(found) + 1, 0.0))
        chosen[best.chunk.id] = best
    return tuple(chosen.values())


def _holds_all(chunk: Chunk, target: Target) -> bool:
    """Whether the whole quote is in the chunk: a chunk with a good part of it is of its passage, too."""
    return any(chunk.start <= start and end <= chunk.end for start, end in target.spans)


def _holds_label(hit: Hit, targets: Sequence[Target]) -> bool:
    return any(hit.chunk.id in (target.passage or target.section or target.page) for target in targets)


def _answer(question: Question, targets: Sequence[Target], oracle: tuple[Hit, ...], asking: Asking) -> tuple[str, str]:
    """The answer without markers, and what wrote it."""
    if question.answer:
        return worth_learning(question.answer, is_quoted=False), "reference"
    if not targets:
        raise Unanswered("a question with neither a label nor a reference answer")
    if asking.writer:
        quoting = asking.quoting
        said = by_answerer(asking.writer, question.text, oracle, quoting.site, quoting.generation)
        return worth_learning(said, is_quoted=False), asking.writer.model
    sections = tuple(of_section(hit, question.gold[0].heading) for hit in oracle) if len(targets) == 1 else oracle
    if question.generated and "heading" in question.tags and question.text.startswith("How do I"):
        # Its quote is the first sentence below the heading, whatever that says.
        said = asking.quoting.means(sections[0])
    elif len(oracle) == len(targets) == 1 and targets[0].passage:
        said = asking.quoting.labelled(targets[0].spans, oracle[0])
    else:
        said = asking.quoting.best(question.text, sections)
    return worth_learning(said, is_quoted=True), EXTRACTIVE
