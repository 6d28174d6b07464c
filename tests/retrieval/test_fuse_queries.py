"""The lists of several queries as one."""

from footnote.app.core.types import StageScore
from footnote.app.retrieval.fuse import FusedHit
from footnote.app.retrieval.fuse_queries import fuse_queries


def fused(scores, by_question=False):
    place = StageScore(1, 0.5)
    return [
        FusedHit(name, place if by_question else None, place, StageScore(rank, score))
        for rank, (name, score) in enumerate(scores.items(), 1)
    ]


def test_one_list_stays_as_it_is():
    one = fused({"a": 0.9, "b": 0.2})
    assert fuse_queries([one]) == one


def test_a_chunk_has_the_mean_of_its_scores_and_the_places_of_the_question():
    question = fused({"a": 0.8, "b": 0.6, "c": 0.1}, by_question=True)
    merged = fuse_queries([question, fused({"b": 1.0, "d": 0.4, "a": 0.2})])
    assert [(hit.chunk_id, hit.fused) for hit in merged] == [
        ("b", StageScore(1, 0.8)),
        ("a", StageScore(2, 0.5)),
        ("d", StageScore(3, 0.2)),
        ("c", StageScore(4, 0.05)),
    ]
    assert [(hit.lexical, hit.vector) for hit in merged if hit.chunk_id == "d"] == [(None, None)]
    assert {hit.lexical for hit in merged if hit.chunk_id != "d"} == {StageScore(1, 0.5)}


def test_ties_go_by_the_question_then_by_id():
    merged = fuse_queries([fused({"z": 0.5}), fused({"d": 0.5, "c": 0.5})])
    assert [hit.chunk_id for hit in merged] == ["z", "c", "d"]


def test_nothing_found_is_nothing():
    assert fuse_queries([[], []]) == []
