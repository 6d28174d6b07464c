"""Chat models: the language model that the settings name, of any provider, behind LangChain's `BaseChatModel`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from footnote.app.core.errors import SettingsError
from footnote.app.core.setting_groups import LLMSettings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from pydantic import SecretStr

EXTRACTIVE = "extractive"
DEFAULT_MODEL = "openai:gpt-4o"


def resolve_llm(llm: LLMSettings) -> str:
    """What `FOOTNOTE_LLM` comes to: "extractive", "provider:model" or the path of a .gguf file."""
    if llm.name != "auto":
        return llm.name
    return DEFAULT_MODEL if llm.openai_key or llm.openai_url else EXTRACTIVE


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
    if name.startswith("openai:"):
        return _openai_chat_model(name.removeprefix("openai:"), llm)
    return _any_chat_model(name, llm)


def is_local(name: str) -> bool:
    """Whether a resolved name is the path of a .gguf file."""
    return name.endswith(".gguf") and not name.startswith("openai:")


def _openai_chat_model(model: str, llm: LLMSettings) -> "BaseChatModel":
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    if llm.openai_key is None and llm.openai_url is None:
        raise SettingsError(f"FOOTNOTE_LLM=openai:{model} needs OPENAI_API_KEY or FOOTNOTE_LLM_BASE_URL")
    return ChatOpenAI(
        model=model,
        # A local server takes any key; the client insists on one.
        api_key=llm.openai_key or SecretStr("none"),
        base_url=llm.openai_url,
        temperature=0,
        timeout=llm.timeout_s,
        max_retries=1,
        max_tokens=llm.max_tokens,
        stream_usage=True,
        stream_chunk_timeout=llm.timeout_s + 1,  # for a server that keeps a silent stream alive
    )


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
    except ImportError as error:
        raise SettingsError(f"FOOTNOTE_LLM={name} needs another package: {error}") from error
    except Exception as error:  # providers refuse their settings in many ways
        raise SettingsError(f"FOOTNOTE_LLM={name} cannot be used: {_detail(error, llm.api_key)}") from error


def explain(model: str, error: Exception, api_key: "SecretStr | None") -> str:
    """Why a call of the language model failed, and what to do about it."""
    from langchain_core import exceptions
    from openai import LengthFinishReasonError

    # A time-out is a kind of lost connection for some providers: the first that fits is said.
    fixes = (
        ((exceptions.ModelTimeoutError, TimeoutError), "raise FOOTNOTE_LLM_TIMEOUT_S or try later."),
        (exceptions.ModelConnectionError, "is the server running, and FOOTNOTE_LLM_BASE_URL right?"),
        (
            exceptions.ModelAuthenticationError,
            "check the key (OPENAI_API_KEY, FOOTNOTE_LLM_API_KEY or the provider's own).",
        ),
        (exceptions.ModelPermissionDeniedError, "the key may not use this model."),
        (exceptions.ModelNotFoundError, "check the model's name in FOOTNOTE_LLM."),
        (exceptions.ModelRateLimitError, "the provider's limit is reached; try later."),
        (LengthFinishReasonError, "raise FOOTNOTE_LLM_MAX_TOKENS."),
        (exceptions.ContextOverflowError, "lower FOOTNOTE_TOP_K, or raise FOOTNOTE_LLM_CONTEXT_TOKENS."),
    )
    fix = next((fix for kind, fix in fixes if isinstance(error, kind)), "try again, or see its logs.")
    return f"the language model {model} failed ({type(error).__name__}: {_detail(error, api_key)}): {fix}"


def _detail(error: Exception, api_key: "SecretStr | None") -> str:
    """The error's message in one line, without the key: servers and validators repeat what they were given."""
    from pydantic import ValidationError

    message = "; ".join(one["msg"] for one in error.errors()) if isinstance(error, ValidationError) else str(error)
    detail = " ".join(message.split())
    if api_key:
        detail = detail.replace(api_key.get_secret_value(), "***")
    return detail[:300]
