"""turns: what was said before a question."""

from dataclasses import dataclass

MAX_TURNS = 4  # the last ones are read
MAX_SENT_QUESTION_CHARS, MAX_SENT_ANSWER_CHARS = 2_000, 8_000  # that a client may send of a turn


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that was asked before, and the answer that it got, "" where it is not known."""

    question: str
    answer: str = ""
