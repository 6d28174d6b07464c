"""conversation: from messages to the question and the turns before it. Pure functions."""

from collections.abc import Sequence

from footnote.app.conversation.turns import MAX_TURNS, Turn, turns_of
from footnote.app.core.errors import ChatRequestError, ModelUnknownError
from footnote.app.core.text.unicode import without_surrogates
from footnote.app.http.openai.open_webui import count_pages, without_context
from footnote.app.schemas.chat import MODEL, ChatIn, MessageIn

_NO_TOOL = (None, "none", "auto")


def require_answerable(body: ChatIn) -> None:
    """Refuse what no answer could honour; what only shapes how a model writes is ignored.

    Raises:
        ModelUnknownError: another model is asked for.
        ChatRequestError: several answers, a call of a tool, or an answer in JSON.
    """
    require_model(body.model)
    if body.n not in (None, 1):
        raise ChatRequestError("there is one answer to a question: leave `n` out, or set it to 1", "n")
    if body.tool_choice not in _NO_TOOL:
        raise ChatRequestError("no tools are called here: leave `tool_choice` out, or set it to none", "tool_choice")
    if body.response_format and body.response_format.type != "text":
        raise ChatRequestError(
            "an answer is text with citations: leave `response_format` out; `footnote` has all of it as JSON",
            "response_format",
        )


def require_model(model: str) -> None:
    """Refuse any other name than the one there is.

    Raises:
        ModelUnknownError: it is another one.
    """
    if model != MODEL:
        raise ModelUnknownError(f"there is no model {model!r} here: ask `{MODEL}`")


def read_conversation(messages: Sequence[MessageIn]) -> tuple[str, tuple[Turn, ...]]:
    """The question, which is the last message of a user, and the last turns before it, the oldest first.

    What the system says is no part of it: it would be an instruction. What stands behind the question is not read.

    Raises:
        ChatRequestError: no user says anything, or the question is no text.
    """
    place = max((place for place, one in enumerate(messages) if one.role == "user"), default=None)
    if place is None:
        raise ChatRequestError("no message has the role `user`: there is no question", "messages")
    asked = messages[place]
    if isinstance(asked.content, list) and any(part.type != "text" for part in asked.content):
        raise ChatRequestError("only text can be read: send no images, audio or files", f"messages.{place}.content")
    before = turns_of((one.role, text_of(one)) for one in messages[:place])
    return text_of(asked), before[-MAX_TURNS:]


def text_of(message: MessageIn) -> str:
    """What it says, without its parts that are no text."""
    said = without_surrogates(_said(message))
    return without_context(said) if message.role == "user" else said


def pages_found(messages: Sequence[MessageIn]) -> int:
    """How many pages Open WebUI sends with the last message of a user."""
    asked = [message for message in messages if message.role == "user"]
    return count_pages(_said(asked[-1])) if asked else 0


def _said(message: MessageIn) -> str:
    if isinstance(message.content, list):
        return "\n".join(part.text or "" for part in message.content if part.type == "text")
    return message.content or ""
