"""drafted: questions drafted from the docs, as those of a question file."""

import json

from footnote.app.evaluation.drafting.draft import Draft
from footnote.app.evaluation.types import Label, Question


def question_of_draft(draft: Draft) -> Question:
    """The draft as a question with its label."""
    row = json.loads(draft.line)
    return Question(
        id=row["id"],
        text=draft.question,
        answerable=True,
        gold=(Label(draft.path, (draft.heading,) if draft.heading else (), draft.quote),),
        answer=draft.answer,
        tags=(draft.kind, "generated"),
        generated=True,
        origin=draft.path,
    )
