"""never: the pages that test questions are about, which no example may be of."""

from collections.abc import Collection, Sequence
from pathlib import Path

from footnote.app.core.console import counted
from footnote.app.core.errors import SettingsError
from footnote.app.evaluation.questions import find_question_files, read_questions, require_filled


def pages_of_tests(places: Sequence[Path]) -> frozenset[str]:
    """The pages that the labels of question files name.

    Raises:
        QuestionFileError: a file is missing, has wrong lines, or holds no question.
    """
    questions = read_questions(find_question_files(places))
    require_filled(places, questions)
    return frozenset(label.path for question in questions for label in question.gold)


def require_known(pages: Collection[str], known: Collection[str]) -> None:
    """Refuse test questions of other docs: nothing would be kept out of training by them.

    Raises:
        SettingsError: a page is none of the known ones.
    """
    unknown = sorted(set(pages) - set(known))
    if unknown:
        raise SettingsError(
            f"--never-train names {counted(len(unknown), 'page')} that the index does not have, such as {unknown[0]}: "
            "name questions about these docs, with labels that still hold (`footnote eval` says which)"
        )
