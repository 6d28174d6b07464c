"""The frozen types of what examples are made of."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from footnote.app.core.progress import OnProgress
from footnote.app.core.types import Hit
from footnote.app.evaluation.types import Question

SourceName = Literal["kept answers", "question files", "drafts"]


@dataclass(frozen=True, slots=True)
class Case:
    """A question with what answers it, before it is put into a prompt.

    Attributes:
        oracle: the passages that the answer cites; empty where the docs do not answer.
        distractors: what retrieval found beside them, best first.
        answer: with markers that number the oracle from 1; "" where the docs do not answer.
        written_by: `reference`, `extractive`, or the name of a language model; "" for a refusal.
        origin: where it comes from, for people: `file:line`, or the page that a draft is about.
        labelled: the question with its labels; None where nobody labelled it.
    """

    question: str
    oracle: tuple[Hit, ...]
    distractors: tuple[Hit, ...]
    answer: str
    written_by: str
    source: SourceName
    origin: str
    labelled: Question | None = None

    @property
    def pages(self) -> frozenset[str]:
        """Those of the oracle."""
        return frozenset(hit.chunk.path for hit in self.oracle)


# By reason, how many were left out.
LeftOut: TypeAlias = "Counter[str]"
# Gives its cases, and counts in the counter what it leaves out.
Source = Callable[[LeftOut, OnProgress], Iterator[Case]]
