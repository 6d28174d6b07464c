"""Kept answers that readers liked, as cases."""

from collections import Counter
from dataclasses import replace

import pytest

from footnote.app.answering.answerer import REFUSAL_TEXT
from footnote.app.core.types import Sentence
from footnote.app.finetuning.examples.sources.kept import NO_TARGET, NOT_SUPPORTED, TOO_MANY, from_kept
from footnote.app.kept.rows import KeptAnswer, KeptCitation, KeptPassage


def passage(number):
    return KeptPassage(f"c{number}", f"p{number}.md", ("H",), 1, 2, 0, 50, "", f"Text {number}.", "")


def citation(number, of):
    return KeptCitation(number, f"p{of}.md", 1, 2, 0, 50, f"Text {of}.", "")


KEPT = KeptAnswer(
    id=7,
    asked_s=1,
    question="And how long?",
    asked_as="How long are backups kept?",
    text="It is 30 days [1]. It can be changed [2].",
    refused=False,
    refused_by=None,
    refusal_reason=None,
    mode="llm",
    model="openai:gpt-4o",
    arm=None,
    prompt="full",
    generation=1,
    passages=(passage(1), passage(2), passage(3)),
    sentences=(Sentence("It is 30 days.", (1,), "supported"), Sentence("It can be changed.", (2,), "supported")),
    citations=(citation(1, of=3), citation(2, of=1)),
    dropped=(),
    premises=(),
    truncated=False,
    notice=None,
    check_failed=None,
    tokens=None,
    total_ms=1.0,
    from_cache=False,
)


def cases_of(*kept, passages=4):
    left_out = Counter()
    return list(from_kept(kept, passages, left_out, lambda stage, done, total: None)), left_out


def test_what_is_cited_is_the_oracle_and_the_rest_distracts():
    ((case,), left_out) = cases_of(KEPT)
    assert (case.question, case.answer) == ("How long are backups kept?", "It is 30 days [1]. It can be changed [2].")
    assert [hit.chunk.path for hit in case.oracle] == ["p3.md", "p1.md"]
    assert [hit.chunk.path for hit in case.distractors] == ["p2.md"]
    assert (case.written_by, case.origin, left_out) == ("openai:gpt-4o", "kept answer 7", Counter())


def test_a_liked_refusal_is_learned():
    refused = replace(KEPT, refused=True, refused_by="model", text=REFUSAL_TEXT, sentences=(), citations=())
    ((case,), _) = cases_of(refused)
    assert (case.oracle, case.answer, len(case.distractors)) == ((), "", 3)


@pytest.mark.parametrize(
    ("kept", "reason"),
    [
        (replace(KEPT, sentences=(Sentence("It is 30 days.", (1,), "unverified"),)), NOT_SUPPORTED),
        (replace(KEPT, truncated=True), NO_TARGET),
        (replace(KEPT, refused=True, refused_by="check"), NO_TARGET),
    ],
)
def test_what_cannot_be_learned_is_counted(kept, reason):
    assert cases_of(kept) == ([], Counter({reason: 1}))


def test_more_citations_than_a_prompt_has_sources():
    assert cases_of(KEPT, passages=1) == ([], Counter({TOO_MANY: 1}))


def test_the_newest_of_several_comes_first():
    cases, _ = cases_of(replace(KEPT, id=1), replace(KEPT, id=9))
    assert [case.origin for case in cases] == ["kept answer 9", "kept answer 1"]
