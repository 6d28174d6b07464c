"""asked: what any weights would rank is what the retriever ranks with them."""

import pytest

from footnote.app.core.settings import load_settings
from footnote.app.retrieval.retrieve import depths
from footnote.app.retrieval.weights import Weights
from footnote.app.tuning.asked import ask


@pytest.mark.parametrize(
    "flags",
    [
        {},
        {"lexical_weight": 0.8, "vector_weight": 0.2, "fused_weight": 8.0},
        {"cosine_span": 0.05, "rerank_depth": 5, "candidates": 6},
    ],
)
@pytest.mark.parametrize("question", ["How do I restore a backup?", "RELAY_PORT", "Why is the disk full?"])
def test_weights_rank_as_the_retriever_does_with_them(make_engine, question, flags):
    engine = make_engine(**flags)
    search = load_settings(env_file=None, **flags).search
    weights, depth = Weights.of(search), depths(search, 4)
    other = Weights(0.5, 0.3, 0.0)
    asked = ask(question, engine.index, engine.models.embedder, engine.models.reranker, (weights, other), *depth)
    ranked, _ = asked.ranked((weights, other), depth.reranked)
    assert [chunk.id for chunk in ranked] == [hit.chunk.id for hit in engine.search(question, 4).candidates]
