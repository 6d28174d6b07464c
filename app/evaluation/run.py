"""The evaluation: questions -> labels against the docs -> ask -> verify citations -> RAGAS -> scores."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from footnote.app.core.errors import DocsFolderError
from footnote.app.core.progress import OnProgress
from footnote.app.core.settings import Settings
from footnote.app.core.types import Answer
from footnote.app.core.version import VERSION
from footnote.app.engine.engine import Engine
from footnote.app.evaluation.asking import Asked, Asking
from footnote.app.evaluation.judging.judge import Judge
from footnote.app.evaluation.judging.ragas import Ragas, Sample
from footnote.app.evaluation.scoring.answers import answer_text, checked_of, is_of_label
from footnote.app.evaluation.scoring.labels import Labels, Target
from footnote.app.evaluation.scoring.measure import (
    answer_scores,
    miss,
    ranking_scores,
    retrieved,
)
from footnote.app.evaluation.scoring.relevance import relevance
from footnote.app.evaluation.types import (
    Answered,
    Cited,
    Question,
    QuestionResult,
    Run,
    Score,
    Setup,
    Unscored,
)
from footnote.app.index.docs_folder import docs_folder, read_by
from footnote.app.schemas.verification import SavedCitation
from footnote.app.verifying.verify import verify


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
    asking = Asking(engine, settings, with_answers, judge)
    (run,) = evaluate_in_turn([asking], questions, on_progress, ragas=ragas, seed=seed)
    return run


def evaluate_in_turn(
    askings: Sequence[Asking],
    questions: Sequence[Question],
    on_progress: OnProgress = lambda stage, done, total: None,
    *,
    ragas: Ragas | None = None,
    seed: int = 0,
) -> list[Run]:
    """Ask each question of several engines on one index, one after the other; a run for each.

    Raises:
        LLMError: the language model of one failed three times in a row.
    """
    labels = Labels(askings[0].engine.index)
    stale: dict[str, QuestionResult] = {}
    for done, question in enumerate(questions):
        on_progress("ask", done, len(questions))
        resolved = [labels.resolve(label) for label in question.gold]
        problems = [reason for reason in resolved if isinstance(reason, str)]
        if problems:
            stale[question.id] = QuestionResult(question, "stale", "; ".join(problems))
            continue
        targets = tuple(target for target in resolved if isinstance(target, Target))
        for asking in askings:
            asking.ask(question, targets)
    on_progress("ask", len(questions), len(questions))
    _say_where_quotes_went(stale, labels)
    return [_scored(asking, questions, stale, on_progress, ragas, seed) for asking in askings]


def _scored(
    asking: Asking,
    questions: Sequence[Question],
    stale: Mapping[str, QuestionResult],
    on_progress: OnProgress,
    ragas: Ragas | None,
    seed: int,
) -> Run:
    engine, settings, asked = asking.engine, asking.settings, asking.asked
    verdicts = _verdicts([one.answer for one in asked], engine, settings)
    by_ragas = _by_ragas(ragas, asked, engine, on_progress) if ragas else {}
    results = {**stale, **asking.failed}
    for one, verdict in zip(asked, verdicts or [None] * len(asked), strict=True):
        results[one.question.id] = _result(one, settings.search.top_k, verdict, by_ragas.get(one.question.id, []))
    setup = _setup(asking, ragas, verdicts is not None, seed)
    return Run(setup, tuple(results[question.id] for question in questions))


def _setup(asking: Asking, ragas: Ragas | None, citations_checked: bool, seed: int) -> Setup:
    engine, settings, judge = asking.engine, asking.settings, asking.judge
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
        llm=engine.models.answerer.model if asking.with_answers else None,
        judge=judge.name if judge else ragas.judge if ragas else None,
        ragas=ragas.version if ragas else None,
        top_k=settings.search.top_k,
        candidates=settings.search.candidates,
        rerank_depth=settings.search.rerank_depth,
        citations_checked=citations_checked,
        seed=seed,
        query_rewrite=settings.query_rewrite.mode,
        not_rewritten=0 if settings.query_rewrite.mode == "off" else sum(not one.was_rewritten for one in asking.asked),
    )


def _by_ragas(
    ragas: Ragas, asked: Sequence[Asked], engine: Engine, on_progress: OnProgress
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


def _verdicts(answers: Sequence[Answer | None], engine: Engine, settings: Settings) -> list[list[str] | None] | None:
    """For each answer whether the docs folder holds what its citations quote; None where there is no such folder."""
    saved = [
        SavedCitation.model_validate(citation, from_attributes=True)
        for answer in answers
        for citation in (answer.citations if answer else ())
    ]
    try:
        manifest = engine.index.manifest
        checked = iter(verify(saved, docs_folder(settings, manifest), read_by(settings, manifest)))
    except DocsFolderError:
        return None
    return [[next(checked).verdict for _ in answer.citations] if answer else None for answer in answers]


def _result(
    asked: Asked, top_k: int, verdicts: list[str] | None, by_ragas: Sequence[Score | Unscored]
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
    return Answered(
        text=answer.text,
        refused=answer.refused,
        refusal_reason=answer.refusal_reason,
        answerability=answer.answerability,
        citations=cited,
        tokens=answer.tokens,
        refused_by=answer.refused_by,
        checked=checked_of(answer),
    )


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
