"""turns: what was said before a question."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

MAX_TURNS = 4  # the last ones are read
MAX_SENT_QUESTION_CHARS, MAX_SENT_ANSWER_CHARS = 2_000, 8_000  # that a client may send of a turn


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that was asked before, and the answer that it got, "" where it is not known."""

    question: str
    answer: str = ""


def turns_of(said: Iterable[tuple[str, str]]) -> tuple[Turn, ...]:
    """The turns of a conversation, of which each message is a role and a text, the oldest first.

    A "user" begins a turn, and what an "assistant" says, in however many messages, is its answer. Other roles, empty
    messages and what stands before the first question are no part of any.
    """
    turns: list[Turn] = []
    for role, text in said:
        if role == "user" and text.strip():
            turns.append(Turn(text.strip()))
        elif role == "assistant" and turns:
            turns[-1] = replace(turns[-1], answer=f"{turns[-1].answer}\n{text.strip()}".strip())
    return tuple(turns)
