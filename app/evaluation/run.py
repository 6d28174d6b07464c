"""The evaluation: questions -> labels against the docs -> ask -> verify citations -> RAGAS -> scores."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from footnote.app.core.errors import DocsFolderError, LLMError, QuestionError
from footnote.app.core.progress import OnProgress
from footnote.app.core.settings import Settings
from footnote.app.core.types import Answer, Chunk
from footnote.app.core.version import VERSION
from footnote.app.engine.engine import Engine
from footnote.app.evaluation.answers import answer_text, is_of_label
from footnote.app.evaluation.judging.judge import Judge, judged
from footnote.app.evaluation.judging.ragas import Ragas, Sample
from footnote.app.evaluation.labels import Labels, Target
from footnote.app.evaluation.measure import (
    StageRankings,
    answer_scores,
    miss,
    ranking_scores,
    retrieved,
    stage_rankings,
)
from footnote.app.evaluation.relevance import relevance
from footnote.app.evaluation.types import (
    Answered,
    Cited,
    Question,
    QuestionResult,
    Run,
    Score,
    Setup,
    StageTime,
    Unscored,
)
from footnote.app.index.docs_folder import docs_folder
from footnote.app.retrieval.retrieve import Retrieval
from footnote.app.schemas.verification import SavedCitation
from footnote.app.verifying.verify import verify

# A server that is down fails every question: no need to wait for all of them.
_FAILURES_IN_A_ROW = 3
_RETRIEVAL_TIMES = ("embed", "lexical", "vector", "fuse", "rerank")


@dataclass(frozen=True, slots=True)
class _Asked:
    question: Question
    targets: tuple[Target, ...]
    rankings: StageRankings
    answer: Answer | None
    judged: Score | Unscored | None
    times: tuple[StageTime, ...]
    was_rewritten: bool


def evaluate(
    engine: Engine,
    questions: Sequence[Question],
    settings: Settings,
    on_progress: OnProgress = lambda stage, done, total: None,
    *,
    with_answers: bool = True,
    judge: Judge | None = None,
    ragas: Ragas | None = None,
    seed: int = 0,
) -> Run:
    """Ask every question whose labels match the docs, and score what comes back.

    `judge` compares answers with references; `ragas` has a judge of its own.

    Raises:
        LLMError: the language model failed three times in a row.
    """
    labels = Labels(engine.index)
    results: dict[str, QuestionResult] = {}
    asked: list[_Asked] = []
    failures = 0
    for done, question in enumerate(questions):
        on_progress("ask", done, len(questions))
        resolved = [labels.resolve(label) for label in question.gold]
        stale = [reason for reason in resolved if isinstance(reason, str)]
        if stale:
            results[question.id] = QuestionResult(question, "stale", "; ".join(stale))
            continue
        targets = tuple(target for target in resolved if isinstance(target, Target))
        try:
            asked.append(_ask(engine, question, targets, settings.search.top_k, with_answers, judge))
            failures = 0
        except (LLMError, QuestionError) as error:
            failures += 1
            if failures >= _FAILURES_IN_A_ROW and isinstance(error, LLMError):
                raise
            results[question.id] = QuestionResult(question, "failed", str(error))
    on_progress("ask", len(questions), len(questions))
    _say_where_quotes_went(results, labels)
    verdicts = _verdicts([one.answer for one in asked], engine, settings)
    by_ragas = _by_ragas(ragas, asked, engine, on_progress) if ragas else {}
    for one, verdict in zip(asked, verdicts or [None] * len(asked), strict=True):
        results[one.question.id] = _result(one, settings.search.top_k, verdict, by_ragas.get(one.question.id, []))
    not_rewritten = 0 if settings.query_rewrite.mode == "off" else sum(not one.was_rewritten for one in asked)
    setup = _setup(engine, settings, with_answers, judge, ragas, verdicts is not None, seed, not_rewritten)
    return Run(setup, tuple(results[question.id] for question in questions))


def _setup(
    engine: Engine,
    settings: Settings,
    with_answers: bool,
    judge: Judge | None,
    ragas: Ragas | None,
    citations_checked: bool,
    seed: int,
    not_rewritten: int,
) -> Setup:
    manifest = engine.index.manifest
    return Setup(
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        tool_version=VERSION,
        generation=manifest.generation,
        docs_dir=manifest.docs_dir,
        files=manifest.files,
        chunks=manifest.chunks,
        embedder=manifest.embedder.name,
        reranker=engine.models.reranker.fingerprint.name if engine.models.reranker else None,
        llm=engine.models.answerer.model if with_answers else None,
        judge=judge.name if judge else ragas.judge if ragas else None,
        ragas=ragas.version if ragas else None,
        top_k=settings.search.top_k,
        candidates=settings.search.candidates,
        rerank_depth=settings.search.rerank_depth,
        citations_checked=citations_checked,
        seed=seed,
        query_rewrite=settings.query_rewrite.mode,
        not_rewritten=not_rewritten,
    )


def _ask(
    engine: Engine,
    question: Question,
    targets: tuple[Target, ...],
    top_k: int,
    with_answers: bool,
    judge: Judge | None,
) -> _Asked:
    answer, grade = None, None
    if with_answers:
        answer, retrieval = engine.ask_with_retrieval(question.text)
        timings = answer.timings
        times = {name: float(getattr(timings, name)) for name in timings.__slots__}
        if judge and question.answerable and question.answer:
            said = answer_text(answer)
            grade = _grade(judged(judge, question.text, question.answer, said) if said else 0.0)
    else:
        retrieval = engine.search(question.text, top_k)
        times = {name: float(getattr(retrieval, f"{name}_ms")) for name in _RETRIEVAL_TIMES}
        times["rewrite"] = retrieval.rewritten.ms
    if engine.models.rewriter is None:
        del times["rewrite"]
    stage_times = tuple(StageTime(stage, ms) for stage, ms in times.items())
    rankings = stage_rankings(retrieval, _cut_by_fusion(engine, retrieval))
    return _Asked(question, targets, rankings, answer, grade, stage_times, bool(retrieval.rewritten.queries))


def _grade(value: float | None) -> Score | Unscored:
    name = "answers/judged"
    return Unscored(name, "the judge's reply is no verdict") if value is None else Score(name, value)


def _by_ragas(
    ragas: Ragas, asked: Sequence[_Asked], engine: Engine, on_progress: OnProgress
) -> dict[str, list[Score | Unscored]]:
    """What RAGAS says of the answers, by the question's id; a refusal is no answer."""
    samples = {
        one.question.id: Sample(
            one.question.text,
            answer_text(one.answer),
            tuple(hit.chunk.text for hit in one.answer.hits),
            one.question.answer,
        )
        for one in asked
        if one.question.answerable and one.answer and not one.answer.refused
    }
    found = ragas.scores(list(samples.values()), engine.models.embedder, on_progress)
    return dict(zip(samples, found, strict=True))


