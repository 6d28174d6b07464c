"""The query flow, and the one place where its parts are put together.

question (+ turns) -> (rewrite) -> (lexical + vector) -> fuse -> rerank -> gate -> premises -> prompt -> LLM
         -> citations -> check

It is a generator of what happens; whoever wants the answer alone waits for the last of it.
"""

import time
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeVar

from footnote.app.answering.answerer import Answerer, Draft, refusal
from footnote.app.answering.asked import LanguageModel
from footnote.app.answering.extractive import ExtractiveAnswerer
from footnote.app.answering.language_model import make_llm_answerer
from footnote.app.answering.links import Links
from footnote.app.checking.checker import Checker
from footnote.app.checking.piecewise import PiecewiseCheck
from footnote.app.checking.second_opinion import SecondOpinion, make_second_opinion
from footnote.app.checking.support import EntailmentSupport, make_entailment
from footnote.app.checking.verdicts import Policy
from footnote.app.conversation.standalone import ByLanguageModel, Standalone, Turn, by_rules
from footnote.app.core.errors import QuestionError
from footnote.app.core.events import AskedAs, Event, Sources, Stage
from footnote.app.core.pages.flavour import flavour_named
from footnote.app.core.settings import Settings
from footnote.app.core.stop import Stop
from footnote.app.core.text.unicode import without_surrogates
from footnote.app.core.types import Answer, Citation, Hit, Rewritten, Searched, Section, Timings, TokenUse
from footnote.app.explaining.explain import Explainer
from footnote.app.explaining.types import WhyNot
from footnote.app.index.filters import QueryFilter
from footnote.app.index.reader import Index, open_index
from footnote.app.models.chat import EXTRACTIVE, resolve_llm
from footnote.app.models.embedder import Embedder, make_embedder
from footnote.app.models.reranker import Reranker, make_reranker
from footnote.app.premises.denials import Denial
from footnote.app.premises.find import Unnamed, wrong_premises
from footnote.app.premises.note import with_premises
from footnote.app.retrieval.gate import NO_FILE, Gate, GateDecision
from footnote.app.retrieval.repeats import distinct, with_repeats
from footnote.app.retrieval.retrieve import Retrieval, Retriever
from footnote.app.retrieval.weights import tuned_gate, tuned_search, tuning_of
from footnote.app.rewriting.rewriter import Rewriter, make_rewriter

T = TypeVar("T")
MAX_NEAREST = 4  # sections that a refusal names


@dataclass(frozen=True, slots=True)
class Models:
    """What is loaded once, whatever index is open."""

    embedder: Embedder
    reranker: Reranker | None
    answerer: Answerer
    entailment: EntailmentSupport | None = None
    second_opinion: SecondOpinion | None = None
    rewriter: Rewriter | None = None
    standalone: Standalone = by_rules


@dataclass(frozen=True, slots=True)
class _Written:
    """A checked draft, and the milliseconds that writing and checking it took."""

    draft: Draft
    answer_ms: float = 0.0
    check_ms: float = 0.0


