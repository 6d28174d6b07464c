"""writing: an answer written and checked, each part given as soon as it is final."""

import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from footnote.app.answering.answerer import Answerer, Draft
from footnote.app.answering.links import Linking
from footnote.app.checking.checker import Checker
from footnote.app.checking.piecewise import PiecewiseCheck
from footnote.app.checking.verdicts import Policy
from footnote.app.core.errors import LLMError, as_sentence
from footnote.app.core.events import Event, Sources, Stage
from footnote.app.core.pages.flavour import flavour_named
from footnote.app.core.setting_groups import CheckSettings
from footnote.app.core.spans import past_span, span
from footnote.app.core.stop import Stop
from footnote.app.core.types import Hit
from footnote.app.engine.facts import model_facts
from footnote.app.engine.models import Models
from footnote.app.engine.searchable import Searchable
from footnote.app.retrieval.repeats import distinct, with_repeats


@dataclass(frozen=True, slots=True)
class Passages:
    """What to write from: the best `count` of the candidates, best first."""

    candidates: Sequence[Hit]
    count: int

    def of(self, mode: str) -> tuple[Hit, ...]:
        """Texts that differ for a language model; for quotes also those that repeat one, to name their places."""
        return (distinct if mode == "llm" else with_repeats)(self.candidates, self.count)


@dataclass(frozen=True, slots=True)
class Written:
    """A checked draft, what wrote it and from what, and the milliseconds that writing and checking it took."""

    draft: Draft
    mode: str
    model: str
    hits: tuple[Hit, ...]
    answer_ms: float = 0.0
    check_ms: float = 0.0
    notice: str | None = None


class Writer:
    """Writes answers from what is searched."""

    def __init__(self, index: Searchable, models: Models, check: CheckSettings, links: Linking) -> None:
        self._index, self._models, self._links = index, models, links
        self._checker = Checker(models.entailment, index.term_counts)
        self._policy = Policy(check.unsupported, check.unverified)

    def written(
        self, answerer: Answerer, question: str, passages: Passages, holds: bool, stop: Stop
    ) -> Generator[Event, None, Written]:
        """The parts of the answer that are complete and checked, as they are written; at last all of it.

        With `holds` there are none before the end: what is wrong with the question is said first, unless the answer
        says it itself. Where the language model fails before anything of its answer was given, quotes come in its
        place; where it fails later, what was given stays.

        Raises:
            LLMError: the language model failed, and nothing comes in its place.
            Stopped: `stop` is set.
        """
        models = self._models
        try:
            return (yield from self._traced(answerer, question, passages, holds, stop))
        except LLMError as error:
            if models.fallback is None:
                raise
            notice = f"{as_sentence(str(error))} These are quotes of the docs instead."
        instead = yield from self._traced(models.fallback, question, passages, holds, stop)
        return replace(instead, notice=notice)

    def _traced(
        self, answerer: Answerer, question: str, passages: Passages, holds: bool, stop: Stop
    ) -> Generator[Event, None, Written]:
        """The same by one of them, as a span."""
        with span("answer", kind="client" if answerer.mode == "llm" else "internal") as writing:
            written = yield from self._written_by(answerer, question, passages, holds, stop)
            if written.mode == "llm":
                for name, value in model_facts(written.model, written.draft.tokens).items():
                    writing.set(name, value)
            past_span("check", written.check_ms)
        return written

    def _written_by(
        self, answerer: Answerer, question: str, passages: Passages, holds: bool, stop: Stop
    ) -> Generator[Event, None, Written]:
        hits = passages.of(answerer.mode)
        yield Sources(hits)
        generation, opinion = self._index.generation, self._models.second_opinion
        opinion = opinion if answerer.mode == "llm" else None
        check = PiecewiseCheck(question, hits, self._checker, self._policy, generation, opinion, holds)
        site = flavour_named(self._index.manifest.flavour)
        answer_ms = check_ms = 0.0
        is_begun, notice = False, None
        began = time.perf_counter()
        for part in answerer.written(question, hits, generation, site, self._index.beside, stop, self._links):
            written = time.perf_counter()
            answer_ms += (written - began) * 1000
            if isinstance(part, Draft):
                if part.broken_off:
                    notice = f"{as_sentence(part.broken_off)} The answer ends there."
                    if not is_begun or self._models.fallback is None:
                        raise LLMError(part.broken_off)
                draft = check.end(part)
                stop.check()
            else:
                for said in check.add(part):
                    is_begun |= bool(said.text)
                    yield replace(said, citations=self._links.linked(said.citations))
            began = time.perf_counter()
            check_ms += (began - written) * 1000
        yield Stage("answer", answer_ms, len(draft.sentences) + len(draft.dropped))
        yield Stage("check", check_ms, len(draft.sentences))
        return Written(draft, answerer.mode, answerer.model, hits, answer_ms, check_ms, notice)


def read_by_rules(reason: str) -> str:
    """What to say of a follow-up that a language model was to read, where it failed for this reason."""
    return f"{as_sentence(reason)} The question was put together with the ones before by rules."
