"""writing: an answer written and checked, each part given as soon as it is final."""

import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from footnote.app.answering.answerer import Draft
from footnote.app.answering.links import Links
from footnote.app.checking.checker import Checker
from footnote.app.checking.piecewise import PiecewiseCheck
from footnote.app.checking.verdicts import Policy
from footnote.app.core.events import Event, Sources, Stage
from footnote.app.core.pages.flavour import flavour_named
from footnote.app.core.setting_groups import CheckSettings
from footnote.app.core.stop import Stop
from footnote.app.core.types import Hit
from footnote.app.engine.models import Models
from footnote.app.index.reader import Index


@dataclass(frozen=True, slots=True)
class Written:
    """A checked draft, and the milliseconds that writing and checking it took."""

    draft: Draft
    answer_ms: float = 0.0
    check_ms: float = 0.0


class Writer:
    """Writes answers from one open index."""

    def __init__(self, index: Index, models: Models, check: CheckSettings, links: Links) -> None:
        self._index, self._models, self._links = index, models, links
        self._checker = Checker(models.entailment, index.term_counts)
        self._policy = Policy(check.unsupported, check.unverified)

    def written(self, question: str, hits: Sequence[Hit], holds: bool, stop: Stop) -> Generator[Event, None, Written]:
        """The parts of the answer that are complete and checked, as they are written; at last all of it.

        With `holds` there are none before the end: what is wrong with the question is said first, unless the answer
        says it itself.
        """
        yield Sources(tuple(hits))
        generation, opinion = self._index.generation, self._models.second_opinion
        check = PiecewiseCheck(question, hits, self._checker, self._policy, generation, opinion, holds)
        site = flavour_named(self._index.manifest.flavour)
        answer_ms = check_ms = 0.0
        began = time.perf_counter()
        for part in self._models.answerer.written(question, hits, generation, site, self._index.beside, stop):
            written = time.perf_counter()
            answer_ms += (written - began) * 1000
            if isinstance(part, Draft):
                draft = check.end(part)
                stop.check()
            else:
                for said in check.add(part):
                    yield replace(said, citations=self._links.linked(said.citations))
            began = time.perf_counter()
            check_ms += (began - written) * 1000
        yield Stage("answer", answer_ms, len(draft.sentences) + len(draft.dropped))
        yield Stage("check", check_ms, len(draft.sentences))
        return Written(draft, answer_ms, check_ms)
