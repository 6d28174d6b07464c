"""What turns hits into an answer: one Protocol, two implementations (extractive, language model)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

from footnote.app.core.pages.flavour import PLAIN, Flavour
from footnote.app.core.stop import Stop
from footnote.app.core.types import Chunk, Citation, Hit, RefusedBy, Sentence, TokenUse

if TYPE_CHECKING:
    from footnote.app.answering.links import Linking

REFUSAL_TEXT = "The docs do not say."
PASSAGES_SILENT = "the retrieved passages do not answer the question"

# The chunks right above and below some on their pages.
Beside: TypeAlias = Callable[[Sequence[Chunk]], Sequence[Chunk]]


class Draft(NamedTuple):
    """An answer before it is put together with what was retrieved; `refusal_reason` is set where `refused_by` is.

    `broken_off` says why the language model wrote no more, where it should have.
    """

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
    broken_off: str | None = None

    @property
    def refused(self) -> bool:
        return self.refused_by is not None


def refusal(by: RefusedBy, reason: str, unknown_markers: int = 0, tokens: TokenUse | None = None) -> Draft:
    """The draft that says that the docs do not say."""
    return Draft(REFUSAL_TEXT, (), (), unknown_markers, tokens, refused_by=by, refusal_reason=reason)


class Piece(NamedTuple):
    """A complete piece of an answer that is being written, and the white space behind it; `text` may be "".

    Its markers are those of sources, and it holds nothing that acts; `unknown` counts the markers that were removed.
    """

    text: str
    gap: str
    sentences: tuple[Sentence, ...]
    unknown: int = 0


def joined(pieces: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """The text of pieces `(text, gap)` put together, and the gap behind it; what is empty leaves the wider gap."""
    text = gap = ""
    for said, behind in pieces:
        if said:
            text += gap * bool(text) + said
            gap = behind
        else:
            gap = widest(gap, behind)
    return text, gap


def widest(*gaps: str) -> str:
    """The white space that sets most apart: an empty line more than a line end, and that more than a space."""
    return max(gaps, key=lambda gap: (gap.count("\n"), len(gap)))


def begins_as_refusal(sentence: str) -> bool:
    """Whether the first sentence of an answer says that the docs do not say, perhaps in longer words."""
    return _bare(sentence).startswith(_bare(REFUSAL_TEXT))


def says_refusal(sentences: Sequence[Sentence]) -> bool:
    """Nothing but the refusal, with a marker or without; or a refusal in longer words that cites nothing."""
    if not sentences or not begins_as_refusal(sentences[0].text):
        return False
    is_all = len(sentences) == 1 and _bare(sentences[0].text) == _bare(REFUSAL_TEXT)
    return is_all or not any(sentence.citations for sentence in sentences)


def _bare(sentence: str) -> str:
    return sentence.strip("\"'* \n").rstrip(".").lower()


class Answerer(Protocol):
    @property
    def mode(self) -> str: ...

    @property
    def model(self) -> str: ...

    def written(
        self,
        question: str,
        hits: Sequence[Hit],
        generation: int,
        site: Flavour = PLAIN,
        beside: Beside | None = None,
        stop: Stop | None = None,
        links: "Linking | None" = None,
    ) -> Iterator[Piece | Draft]:
        """The pieces of an answer as they are written, if they are written one by one, and then the draft.

        The best hit is first; `site` is what their pages are made for, `beside` what is next to them, and `links` where
        they lead. `stop` ends the writing from another thread.

        Raises:
            LLMError: a language model failed or cannot be reached.
            Stopped: `stop` is set.
        """
        ...


def draft_of(written: Iterable[Piece | Draft]) -> Draft:
    """The draft, which is the last of what an answerer writes."""
    *_, draft = written
    assert isinstance(draft, Draft)
    return draft
