"""What kept answers and the dates of files come to."""

from dataclasses import replace

import pytest

from footnote.app.core.types import Sentence, TokenUse
from footnote.app.finetuning.advising.figures import DocsFigures, answer_figures, docs_figures
from footnote.app.index.manifest import FileRecord
from footnote.app.kept.rows import Feedback, KeptAnswer, KeptCitation, KeptPassage

DAY_S = 86_400
NOW_S = 1_800_000_000
PASSAGE = KeptPassage("c", "a.md", ("A",), 1, 1, 0, 27, "", "Relay listens on port 7070.", "")
PROVEN = Sentence("Relay listens on port 7070.", (1,), "supported")
DOUBTFUL = Sentence("It is fast.", (1,), "unverified", "not found: fast")
LIKED, DISLIKED = Feedback(True, None, NOW_S), Feedback(False, "wrong", NOW_S)
KEPT = KeptAnswer(
    id=1, asked_s=NOW_S, question="Which port?", asked_as=None, text="Relay listens on port 7070. [1]", refused=False,
    refused_by=None, refusal_reason=None, mode="llm", model="openai:a", arm=None, prompt="full", generation=1,
    passages=(PASSAGE,), sentences=(PROVEN,), citations=(KeptCitation(1, "a.md", 1, 1, 0, 27, PASSAGE.text, ""),),
    dropped=(), premises=(), truncated=False, notice=None, check_failed=None, tokens=TokenUse(1000, 50), total_ms=5.0,
    from_cache=False, feedback=LIKED,
)  # fmt: skip


def test_answers_are_counted_by_what_wrote_them_and_what_became_of_them():
    found = answer_figures(
        [
            replace(KEPT, asked_s=NOW_S - 10 * DAY_S, sentences=(PROVEN,) * 9),  # said over and over
            replace(KEPT, question="which  PORT?"),  # the same question teaches nothing new
            replace(
                KEPT, question="Fast?", sentences=(PROVEN, DOUBTFUL), dropped=(DOUBTFUL,), tokens=TokenUse(2000, 150)
            ),
            replace(KEPT, question="Cut?", truncated=True, feedback=DISLIKED, from_cache=True),
            replace(KEPT, question="Quotes?", mode="extractive", tokens=None, feedback=None),
            replace(
                KEPT, question="Cup?", refused=True, refused_by="gate", sentences=(), citations=(), feedback=DISLIKED
            ),
        ]
    )
    assert (found.answers, found.days, found.per_day) == (6, 10.0, 0.6)
    assert (found.written, found.sentences, found.unproven, found.cut_off) == (4, 6, 2, 1)
    assert (found.liked, found.disliked, found.refused, found.examples) == (3, 1, 1, 1)
    # Of the first three: a kept answer that came from memory took no tokens once more.
    assert (found.prompt_tokens, found.completion_tokens) == (pytest.approx(4000 / 3), pytest.approx(250 / 3))


def test_without_answers_there_are_no_figures():
    assert answer_figures([]) is None
    assert answer_figures([KEPT]).per_day == 1.0  # of one moment, not infinitely many a day


def file(path, age_days):
    return FileRecord(path, "", 1, int((NOW_S - age_days * DAY_S) * 1e9), path, {}, (), "en")


def test_pages_that_changed_are_told_by_their_dates():
    files = [file("a.md", 3), file("b.md", 29), file("c.md", 31), file("d.md", 400)]
    assert docs_figures(files, NOW_S) == DocsFigures(4, 2)
    assert docs_figures(files[:1], NOW_S) == DocsFigures(1, 1)
    assert docs_figures([], NOW_S) == DocsFigures(0, 0)


def test_dates_of_a_checkout_tell_nothing():
    assert docs_figures([file("a.md", 3), file("b.md", 3.5)], NOW_S) == DocsFigures(2, None)
