"""turns: what was said before a question."""

from dataclasses import dataclass

MAX_TURNS = 4  # the last ones are read


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that was asked before, and the answer that it got, "" where it is not known."""

    question: str
    answer: str = ""
