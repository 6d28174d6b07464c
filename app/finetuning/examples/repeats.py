"""repeats: cases that ask the same as one before. By words, and by the embedder's cosine of two questions."""

from collections.abc import Iterable, Iterator

from footnote.app.evaluation.drafting.generate import Seen
from footnote.app.finetuning.examples.sources.types import Case, LeftOut
from footnote.app.models.embedder import Embedder

SAME = "a question that is there already"


def without_repeats(cases: Iterable[Case], embedder: Embedder, left_out: LeftOut) -> Iterator[Case]:
    """The cases but those whose question was asked before; the first of equal ones stays."""
    seen = Seen(embedder, ())
    for case in cases:
        if seen.add(case.question):
            yield case
        else:
            left_out[SAME] += 1
