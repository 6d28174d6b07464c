"""The frozen types of training examples."""

from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["system", "user", "assistant"]
ROLES = get_args(Role)


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `weight` 0 keeps an assistant's out of the loss, None is what the trainer does by itself."""

    role: Role
    content: str
    weight: Literal[0, 1] | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A prompt with its reply, in the order in which a language model reads them; the last is the assistant's."""

    messages: tuple[Message, ...]

    @property
    def prompt(self) -> tuple[Message, ...]:
        """All that comes before the reply, worked examples included."""
        return self.messages[:-1]

    @property
    def reply(self) -> str:
        """What is learned."""
        return self.messages[-1].content
