"""Chat models: the language model that the settings name, of any provider, behind LangChain's `BaseChatModel`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from footnote.app.core.errors import SettingsError
from footnote.app.core.setting_groups import LLMSettings
from footnote.app.models.llm.adapter import adapter_of, local_label
from footnote.app.models.llm.failures import detail
from footnote.app.models.llm.lineup.choice import unasked
from footnote.app.models.llm.lineup.listing import is_openai

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

AUTO = "auto"
EXTRACTIVE = "extractive"
OPENAI = "openai:"


def resolve_llm(llm: LLMSettings) -> str:
    """What `FOOTNOTE_LLM` comes to: "extractive", "provider:model" or the path of a .gguf file.

    Of `auto` it is what is known without asking the server.
    """
    if llm.name != AUTO:
        return llm.name
    if not (llm.openai_key or llm.openai_url):
        return EXTRACTIVE
    return OPENAI + unasked(is_openai(llm))


def make_chat_model(llm: LLMSettings, threads: int = 0) -> "BaseChatModel":
    """The chat model of `resolve_llm(llm)`, which must not be "extractive".

    `threads` are those of a .gguf file; 0 means one per core.

    Raises:
        SettingsError: the name is malformed, or a key or a package is missing.
        LLMError: a .gguf file cannot be loaded.
    """
    name = resolve_llm(llm)
    if is_local(name):
        from footnote.app.models.llm.local_llm import make_local_chat_model

        return make_local_chat_model(Path(name), llm, threads)
    require_key(llm)
    if name.startswith(OPENAI):
        from footnote.app.models.llm.openai_chat import make_openai_chat

        return make_openai_chat(name.removeprefix(OPENAI), llm, name, chooses=llm.name == AUTO)
    return _any_chat_model(name, llm)


def require_key(llm: LLMSettings) -> None:
    """Be sure that there is a key for the chat model, where it needs one that can be known.

    Raises:
        SettingsError: there is none.
    """
    name = resolve_llm(llm)
    if name.startswith(OPENAI) and llm.openai_key is None and llm.openai_url is None:
        raise SettingsError(f"FOOTNOTE_LLM={name} needs OPENAI_API_KEY or FOOTNOTE_LLM_BASE_URL")


def is_local(name: str) -> bool:
    """Whether a resolved name is the path of a .gguf file."""
    return name.endswith(".gguf") and not name.startswith(OPENAI)


def label_of(chat_model: "BaseChatModel | None", llm: LLMSettings) -> str:
    """How answers name the chat model of these settings: `openai:gpt-4o`, or the name of a file with its adapter.

    Without the chat model it is what is known without asking a server.
    """
    if label := getattr(chat_model, "label", None):
        return str(label)
    name = resolve_llm(llm)
    return local_label(Path(name), adapter_of(llm)) if is_local(name) else name


def _any_chat_model(name: str, llm: LLMSettings) -> "BaseChatModel":
    from langchain.chat_models import init_chat_model

    if ":" not in name:
        raise SettingsError(
            f"FOOTNOTE_LLM={name}: use `auto`, `extractive`, `provider:model` or the path of a .gguf file"
        )
    options: dict[str, Any] = {
        "temperature": 0,
        "max_tokens": llm.max_tokens,
        "timeout": llm.timeout_s,
    }
    if llm.base_url:
        options["base_url"] = llm.base_url
    if llm.api_key:
        options["api_key"] = llm.api_key.get_secret_value()
    try:
        chat_model: BaseChatModel = init_chat_model(name, **options)
        return chat_model
    except ValueError as error:
        if "model_provider" not in str(error):
            raise SettingsError(f"FOOTNOTE_LLM={name} cannot be used: {detail(error, llm)}") from error
        raise SettingsError(
            f"FOOTNOTE_LLM={name}: LangChain knows no provider {name.partition(':')[0]!r}: use one that it knows, such "
            "as `anthropic:MODEL`, or `openai:MODEL` with FOOTNOTE_LLM_BASE_URL for a server with OpenAI's protocol"
        ) from error
    except ImportError as error:
        raise SettingsError(f"FOOTNOTE_LLM={name} needs another package: {error}") from error
    except Exception as error:  # providers refuse their settings in many ways
        raise SettingsError(f"FOOTNOTE_LLM={name} cannot be used: {detail(error, llm)}") from error
