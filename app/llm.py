"""LLM: the language model that the settings name, and answers written with it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.answerer import PASSAGES_SILENT, REFUSAL_TEXT, Draft, refusal
from app.citations import Resolved, cite, resolve_markers
from app.core.errors import LLMError, SettingsError
from app.core.settings import Settings
from app.core.types import Citation, Hit, TokenUse
from app.defang import without_foreign_links
from app.untrusted import disarmed

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage
    from pydantic import SecretStr

EXTRACTIVE = "extractive"
DEFAULT_MODEL = "openai:gpt-4o"


def resolve_llm(settings: Settings) -> str:
    """What `FOOTNOTE_LLM` comes to: "extractive", "provider:model" or the path of a .gguf file."""
    if settings.llm != "auto":
        return settings.llm
    return DEFAULT_MODEL if settings.openai_key or settings.openai_url else EXTRACTIVE


class LLMAnswerer:
    """Writes answers with a chat model: prompt | model, then markers to citations."""

    mode = "llm"

    def __init__(
        self, chat_model: "BaseChatModel", model: str, compact_prompt: bool, api_key: "SecretStr | None" = None
    ) -> None:
        from app.prompt import format_sources, prompt_template  # imports LangChain's runnables: 0.3 s

        self.model = model
        self._api_key = api_key
        self._format_sources = format_sources
        self._chain = prompt_template(compact_prompt) | chat_model

    def answer(self, question: str, hits: Sequence[Hit], generation: int) -> Draft:
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
        tokens = _token_use(message)
        if _is_refusal(resolved):
            return refusal("model", PASSAGES_SILENT, resolved.unknown, tokens)
        cut_off = _was_cut_off(message)
        return Draft(resolved.text, resolved.sentences, resolved.citations, resolved.unknown, tokens, truncated=cut_off)


def make_llm_answerer(settings: Settings) -> LLMAnswerer:
    """The answerer for `resolve_llm(settings)`, which must not be "extractive".

    Raises:
        SettingsError, LLMError: see `make_chat_model`.
    """
    name = resolve_llm(settings)
    local = _is_local(name)
    compact = local if settings.llm_prompt == "auto" else settings.llm_prompt == "compact"
    return LLMAnswerer(make_chat_model(settings), Path(name).name if local else name, compact, settings.openai_key)


def make_chat_model(settings: Settings) -> "BaseChatModel":
    """The chat model of `resolve_llm(settings)`, which must not be "extractive".

    Raises:
        SettingsError: the name is malformed, or a key or a package is missing.
        LLMError: a .gguf file cannot be loaded.
    """
    name = resolve_llm(settings)
    if _is_local(name):
        from app.local_llm import make_local_chat_model

        return make_local_chat_model(Path(name), settings)
    if name.startswith("openai:"):
        return _openai_chat_model(name.removeprefix("openai:"), settings)
    return _any_chat_model(name, settings)


def _is_local(name: str) -> bool:
    return name.endswith(".gguf") and not name.startswith("openai:")


def _openai_chat_model(model: str, settings: Settings) -> "BaseChatModel":
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    if settings.openai_key is None and settings.openai_url is None:
        raise SettingsError(f"FOOTNOTE_LLM=openai:{model} needs OPENAI_API_KEY or FOOTNOTE_LLM_BASE_URL")
    return ChatOpenAI(
        model=model,
        # A local server takes any key; the client insists on one.
        api_key=settings.openai_key or SecretStr("none"),
        base_url=settings.openai_url,
        temperature=0,
        timeout=settings.llm_timeout_s,
        max_retries=1,
        max_tokens=settings.llm_max_tokens,
    )


def _any_chat_model(name: str, settings: Settings) -> "BaseChatModel":
    from langchain.chat_models import init_chat_model

    if ":" not in name:
        raise SettingsError(
            f"FOOTNOTE_LLM={name}: use `auto`, `extractive`, `provider:model` or the path of a .gguf file"
        )
    options: dict[str, Any] = {
        "temperature": 0,
        "max_tokens": settings.llm_max_tokens,
        "timeout": settings.llm_timeout_s,
    }
    if settings.llm_base_url:
        options["base_url"] = settings.llm_base_url
    if settings.llm_api_key:
        options["api_key"] = settings.llm_api_key.get_secret_value()
    try:
        chat_model: BaseChatModel = init_chat_model(name, **options)
        return chat_model
    except ImportError as error:
        raise SettingsError(f"FOOTNOTE_LLM={name} needs another package: {error}") from error
    except Exception as error:  # providers refuse their settings in many ways
        raise SettingsError(f"FOOTNOTE_LLM={name} cannot be used: {_detail(error, settings.llm_api_key)}") from error


def _token_use(message: "AIMessage") -> TokenUse | None:
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


def _was_cut_off(message: "AIMessage") -> bool:
    """Whether the limit on tokens ended the answer; providers name that in two ways."""
    said = message.response_metadata
    return said.get("finish_reason") == "length" or said.get("stop_reason") == "max_tokens"


def explain(model: str, error: Exception, api_key: "SecretStr | None") -> str:
    """Why a call of the language model failed, and what to do about it."""
    from langchain_core import exceptions

    # A time-out is a kind of lost connection for some providers: the first that fits is said.
    fixes = (
        (exceptions.ModelTimeoutError, "raise FOOTNOTE_LLM_TIMEOUT_S or try later."),
        (exceptions.ModelConnectionError, "is the server running, and FOOTNOTE_LLM_BASE_URL right?"),
        (
            exceptions.ModelAuthenticationError,
            "check the key (OPENAI_API_KEY, FOOTNOTE_LLM_API_KEY or the provider's own).",
        ),
        (exceptions.ModelPermissionDeniedError, "the key may not use this model."),
        (exceptions.ModelNotFoundError, "check the model's name in FOOTNOTE_LLM."),
        (exceptions.ModelRateLimitError, "the provider's limit is reached; try later."),
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
