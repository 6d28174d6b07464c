"""engine: questions to several collections at once, each with its own open index and models."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from footnote.app.answering.answerer import Answerer
from footnote.app.answering.extractive import ExtractiveAnswerer
from footnote.app.conversation.turns import Turn
from footnote.app.core.events import Event
from footnote.app.core.pages.flavour import flavour_named
from footnote.app.core.setting_groups import ModelSettings
from footnote.app.core.spans import span
from footnote.app.core.stop import Stop
from footnote.app.core.text.term_counts import TermCounts
from footnote.app.core.types import Answer, Hit
from footnote.app.engine.engine import Engine, collected
from footnote.app.engine.facts import tell_answer
from footnote.app.engine.flow import Flow
from footnote.app.engine.joining.index import JoinedIndex
from footnote.app.engine.joining.names import own_hits
from footnote.app.engine.joining.retriever import JoinedRetriever
from footnote.app.engine.joining.told import JoinedLinks, Own, Told
from footnote.app.engine.models import Models
from footnote.app.index.filters import QueryFilter
from footnote.app.retrieval.gate import Gate, is_calibrated
from footnote.app.retrieval.retrieve import Retrieval


class JoinedEngine:
    """Asks several engines together; it is made for a question or for many, and owns none of them.

    Each searches for itself. All else is done once, with the models and settings of the first: reranking, the gate,
    writing, the check.
    """

    def __init__(self, engines: Mapping[str, Engine]) -> None:
        """By the names of their collections, two at least; the first decides about what is done once."""
        self.engines = MappingProxyType(dict(engines))
        first = next(iter(engines.values()))
        own = {
            name: Own(one.index.generation, flavour_named(one.index.manifest.flavour), one.links)
            for name, one in engines.items()
        }
        links = JoinedLinks(own)
        self._told = Told(own)
        self._index = JoinedIndex({name: one.index for name, one in engines.items()})
        retriever = JoinedRetriever(
            {name: one.retriever for name, one in engines.items()},
            first.models.reranker,
            first.retriever.search.fused_weight,
        )
        gate = Gate(first.gate_settings, _least_calibrated(list(engines.values())), self._index.term_counts)
        models = _quoting(first.models, links)
        self._flow = Flow(self._index, retriever.retrieve, models, first.settings, links, gate)

    @property
    def term_counts(self) -> TermCounts:
        """How many of the chunks of all collections hold a term."""
        return self._index.term_counts

    @property
    def generation(self) -> int:
        """0: each has its own."""
        return self._index.generation

    @property
    def generations(self) -> dict[str, int]:
        """By collection."""
        return {name: one.index.generation for name, one in self.engines.items()}

    def url_of(self, hit: Hit) -> str | None:
        """As `Engine.url_of`, by the template of its collection."""
        return self.engines[hit.collection or ""].url_of(hit)

    def ask(self, question: str, top_k: int | None = None, query_filter: QueryFilter | None = None) -> Answer:
        """As `Engine.ask`; each citation names its collection."""
        return collected(self._events(question, top_k, query_filter, (), Stop()))

    def stream(
        self,
        question: str,
        top_k: int | None = None,
        query_filter: QueryFilter | None = None,
        turns: Sequence[Turn] = (),
        stop: Stop | None = None,
    ) -> Generator[Event, None, None]:
        """As `Engine.stream`."""
        yield from self._events(question, top_k, query_filter, turns, stop or Stop())

    def _events(
        self, asked: str, top_k: int | None, query_filter: QueryFilter | None, turns: Sequence[Turn], stop: Stop
    ) -> Generator[Event, None, Answer]:
        with span("ask") as asking:
            answering = self._flow.answered(asked, top_k, query_filter, turns, stop)
            try:
                while True:
                    yield self._told.event(next(answering))
            except StopIteration as end:
                answer = self._told.answer(end.value[0])
            finally:
                answering.close()
            tell_answer(asking, answer)
        yield answer
        return answer

    def search(self, question: str, top_k: int = 10, query_filter: QueryFilter | None = None) -> Retrieval:
        """As `Engine.search`; each hit names its collection."""
        found = self._flow.search(question, top_k, query_filter)
        return replace(found, hits=own_hits(found.hits), candidates=own_hits(found.candidates))


def _least_calibrated(engines: Sequence[Engine]) -> ModelSettings:
    """Models for which it is known how likely an answer is, only if that is so for all of them."""
    each = [one.settings.models for one in engines]
    return next((one for one in each if not is_calibrated(one)), each[0])


def _quoting(models: Models, links: JoinedLinks) -> Models:
    """The models; what quotes does so with the links of each page's own collection."""

    def quoting(answerer: Answerer) -> Answerer:
        if not isinstance(answerer, ExtractiveAnswerer):
            return answerer
        return ExtractiveAnswerer(models.reranker, models.embedder, site_of=links.site_of)

    return replace(
        models,
        answerer=quoting(models.answerer),
        fallback=quoting(models.fallback) if models.fallback else None,
    )
