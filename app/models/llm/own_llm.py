"""own: a language model with settings of its own, beside the one that writes answers: its server, key and errors."""

import re

from footnote.app.core.errors import FootnoteError
from footnote.app.core.setting_groups import NO_ADAPTER, LLMSettings, OwnLLMSettings
from footnote.app.models.llm.chat import resolve_llm

_SETTING = re.compile(r"FOOTNOTE_LLM(?!_CONTEXT|_REASONING|_FALLBACK|_PRICES)(?:_(?P<rest>[A-Z_]+))?")


def own_llm(own: OwnLLMSettings, llm: LLMSettings) -> LLMSettings:
    """The settings of a language model beside the one that answers, whose settings are `llm`.

    One without a base URL of its own has that and the key of the answering model where both are of one provider.
    No other server or provider gets `llm.api_key`, and no other model the adapter.
    """
    changes: dict[str, object] = {"timeout_s": own.timeout_s, "max_tokens": own.max_tokens}
    if own.base_url:
        changes |= {"name": own.llm or "auto", "base_url": own.base_url, "api_key": None, "adapter": NO_ADAPTER}
    elif own.llm:
        changes |= {"name": own.llm, "adapter": NO_ADAPTER}
        if _provider(resolve_llm(llm)) != _provider(own.llm):
            changes |= {"base_url": None, "api_key": None}
    if own.api_key:
        changes["api_key"] = own.api_key
    return llm.model_copy(update=changes)


def another_llm(name: str, llm: LLMSettings) -> LLMSettings:
    """The settings of another language model in the place of the one that answers, whose settings are `llm`.

    It has the base URL and the key of that one, unless the two are of two providers: no other gets `llm.api_key`.
    It has no adapter.
    """
    provider = _provider(resolve_llm(llm))
    changes: dict[str, object] = {"name": name, "adapter": NO_ADAPTER}
    if ":" in resolve_llm(llm) and _provider(name) != provider:
        changes |= {"base_url": None, "api_key": None}
    return llm.model_copy(update=changes)


def naming_own(error: FootnoteError, own: OwnLLMSettings, made: LLMSettings, who: str) -> FootnoteError:
    """The error of a language model with the settings `made` by `own_llm`, which names `who` failed and its own.

    A key or an address that it has from the model that answers keeps that name.
    """
    prefix = own.model_config.get("env_prefix", "")

    def named_own(found: re.Match[str]) -> str:
        field = (found["rest"] or "").lower()
        is_of_other = field in ("api_key", "base_url") and getattr(made, field) and not getattr(own, field)
        return found[0] if is_of_other else f"{prefix}{found['rest'] or 'LLM'}"

    named = _SETTING.sub(named_own, str(error))
    return type(error)(f"{who}: {named}")


def _provider(name: str) -> str:
    """`openai` of `openai:gpt-4o`; of a .gguf file its path, and `auto` is OpenAI's."""
    return "openai" if name == "auto" else name.partition(":")[0]
