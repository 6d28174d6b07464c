"""The engine: one open index with the models, asked whatever can be asked of it; `flow.py` has the flow."""

from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from footnote.app.answering.links import Links
from footnote.app.conversation.turns import Turn
from footnote.app.core.events import Event
from footnote.app.core.request_context import in_this_context
from footnote.app.core.settings import Settings
from footnote.app.core.spans import span
from footnote.app.core.stop import Stop
from footnote.app.core.text.term_counts import TermCounts
from footnote.app.core.types import Answer, Hit
from footnote.app.engine.facts import tell_answer
from footnote.app.engine.flow import Flow
from footnote.app.engine.flow import checked_question as checked_question
from footnote.app.engine.models import Models, load_models
from footnote.app.engine.pool import ModelPool
from footnote.app.explaining.explain import Explainer
from footnote.app.explaining.types import WhyNot
from footnote.app.index.filters import QueryFilter
from footnote.app.index.reader import Index, open_index
from footnote.app.index.store import make_store
from footnote.app.retrieval.gate import Gate, GateDecision
from footnote.app.retrieval.retrieve import Retrieval, Retriever
from footnote.app.retrieval.weights import tuned_gate, tuned_search, tuning_of

T = TypeVar("T")


class Engine:
    """Answers questions from one open index; safe to call from several threads."""

    def __init__(self, index: Index, models: Models, settings: Settings) -> None:
        self.index = index
        self.models = models
        self.settings = settings
        manifest = index.manifest
        self.links = Links(settings.links, manifest.anchor_style, manifest.at, manifest.elsewhere)
        reranker = models.reranker.fingerprint.name if models.reranker else None
        tuning = tuning_of(settings.folders.index_dir, models.embedder.fingerprint.name, reranker)
        search = tuned_search(settings.search, tuning)
        self.retriever = Retriever(index, models.embedder, models.reranker, search, settings.service.query_workers)
        self.gate_settings = tuned_gate(settings.gate, tuning)
        self._gate = Gate(self.gate_settings, settings.models, index.term_counts)
        self._flow = Flow(index, self.retriever.retrieve, models, settings, self.links, self._gate)
        self._explainer = Explainer(
            self.retriever, search, self.gate_settings, settings.models, self.links.anchor_style
        )

    @property
    def term_counts(self) -> TermCounts:
        """How many of the chunks hold a term."""
        return self.index.term_counts

    @property
    def generation(self) -> int:
        """That of the index."""
        return self.index.generation

    @property
    def generations(self) -> dict[str, int]:
        """Those of several collections, by name: there is one, and it has none."""
        return {}

    def url_of(self, hit: Hit) -> str | None:
        """Where a reader finds the passage on the docs site; None without a link template."""
        return self.links.url(hit.chunk, self.index.generation)

    def ask(self, question: str, top_k: int | None = None, query_filter: QueryFilter | None = None) -> Answer:
        """The answer, which may be that the docs do not say.

        Raises:
            QuestionError: the question is blank or too long, or the filter is malformed.
            LLMError: the language model failed or cannot be reached.
        """
        return self.ask_with_retrieval(question, top_k, query_filter)[0]

    def ask_with_retrieval(
        self, question: str, top_k: int | None = None, query_filter: QueryFilter | None = None
    ) -> tuple[Answer, Retrieval]:
        """As `ask`, and with it all that was found: of an answer itself only the best hits are part."""
        return collected(self._events(question, top_k, query_filter, (), Stop()))

    def stream(
        self,
        question: str,
        top_k: int | None = None,
        query_filter: QueryFilter | None = None,
        turns: Sequence[Turn] = (),
        stop: Stop | None = None,
    ) -> Generator[Event, None, None]:
        """What happens while the question is answered, as it happens; the last is the answer.

        With `turns`, the oldest first, the question may leave out what they say; what it is read as is searched for,
        answered and checked. Without, the answer is that of `ask`.

        Raises:
            QuestionError, LLMError: as `ask`.
            Stopped: `stop` is set.
        """
        yield from self._events(question, top_k, query_filter, turns, stop or Stop())

    def _events(
        self, asked: str, top_k: int | None, query_filter: QueryFilter | None, turns: Sequence[Turn], stop: Stop
    ) -> Generator[Event, None, tuple[Answer, Retrieval]]:
        with span("ask") as asking:
            answer, retrieval = yield from self._flow.answered(asked, top_k, query_filter, turns, stop)
            tell_answer(asking, answer)
        yield answer
        return answer, retrieval

    def search(self, question: str, top_k: int = 10, query_filter: QueryFilter | None = None) -> Retrieval:
        """The `top_k` best hits with the ranks and scores of every stage.

        Raises:
            QuestionError: the question is blank or too long, or the filter is malformed.
        """
        return self._flow.search(question, top_k, query_filter)

    def why_not(
        self, question: str, wanted: str, top_k: int | None = None, query_filter: QueryFilter | None = None
    ) -> WhyNot:
        """What became of a page or section, `PATH` or `PATH#HEADING`, among the passages an answer is written from.

        Raises:
            QuestionError: the question or `wanted` is blank or too long, or the filter is malformed.
        """
        question = checked_question(question, self.settings.service.max_question_chars)
        top_k = top_k or self.settings.search.top_k
        rewritten = self._flow.rewritten(question, query_filter)
        return self._explainer.explain(question, wanted, top_k, query_filter, rewritten)

    def judge(self, question: str, top_k: int) -> GateDecision:
        """What the gate thinks of a question, as for `ask`; raises as `search`."""
        found = self.search(question, top_k)
        return self._gate.judge(question, found.candidates)

    def close(self) -> None:
        """Close the index; no question may be under way."""
        self.retriever.close()
        self.index.close()

    def warm_up(self, with_reranker: bool = True) -> None:
        """Read from disk what the first question would wait for; the reranker needs it once, whatever the index."""
        self.retriever.warm_up(with_reranker)
        _ = self.index.files


def collected(events: Generator[Event, None, T]) -> T:
    """What the generator returns, when all that it gives is passed over."""
    while True:
        try:
            next(events)
        except StopIteration as end:
            result: T = end.value
            return result


def open_engine(settings: Settings, search_only: bool = False, models_pool: ModelPool | None = None) -> Engine:
    """Index and models, opened side by side: a command line waits for both.

    Models that the pool has are taken from there.

    Raises:
        IndexMissingError, IndexDamagedError, IndexMismatchError: see `open_index` and `Index`.
        ModelError, SettingsError, LLMError: see `load_models`.
    """
    with ThreadPoolExecutor(1) as pool:
        store = make_store(settings.store)
        # What is wrong with it is said of its collection.
        opens = in_this_context(partial(open_index, settings.folders.index_dir, settings.search.lexical, store))
        opening = pool.submit(opens)
        models = load_models(settings, search_only, pool=models_pool)
        return Engine(opening.result(), models, settings)