class Engine:
    """Answers questions from one open index; safe to call from several threads."""

    def __init__(self, index: Index, models: Models, settings: Settings) -> None:
        self.index = index
        self.models = models
        self._settings = settings
        self._links = Links(settings.links, index.manifest.anchor_style)
        reranker = models.reranker.fingerprint.name if models.reranker else None
        tuning = tuning_of(settings.folders.index_dir, models.embedder.fingerprint.name, reranker)
        search = tuned_search(settings.search, tuning)
        self._retriever = Retriever(index, models.embedder, models.reranker, search, settings.service.query_workers)
        counts = index.term_counts
        gate = tuned_gate(settings.gate, tuning)
        self._gate = Gate(gate, settings.models, counts)
        self._checker = Checker(models.entailment, counts)
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
        started = time.perf_counter()
        asked = checked_question(asked, self._settings.service.max_question_chars)
        stop.check()
        question = self.models.standalone(asked, turns, stop) if turns else asked
        if question != asked:
            yield AskedAs(question)
        retrieval = self._retrieved(question, top_k or self._settings.search.top_k, query_filter)
        yield from _stages(retrieval)
        stop.check()
        refused, likely = self._gated(question, retrieval)
        premises_found = self._premises(question, retrieval)
        is_written = self.models.answerer.mode == "llm"
        hits = (distinct if is_written else with_repeats)(retrieval.candidates, len(retrieval.hits))
        written = (
            _Written(refused)
            if refused
            else (yield from self._written(question, hits, holds=bool(premises_found), stop=stop))
        )
        draft, premises = with_premises(written.draft, premises_found, self.index.generation, is_written)
        total_ms = (time.perf_counter() - started) * 1000
        answer = Answer(
            question=asked,
            asked_as=question if question != asked else None,
            text=draft.text,
            mode=self.models.answerer.mode,
            model=self.models.answerer.model,
            refused=draft.refused,
            refused_by=draft.refused_by,
            refusal_reason=draft.refusal_reason,
            answerability=likely,
            nearest=self._nearest(retrieval.candidates) if draft.refused else (),
            searched=self._searched(retrieval),
            sentences=draft.sentences,
            citations=self._linked(draft.citations),
            premises=premises,
            truncated=draft.truncated,
            unknown_markers=draft.unknown_markers,
            dropped=draft.dropped,
            check_failed=draft.check_failed,
            hits=hits,
            generation=self.index.generation,
            timings=_timings(retrieval, written.answer_ms, written.check_ms, total_ms),
            tokens=_sum(draft.tokens, retrieval.rewritten.tokens),
            rewrite_failed=retrieval.rewritten.failed,
        )
        yield answer
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
        return rewriter.rewrite(question) if rewriter else Rewritten()

    def _gated(self, question: str, retrieval: Retrieval) -> tuple[Draft | None, float | None]:
        """The refusal of what was retrieved, None to go on; and the probability that the docs answer, if known."""
        if retrieval.files == 0:
            return refusal("filter", NO_FILE), None
        decision = self._gate.judge(question, retrieval.candidates)
        return (refusal("gate", decision.reason) if decision.reason else None), decision.answerability

    def _written(
        self, question: str, hits: Sequence[Hit], holds: bool, stop: Stop
    ) -> Generator[Event, None, "_Written"]:
        """The parts of the answer that are complete and checked, as they are written; at last all of it.

        With `holds` there are none before the end: what is wrong with the question is said first, unless the answer
        says it itself.
        """
        yield Sources(tuple(hits))
        generation, settings = self.index.generation, self._settings.check
        check = PiecewiseCheck(
            question,
            hits,
            self._checker,
            Policy(settings.unsupported, settings.unverified),
            generation,
            self.models.second_opinion,
            holds,
        )
        site = flavour_named(self.index.manifest.flavour)
        answer_ms = check_ms = 0.0
        began = time.perf_counter()
        for part in self.models.answerer.written(question, hits, generation, site, self.index.beside, stop):
            written = time.perf_counter()
            answer_ms += (written - began) * 1000
            if isinstance(part, Draft):
                draft = check.end(part)
                stop.check()
            else:
                for said in check.add(part):
                    yield replace(said, citations=self._linked(said.citations))
            began = time.perf_counter()
            check_ms += (began - written) * 1000
        yield Stage("answer", answer_ms, len(draft.sentences) + len(draft.dropped))
        yield Stage("check", check_ms, len(draft.sentences))
        return _Written(draft, answer_ms, check_ms)

    def _premises(self, question: str, retrieval: Retrieval) -> tuple[Unnamed | Denial, ...]:
        """What is wrong with the question; nothing is said of it where a filter leaves nothing."""
        if retrieval.files == 0:
            return ()
        index = self.index
        return wrong_premises(question, retrieval.hits, retrieval.candidates, index.chunks, index.term_counts)

    def _linked(self, citations: Sequence[Citation]) -> tuple[Citation, ...]:
        return tuple(replace(citation, url=self._links.url(citation, citation.generation)) for citation in citations)

    def _nearest(self, candidates: Sequence[Hit]) -> tuple[Section, ...]:
        sections: dict[tuple[str, tuple[str, ...]], Section] = {}
        for chunk in (hit.chunk for hit in candidates):
            url = self._links.url(chunk, self.index.generation)
            section = Section(chunk.path, chunk.title, chunk.heading_path, chunk.start_line, chunk.end_line, url)
            sections.setdefault((chunk.path, chunk.heading_path), section)
        return tuple(sections.values())[:MAX_NEAREST]

    def _searched(self, retrieval: Retrieval) -> Searched:
        total = self.index.manifest.files
        files = total if retrieval.files is None else retrieval.files
        return Searched(files, total, len(retrieval.candidates), retrieval.rewritten.texts)


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


