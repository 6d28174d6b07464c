"""Answerability: each signal, and how they make a probability."""

from dataclasses import replace

import pytest

from footnote.app.core.text.term_counts import TermCounts
from footnote.app.retrieval.answerability import Coefficients, Signals, probability, signals
from tests.builders import make_hit

RARE = {"retent": 2, "messag": 900, "kept": 300}
COUNTS = TermCounts(1000, lambda term: RARE.get(term, 0))


def found(question, text="Messages are kept.", *others, cosine=0.7, counts=COUNTS):
    best = make_hit(text)
    best = replace(best, vector=replace(best.vector, score=cosine))
    return signals(question, [best, *others], counts)


def test_rarity_is_the_share_of_the_highest_idf():
    assert COUNTS.rarity("nowhere") == pytest.approx(1.0)
    assert 0 < TermCounts(1000, lambda term: 1000).rarity("everywhere") < 0.001
    assert COUNTS.rarity("retent") > COUNTS.rarity("kept") > COUNTS.rarity("messag")
    assert TermCounts(0, lambda term: 0).rarity("x") == pytest.approx(1.0)


def test_coverage_weighs_words_by_rarity_and_leaves_out_those_that_ask():
    assert found("Are messages kept?").coverage == 1.0
    assert found("How long are messages kept, please?").coverage == 1.0
    some, most = found("retention of messages").coverage, found("messages kept").coverage
    assert 0 < some < 0.2 and most == 1.0
    assert found("what is it").coverage == 0.0
    # A flag is none of the words that ask, whatever its name.
    assert found("--explain", "Ask with `--explain`.").coverage == 1.0


def test_an_identifier_counts_as_a_whole_or_by_its_parts():
    assert found("RELAY_PORT", "Set `RELAY_PORT`.").coverage == 1.0
    counts = TermCounts(1000, lambda term: {"relay_port": 1, "relay": 500, "port": 500}.get(term, 0))
    assert 0 < found("RELAY_PORT", "The port of Relay.", counts=counts).coverage < 0.3


def test_cosine_is_that_of_the_best_hit_or_the_lowest_found():
    assert found("messages", cosine=0.83).cosine == 0.83
    lexical_only = replace(make_hit("Messages."), vector=None)
    near, far = (replace(make_hit(), vector=replace(make_hit().vector, score=score)) for score in (0.6, 0.4))
    assert signals("messages", [lexical_only, near, far], COUNTS).cosine == 0.4
    assert signals("messages", [lexical_only], COUNTS).cosine == 0.0


def test_a_best_hit_that_stands_out_counts_for_more():
    alone = found("messages", "Messages are kept.", *[make_hit(logit=-9.0)] * 19).standout
    among_equals = found("messages", "Messages are kept.", *[make_hit(logit=1.0)] * 19).standout
    assert alone > 2 and among_equals == 0.0


def test_a_small_corpus_or_a_deep_search_changes_nothing():
    few = found("messages", "Messages.", *[make_hit(logit=-11.0)] * 3).standout
    assert few == found("messages", "Messages.", *[make_hit(logit=-11.0)] * 19).standout
    near = [make_hit(logit=0.0)] * 19
    assert found("messages", "Messages.", *near, *[make_hit(logit=-30.0)] * 20).standout == (
        found("messages", "Messages.", *near).standout
    )


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("How do I use tox-uv here?", ()),  # a plain word with a hyphen is no name
        ("How do I set TOX_ENV?", ("TOX_ENV",)),
        ("Is Kubernetes supported?", ("Kubernetes",)),
        ("Kubernetes support", ()),  # the first word is capitalised whatever it is
        ("Which AWS and GCP zones?", ("AWS", "GCP")),
        ("Does --frozen work in v2.7 or 10.x?", ("--frozen",)),  # docs answer for versions that they never spell
        ("Is 16.04 or 2011-2012 kept, in 5m/15m?", ()),
        ("Does it need EC2 or S3?", ("EC2", "S3")),
        ("Where is the message/retention limit?", ()),  # two words that the docs hold
        ("Where is the message/tape limit?", ("message/tape",)),
        ("Are messages kept?", ()),
        ("Does it know -z?", ("-z",)),
        ("How many VMs?", ("VMs",)),
        ("Wann öffnet Ko\u0308ln?", ("Köln",)),
        ("密码怎么发送", ()),
    ],
)
def test_names_that_the_docs_do_not_hold(question, names):
    assert found(question).unknown_names == names


def test_every_signal_moves_the_probability_its_way():
    base = Signals(0.5, 0.75, 1.5)
    middle = probability(base)
    assert probability(replace(base, coverage=0.9)) > middle < probability(replace(base, cosine=0.8))
    assert probability(replace(base, standout=2.5)) > middle > probability(replace(base, unknown_names=("X",)))
    assert probability(replace(base, unknown_names=("X", "Y"))) == probability(replace(base, unknown_names=("X",)))


def test_the_probability_is_a_logistic_one():
    model = Coefficients(coverage=1.0, cosine=2.0, standout=3.0, unknown=-4.0, intercept=-1.0)
    assert probability(Signals(0.0, 0.5, 0.0), model) == 0.5
    assert probability(Signals(1.0, 1.0, 1.0), model) == pytest.approx(0.99331, abs=1e-5)
    assert 0 <= probability(Signals(-1e9, -1, -1), model) < probability(Signals(1e9, 1, 1), model) <= 1


def test_the_plural_of_an_acronym_is_named_where_the_docs_hold_either():
    for term in ("vm", "vms"):
        counts = TermCounts(1000, lambda found, term=term: int(found == term))
        assert found("What do VMs get?", counts=counts).unknown_names == ()


def test_each_pair_of_characters_counts_where_words_have_no_spaces():
    assert found("密码发送", "密码").coverage == pytest.approx(1 / 3)


def test_a_passage_that_spells_the_asked_flag_is_near_though_the_embedder_does_not_see_it():
    assert found("What does -i do?", "- `-i`: ask first.", cosine=0.4).cosine == 0.65
    assert found("What does -i do?", "- `-i`: ask first.", cosine=0.8).cosine == 0.8
    assert found("What does -i do?", "- `-n`: change nothing.", cosine=0.4).cosine == 0.4
