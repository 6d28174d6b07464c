"""The verdict, and what it takes."""

import pytest

from footnote.app.evaluation.comparing.against import Row
from footnote.app.finetuning.proving.verdict import Proof, SetProof, confidence_of, deciding, notes_of, verdict_of


def row(name, a, b, low, high, questions=50):
    return Row(name, "share", "more", a, b, low, high, questions)


UP = row("answers/proven", 0.2, 0.7, 0.3, 0.7)
DOWN = row("refusal/recall", 0.9, 0.5, -0.6, -0.2)
NOISE = row("answers/token_f1", 0.4, 0.5, -0.1, 0.3)
FEW = row("refusal/recall", 0.0, 1.0, 1.0, 1.0, questions=5)


def of(*rows, is_unseen=False):
    return SetProof("docs", is_unseen, rows, (), None)


@pytest.mark.parametrize(
    ("sets", "verdict"),
    [
        ([of(UP, NOISE)], "better"),
        ([of(NOISE)], "no difference"),
        ([of(FEW)], "no difference"),
        ([of(DOWN)], "worse"),
        ([of(UP, DOWN)], "worse"),
        ([of(UP), of(DOWN, is_unseen=True)], "worse"),
        ([of(NOISE), of(UP, is_unseen=True)], "better"),
        ([], "no difference"),
    ],
)
def test_what_is_worse_anywhere_outweighs_what_is_better_elsewhere(sets, verdict):
    assert verdict_of(sets)[0] == verdict


def test_it_says_by_what_the_worst_first():
    _, reasons = verdict_of([of(UP), of(DOWN, NOISE, is_unseen=True)])
    assert reasons == (
        "worse: refusal/recall 0.90 -> 0.50 (-0.60 to -0.20, 50 questions) on docs, never seen",
        "better: answers/proven 0.20 -> 0.70 (+0.30 to +0.70, 50 questions) on docs, held out",
    )


def test_measures_that_cannot_decide_are_named_with_what_they_would_need():
    few = notes_of([of(UP, FEW), of(FEW, is_unseen=True)], judged=False)
    assert few == tuple(
        f"too few questions on docs, {seen}, for refusal/recall (5): a measure decides from 6 questions on"
        for seen in ("held out", "never seen")
    )
    assert notes_of([of(UP)], judged=False) == ()
    (judged,) = notes_of([of(UP)], judged=True)
    assert judged.startswith("nothing was judged on docs, held out: no question that was answered has a reference")
    assert notes_of([of(UP, row("answers/judged", 0, 0, 0, 0))], judged=True) == ()


def test_a_set_in_which_nothing_could_decide_is_too_small():
    def proof(*sets):
        return Proof("a", "b", sets, 0.99, "no difference", ())

    assert not proof(of(UP, FEW)).is_too_small
    assert proof(of(FEW)).is_too_small and proof(of(UP), of(FEW)).is_too_small


def test_more_comparisons_need_surer_ones():
    assert confidence_of(1, False) == pytest.approx(1 - 0.05 / 5)
    assert confidence_of(2, True) == pytest.approx(1 - 0.05 / 10)
    assert len(deciding(True)) == len(deciding(False)) == 5
    assert deciding(True) != deciding(False)
    assert "refusal/answered" in [one.name for one in deciding(True)]  # who refuses all is not better
