"""arms: two language models that share the questions, so that they can be compared.

question -> A | B -> answerer

A question always has the same arm, however often and by whomever it is asked: a reader who asks again is not told
something else, and an answer that is kept is that of its arm.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from footnote.app.answering.answerer import Answerer, Draft, Piece
from footnote.app.core.errors import FootnoteError, LLMError
from footnote.app.core.setting_groups import LLMSettings, SplitSettings
from footnote.app.core.text.unicode import bare_question
from footnote.app.core.types import Arm
from footnote.app.models.llm.own_llm import naming_own

WHO = "the second language model"
_HASH_BYTES = 8


@dataclass(frozen=True, slots=True)
class Split:
    """The second model, and its share of the questions, [0, 1]."""

    share: float
    second: Answerer


def arm_of(question: str, share: float) -> Arm:
    """The arm of a question, by a hash of what does not change it; a larger share keeps all that had B."""
    digest = hashlib.sha256(bare_question(question).encode("utf-8", "replace")).digest()
    place = int.from_bytes(digest[:_HASH_BYTES], "big") / 256**_HASH_BYTES
    return "B" if place < share else "A"


class SecondAnswerer:
    """The answerer of arm B, whose errors name it and its own settings.

    Args:
        answerer: what writes.
        split: the settings of the second model.
        made: what they come to.
    """

    mode = "llm"

    def __init__(self, answerer: Answerer, split: SplitSettings, made: LLMSettings) -> None:
        self._answerer = answerer
        self._split = split
        self._made = made

    @property
    def model(self) -> str:
        """The second model's name."""
        return self._answerer.model

    def written(self, *asked: Any, **options: Any) -> Iterator[Piece | Draft]:
        """See `Answerer`."""
        try:
            for part in self._answerer.written(*asked, **options):
                if isinstance(part, Draft) and part.broken_off:
                    yield part._replace(broken_off=str(self._named(LLMError(part.broken_off))))
                else:
                    yield part
        except LLMError as error:
            raise self._named(error) from error

    def _named(self, error: FootnoteError) -> FootnoteError:
        return naming_own(error, self._split, self._made, WHO)
