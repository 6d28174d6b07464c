"""listing: the gaps as `footnote gaps` and `GET /gaps` show them, and taking one off the list."""

from collections.abc import Sequence

from footnote.app.core.progress import OnProgress
from footnote.app.engine.engine import Engine
from footnote.app.questions.gaps import (
    AskedQuestion,
    Gap,
    asked_questions,
    bundled_embedder,
    find_gaps,
    named_gap,
    still_refused,
)
from footnote.app.questions.question_log import QuestionLog
from footnote.app.schemas.gaps import DismissedOut, GapOut, GapsOut, ResolvedOut

DAY_S = 86_400


def _quiet(stage: str, done: int, total: int) -> None:
    pass


def listed(
    asked: Sequence[AskedQuestion],
    threads: int,
    top: int,
    left: Sequence[AskedQuestion] | None = None,
    on_progress: OnProgress = _quiet,
    name: str | None = None,
) -> GapsOut:
    """The gaps, the most asked first.

    Args:
        asked: what was asked and not answered.
        threads: of the embedder that groups; 0 means one per core.
        top: how many gaps to show.
        left: those that still are not answered, where they were asked again; None where they were not.
        on_progress: told of the grouping.
        name: the gap that holds this question alone.

    Raises:
        GapUnknownError: no gap has this question.
    """
    shown = asked if left is None else left
    found = find_gaps(shown, bundled_embedder(threads), on_progress) if shown else []
    if name is not None:
        found = [named_gap(found, name)]
    return GapsOut(
        count=sum(gap.count for gap in found),
        questions=len(shown),
        answered_now=None if left is None else len(asked) - len(left),
        not_judged=None if left is None else sum(not question.refused_by_gate for question in left),
        gaps=[GapOut.model_validate(gap) for gap in found[:top]],
        not_shown=max(0, len(found) - top),
    )


def dismiss(
    questions: QuestionLog, threads: int, name: str, on_progress: OnProgress = _quiet
) -> tuple[Gap, DismissedOut]:
    """Leave one gap out from now on, until its questions are asked again; the gap, and what is told of it.

    Raises:
        GapUnknownError: no gap has this question or number.
        QuestionLogError: it cannot be written.
    """
    gap = _named(questions, threads, name, on_progress)
    dismissed = questions.dismiss({spelling for question in gap.asked for spelling in question.spellings})
    return gap, DismissedOut(question=gap.question, questions=gap.questions, dismissed=dismissed)


def resolve(questions: QuestionLog, threads: int, name: str, engine: Engine, top_k: int) -> ResolvedOut:
    """Ask the questions of one gap again, and leave out those that are answered now; raises as `dismiss`.

    A question that asking cannot judge stays: an answer did not help, or a language model refused.
    """
    gap = _named(questions, threads, name, _quiet)
    left = still_refused(
        gap.asked, engine, answers=lambda engine, question: engine.judge(question, top_k).reason is None
    )
    answered = [one for one in gap.asked if one not in left]
    questions.dismiss({spelling for question in answered for spelling in question.spellings})
    return ResolvedOut(
        question=gap.question,
        answered=[question.question for question in answered],
        unanswered=[question.question for question in left if question.refused_by_gate],
        not_judged=[question.question for question in left if not question.refused_by_gate],
    )


def _named(questions: QuestionLog, threads: int, name: str, on_progress: OnProgress) -> Gap:
    asked = asked_questions(questions.read())
    return named_gap(find_gaps(asked, bundled_embedder(threads), on_progress) if asked else [], name)
