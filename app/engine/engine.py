"""The query flow.

question (+ turns) -> (rewrite) -> (lexical + vector) -> fuse -> rerank -> gate -> premises -> prompt -> LLM
         -> citations -> check

It is a generator of what happens; whoever wants the answer alone waits for the last of it.
"""

import time
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from footnote.app.answering.answerer import Draft, refusal
from footnote.app.answering.links import Links
from footnote.app.conversation.standalone import Read
from footnote.app.conversation.turns import Turn
from footnote.app.core.errors import QuestionError
from footnote.app.core.events import AskedAs, Event
from footnote.app.core.settings import Settings
from footnote.app.core.spans import span
from footnote.app.core.stop import Stop
from footnote.app.core.text.unicode import without_surrogates
from footnote.app.core.types import Answer, Rewritten
from footnote.app.engine.facts import model_facts, tell_answer
from footnote.app.engine.models import Models, load_models
from footnote.app.engine.reporting import nearest, searched, stages, timings, tokens_of_all
from footnote.app.engine.writing import Passages, Writer, Written, read_by_rules
from footnote.app.explaining.explain import Explainer
from footnote.app.explaining.types import WhyNot
from footnote.app.index.filters import QueryFilter
from footnote.app.index.reader import Index, open_index
from footnote.app.index.store import make_store
from footnote.app.premises.denials import Denial
from footnote.app.premises.find import Unnamed, wrong_premises
from footnote.app.premises.note import with_premises
from footnote.app.retrieval.gate import NO_FILE, Gate, GateDecision
from footnote.app.retrieval.retrieve import Retrieval, Retriever
from footnote.app.retrieval.weights import tuned_gate, tuned_search, tuning_of

T = TypeVar("T")


