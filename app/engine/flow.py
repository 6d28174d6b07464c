"""flow: one question from the retrieval to the checked answer, of one index or of several that are asked together.

question (+ turns) -> (rewrite) -> (lexical + vector) -> fuse -> rerank -> gate -> premises -> prompt -> LLM
         -> citations -> check

It is a generator of what happens; whoever wants the answer alone waits for the last of it.
"""

import time
from collections.abc import Generator, Sequence
from typing import Protocol

from footnote.app.answering.answerer import Draft, refusal
from footnote.app.answering.links import Linking
from footnote.app.conversation.standalone import Read
from footnote.app.conversation.turns import Turn
from footnote.app.core.errors import QuestionError
from footnote.app.core.events import AskedAs, Event
from footnote.app.core.settings import Settings
from footnote.app.core.spans import span
from footnote.app.core.stop import Stop
from footnote.app.core.text.unicode import without_surrogates
from footnote.app.core.types import Answer, Rewritten
from footnote.app.engine.facts import model_facts
from footnote.app.engine.models import Models
from footnote.app.engine.reporting import nearest, searched, stages, timings, tokens_of_all
from footnote.app.engine.searchable import Searchable
from footnote.app.engine.writing import Passages, Writer, Written, read_by_rules
from footnote.app.index.filters import QueryFilter
from footnote.app.premises.denials import Denial
from footnote.app.premises.find import Unnamed, wrong_premises
from footnote.app.premises.note import with_premises
from footnote.app.retrieval.gate import NO_FILE, Gate
from footnote.app.retrieval.retrieve import Retrieval


class Retrieves(Protocol):
    """What finds passages; see `Retriever`."""

    def __call__(
        self, question: str, top_k: int, query_filter: QueryFilter | None = None, *, rewritten: Rewritten
    ) -> Retrieval: ...


class Flow:
    """Answers questions from what is searched; safe to call from several threads."""

    def __init__(
        self, index: Searchable, retrieve: Retrieves, models: Models, settings: Settings, links: Linking, gate: Gate
    ) -> None:
        self._index = index
        self._retrieve = retrieve
        self._models = models
        self._settings = settings
        self._links = links
        self._gate = gate
        self._writer = Writer(index, models, settings.check, links)

    def answered(
        self, asked: str, top_k: int | None, query_filter: QueryFilter | None, turns: Sequence[Turn], stop: Stop
    ) -> Generator[Event, None, tuple[Answer, Retrieval]]:
        """What happens until the answer, which is returned with all that was found.

        Raises:
            QuestionError, LLMError, Stopped: see `Engine.stream`.
        """
        started = time.perf_counter()
        asked = checked_question(asked, self._settings.service.max_question_chars)
        stop.check()
        question, unread, read_tokens = self._models.standalone(asked, turns, stop) if turns else Read(asked)
        if question != asked:
            yield AskedAs(question)
        retrieval = self.retrieved(question, top_k or self._settings.search.top_k, query_filter)
        yield from stages(retrieval)
        stop.check()
        refused, likely = self._gated(question, retrieval)
        premises_found = self._premises(question, retrieval)
        passages = Passages(retrieval.candidates, len(retrieval.hits))
        answerer, arm = self._models.answering(question)
        if refused:
            written = Written(refused, answerer.mode, answerer.model, passages.of(answerer.mode))
        else:
            written = yield from self._writer.written(answerer, question, passages, bool(premises_found), stop)
        is_written = written.mode == "llm"
        draft, premises = with_premises(written.draft, premises_found, self._index.generation, is_written)
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
            nearest=nearest(retrieval.candidates, self._links, self._index.generation) if draft.refused else (),
            searched=searched(retrieval, self._index.manifest.files),
            sentences=draft.sentences,
            citations=self._links.linked(draft.citations),
            premises=premises,
            truncated=draft.truncated,
            unknown_markers=draft.unknown_markers,
            dropped=draft.dropped,
            check_failed=draft.check_failed,
            hits=written.hits,
            generation=self._index.generation,
            timings=timings(retrieval, written, total_ms),
            tokens=tokens_of_all(read_tokens, retrieval.rewritten.tokens, draft.tokens),
            rewrite_failed=retrieval.rewritten.failed,
            notice=written.notice or (read_by_rules(unread) if unread else None),
            arm=arm,
        )
        return answer, retrieval

    def search(self, question: str, top_k: int, query_filter: QueryFilter | None) -> Retrieval:
        """See `Engine.search`."""
        question = checked_question(question, self._settings.service.max_question_chars)
        return self.retrieved(question, top_k, query_filter)

    def retrieved(self, question: str, top_k: int, query_filter: QueryFilter | None) -> Retrieval:
        """What is found for a question that was checked."""
        return self._retrieve(question, top_k, query_filter, rewritten=self.rewritten(question, query_filter))

    def rewritten(self, question: str, query_filter: QueryFilter | None) -> Rewritten:
        """What is searched beside the question; nobody is asked where the filter leaves nothing to search."""
        selection = self._index.select(query_filter)
        rewriter = None if selection is not None and not selection.allowed else self._models.rewriter
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
        index = self._index
        return wrong_premises(question, retrieval.hits, retrieval.candidates, index.chunks, index.term_counts)


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
