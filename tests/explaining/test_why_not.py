"""What became of a page that a question should have found, on the corpus' index and the real models."""

import pytest

from footnote.app.core.errors import QuestionError
from footnote.app.core.settings import SETTINGS
from footnote.app.explaining import trace
from footnote.app.index.filters import QueryFilter

PORT = "Which port does Relay listen on?"
RESTORE = "How do I restore a backup?"
QUESTIONS = (PORT, RESTORE, "zebra crossing")


def settings_of(found):
    """As flags of `make_engine`."""
    flags = {name.removeprefix("FOOTNOTE_").lower(): value for name, value in found.settings.items()}
    return {name: int(value) if SETTINGS[name].info.annotation is int else value for name, value in flags.items()}


def stage(found, name):
    return next(one for one in found.stages if one.stage == name)


def places(found):
    return {one.stage: one.best.rank if one.best else None for one in found.stages}


def test_what_is_found_says_its_rank_at_every_stage(engine):
    found = engine.why_not(PORT, "configuration.md#network")
    hit = engine.search(PORT, 4).hits[0]
    assert (found.path, found.heading_path) == ("configuration.md", ("Configuration", "Network"))
    assert (found.lost_to, found.rank, found.fix, found.settings, found.refusal) == (None, 1, "", {}, None)
    assert found.reason == "It is at rank 1 of the 4 passages that an answer is written from."
    assert found.passage == hit.chunk
    for name, place in (("lexical", hit.lexical), ("vector", hit.vector), ("fused", hit.fused)):
        best = stage(found, name).best
        assert (best.chunk, best.rank, best.score) == (hit.chunk, place.rank, place.score)
    assert stage(found, "final").best.score == hit.reranked.score
    assert [one.kept for one in found.stages] == [50, 50, 12, None, 4]
    assert [one.ahead for one in found.stages] == [None] * 5


def test_the_final_order_is_told_from_that_of_the_logits(make_engine):
    engine = make_engine(fused_weight=1000.0)
    found = engine.why_not(RESTORE, "guides/upgrading.md", top_k=30)
    candidates = engine.search(RESTORE, 30).candidates
    ids = [hit.chunk.id for hit in candidates]
    by_logit = sorted(candidates, key=lambda hit: -hit.reranked.score)
    best = next(rank for rank, hit in enumerate(by_logit, 1) if hit.chunk.path == "guides/upgrading.md")
    assert places(found)["reranked"] == best
    assert places(found)["final"] == found.rank == ids.index(found.passage.id) + 1 != best
    assert stage(found, "reranked").ahead.chunk == by_logit[best - 2].chunk


def test_too_few_passages_lose_what_comes_after_them(make_engine):
    engine = make_engine(top_k=1)
    hits = engine.search(PORT, 12).hits
    later = next(hit for hit in hits if hit.chunk.path != hits[0].chunk.path)
    found = engine.why_not(PORT, later.chunk.path)
    rank = hits.index(later) + 1
    assert (found.lost_to, found.rank, found.settings) == ("top_k", rank, {"FOOTNOTE_TOP_K": rank})
    assert found.reason == f"It is at rank {rank} of the final order, and an answer is written from the first 1."
    assert found.fix == f"With FOOTNOTE_TOP_K={rank} it is at rank {rank} of what an answer is written from."
    ahead = stage(found, "final").ahead
    assert (ahead.chunk, ahead.rank, ahead.score) == (hits[0].chunk, 1, hits[0].reranked.score)
    assert engine.why_not(PORT, later.chunk.path, top_k=rank).lost_to is None


def test_what_the_reranker_does_not_read_is_lost_before_it(make_engine):
    engine = make_engine(rerank_depth=2, top_k=1)
    fused = engine.search(PORT, 1)
    late = fused.fused[8]
    path = engine.index.chunks.get([late.chunk_id])[late.chunk_id].path
    rank = next(
        rank
        for rank, chunk in enumerate((engine.index.chunks.get([one.chunk_id]) for one in fused.fused), 1)
        if next(iter(chunk.values())).path == path
    )
    found = engine.why_not(PORT, path)
    assert (found.lost_to, found.rank) == ("rerank_depth", None)
    assert found.reason == f"It is at rank {rank} of the merged list, of which the reranker reads the first 2."
    assert (places(found)["fused"], places(found)["reranked"], places(found)["final"]) == (rank, None, None)
    assert (stage(found, "fused").ahead.rank, stage(found, "fused").kept) == (2, 2)
    assert found.settings["FOOTNOTE_RERANK_DEPTH"] == rank


def test_what_neither_search_returns_is_looked_for_deeper(make_engine):
    engine = make_engine(candidates=2, rerank_depth=2, top_k=1)
    found = engine.why_not(PORT, "guides/backups.md#schedule")
    assert (found.lost_to, found.reason) == ("candidates", "Neither search has it among its first 2.")
    everything = make_engine(candidates=200).search(PORT, 1)
    rank = 1 + [hit.chunk_id for hit in everything.vector].index(found.passage.id)
    best = stage(found, "vector").best
    assert (best.rank, best.score) == (rank, pytest.approx(everything.vector[rank - 1].similarity))
    assert stage(found, "vector").ahead.rank == 2
    assert stage(found, "fused").best is stage(found, "fused").ahead is None
    assert found.settings["FOOTNOTE_CANDIDATES"] > 2


