"""unavailable: a language model that could not be loaded, in the place of an answerer: every answer of it fails."""

from collections.abc import Iterator
from typing import Any

from footnote.app.answering.answerer import Draft, Piece
from footnote.app.core.errors import LLMError


class Unavailable:
    """Raises for each question what went wrong when the model was loaded."""

    mode = "llm"

    def __init__(self, model: str, error: LLMError) -> None:
        self.model = model
        self._problem = str(error)

    def written(self, *asked: Any, **options: Any) -> Iterator[Piece | Draft]:
        """Raise LLMError."""
        raise LLMError(self._problem)