def load_models(settings: Settings, search_only: bool = False) -> Models:
    """The models that the settings name, loaded side by side.

    With `search_only` no language model is loaded or asked for but one that rewrites queries.

    Raises:
        ModelError: a local model cannot be loaded.
        SettingsError: the language model's settings are incomplete.
        LLMError: a .gguf file cannot be loaded.
    """
    extractive = search_only or resolve_llm(settings.llm) == EXTRACTIVE
    # First, so that a wrong setting is said before anything is loaded.
    threads = settings.models.threads
    written = None if extractive else make_llm_answerer(settings.llm, threads)
    opinion = None if extractive else make_second_opinion(settings.second_opinion, settings.llm, threads)
    rewriter = make_rewriter(settings.query_rewrite, settings.llm, threads)
    with ThreadPoolExecutor(1) as pool:
        loading_reranker = pool.submit(make_reranker, settings.models)
        embedder = make_embedder(settings.models, settings.llm)
        reranker = loading_reranker.result()
    entailment = None if extractive else make_entailment(settings.check.entailment)
    answerer = written or ExtractiveAnswerer(reranker, embedder, settings.links)
    max_chars = settings.service.max_question_chars
    standalone = by_rules if extractive else ByLanguageModel(LanguageModel(settings.llm, threads), max_chars)
    return Models(embedder, reranker, answerer, entailment, opinion, rewriter, standalone)


def open_engine(settings: Settings, search_only: bool = False) -> Engine:
    """Index and models, opened side by side: a command line waits for both.

    Raises:
        IndexMissingError, IndexDamagedError, IndexMismatchError: see `open_index` and `Index`.
        ModelError, SettingsError, LLMError: see `load_models`.
    """
    with ThreadPoolExecutor(1) as pool:
        opening = pool.submit(open_index, settings.folders.index_dir, settings.search.lexical)
        models = load_models(settings, search_only)
        return Engine(opening.result(), models, settings)


def _stages(retrieval: Retrieval) -> Iterator[Stage]:
    """The stages of a retrieval, all of which are done; none where a filter let no file through."""
    if retrieval.files == 0:
        return
    kept = len(retrieval.candidates)
    yield Stage("embed", retrieval.embed_ms, 1)
    yield Stage("lexical", retrieval.lexical_ms, len(retrieval.lexical))
    yield Stage("vector", retrieval.vector_ms, len(retrieval.vector))
    yield Stage("fuse", retrieval.fuse_ms, kept)
    yield Stage("rerank", retrieval.rerank_ms, kept)


def _timings(retrieval: Retrieval, answer_ms: float, check_ms: float, total_ms: float) -> Timings:
    return Timings(
        embed=retrieval.embed_ms,
        lexical=retrieval.lexical_ms,
        vector=retrieval.vector_ms,
        fuse=retrieval.fuse_ms,
        rerank=retrieval.rerank_ms,
        answer=answer_ms,
        check=check_ms,
        total=total_ms,
        rewrite=retrieval.rewritten.ms,
    )


def _sum(one: TokenUse | None, other: TokenUse | None) -> TokenUse | None:
    return one + other if one and other else one or other
