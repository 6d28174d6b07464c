"""questions: those that a command is to ask. What reads them is imported when it runs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from footnote.app.cli.evaluating.options import require_apart
from footnote.app.core.errors import NothingToEvaluateError
from footnote.app.core.settings import Settings

if TYPE_CHECKING:
    from footnote.app.evaluation.types import Question


def questions_of(
    settings: Settings,
    places: Sequence[Path],
    tags: Sequence[str],
    limit: int | None,
    outputs: Mapping[str, Path] | None = None,
) -> "list[Question]":
    """The questions of these places, or of the docs folder, with any of the tags.

    Raises:
        SettingsError: one of `outputs`, the files that are to be written by their options, is one that is read.
        NothingToEvaluateError: there are none.
        QuestionFileError: a file is missing, has wrong lines, or is one of several and holds no question.
    """
    from footnote.app.evaluation.questions import find_question_files, read_questions, require_filled
    from footnote.app.index.docs_folder import with_docs_dir

    places = places or [with_docs_dir(settings).folders.docs_dir]
    files = find_question_files(places)
    require_apart(outputs or {}, files, "question file")
    questions = read_questions(files)
    chosen = [one for one in questions if not tags or set(tags) & set(one.tags)][:limit]
    if not chosen:
        where = ", ".join(map(str, places))
        what = f"with the tag {' or '.join(tags)} " if questions else ""
        raise NothingToEvaluateError(
            f"no question {what}in {where}: name a file, or draft one with `footnote eval --generate 20 --output FILE`"
        )
    require_filled(places, questions)
    return chosen
