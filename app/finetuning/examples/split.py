"""split: which pages are held out, and which of two sides a case is on. By page, so that nothing held out was seen."""

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from footnote.app.finetuning.examples.sources.types import Case

Side = Literal["train", "held out"]


@dataclass(frozen=True, slots=True)
class Split:
    """The pages on each side.

    Attributes:
        held_out: pages that are in no training example, neither as oracle nor as distractor.
        never: pages of test questions, which are in no example at all.
    """

    held_out: frozenset[str]
    never: frozenset[str]
    share: float
    seed: int

    def side(self, case: Case) -> Side | None:
        """Where the case goes; None where its pages are on both sides, or never to be used.

        What no page answers goes to a side by its question alone.
        """
        if not case.oracle:
            return "held out" if self.draws_held_out(case.question) else "train"
        if case.pages & self.never:
            return None
        if case.pages <= self.held_out:
            return "held out"
        return None if case.pages & self.held_out else "train"

    def draws_held_out(self, question: str) -> bool:
        """Whether a question that no page answers is held out."""
        return random.Random(f"{self.seed}\0{question}").random() < self.share

    def out_of_bounds(self, side: Side) -> Collection[str]:
        """The pages that no source of an example on this side may be of."""
        return self.never if side == "held out" else self.never | self.held_out


def split_by_page(cases: Sequence[Case], share: float, never: Collection[str], seed: int) -> Split:
    """Pages drawn by the seed until they have the share of the cases; at least one page stays to learn from."""
    counts: dict[str, int] = {}
    for case in cases:
        for page in case.pages - set(never):
            counts[page] = counts.get(page, 0) + 1
    pages = sorted(counts)
    random.Random(seed).shuffle(pages)
    wanted = share * sum(counts.values())
    held_out: set[str] = set()
    for page in pages[:-1]:
        so_far = sum(counts[one] for one in held_out)
        # A page that overshoots by more than is missing would leave too little to learn from.
        if wanted - so_far > 0 and so_far + counts[page] - wanted <= wanted - so_far:
            held_out.add(page)
    return Split(frozenset(held_out), frozenset(never), share, seed)
