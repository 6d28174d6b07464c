"""asked: what a chain is given, as a question and the turns before it. Pure functions.

str | message | messages | prompt | {"question": ..., "history": ..., "top_k": ..., "filters": ...} -> Given
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from langchain_core.language_models import LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, convert_to_messages
from langchain_core.prompt_values import PromptValue

from footnote.app.conversation.turns import MAX_SENT_ANSWER_CHARS, MAX_SENT_QUESTION_CHARS, MAX_TURNS, Turn, turns_of
from footnote.app.core.errors import QuestionError
from footnote.app.core.text.unicode import without_surrogates

ChainInput: TypeAlias = LanguageModelInput | BaseMessage | Mapping[str, Any]
_NAMES = ("question", "history", "top_k", "filters")


@dataclass(frozen=True, slots=True)
class Given:
    """What was given; `filters` and `top_k` are not looked at yet, and None where they were not given."""

    question: str
    turns: tuple[Turn, ...] = ()
    top_k: Any = None
    filters: Any = None


def read(given: ChainInput) -> Given:
    """What is asked.

    Raises:
        QuestionError: it is nothing that can be asked.
    """
    match given:
        case str():
            return Given(without_surrogates(given))
        case BaseMessage():
            return _conversation([given])
        case PromptValue():
            return _conversation(given.to_messages())
        case Mapping():
            return _named(given)
        case [*messages]:
            return _conversation(_messages(messages))
    raise QuestionError(f"a {type(given).__name__} is no question: give a text, messages, or a dict with `question`")


def _named(given: Mapping[str, Any]) -> Given:
    unknown = [name for name in given if name not in _NAMES]
    if unknown or "question" not in given:
        wrong = f"`{unknown[0]}` is none of them" if unknown else "there is no `question`"
        raise QuestionError(f"a question as a dict has {', '.join(f'`{name}`' for name in _NAMES)}: {wrong}")
    asked = read(given["question"])
    before = _history(given.get("history") or ())
    return replace(
        asked, turns=(*before, *asked.turns)[-MAX_TURNS:], top_k=given.get("top_k"), filters=given.get("filters")
    )


def _conversation(messages: Sequence[BaseMessage]) -> Given:
    """The last message of a human is the question; what stands behind it, and what the system says, is not read."""
    place = max((place for place, one in enumerate(messages) if isinstance(one, HumanMessage)), default=None)
    if place is None:
        raise QuestionError("no message is of a human: there is no question")
    asked = messages[place]
    parts = asked.content if isinstance(asked.content, list) else []
    if any(isinstance(part, dict) and part.get("type") != "text" for part in parts):
        raise QuestionError("only text can be read: send no images, audio or files")
    return Given(_text(asked), _turns(messages[:place])[-MAX_TURNS:])


def _history(given: Any) -> tuple[Turn, ...]:
    """Of messages, or of turns: `Turn`, or a dict with `question` and `answer`."""
    entries = list(given) if isinstance(given, Sequence) else [given]
    if all(isinstance(one, Turn) or (isinstance(one, Mapping) and "question" in one) for one in entries):
        return tuple(map(_turn, entries))
    return _turns(_messages(entries))


def _turn(given: Turn | Mapping[str, Any]) -> Turn:
    if isinstance(given, Turn):
        return _sendable(given.question, given.answer)
    unknown = [name for name in given if name not in ("question", "answer")]
    if unknown or not all(isinstance(one, str) for one in given.values()):
        raise QuestionError("a turn of `history` has `question` and `answer`, both texts, and nothing else")
    return _sendable(given["question"], given.get("answer", ""))


def _messages(given: Sequence[Any]) -> list[BaseMessage]:
    try:
        return convert_to_messages(given)
    except (ValueError, NotImplementedError) as error:
        raise QuestionError(f"what was said is a list of messages: {error}") from error


def _turns(messages: Sequence[BaseMessage]) -> tuple[Turn, ...]:
    roles = {HumanMessage: "user", AIMessage: "assistant"}
    said = ((role, _text(one)) for one in messages for kind, role in roles.items() if isinstance(one, kind))
    return tuple(_sendable(turn.question, turn.answer) for turn in turns_of(said))


def _sendable(question: str, answer: str) -> Turn:
    """The turn without what no service reads: of what was said before, the beginning counts."""
    return Turn(
        without_surrogates(question)[:MAX_SENT_QUESTION_CHARS], without_surrogates(answer)[:MAX_SENT_ANSWER_CHARS]
    )


def _text(message: BaseMessage) -> str:
    return without_surrogates(str(message.text))
