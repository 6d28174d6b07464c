"""recording: what a language model wrote, before the check mends its citations and leaves sentences out."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from footnote.app.answering.answerer import Answerer, Beside, Draft, Piece
from footnote.app.core.pages.flavour import PLAIN, Flavour
from footnote.app.core.stop import Stop
from footnote.app.core.types import Hit


class Recorded(NamedTuple):
    """A draft, which cites hits by their number, from 1."""

    draft: Draft
    hits: tuple[Hit, ...]


class Recording:
    """An answerer that notes by its question what another one writes.

    Attributes:
        written_for: the last draft to each question.
    """

    def __init__(self, answerer: Answerer) -> None:
        self.written_for: dict[str, Recorded] = {}
        self._answerer = answerer

    @property
    def mode(self) -> str:
        return self._answerer.mode

    @property
    def model(self) -> str:
        return self._answerer.model

    def written(
        self,
        question: str,
        hits: Sequence[Hit],
        generation: int,
        site: Flavour = PLAIN,
        beside: Beside | None = None,
        stop: Stop | None = None,
    ) -> Iterator[Piece | Draft]:
        """As of the answerer."""
        for part in self._answerer.written(question, hits, generation, site, beside, stop):
            if isinstance(part, Draft):
                self.written_for[question] = Recorded(part, tuple(hits))
            yield part

    def answer(
        self,
        question: str,
        hits: Sequence[Hit],
        generation: int,
        site: Flavour = PLAIN,
        beside: Beside | None = None,
    ) -> Draft:
        """As of the answerer."""
        *_, draft = self.written(question, hits, generation, site, beside)
        assert isinstance(draft, Draft)
        return draft