def _cut_by_fusion(engine: Engine, retrieval: Retrieval) -> dict[str, Chunk]:
    kept = {hit.chunk.id for hit in retrieval.candidates}
    found = {hit.chunk_id for hit in retrieval.lexical} | {hit.chunk_id for hit in retrieval.vector}
    return engine.index.chunks.get(found - kept)


def _verdicts(answers: Sequence[Answer | None], engine: Engine, settings: Settings) -> list[list[str] | None] | None:
    """For each answer whether the docs folder holds what its citations quote; None where there is no such folder."""
    saved = [
        SavedCitation.model_validate(citation, from_attributes=True)
        for answer in answers
        for citation in (answer.citations if answer else ())
    ]
    try:
        checked = iter(verify(saved, docs_folder(settings, engine.index.manifest), settings.ingest))
    except DocsFolderError:
        return None
    return [[next(checked).verdict for _ in answer.citations] if answer else None for answer in answers]


def _result(
    asked: _Asked, top_k: int, verdicts: list[str] | None, by_ragas: Sequence[Score | Unscored]
) -> QuestionResult:
    question, answer, targets = asked.question, asked.answer, asked.targets
    relevances = relevance(targets)
    scores = ranking_scores(asked.rankings, relevances, top_k)
    cited: tuple[Cited, ...] = ()
    if answer:
        cited = tuple(
            Cited(
                citation.path,
                citation.start_line,
                citation.end_line,
                citation.quote,
                verdict,
                is_of_label(citation, targets) if targets else None,
            )
            for citation, verdict in zip(answer.citations, verdicts or [""] * len(answer.citations), strict=True)
        )
        held = [any(is_of_label(citation, [target]) for citation in answer.citations) for target in targets]
        scores += answer_scores(question, answer, cited, sum(held) / len(held) if held else None)
    by_judge = [*([asked.judged] if asked.judged else []), *by_ragas]
    scores += [one for one in by_judge if isinstance(one, Score)]
    return QuestionResult(
        question=question,
        status="scored",
        miss=miss(question, asked.rankings, relevances, top_k, answer, cited),
        scores=tuple(scores),
        unscored=tuple(one for one in by_judge if isinstance(one, Unscored)),
        retrieved=retrieved(asked.rankings, relevances),
        answer=_answered(answer, cited) if answer else None,
        times=asked.times,
    )


def _answered(answer: Answer, cited: tuple[Cited, ...]) -> Answered:
    return Answered(answer.text, answer.refused, answer.refusal_reason, answer.answerability, cited, answer.tokens)


def _say_where_quotes_went(results: dict[str, QuestionResult], labels: Labels) -> None:
    """Add to each stale question where its quotes stand now, if they stand anywhere."""
    stale = {one.question.id: one for one in results.values() if one.status == "stale"}
    places = labels.elsewhere(label.quote for one in stale.values() for label in one.question.gold)
    for name, one in stale.items():
        found = [
            places[label.quote]
            for label in one.question.gold
            if label.quote in places and isinstance(labels.resolve(label), str)
        ]
        if found:
            results[name] = replace(one, problem=f"{one.problem}; it stands at {', '.join(found)}")
