"""unavailable: a language model that could not be loaded, in the place of an answerer: every answer of it fails."""

from collections.abc import Iterator, Sequence

from footnote.app.answering.answerer import Beside, Draft, Piece
from footnote.app.core.errors import LLMError
from footnote.app.core.pages.flavour import PLAIN, Flavour
from footnote.app.core.stop import Stop
from footnote.app.core.types import Hit


class Unavailable:
    """Raises for each question what went wrong when the model was loaded."""

    mode = "llm"

    def __init__(self, model: str, error: LLMError) -> None:
        self.model = model
        self._problem = str(error)

    def written(
        self,
        question: str,
        hits: Sequence[Hit],
        generation: int,
        site: Flavour = PLAIN,
        beside: Beside | None = None,
        stop: Stop | None = None,
    ) -> Iterator[Piece | Draft]:
        """Raise LLMError."""
        raise LLMError(self._problem)

    def answer(
        self,
        question: str,
        hits: Sequence[Hit],
        generation: int,
        site: Flavour = PLAIN,
        beside: Beside | None = None,
    ) -> Draft:
        """Raise LLMError."""
        raise LLMError(self._problem)
