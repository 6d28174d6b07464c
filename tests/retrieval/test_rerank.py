"""rerank: the fused hits in the cross-encoder's order."""

from dataclasses import replace

from footnote.app.core.types import StageScore
from footnote.app.retrieval.rerank import rerank
from tests.builders import make_hit

QUESTION = "How do I restore a backup?"


def fused(texts):
    hits = [make_hit(text, path=f"{place}.md", rank=place) for place, text in enumerate(texts, 1)]
    return [replace(hit, reranked=None) for hit in hits]


def test_the_passage_that_answers_moves_to_the_front(reranker):
    hits = fused(
        ["The logo is blue.", "Run `acme restore DATE` to restore a backup.", "A backup is a copy of the database."]
    )
    ordered = rerank(QUESTION, hits, reranker)
    assert [hit.chunk.path for hit in ordered] == ["2.md", "3.md", "1.md"]
    assert [hit.reranked.rank for hit in ordered] == [1, 2, 3]
    logits = [hit.reranked.score for hit in ordered]
    assert logits == sorted(logits, reverse=True)
    assert logits[0] == reranker.score([(QUESTION, hits[1].chunk.index_text)])[0]


def test_nothing_is_read_twice(reranker, monkeypatch):
    read = []
    score = reranker.score
    monkeypatch.setattr(reranker, "score", lambda pairs: read.extend(pairs) or score(pairs))
    twins = [replace(hit, chunk=replace(hit.chunk, path="same.md")) for hit in fused(["Equal text.", "Equal text."])]
    found = rerank(QUESTION, [*twins, *fused(["The logo is blue. " * 40])], reranker)
    assert len(found) == 3
    assert len(read) == len(set(read)) == 2


def test_the_earlier_stages_are_kept(reranker):
    before = fused(["The logo is blue.", "Run `acme restore DATE` to restore a backup."])
    after = {hit.chunk.path: replace(hit, reranked=None) for hit in rerank(QUESTION, before, reranker)}
    assert after == {hit.chunk.path: hit for hit in before}


def test_equal_logits_keep_the_fused_order(reranker):
    twins = [replace(hit, chunk=replace(hit.chunk, path="same.md")) for hit in fused(["Equal text.", "Equal text."])]
    second_first = rerank(QUESTION, [twins[1], twins[0]], reranker)
    assert [hit.fused.rank for hit in second_first] == [1, 2]
    assert [hit.reranked.rank for hit in second_first] == [1, 2]
    assert second_first[0].reranked.score == second_first[1].reranked.score


def test_the_fused_score_counts_beside_the_logit(reranker):
    hits = fused(["Run `acme restore DATE` to restore a backup.", "A backup is a copy of the database."])
    first = replace(hits[1], fused=StageScore(1, 0.9))
    weights = {weight: rerank(QUESTION, [first, hits[0]], reranker, weight)[0].chunk.path for weight in (0.0, 100.0)}
    assert weights == {0.0: "1.md", 100.0: "2.md"}
    assert (
        rerank(QUESTION, [first], reranker, 100.0)[0].reranked.score
        == reranker.score([(QUESTION, first.chunk.index_text)])[0]
    )


def test_the_headings_are_read_with_the_passage(reranker):
    hits = fused(["Run it every night.", "Run it every night."])
    hits[1] = replace(hits[1], chunk=replace(hits[1].chunk, heading_path=("Restore a backup",)))
    assert [hit.chunk.path for hit in rerank(QUESTION, hits, reranker)] == ["2.md", "1.md"]


def test_without_a_reranker_the_order_stays_and_no_score_is_invented(reranker):
    hits = fused(["The logo is blue.", "Run `acme restore DATE`."])
    assert rerank(QUESTION, hits, None) == hits
    assert rerank(QUESTION, [], reranker) == []


def test_a_score_is_the_same_alone_and_among_others(reranker):
    pairs = [(QUESTION, "Run `acme restore DATE`."), (QUESTION, "A much longer text. " * 40)]
    together = reranker.score(pairs)
    assert together == [reranker.score([pair])[0] for pair in pairs]
    assert StageScore(1, together[0]).score > together[1]
