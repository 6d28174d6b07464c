"""LLM: the language model that the settings name, and answers written with it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from footnote.app.answering.answerer import PASSAGES_SILENT, REFUSAL_TEXT, Beside, Draft, refusal
from footnote.app.answering.citations import Resolved, cite, resolve_markers
from footnote.app.answering.defang import without_foreign_links
from footnote.app.answering.untrusted import disarmed
from footnote.app.core.errors import LLMError
from footnote.app.core.pages.flavour import PLAIN, Flavour
from footnote.app.core.setting_groups import LLMSettings
from footnote.app.core.types import Citation, Hit, TokenUse
from footnote.app.models.chat import explain, is_local, make_chat_model, resolve_llm

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage
    from pydantic import SecretStr


class LLMAnswerer:
    """Writes answers with a chat model: prompt | model, then markers to citations."""

    mode = "llm"

    def __init__(
        self, chat_model: "BaseChatModel", model: str, compact_prompt: bool, api_key: "SecretStr | None" = None
    ) -> None:
        from footnote.app.answering.prompt import (  # imports LangChain's runnables: 0.3 s
            format_sources,
            prompt_template,
        )

        self.model = model
        self._api_key = api_key
        self._format_sources = format_sources
        self._chain = prompt_template(compact_prompt) | chat_model

    def answer(
        self,
        question: str,
        hits: Sequence[Hit],
        generation: int,
        site: Flavour = PLAIN,
        beside: Beside | None = None,
    ) -> Draft:
        try:
            message: AIMessage = self._chain.invoke(
                {"sources": self._format_sources(hits), "question": disarmed(question)}
            )
        except Exception as error:  # every provider has exceptions of its own
            raise LLMError(explain(self.model, error, self._api_key)) from error
        text = message.text.strip()
        if not text:
            raise LLMError(f"{self.model} returned no text: raise FOOTNOTE_LLM_MAX_TOKENS or try another model")
        sources = [cite(number, hit.chunk, None, generation) for number, hit in enumerate(hits, 1)]
        resolved = _resolve(text, sources)
        tokens = token_use(message)
        if _is_refusal(resolved):
            return refusal("model", PASSAGES_SILENT, resolved.unknown, tokens)
        cut_off = was_cut_off(message)
        return Draft(resolved.text, resolved.sentences, resolved.citations, resolved.unknown, tokens, truncated=cut_off)


def make_llm_answerer(llm: LLMSettings, threads: int = 0) -> LLMAnswerer:
    """The answerer for `resolve_llm(llm)`, which must not be "extractive"; `threads` as for `make_chat_model`.

    Raises:
        SettingsError, LLMError: see `make_chat_model`.
    """
    name = resolve_llm(llm)
    local = is_local(name)
    compact = local if llm.prompt == "auto" else llm.prompt == "compact"
    return LLMAnswerer(make_chat_model(llm, threads), Path(name).name if local else name, compact, llm.openai_key)


def token_use(message: "AIMessage") -> TokenUse | None:
    """What the reply cost; None where the provider does not say."""
    use = message.usage_metadata
    return TokenUse(use["input_tokens"], use["output_tokens"]) if use else None


def _resolve(text: str, sources: Sequence[Citation]) -> Resolved:
    """The answer with its markers checked, and without what a document may have talked the model into."""
    resolved = resolve_markers(text, sources)
    defanged = resolve_markers(without_foreign_links(resolved.text, [one.quote for one in resolved.citations]), sources)
    return defanged._replace(unknown=resolved.unknown + defanged.unknown)


def _is_refusal(resolved: Resolved) -> bool:
    """Nothing but the refusal, with a marker or without; or a refusal in longer words that cites nothing."""
    refusal = REFUSAL_TEXT.rstrip(".").lower()
    said = [sentence.text.strip("\"'* \n").rstrip(".").lower() for sentence in resolved.sentences]
    return said == [refusal] or (not resolved.citations and bool(said) and said[0].startswith(refusal))


def was_cut_off(message: "AIMessage") -> bool:
    """Whether the limit on tokens ended the answer; providers name that in two ways."""
    said = message.response_metadata
    return said.get("finish_reason") == "length" or said.get("stop_reason") == "max_tokens"
