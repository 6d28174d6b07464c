"""Models are loaded once, however many collections name them."""

import gc

from footnote.app.core.settings import load_settings
from footnote.app.engine.models import load_models
from footnote.app.engine.pool import ModelPool


def test_what_is_the_same_is_one_object_and_what_is_not_is_another():
    pool = ModelPool()
    one, two = (load_models(load_settings(env_file=None, top_k=k), pool=pool) for k in (3, 5))
    assert one.embedder is two.embedder
    assert one.reranker is two.reranker
    other = load_models(load_settings(env_file=None, query_prefix="query: ", reranker="none"), pool=pool)
    assert other.embedder is not one.embedder
    assert other.reranker is None


def test_what_nobody_uses_any_more_is_let_go():
    pool, settings = ModelPool(), load_settings(env_file=None, reranker="none")
    models = load_models(settings, search_only=True, pool=pool)
    name = models.embedder.fingerprint
    assert len(pool._embedders._by_key) == 1
    del models
    gc.collect()
    assert len(pool._embedders._by_key) == 0
    assert load_models(settings, search_only=True, pool=pool).embedder.fingerprint == name