class Engine:
    """Answers questions from one open index; safe to call from several threads."""

    def __init__(self, index: Index, models: Models, settings: Settings) -> None:
        self.index = index
        self.models = models
        self._settings = settings
        manifest = index.manifest
        self._links = Links(settings.links, manifest.anchor_style, manifest.at, manifest.elsewhere)
        reranker = models.reranker.fingerprint.name if models.reranker else None
        tuning = tuning_of(settings.folders.index_dir, models.embedder.fingerprint.name, reranker)
        search = tuned_search(settings.search, tuning)
        self._retriever = Retriever(index, models.embedder, models.reranker, search, settings.service.query_workers)
        counts = index.term_counts
        gate = tuned_gate(settings.gate, tuning)
        self._gate = Gate(gate, settings.models, counts)
        self._writer = Writer(index, models, settings.check, self._links)
        self._explainer = Explainer(self._retriever, search, gate, settings.models, self._links.anchor_style)

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
            answer, retrieval = yield from self._answered(asked, top_k, query_filter, turns, stop)
            tell_answer(asking, answer)
        yield answer
        return answer, retrieval

    def _answered(
        self, asked: str, top_k: int | None, query_filter: QueryFilter | None, turns: Sequence[Turn], stop: Stop
    ) -> Generator[Event, None, tuple[Answer, Retrieval]]:
        started = time.perf_counter()
        asked = checked_question(asked, self._settings.service.max_question_chars)
        stop.check()
        question, unread, read_tokens = self.models.standalone(asked, turns, stop) if turns else Read(asked)
        if question != asked:
            yield AskedAs(question)
        retrieval = self._retrieved(question, top_k or self._settings.search.top_k, query_filter)
        yield from stages(retrieval)
        stop.check()
        refused, likely = self._gated(question, retrieval)
        premises_found = self._premises(question, retrieval)
        passages = Passages(retrieval.candidates, len(retrieval.hits))
        answerer, arm = self.models.answering(question)
        if refused:
            written = Written(refused, answerer.mode, answerer.model, passages.of(answerer.mode))
        else:
            written = yield from self._writer.written(answerer, question, passages, bool(premises_found), stop)
        is_written = written.mode == "llm"
        draft, premises = with_premises(written.draft, premises_found, self.index.generation, is_written)
        total_ms = (time.perf_counter() - started) * 1000
        answer = Answer(
            question=asked,
            asked_as=question if question != asked else None,
            text=draft.text,
            mode=written.mode,
            model=written.model,
            refused=draft.refused,
            refused_by=draft.refused_by,
            refusal_reason=draft.refusal_reason,
            answerability=likely,
            nearest=nearest(retrieval.candidates, self._links, self.index.generation) if draft.refused else (),
            searched=searched(retrieval, self.index.manifest.files),
            sentences=draft.sentences,
            citations=self._links.linked(draft.citations),
            premises=premises,
            truncated=draft.truncated,
            unknown_markers=draft.unknown_markers,
            dropped=draft.dropped,
            check_failed=draft.check_failed,
            hits=written.hits,
            generation=self.index.generation,
            timings=timings(retrieval, written, total_ms),
            tokens=tokens_of_all(read_tokens, retrieval.rewritten.tokens, draft.tokens),
            rewrite_failed=retrieval.rewritten.failed,
            notice=written.notice or (read_by_rules(unread) if unread else None),
            arm=arm,
        )
        return answer, retrieval

    def search(self, question: str, top_k: int = 10, query_filter: QueryFilter | None = None) -> Retrieval:
        """The `top_k` best hits with the ranks and scores of every stage.

        Raises:
            QuestionError: the question is blank or too long, or the filter is malformed.
        """
        question = checked_question(question, self._settings.service.max_question_chars)
        return self._retrieved(question, top_k, query_filter)

    def why_not(
        self, question: str, wanted: str, top_k: int | None = None, query_filter: QueryFilter | None = None
    ) -> WhyNot:
        """What became of a page or section, `PATH` or `PATH#HEADING`, among the passages an answer is written from.

        Raises:
            QuestionError: the question or `wanted` is blank or too long, or the filter is malformed.
        """
        question = checked_question(question, self._settings.service.max_question_chars)
        top_k = top_k or self._settings.search.top_k
        return self._explainer.explain(question, wanted, top_k, query_filter, self._rewritten(question, query_filter))

    def judge(self, question: str, top_k: int) -> GateDecision:
        """What the gate thinks of a question, as for `ask`; raises as `search`."""
        found = self.search(question, top_k)
        return self._gate.judge(question, found.candidates)

    def close(self) -> None:
        """Close the index; no question may be under way."""
        self._retriever.close()
        self.index.close()

    def warm_up(self, with_reranker: bool = True) -> None:
        """Read from disk what the first question would wait for; the reranker needs it once, whatever the index."""
        self._retriever.warm_up(with_reranker)
        _ = self.index.files

    def _retrieved(self, question: str, top_k: int, query_filter: QueryFilter | None) -> Retrieval:
        rewritten = self._rewritten(question, query_filter)
        return self._retriever.retrieve(question, top_k, query_filter, rewritten=rewritten)

    def _rewritten(self, question: str, query_filter: QueryFilter | None) -> Rewritten:
        """What is searched beside the question; nobody is asked where the filter leaves nothing to search."""
        selection = self.index.select(query_filter)
        rewriter = None if selection is not None and not selection.allowed else self.models.rewriter
        if rewriter is None:
            return Rewritten()
        with span("rewrite", kind="client") as rewriting:
            rewritten = rewriter.rewrite(question)
            for name, value in model_facts(rewriter.model, rewritten.tokens).items():
                rewriting.set(name, value)
        return rewritten

    def _gated(self, question: str, retrieval: Retrieval) -> tuple[Draft | None, float | None]:
        """The refusal of what was retrieved, None to go on; and the probability that the docs answer, if known."""
        if retrieval.files == 0:
            return refusal("filter", NO_FILE), None
        decision = self._gate.judge(question, retrieval.candidates)
        return (refusal("gate", decision.reason) if decision.reason else None), decision.answerability

    def _premises(self, question: str, retrieval: Retrieval) -> tuple[Unnamed | Denial, ...]:
        """What is wrong with the question; nothing is said of it where a filter leaves nothing."""
        if retrieval.files == 0:
            return ()
        index = self.index
        return wrong_premises(question, retrieval.hits, retrieval.candidates, index.chunks, index.term_counts)


def collected(events: Generator[Event, None, T]) -> T:
    """What the generator returns, when all that it gives is passed over."""
    while True:
        try:
            next(events)
        except StopIteration as end:
            result: T = end.value
            return result


def checked_question(question: str, max_chars: int) -> str:
    """The question as it is asked: without space around it and bytes that are no text.

    Raises:
        QuestionError: it is blank or too long.
    """
    question = without_surrogates(question).strip()
    if not question:
        raise QuestionError("the question is empty")
    if len(question) > max_chars:
        raise QuestionError(
            f"the question has {len(question):,} characters; FOOTNOTE_MAX_QUESTION_CHARS allows {max_chars:,}"
        )
    return question


def open_engine(settings: Settings, search_only: bool = False) -> Engine:
    """Index and models, opened side by side: a command line waits for both.

    Raises:
        IndexMissingError, IndexDamagedError, IndexMismatchError: see `open_index` and `Index`.
        ModelError, SettingsError, LLMError: see `load_models`.
    """
    with ThreadPoolExecutor(1) as pool:
        store = make_store(settings.store)
        opening = pool.submit(open_index, settings.folders.index_dir, settings.search.lexical, store)
        models = load_models(settings, search_only)
        return Engine(opening.result(), models, settings)
