"""fuse: exact reciprocal rank fusion."""

import pytest

from app.core.lexical_index import LexicalHit
from app.core.types import StageScore
from app.core.vector_store import VectorHit
from app.fuse import fuse


def lexical(*ids: str) -> list[LexicalHit]:
    return [LexicalHit(chunk_id, 10.0 - place) for place, chunk_id in enumerate(ids)]


def vector(*ids: str) -> list[VectorHit]:
    return [VectorHit(chunk_id, 0.9 - place / 10) for place, chunk_id in enumerate(ids)]


def test_scores_are_the_weighted_sum_of_reciprocal_ranks():
    fused = fuse(lexical("a", "b"), vector("b", "c"))
    assert [(hit.chunk_id, hit.fused.rank) for hit in fused] == [("b", 1), ("c", 2), ("a", 3)]
    assert [hit.fused.score for hit in fused] == pytest.approx([0.4 / 62 + 0.6 / 61, 0.6 / 62, 0.4 / 61], rel=1e-12)


def test_each_stage_keeps_its_rank_and_score():
    only_lexical, both = sorted(fuse(lexical("a", "b"), vector("b")), key=lambda hit: hit.chunk_id)
    assert (only_lexical.lexical, only_lexical.vector) == (StageScore(1, 10.0), None)
    assert (both.lexical, both.vector) == (StageScore(2, 9.0), StageScore(1, 0.9))


def test_weights_and_k_decide():
    lists = lexical("a"), vector("b")
    assert [hit.chunk_id for hit in fuse(*lists, lexical_weight=0.9, vector_weight=0.1)] == ["a", "b"]
    assert [hit.chunk_id for hit in fuse(*lists, lexical_weight=0.1, vector_weight=0.9)] == ["b", "a"]
    assert fuse(*lists, lexical_weight=0.5, vector_weight=0.25, k=1)[0].fused.score == 0.25


def test_small_k_lets_one_first_place_beat_two_later_ones():
    lists = lexical("x", "y", "both"), vector("first", "z", "both")
    assert fuse(*lists, lexical_weight=0.5, vector_weight=0.5, k=60)[0].chunk_id == "both"
    assert fuse(*lists, lexical_weight=0.4, vector_weight=0.6, k=1)[0].chunk_id == "first"


def test_equal_scores_are_ordered_by_id():
    assert [hit.chunk_id for hit in fuse(lexical("b"), vector("a"), 0.5, 0.5)] == ["a", "b"]
    assert [hit.chunk_id for hit in fuse(lexical("a"), vector("b"), 0.5, 0.5)] == ["a", "b"]


def test_one_list_may_be_empty_and_both_may():
    assert [hit.chunk_id for hit in fuse(lexical("a", "b"), [])] == ["a", "b"]
    assert [hit.chunk_id for hit in fuse([], vector("b", "a"))] == ["b", "a"]
    assert fuse([], []) == []
