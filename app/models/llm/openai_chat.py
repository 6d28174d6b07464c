"""A chat model of OpenAI or of a compatible server: asked in the shape that it takes, tried again where that helps.

Imported where one is made only: LangChain's client takes half a second to import.
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from email.utils import parsedate_to_datetime
from pathlib import PurePath
from typing import Any, cast

import openai
from langchain_core.language_models import LanguageModelInput
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_openai import ChatOpenAI
from pydantic import PrivateAttr, SecretStr

from footnote.app.core.setting_groups import LLMSettings
from footnote.app.core.spans import trace_headers
from footnote.app.models.llm.families import SHAPES, RequestShape, family_of, shaped, without_refused
from footnote.app.models.llm.lineup.choice import Choice, choice_of
from footnote.app.models.llm.lineup.listing import address, is_openai
from footnote.app.models.llm.reasoning import REASONS_APART

log = logging.getLogger(__name__)

_MAX_WAIT_S = 5.0  # for a server that names a time; who asks would rather have quotes than wait for more
_AGAIN_S = 0.5
_Chunks = AsyncGenerator[ChatGenerationChunk, None]


class OpenAIChat(ChatOpenAI):
    """The client of LangChain, which asks in one shape and tries again by itself, with ours in place of both."""

    keeps_alive: Any = None  # a server in this process, which ends with the last chat model that uses it

    _shape: RequestShape = PrivateAttr()
    _limits: tuple[int, int, str] = PrivateAttr()
    _at_openai: bool = PrivateAttr()
    _choice: Choice | None = PrivateAttr()
    _label: str = PrivateAttr()

    def set_up(self, llm: LLMSettings, label: str, choice: Choice | None) -> None:
        """What the client of LangChain has no fields for; called once, before any request."""
        self._limits = (llm.max_tokens, llm.reasoning_tokens, llm.reasoning_effort)
        self._at_openai = is_openai(llm)
        self._shape = SHAPES[family_of(self.model_name, self._at_openai)]
        self._label, self._choice = label, choice

    @property
    def label(self) -> str:
        """The model's name for readers; of one that `auto` chooses, what it is now."""
        if not self._choice:
            return self._label
        # llama.cpp may list its model by the path of its file, which is no reader's business.
        name = self._choice.known
        return f"openai:{PurePath(name).name if name.startswith('/') else name}"

    def _get_request_payload(
        self, input_: LanguageModelInput, *, stop: list[str] | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        payload = super()._get_request_payload(input_, stop=stop, **kwargs)
        shape = shaped(payload, self._shape, *self._limits)
        trace = trace_headers()
        return {**shape, "extra_headers": trace} if trace else shape

    def _convert_chunk_to_generation_chunk(
        self, chunk: dict[str, Any], default_chunk_class: type, base_generation_info: dict[str, Any] | None
    ) -> ChatGenerationChunk | None:
        """As LangChain's client, which leaves out why a model refuses, and that it reasons."""
        converted = super()._convert_chunk_to_generation_chunk(chunk, default_chunk_class, base_generation_info)
        if converted is None:
            return None
        for choice in chunk.get("choices") or ():
            delta = choice.get("delta") or {}
            if delta.get("refusal"):
                converted.message.additional_kwargs["refusal"] = delta["refusal"]
            if delta.get("reasoning_content") or delta.get("reasoning"):
                converted.message.additional_kwargs[REASONS_APART] = True
        return converted

    async def _astream(self, *args: Any, **kwargs: Any) -> AsyncIterator[ChatGenerationChunk]:
        tries = _Tries()
        if self._choice:
            self._ask_for(await asyncio.to_thread(self._choice.name))
        while True:
            has_begun = False
            try:
                async with aclosing(cast(_Chunks, super()._astream(*args, **kwargs))) as chunks:
                    async for chunk in chunks:
                        has_begun = True
                        yield chunk
                return
            except Exception as error:
                if has_begun:
                    raise
                wait_s = await asyncio.to_thread(self._before_next_try, error, tries)
                if wait_s is None:
                    raise
            await asyncio.sleep(wait_s)

    def _generate(self, *args: Any, **kwargs: Any) -> ChatResult:
        tries = _Tries()
        if self._choice:
            self._ask_for(self._choice.name())
        while True:
            try:
                return super()._generate(*args, **kwargs)
            except Exception as error:
                wait_s = self._before_next_try(error, tries)
                if wait_s is None:
                    raise
            time.sleep(wait_s)

    def _before_next_try(self, error: Exception, tries: "_Tries") -> float | None:
        """Seconds to wait for another try, which may be one in another shape or of another model; None for no more."""
        if isinstance(error, openai.NotFoundError) and self._choice:
            other = self._choice.again(self.model_name)
            if other is None:
                return None
            self._ask_for(other)
            return 0.0
        if isinstance(error, openai.BadRequestError | openai.UnprocessableEntityError):
            shape = without_refused(self._shape, f"{error} {error.body}")
            if shape is None:
                return None
            log.info("%s refuses a field: it is asked as %s", self.label, shape)
            self._shape = shape
            return 0.0
        return tries.wait_s(error)

    def _ask_for(self, model: str) -> None:
        if model != self.model_name:
            self.model_name = model
            self._shape = SHAPES[family_of(model, self._at_openai)]


class _Tries:
    """What fails for a moment is tried a second time; not a time-out, after which nobody waits for another."""

    def __init__(self) -> None:
        self._is_second = False

    def wait_s(self, error: Exception) -> float | None:
        may_pass = isinstance(error, openai.RateLimitError | openai.InternalServerError | openai.APIConnectionError)
        if self._is_second or not may_pass or isinstance(error, openai.APITimeoutError):
            return None
        self._is_second = True
        named_s = _named_wait_s(error)
        return _AGAIN_S if named_s is None else named_s if named_s <= _MAX_WAIT_S else None


def _named_wait_s(error: Exception) -> float | None:
    """The seconds after which the server wants to be asked again; None where it names none."""
    headers = error.response.headers if isinstance(error, openai.APIStatusError) else {}
    try:
        if "retry-after-ms" in headers:
            return max(0.0, float(headers["retry-after-ms"]) / 1000)
        after = headers.get("retry-after")
        if after is None:
            return None
        return max(
            0.0, float(after) if after.strip().isdigit() else parsedate_to_datetime(after).timestamp() - time.time()
        )
    except (ValueError, TypeError):
        return None


def make_openai_chat(model: str, llm: LLMSettings, label: str, chooses: bool = False) -> OpenAIChat:
    """The chat model `model` of the server that the settings name; with `chooses`, the one that `auto` means."""
    base_url, login = address(llm)
    chat_model = OpenAIChat(
        model=model,
        # A local server takes any key; the client insists on one.
        api_key=llm.openai_key or SecretStr("none"),
        base_url=base_url,
        default_headers=login,
        timeout=llm.timeout_s,
        max_retries=0,
        stream_usage=True,
        stream_chunk_timeout=llm.timeout_s + 1,  # for a server that keeps a silent stream alive
    )
    chat_model.set_up(llm, label, choice_of(llm) if chooses else None)
    return chat_model
