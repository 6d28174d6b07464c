"""fuse: the weighted mean of calibrated scores."""

import pytest

from footnote.app.core.types import StageScore
from footnote.app.index.seam import LexicalHit, VectorHit
from footnote.app.retrieval.fuse import fuse

DEPTH = 10


def lexical(**scores: float) -> list[LexicalHit]:
    return [LexicalHit(chunk_id, score) for chunk_id, score in scores.items()]


def vector(**similarities: float) -> list[VectorHit]:
    return [VectorHit(chunk_id, similarity) for chunk_id, similarity in similarities.items()]


def scores_of(*lists, **weights):
    return {hit.chunk_id: pytest.approx(hit.fused.score, abs=1e-12) for hit in fuse(*lists, **weights)}


def test_a_score_is_the_mean_of_the_share_of_the_best_bm25_and_of_the_cosine_span():
    fused = fuse(lexical(a=8.0, b=6.0), vector(b=0.9, c=0.85), DEPTH)
    assert [(hit.chunk_id, hit.fused.rank) for hit in fused] == [("b", 1), ("a", 2), ("c", 3)]
    assert [hit.fused.score for hit in fused] == pytest.approx([(0.75 + 1) / 2, 0.5, 0.75 / 2], abs=1e-12)


def test_how_far_ahead_the_first_is_counts():
    close, far = (fuse(lexical(a=10.0, b=second), vector(b=0.8, a=0.75), DEPTH)[0].chunk_id for second in (9.0, 3.0))
    assert (close, far) == ("b", "a")


def test_a_cosine_below_the_span_counts_as_nothing():
    assert scores_of([], vector(a=0.9, b=0.6, c=0.1), depth=DEPTH, cosine_span=0.2) == {"a": 0.5, "b": 0.0, "c": 0.0}
    assert scores_of([], vector(a=0.9, b=0.6), depth=DEPTH, cosine_span=0.4) == {"a": 0.5, "b": 0.125}


def test_the_weights_decide_and_only_their_ratio_counts():
    lists = lexical(a=5.0), vector(b=0.9)
    assert scores_of(*lists, depth=DEPTH, lexical_weight=0.9, vector_weight=0.1) == {"a": 0.9, "b": 0.1}
    assert scores_of(*lists, depth=DEPTH, lexical_weight=2, vector_weight=6) == {"a": 0.25, "b": 0.75}
    assert scores_of(*lists, depth=DEPTH, lexical_weight=0) == {"a": 0.0, "b": 1.0}


def test_what_a_full_list_lacks_counts_there_as_its_last():
    lists = lexical(a=8.0, b=4.0), vector(c=0.9, a=0.8)
    assert scores_of(*lists, depth=2) == {"a": 0.75, "b": 0.25 + 0.25, "c": 0.5 + 0.25}
    assert scores_of(*lists, depth=3) == {"a": 0.75, "b": 0.25, "c": 0.5}


def test_each_stage_keeps_its_rank_and_score():
    only_lexical, both = sorted(fuse(lexical(a=10.0, b=9.0), vector(b=0.9), DEPTH), key=lambda hit: hit.chunk_id)
    assert (only_lexical.lexical, only_lexical.vector) == (StageScore(1, 10.0), None)
    assert (both.lexical, both.vector) == (StageScore(2, 9.0), StageScore(1, 0.9))


def test_chunks_beyond_the_span_keep_the_order_of_their_similarity():
    fused = fuse([], vector(a=0.9, z=0.6, b=0.5, m=0.4), DEPTH)
    assert [(hit.chunk_id, hit.fused.score) for hit in fused] == [("a", 0.5), ("z", 0.0), ("b", 0.0), ("m", 0.0)]


def test_equal_scores_are_ordered_by_id():
    assert [hit.chunk_id for hit in fuse(lexical(b=1.0, a=1.0), [], DEPTH)] == ["a", "b"]
    assert [hit.chunk_id for hit in fuse([], vector(b=0.5, a=0.5), DEPTH)] == ["a", "b"]


def test_one_list_may_be_empty_and_both_may():
    assert [hit.chunk_id for hit in fuse(lexical(a=2.0, b=1.0), [], DEPTH)] == ["a", "b"]
    assert [hit.chunk_id for hit in fuse([], vector(b=0.5, a=0.4), DEPTH)] == ["b", "a"]
    assert fuse([], [], DEPTH) == []