def test_the_search_is_bounded_and_the_score_known_beyond(make_engine, monkeypatch):
    monkeypatch.setattr(trace, "DEEPEST", 3)
    engine = make_engine(candidates=2, rerank_depth=2, top_k=1)
    found = engine.why_not(PORT, "guides/backups.md#schedule")
    best = stage(found, "vector").best
    assert best.rank is None
    assert -1 < best.score < 1
    assert found.lost_to == "candidates"
    assert found.fix.startswith("No setting keeps it, as it is not among the first 2,000 passages of either search:")


def test_a_page_without_a_word_of_the_question_has_no_place_by_words(engine):
    found = engine.why_not("zebra crossing", "configuration.md")
    assert stage(found, "lexical").best is stage(found, "lexical").ahead is None
    assert [(word.text, word.passages) for word in found.missing_words] == [("zebra", 0), ("crossing", 0)]


def test_a_refused_question_is_lost_at_the_gate(make_engine):
    engine = make_engine(strictness=1.0)
    found = engine.why_not(PORT, "configuration.md")
    assert (found.lost_to, found.rank) == ("gate", 1)
    assert found.reason == f"It is at rank 1, but the question is refused: {found.refusal}."
    assert found.answerability == engine.ask(PORT).answerability
    assert 0 < found.answerability - found.settings["FOOTNOTE_STRICTNESS"] < 0.01
    assert not make_engine(**settings_of(found)).ask(PORT).refused


def test_a_logit_that_is_too_low_is_named_where_no_probability_is_known(make_engine):
    engine = make_engine(min_rerank_score=50.0, query_prefix="")
    found = engine.why_not(PORT, "configuration.md", top_k=30)
    assert (found.lost_to, found.answerability) == ("gate", None)
    assert list(found.settings) == ["FOOTNOTE_MIN_RERANK_SCORE"]
    assert make_engine(query_prefix="", **settings_of(found)).why_not(PORT, "configuration.md", 30).lost_to is None


def test_the_logit_is_lowered_before_everything_is_let_through(make_engine):
    engine = make_engine(min_rerank_score=50.0)
    assert list(engine.why_not(PORT, "configuration.md").settings) == ["FOOTNOTE_MIN_RERANK_SCORE"]
    both = make_engine(min_rerank_score=50.0, strictness=1.0).why_not(PORT, "configuration.md")
    assert list(both.settings) == ["FOOTNOTE_MIN_RERANK_SCORE", "FOOTNOTE_STRICTNESS"]
    assert not make_engine(**settings_of(both)).ask(PORT).refused


def test_a_filter_that_leaves_the_page_out_is_named(engine):
    filters = QueryFilter("guides/", ("operations",), (("author.team", "platform"),))
    found = engine.why_not(PORT, "configuration.md", query_filter=filters)
    assert (found.lost_to, found.rank) == ("filter", 1)
    assert found.reason == (
        "The filter (path guides/, tag operations) leaves its page out; "
        "without that it is at rank 1 of the 4 passages that an answer is written from."
    )
    assert found.fix == "Leave the filter out."
    inside = engine.why_not("How do I restore a backup?", "guides/backups.md", query_filter=QueryFilter("guides/"))
    assert (inside.lost_to, inside.rank) == (None, 1)


def test_a_filter_is_kept_where_it_lets_the_page_pass(make_engine):
    narrow = make_engine(reranker="none").why_not(PORT, "install.md", query_filter=QueryFilter("install.md"))
    assert places(narrow) == {"lexical": 1, "vector": 1, "fused": 1, "reranked": None, "final": 1}


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_settings_that_are_named_keep_it(make_engine, engine, question):
    small = {"candidates": 2, "rerank_depth": 2, "top_k": 1}
    narrow = make_engine(**small)
    lost = []
    for path in engine.index.files:
        found = narrow.why_not(question, path)
        lost.append(found.lost_to)
        kept = make_engine(**{**small, **settings_of(found)}) if found.settings else narrow
        retrieval = kept.search(question, kept.settings.search.top_k)
        if found.lost_to is None or found.settings:
            assert path in {hit.chunk.path for hit in retrieval.hits}
            assert not kept.ask(question).refused
        else:
            assert found.fix.startswith("No ")
    assert set(lost) & {"candidates", "rerank_depth"}


def test_the_words_that_the_passage_lacks_come_rare_ones_first(engine):
    found = engine.why_not(
        "How often does the nightly zebra copy a queue folder to another folder?", "guides/backups.md#Schedule"
    )
    assert [word.text for word in found.missing_words if not word.passages] == ["often", "zebra", "another"]
    counts = [word.passages for word in found.missing_words]
    assert counts == sorted(counts)
    texts = {word.text for word in found.missing_words}
    assert not texts & {"How", "does", "the", "nightly", "queue"}
    assert len(found.missing_words) == len(texts)


@pytest.mark.parametrize("wanted", ["", "  ", "#network", "x" * 501])
def test_no_page_at_all_is_a_wrong_question(engine, wanted):
    with pytest.raises(QuestionError, match=r"PATH or PATH#HEADING"):
        engine.why_not(PORT, wanted)
