"""What happens while a question is answered, in order; the answer itself is the last of it."""

from dataclasses import dataclass
from typing import Literal

from footnote.app.core.types import Answer, Citation, Hit, Sentence

StageName = Literal["embed", "lexical", "vector", "fuse", "rerank", "answer", "check"]


@dataclass(frozen=True, slots=True)
class AskedAs:
    """A follow-up as it stands alone, which is what is answered."""

    question: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage that is done: how many milliseconds it took, and how many chunks or sentences came out of it."""

    name: StageName
    ms: float
    count: int


@dataclass(frozen=True, slots=True)
class Sources:
    """The passages that the answer is written from, best first."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A part of an answer that is still being written, complete and checked: nothing that follows changes it.

    Attributes:
        text: it continues the text of the parts before, white space included; together they begin the answer's text.
        citations: those that it is the first to use.
        dropped: sentences that were left out of it.
    """

    text: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    dropped: tuple[Sentence, ...] = ()


Event = AskedAs | Stage | Sources | Said | Answer
