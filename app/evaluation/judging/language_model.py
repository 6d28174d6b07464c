"""A language model that is asked for one reply: behind the judge of answers, and the drafter of questions."""

from pathlib import Path
from typing import TYPE_CHECKING

from footnote.app.answering.untrusted import disarmed, visible
from footnote.app.core.errors import LLMError, SettingsError
from footnote.app.core.setting_groups import LLMSettings
from footnote.app.models.chat import EXTRACTIVE, explain, make_chat_model, resolve_llm

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage


class LanguageModel:
    """Replies to one message at a time, without memory."""

    def __init__(self, llm: LLMSettings, threads: int = 0) -> None:
        """Make the model that the settings name.

        Raises:
            SettingsError: there is none, its name is malformed, or a key or a package is missing.
            LLMError: a .gguf file cannot be loaded.
        """
        resolved = resolve_llm(llm)
        if resolved == EXTRACTIVE:
            raise SettingsError("this needs a language model: name one in FOOTNOTE_LLM, such as openai:gpt-4o")
        self.name = Path(resolved).name if resolved.endswith(".gguf") else resolved
        self._api_key = llm.openai_key
        self._chat_model = make_chat_model(llm, threads)

    def reply(self, instructions: str, message: str) -> str:
        """The reply's visible text, spelled as the sources are; it may be "". Without instructions, pass "".

        Raises:
            LLMError: the model failed or cannot be reached.
        """
        messages = [("system", instructions)] if instructions else []
        try:
            said: AIMessage = self._chat_model.invoke([*messages, ("human", message)])
        except Exception as error:  # every provider has exceptions of its own
            raise LLMError(explain(self.name, error, self._api_key)) from error
        return visible(said.text).strip()


def source(name: str, text: str) -> str:
    """The text as a named, delimited source; nothing inside it can close the tag or act on the model."""
    return f'<source name="{name}">\n{disarmed(text)}\n</source>'
