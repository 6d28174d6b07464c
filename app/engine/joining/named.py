"""named: one collection of several, asked alone; what is found says which it is."""

from dataclasses import replace

from footnote.app.core.types import Hit
from footnote.app.engine.engine import Engine
from footnote.app.engine.joining.names import named_hits
from footnote.app.index.filters import QueryFilter
from footnote.app.retrieval.retrieve import Retrieval


class NamedEngine:
    """Searches as its engine does."""

    def __init__(self, name: str, engine: Engine) -> None:
        self._name = name
        self._engine = engine

    @property
    def generation(self) -> int:
        """That of its index."""
        return self._engine.generation

    @property
    def generations(self) -> dict[str, int]:
        """The same by its name."""
        return {self._name: self._engine.generation}

    def url_of(self, hit: Hit) -> str | None:
        """As `Engine.url_of`."""
        return self._engine.url_of(hit)

    def search(self, question: str, top_k: int = 10, query_filter: QueryFilter | None = None) -> Retrieval:
        """As `Engine.search`; each hit names the collection."""
        found = self._engine.search(question, top_k, query_filter)
        return replace(found, hits=named_hits(found.hits, self._name))
