"""own: a language model with settings of its own, beside the one that writes answers: its server, key and errors."""

import re

from footnote.app.core.errors import FootnoteError, SettingsError
from footnote.app.core.setting_groups import NO_ADAPTER, LLMSettings, OtherLLMSettings, OwnLLMSettings, SplitSettings
from footnote.app.models.llm.chat import EXTRACTIVE, resolve_llm

_SETTING = re.compile(r"FOOTNOTE_LLM(?!_CONTEXT|_REASONING|_FALLBACK|_PRICES)(?:_(?P<rest>[A-Z_]+))?")


def own_llm(own: OwnLLMSettings, llm: LLMSettings) -> LLMSettings:
    """The settings of a language model beside the one that answers, whose settings are `llm`.

    Its server and key are as of `other_llm`.
    """
    return other_llm(own, llm).model_copy(update={"timeout_s": own.timeout_s, "max_tokens": own.max_tokens})


def other_llm(other: OtherLLMSettings, llm: LLMSettings) -> LLMSettings:
    """The settings of another language model, which are those of the one that answers where it has none of its own.

    One without a base URL of its own has that and the key of the answering model where both are of one provider.
    No other server or provider gets `llm.api_key`, and no other model the adapter.
    """
    changes: dict[str, object] = {}
    if other.base_url:
        changes = {"name": other.llm or "auto", "base_url": other.base_url, "api_key": None, "adapter": NO_ADAPTER}
    elif other.llm:
        changes = {"name": other.llm, "adapter": NO_ADAPTER}
        if _provider(resolve_llm(llm)) != _provider(other.llm):
            changes |= {"base_url": None, "api_key": None}
    if other.api_key:
        changes["api_key"] = other.api_key
    return llm.model_copy(update=changes)


def second_llm(split: SplitSettings, llm: LLMSettings) -> LLMSettings:
    """The settings of the second of two language models that share the questions.

    An adapter of its own goes on its own .gguf file, or without one on that of the first.

    Raises:
        SettingsError: one of the two is no language model, or it has an adapter and is no .gguf file.
    """
    if resolve_llm(llm) == EXTRACTIVE:
        raise SettingsError(
            "FOOTNOTE_LLM_SPLIT compares two language models, but FOOTNOTE_LLM is `extractive`: name one"
        )
    made = other_llm(split, llm)
    if resolve_llm(made) == EXTRACTIVE:
        raise SettingsError("FOOTNOTE_LLM_SPLIT compares two language models: name the second one in FOOTNOTE_LLM_B")
    if split.adapter == NO_ADAPTER:
        return made
    if not made.name.endswith(".gguf"):
        raise SettingsError(
            f"FOOTNOTE_LLM_B_ADAPTER={split.adapter} needs the .gguf file that it was trained on in FOOTNOTE_LLM_B, "
            f"which is {made.name}"
        )
    return made.model_copy(update={"adapter": split.adapter})


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


def naming_own(error: FootnoteError, own: OtherLLMSettings, made: LLMSettings, who: str) -> FootnoteError:
    """The error of a language model with the settings `made` of its own ones, which names `who` failed and those.

    What it has from the model that answers, such as a key or an address, keeps that name.
    """
    return type(error)(f"{who}: {with_own_names(str(error), own, made)}")


def with_own_names(said: str, own: OtherLLMSettings, made: LLMSettings) -> str:
    """The text, with the settings of the language model that answers named as its own ones; see `naming_own`."""
    fields, prefix = type(own).model_fields, own.model_config.get("env_prefix", "")

    def named_own(found: re.Match[str]) -> str:
        field = (found["rest"] or "llm").lower()
        is_of_other = field in ("api_key", "base_url") and getattr(made, field) and not getattr(own, field)
        if is_of_other or field not in fields:
            return found[0]
        return str(fields[field].validation_alias or f"{prefix}{field}".upper())

    return _SETTING.sub(named_own, said)


def _provider(name: str) -> str:
    """`openai` of `openai:gpt-4o`; of a .gguf file its path, and `auto` is OpenAI's."""
    return "openai" if name == "auto" else name.partition(":")[0]
