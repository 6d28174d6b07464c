"""What a model wrote, measured before the check mends it, and what the reader got."""

import pytest

from footnote.app.answering.answerer import Draft, refusal
from footnote.app.checking.checker import Checker
from footnote.app.core.text.term_counts import TermCounts
from footnote.app.core.types import Sentence
from footnote.app.evaluation.types import Answered, Checked
from footnote.app.finetuning.proving.measures import measured
from footnote.app.finetuning.proving.recording import Recorded
from tests.builders import make_hit
from tests.evaluation.builders import make_question, make_result

HITS = (make_hit("Relay listens on port 7070."), make_hit("Backups run every night at 02:00.", path="b.md"))
PORT, BACKUPS = "Relay listens on port 7070.", "Backups run every night at 02:00."


def written(*sentences, **fields):
    said = tuple(Sentence(text, citations) for text, citations in sentences)
    given = {"unknown_markers": 0, "tokens": None, **fields}
    return Recorded(Draft(" ".join(one.text for one in said), said, (), **given), HITS)


def measures(recorded, answerable=True, refused=False, checked=None, scores=None):
    answer = Answered("", refused, None, None, (), None, checked=checked or Checked())
    result = make_result(question=make_question(answerable=answerable), answer=answer, scores=scores)
    return measured(result, recorded, Checker(None, TermCounts(100, lambda term: 2)))


@pytest.mark.parametrize(
    ("recorded", "cited", "holding", "in_form"),
    [
        (written((PORT, (1,)), (BACKUPS, (2,))), 1.0, 1.0, 1.0),
        (written((PORT, (2,)), (BACKUPS, (2,))), 1.0, 0.5, 1.0),  # the form is kept, the wrong source named
        (written((PORT, ()), (BACKUPS, (2,))), 0.5, 1.0, 0.0),
        (
            written(
                (PORT, ()),
            ),
            0.0,
            None,
            0.0,
        ),
        (written(("Yes.", ()), (PORT, (1,))), 1.0, 1.0, 1.0),  # "Yes." states nothing by itself
        (written((PORT, (1,)), unknown_markers=1), 1.0, 1.0, 0.0),
        (written((PORT, (1,)), truncated=True), 1.0, 1.0, 0.0),
        (written(("Yes.", ())), None, None, 0.0),
    ],
)
def test_what_the_model_wrote(recorded, cited, holding, in_form):
    found = measures(recorded)
    assert (found.get("written/cited"), found.get("written/citations hold"), found["written/in form"]) == (
        cited,
        holding,
        in_form,
    )


def test_a_refusal_word_for_word_is_in_form_and_proves_nothing():
    found = measures(Recorded(refusal("model", "the passages are silent"), HITS), refused=True)
    assert found == {"answers/proven": 0.0, "written/in form": 1.0}


def test_what_the_gate_refuses_says_nothing_of_the_model():
    assert measures(None, answerable=False, refused=True, scores={"refusal/recall": 1.0}) == {"refusal/recall": 1.0}


def test_what_was_left_out_is_not_proven():
    checked = Checked(sentences=4, supported=3, unverified=0, left_out=1)
    assert measures(written((PORT, (1,))), checked=checked)["answers/proven"] == 0.75
