"""asking: a question -> the engine -> an answer and what was retrieved for it, or why there is none."""

from dataclasses import dataclass

from footnote.app.core.errors import LLMError, QuestionError
from footnote.app.core.settings import Settings
from footnote.app.core.types import Answer, Chunk
from footnote.app.engine.engine import Engine
from footnote.app.evaluation.judging.judge import Judge, judged
from footnote.app.evaluation.scoring.answers import answer_text
from footnote.app.evaluation.scoring.labels import Target
from footnote.app.evaluation.scoring.measure import StageRankings, stage_rankings
from footnote.app.evaluation.types import Question, QuestionResult, Score, StageTime, Unscored
from footnote.app.retrieval.retrieve import Retrieval

# A server that is down fails every question: no need to wait for all of them.
_FAILURES_IN_A_ROW = 3
_RETRIEVAL_TIMES = ("embed", "lexical", "vector", "fuse", "rerank")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was asked, with the labels it was resolved to."""

    question: Question
    targets: tuple[Target, ...]
    rankings: StageRankings
    answer: Answer | None
    judged: Score | Unscored | None
    times: tuple[StageTime, ...]
    was_rewritten: bool


class Asking:
    """Asks one engine, whose settings are `settings`, question by question.

    Attributes:
        asked: those that could be asked.
        failed: by id, those that could not.
        judge: what compares the answers with references.
    """

    def __init__(
        self, engine: Engine, settings: Settings, with_answers: bool = True, judge: Judge | None = None
    ) -> None:
        self.engine, self.settings = engine, settings
        self.asked: list[Asked] = []
        self.failed: dict[str, QuestionResult] = {}
        self.with_answers, self.judge = with_answers, judge
        self._failures = 0

    def ask(self, question: Question, targets: tuple[Target, ...]) -> None:
        """Ask it, and keep what comes back.

        Raises:
            LLMError: the language model failed three times in a row.
        """
        try:
            self.asked.append(self._ask(question, targets))
            self._failures = 0
        except (LLMError, QuestionError) as error:
            self._failures += 1
            if self._failures >= _FAILURES_IN_A_ROW and isinstance(error, LLMError):
                raise
            self.failed[question.id] = QuestionResult(question, "failed", str(error))

    def _ask(self, question: Question, targets: tuple[Target, ...]) -> Asked:
        engine, judge = self.engine, self.judge
        answer, grade = None, None
        if self.with_answers:
            answer, retrieval = engine.ask_with_retrieval(question.text)
            timings = answer.timings
            times = {name: float(getattr(timings, name)) for name in timings.__slots__}
            if judge and question.answerable and question.answer:
                said = answer_text(answer)
                grade = _grade(judged(judge, question.text, question.answer, said) if said else 0.0)
        else:
            retrieval = engine.search(question.text, self.settings.search.top_k)
            times = {name: float(getattr(retrieval, f"{name}_ms")) for name in _RETRIEVAL_TIMES}
            times["rewrite"] = retrieval.rewritten.ms
        if engine.models.rewriter is None:
            del times["rewrite"]
        stage_times = tuple(StageTime(stage, ms) for stage, ms in times.items())
        rankings = stage_rankings(retrieval, _cut_by_fusion(engine, retrieval))
        return Asked(question, targets, rankings, answer, grade, stage_times, bool(retrieval.rewritten.queries))


def _grade(value: float | None) -> Score | Unscored:
    name = "answers/judged"
    return Unscored(name, "the judge's reply is no verdict") if value is None else Score(name, value)


def _cut_by_fusion(engine: Engine, retrieval: Retrieval) -> dict[str, Chunk]:
    kept = {hit.chunk.id for hit in retrieval.candidates}
    found = {hit.chunk_id for hit in retrieval.lexical} | {hit.chunk_id for hit in retrieval.vector}
    return engine.index.chunks.get(found - kept)
