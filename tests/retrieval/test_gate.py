"""gate: when an answer is refused before it is written."""

from dataclasses import replace

import pytest

from footnote.app.core.settings import load_settings
from footnote.app.core.text.term_counts import TermCounts
from footnote.app.retrieval.gate import NOT_ANSWERED, NOTHING_FITS, NOTHING_FOUND, Gate
from tests.builders import make_hit

KNOWN = TermCounts(1000, lambda term: 5)
QUESTION = "Which port does Relay listen on?"


def judge(*hits, counts=KNOWN, question=QUESTION, **flags):
    settings = load_settings(env_file=None, **flags)
    return Gate(settings.gate, settings.models, counts).judge(question, hits)


def hit(text="Relay listens on port 7070.", logit=5.0, cosine=0.85, rank=1):
    made = make_hit(text, logit, rank)
    return replace(made, vector=replace(made.vector, score=cosine))


GOOD = hit()
WEAK = hit("Something else.", logit=-3.0, cosine=0.5)


def test_nothing_retrieved_is_refused():
    assert judge() == (NOTHING_FOUND, None)
    assert judge(reranker="st:acme/other") == (NOTHING_FOUND, None)


def test_a_hit_that_fits_is_answered_and_one_that_does_not_is_refused():
    good, weak = judge(GOOD), judge(WEAK)
    assert good.reason is None and good.answerability > 0.8
    assert weak.reason == NOT_ANSWERED and weak.answerability < 0.05


def test_strictness_is_the_least_probability():
    likely = judge(GOOD).answerability
    assert judge(GOOD, strictness=likely).reason is None
    assert judge(GOOD, strictness=min(1.0, likely + 0.001)).reason == NOT_ANSWERED


def test_with_no_strictness_whatever_was_found_is_answered():
    assert judge(WEAK, strictness=0.0).reason is None
    assert judge(hit(logit=-11.0), strictness=0.0).reason is None


def test_below_the_least_logit_the_probability_is_none_at_all():
    assert judge(hit(logit=-5.01)) == (NOTHING_FITS, 0.0)
    assert judge(hit(logit=-5.01), min_rerank_score=-6.0).answerability > 0


def test_a_refusal_says_which_names_are_nowhere_in_the_docs():
    counts = TermCounts(1000, lambda term: 0 if "tox" in term else 5)
    question = "How do I run the matrix of tox.ini?"
    assert judge(WEAK, counts=counts, question=question).reason == f"{NOT_ANSWERED}; nothing in the docs names tox.ini"


@pytest.mark.parametrize(
    "flags", [{"reranker": "st:acme/other"}, {"embedder": "st:acme/other"}, {"query_prefix": "q: "}]
)
def test_other_models_have_the_logit_alone(flags):
    assert judge(hit(cosine=0.1, logit=-4.9), **flags) == (None, None)
    assert judge(hit(cosine=0.9, logit=-5.1), **flags) == (NOTHING_FITS, None)
    assert judge(hit(logit=3.0), min_rerank_score=3.5, **flags).reason == NOTHING_FITS


def test_a_weak_later_hit_refuses_nothing_and_a_strong_one_saves_nothing():
    assert judge(GOOD, hit(logit=-11.0)).reason is None
    assert judge(hit(logit=-9.0), hit(logit=4.0)).reason == NOTHING_FITS


def test_without_a_reranker_only_an_empty_list_is_refused():
    assert judge(make_hit(logit=None), reranker="none", min_rerank_score=100.0) == (None, None)
