"""failures: why a call of a language model failed and what to do about it, in one line without secrets.

error of the provider -> fix, by its kind -> detail of the server -> without markup, keys and logins
"""

import re
from collections.abc import Iterator

from footnote.app.core.errors import LLMError
from footnote.app.core.setting_groups import LLMSettings

_MAX_DETAIL = 300
_MAX_AFTER = 6
_NO_CHUNK = "No generation chunks were returned"  # LangChain of a stream in which nothing could be read
_KEY = re.compile(
    r"\b(?:sk|pk|rk|gsk|xai|key|hf|AIza)[-_][\w\-*.]{7,}[\w*]|(?<=Bearer )\S+|(?<=Basic )\S+|(?<=//)[^/\s@]+@", re.I
)
_TOO_LONG = re.compile(r"context (?:size|length|window)|maximum context", re.I)
_PAGE = re.compile(r"<!doctype html|<html[\s>]", re.I)
_TITLE = re.compile(r"<title[^>]*>([^<]*)</title>|<h1[^>]*>([^<]*)</h1>", re.I)


def failure(model: str, error: Exception, llm: LLMSettings) -> LLMError:
    """The error that says so; it has the provider's as its cause, unless that one repeats a secret."""
    failed = LLMError(
        f"the language model {model} failed ({type(error).__name__}: {detail(error, llm)}): {_fix(error, llm)}"
    )
    failed.__cause__ = cause(error, llm)
    return failed


def cause(error: Exception, llm: LLMSettings) -> Exception | None:
    """The error as the cause of another; None where it repeats a secret, as tracebacks show causes."""
    return None if _repeats_secret(error, llm) else error


def detail(error: Exception, llm: LLMSettings) -> str:
    """What the error says, in one line; servers and validators repeat what they were given, and proxies send pages."""
    from pydantic import ValidationError

    said = "; ".join(one["msg"] for one in error.errors()) if isinstance(error, ValidationError) else str(error)
    if said == _NO_CHUNK:
        said = "what came back is no reply of a language model"
    if isinstance(error, TimeoutError):
        said = f"nothing was said for {llm.timeout_s:g} seconds"
    page = _page(error)
    if page:
        title = _TITLE.search(page)
        named = f", {' '.join((title[1] or title[2]).split())!r}," if title else ""
        said = f"a web page{named} came where a language model should reply"
    return redacted(" ".join(said.split()), llm)[:_MAX_DETAIL]


def redacted(text: str, llm: LLMSettings) -> str:
    """The text without the keys of the settings, what looks like a key, and the logins of addresses."""
    for secret in _secrets(llm):
        text = text.replace(secret, "***")
    return _KEY.sub(lambda found: "***@" if found[0].endswith("@") else "***", text)


def key_setting(llm: LLMSettings) -> str | None:
    """The setting that the key comes from; None where none is set."""
    return "FOOTNOTE_LLM_API_KEY" if llm.api_key else "OPENAI_API_KEY" if llm.openai_api_key else None


def url_setting(llm: LLMSettings) -> str | None:
    """The setting that the address comes from; None where none is set."""
    return "FOOTNOTE_LLM_BASE_URL" if llm.base_url else "OPENAI_BASE_URL" if llm.openai_base_url else None


def _fix(error: Exception, llm: LLMSettings) -> str:
    from langchain_core import exceptions
    from openai import ContentFilterFinishReasonError, LengthFinishReasonError

    url, key = url_setting(llm), key_setting(llm)
    server = f"is the server running, and {url} right?" if url else "can this machine reach the provider?"
    # A time-out is a kind of lost connection for some providers: the first that fits is said.
    fixes = (
        ((exceptions.ModelTimeoutError, TimeoutError), "raise FOOTNOTE_LLM_TIMEOUT_S or try later."),
        (exceptions.ModelConnectionError, server),
        (
            exceptions.ModelAuthenticationError,
            f"check the key in {key}." if key else "it wants a key: set FOOTNOTE_LLM_API_KEY.",
        ),
        (exceptions.ModelPermissionDeniedError, "the key may not use this model."),
        (exceptions.ModelNotFoundError, f"check the model's name in FOOTNOTE_LLM{f' and {url}' if url else ''}."),
        (exceptions.ModelRateLimitError, f"the provider's limit is reached; try {_when(error)}."),
        (LengthFinishReasonError, "raise FOOTNOTE_LLM_MAX_TOKENS."),
        (ContentFilterFinishReasonError, "the provider's content filter stopped it; ask in other words."),
        (exceptions.ContextOverflowError, "lower FOOTNOTE_TOP_K, or raise FOOTNOTE_LLM_CONTEXT_TOKENS."),
    )
    if _TOO_LONG.search(str(error)):
        return "lower FOOTNOTE_TOP_K, or raise FOOTNOTE_LLM_CONTEXT_TOKENS."
    if "content_filter" in str(error) or "content management policy" in str(error):
        return "the provider's content filter refused it; ask in other words."
    if url and (str(error) == _NO_CHUNK or (_page(error) and getattr(error, "status_code", 200) < 500)):
        return f"is {url} right? It often ends in /v1."
    return next((fix for kind, fix in fixes if isinstance(error, kind)), "try again, or see its logs.")


def _when(error: Exception) -> str:
    """When to try again, as far as the server says."""
    response = getattr(error, "response", None)
    after = response.headers.get("retry-after", "") if response is not None else ""
    return f"again in {after} seconds" if after.isdigit() and len(after) < _MAX_AFTER else "later"


def _page(error: Exception) -> str | None:
    """The web page that came in place of a reply, as it does from proxies; None where it was none."""
    response = getattr(error, "response", None)
    try:
        said = f"{error} {response.text if response is not None else ''}"
    except RuntimeError:  # of a stream that was not read to its end
        said = str(error)
    return said if _PAGE.search(said) else None


def _secrets(llm: LLMSettings) -> Iterator[str]:
    for key in (llm.api_key, llm.openai_api_key):
        if key and key.get_secret_value():
            yield key.get_secret_value()


def _repeats_secret(error: BaseException, llm: LLMSettings) -> bool:
    """Whether it, or what caused it, holds a secret: tracebacks show all of these."""
    seen: BaseException | None = error
    while seen is not None:
        said = f"{seen} {getattr(seen, 'body', '')}"
        if redacted(said, llm) != said:
            return True
        seen = seen.__cause__ or seen.__context__
    return False
