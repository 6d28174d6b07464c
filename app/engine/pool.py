"""pool: local models, each loaded once however many indexes are asked with it.

A .gguf file is loaded once in any case, see `app/models/llm/local_llm.py`.
"""

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

from footnote.app.checking.support import EntailmentSupport, make_entailment
from footnote.app.core.setting_groups import EmbeddingServiceSettings, LLMSettings, ModelSettings
from footnote.app.models.embedder import Embedder, make_embedder
from footnote.app.models.reranker import Reranker, make_reranker

M = TypeVar("M")


class _Kept(Generic[M]):
    """Models of one kind by what makes them, as long as anybody uses them."""

    def __init__(self) -> None:
        self._by_key: WeakValueDictionary[Hashable, M] = WeakValueDictionary()
        self._making = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], M]) -> M:
        """The one that is there, or a new one; two threads never make the same."""
        with self._making:
            model = self._by_key.get(key)
            if model is None:
                model = self._by_key[key] = make()
            return model


class ModelPool:
    """The models that search and check; safe to use from several threads."""

    def __init__(self) -> None:
        self._embedders: _Kept[Embedder] = _Kept()
        self._rerankers: _Kept[Reranker] = _Kept()
        self._entailments: _Kept[EntailmentSupport] = _Kept()

    def embedder(self, models: ModelSettings, llm: LLMSettings, service: EmbeddingServiceSettings) -> Embedder:
        """See `make_embedder`."""
        remote = (llm, service) if models.embedder.startswith("openai:") else ()
        key = (models.embedder, models.query_prefix, models.passage_prefix, models.threads, remote)
        return self._embedders.get(key, lambda: make_embedder(models, llm, service))

    def reranker(self, models: ModelSettings) -> Reranker | None:
        """See `make_reranker`."""
        if models.reranker == "none":
            return None

        def make() -> Reranker:
            made = make_reranker(models)
            assert made
            return made

        return self._rerankers.get((models.reranker, models.threads), make)

    def entailment(self, name: str) -> EntailmentSupport | None:
        """See `make_entailment`."""
        if name == "none":
            return None

        def make() -> EntailmentSupport:
            made = make_entailment(name)
            assert made
            return made

        return self._entailments.get(name, make)
