"""What turns hits into an answer: one Protocol, two implementations (extractive, language model)."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol, TypeAlias

from footnote.app.core.pages.flavour import PLAIN, Flavour
from footnote.app.core.types import Chunk, Citation, Hit, RefusedBy, Sentence, TokenUse

REFUSAL_TEXT = "The docs do not say."
PASSAGES_SILENT = "the retrieved passages do not answer the question"

# The chunks right above and below some on their pages.
Beside: TypeAlias = Callable[[Sequence[Chunk]], Sequence[Chunk]]


class Draft(NamedTuple):
    """An answer before it is put together with what was retrieved; `refusal_reason` is set where `refused_by` is."""

    text: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    unknown_markers: int
    tokens: TokenUse | None
    truncated: bool = False
    dropped: tuple[Sentence, ...] = ()
    check_failed: str | None = None
    refused_by: RefusedBy | None = None
    refusal_reason: str | None = None

    @property
    def refused(self) -> bool:
        return self.refused_by is not None


def refusal(by: RefusedBy, reason: str, unknown_markers: int = 0, tokens: TokenUse | None = None) -> Draft:
    """The draft that says that the docs do not say."""
    return Draft(REFUSAL_TEXT, (), (), unknown_markers, tokens, refused_by=by, refusal_reason=reason)


class Answerer(Protocol):
    @property
    def mode(self) -> str: ...

    @property
    def model(self) -> str: ...

    def answer(
        self,
        question: str,
        hits: Sequence[Hit],
        generation: int,
        site: Flavour = PLAIN,
        beside: Beside | None = None,
    ) -> Draft:
        """A draft from the hits, best first; `site` is what their pages are made for, `beside` what is next to them.

        Raises:
            LLMError: a language model failed or cannot be reached.
        """
        ...
