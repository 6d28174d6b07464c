"""find: what a question takes for granted that the docs deny or nowhere name.

question -> names that no chunk holds; claims that a passage denies
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from footnote.app.core.text.term_counts import TermCounts
from footnote.app.core.types import Hit
from footnote.app.index.seam import TermIndex
from footnote.app.premises.claims import claims
from footnote.app.premises.denials import Denial, denial
from footnote.app.premises.named import is_named, name_like
from footnote.app.premises.names import Name, product_names

MAX_NAMES = 3


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A name of the question that stands nowhere in the docs, and the one there that is most like it, if any is."""

    name: str
    like: str | None


def wrong_premises(
    question: str, hits: Sequence[Hit], candidates: Sequence[Hit], chunks: TermIndex, counts: TermCounts
) -> tuple[Unnamed | Denial, ...]:
    """What is wrong with the question, names first and then at most one denial; empty for nearly every question.

    Args:
        question: as it was asked.
        hits: what an answer is written from: a denial is a passage of theirs.
        candidates: all that was read, where a name is looked for that is like an unknown one.
        chunks: all of the docs.
        counts: how often terms occur in them.
    """
    unnamed: list[Name] = []
    for name in product_names(question, counts.share):
        # Of a command that is unknown, so is each of its own commands.
        if not any(name.text.startswith(f"{one.text} ") for one in unnamed) and not is_named(name, chunks):
            unnamed.append(name)
    denials = (found for claim in claims(question) if (found := denial(claim, hits, counts)))
    return (
        *(Unnamed(name.text, name_like(name, candidates)) for name in unnamed[:MAX_NAMES]),
        *islice(denials, 1),
    )
