"""asked: a language model that is asked for one reply: behind the judge, the drafter and the second opinion."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from footnote.app.answering.language_model import Reply, token_use, was_cut_off
from footnote.app.answering.untrusted import disarmed, visible
from footnote.app.core.errors import FootnoteError, LLMError, SettingsError
from footnote.app.core.setting_groups import LLMSettings, OwnLLMSettings
from footnote.app.core.stop import Stop, Stopped
from footnote.app.core.types import TokenUse
from footnote.app.models.llm.chat import EXTRACTIVE, label_of, make_chat_model, resolve_llm
from footnote.app.models.llm.failures import failure
from footnote.app.models.llm.lineup.pricing import Prices
from footnote.app.models.llm.own_llm import naming_own, own_llm
from footnote.app.models.llm.streamed import drops_temperature, streamed

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage
    from pydantic import BaseModel

Form = TypeVar("Form", bound="BaseModel")


class LanguageModel:
    """Replies to one message at a time, without memory."""

    def __init__(self, llm: LLMSettings, threads: int = 0) -> None:
        """Make the model that the settings name.

        Raises:
            SettingsError: there is none, its name is malformed, or a key or a package is missing.
            LLMError: a .gguf file cannot be loaded.
        """
        self._llm = llm
        with self._errors():
            if resolve_llm(llm) == EXTRACTIVE:
                raise SettingsError("this needs a language model: name one in FOOTNOTE_LLM, such as openai:gpt-4o")
            self._prices = Prices(llm)
            self._chat_model = make_chat_model(llm, threads)

    @property
    def name(self) -> str:
        """The model's name; of one that `auto` chooses, what it is now."""
        return label_of(self._chat_model, self._llm)

    def reply(self, instructions: str, message: str, stop: Stop | None = None) -> str:
        """The reply's visible text, spelled as the sources are; it may be "". Without instructions, pass "".

        Raises:
            LLMError: the model failed or cannot be reached.
            Stopped: `stop` is set.
        """
        return self.counted_reply(instructions, message, stop)[0]

    def counted_reply(self, instructions: str, message: str, stop: Stop | None = None) -> tuple[str, TokenUse | None]:
        """The same, and what it cost."""
        with self._errors():
            used = Reply(self._llm, lambda: self.name, self._prices)
            chunks = streamed(self._chat_model, _messages(instructions, message), stop or Stop())
            said = "".join(used.tokens(chunks))
        return visible(said).strip(), used.tokens_used

    def filling(self, form: type[Form]) -> Callable[[str, str], tuple[Form, TokenUse | None]]:
        """What asks for a reply in a form, `reply` otherwise; it raises LLMError also for a reply in another form.

        Raises:
            SettingsError: the model cannot be asked so.
        """
        with self._errors():
            try:
                chain = self._chat_model.with_structured_output(form, include_raw=True)
            except NotImplementedError as error:
                raise SettingsError(f"FOOTNOTE_LLM={self.name} takes no schema: name another model") from error

        def ask(instructions: str, message: str) -> tuple[Form, TokenUse | None]:
            with self._errors():
                try:
                    said: Any = chain.invoke(_messages(instructions, message))
                except Exception as error:
                    if not drops_temperature(self._chat_model, error):
                        raise
                    said = chain.invoke(_messages(instructions, message))
                if not isinstance(said["parsed"], form):
                    raise self._without_form(said["raw"], said["parsing_error"])
            return said["parsed"], token_use(said["raw"], self._prices.of(self.name))

        return ask

    def _without_form(self, said: "AIMessage", error: Exception | None) -> Exception:
        if was_cut_off(said):
            return LLMError(f"the reply of {self.name} was cut off: raise FOOTNOTE_LLM_MAX_TOKENS.")
        is_empty = not said.text.strip() and not said.additional_kwargs.get("refusal")
        if error is None or is_empty:
            return LLMError(f"{self.name} did not reply in the form that it was asked for: try another model.")
        return error

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Every provider has exceptions of its own: they become one, which says what to do."""
        try:
            yield
        except (FootnoteError, Stopped):
            raise
        except Exception as error:
            failed = failure(resolve_llm(self._llm), error, self._llm)
            raise failed from failed.__cause__


class OwnLanguageModel(LanguageModel):
    """One with settings of its own, which its errors name; `who` it is, such as "the judge"."""

    def __init__(self, who: str, own: OwnLLMSettings, llm: LLMSettings, threads: int = 0) -> None:
        """See `LanguageModel`; `llm` are the settings of the model that writes answers."""
        self._who = who
        self._own = own
        super().__init__(own_llm(own, llm), threads)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            with super()._errors():
                yield
        except (SettingsError, LLMError) as error:
            raise naming_own(error, self._own, self._llm, self._who) from error


def source(name: str, text: str) -> str:
    """The text as a named, delimited source; nothing inside it can close the tag or act on the model."""
    return f'<source name="{name}">\n{disarmed(text)}\n</source>'


def _messages(instructions: str, message: str) -> list[tuple[str, str]]:
    return [("system", instructions), ("human", message)] if instructions else [("human", message)]
