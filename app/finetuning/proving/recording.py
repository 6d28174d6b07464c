"""recording: what a language model wrote, before the check mends its citations and leaves sentences out."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from footnote.app.answering.answerer import Answerer, Draft, Piece
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

    def written(self, question: str, hits: Sequence[Hit], *rest: Any, **options: Any) -> Iterator[Piece | Draft]:
        """See `Answerer`."""
        for part in self._answerer.written(question, hits, *rest, **options):
            if isinstance(part, Draft):
                self.written_for[question] = Recorded(part, tuple(hits))
            yield part
