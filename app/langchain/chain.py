"""chain: questions to answers with citations, as a runnable of LangChain."""

from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from typing import Any, cast

from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_core.runnables import RunnableConfig, RunnableSerializable
from pydantic import ConfigDict, Field

from footnote.app.core.errors import QuestionError
from footnote.app.langchain.asked import ChainInput, read
from footnote.app.langchain.connected import Connected
from footnote.app.langchain.messages import Parts, chunks, message
from footnote.app.langchain.own_loop import astreamed, started, streamed, waited
from footnote.app.service.answers import Asking

_MOST = 50  # that `POST /query` takes


class FootnoteChain(Connected, RunnableSerializable[ChainInput, AIMessage]):
    """Answers a question, with each `[n]` of the text a citation; that the docs do not say is an answer too.

    It is given a question, a conversation of messages whose last question counts, or a dict with `question`, `history`,
    `top_k` and `filters`; the last two can be arguments of `invoke` and of the chain as well. `response_metadata` of
    the message has as `footnote` all of the answer. Streamed, each sentence comes once it is checked.
    """

    # A name that is misspelled would be another index, or another number of passages.
    model_config = ConfigDict(extra="forbid")

    top_k: int | None = Field(None, ge=1, le=_MOST, description="Passages to answer from; the setting without it.")

    def invoke(self, input: ChainInput, config: RunnableConfig | None = None, **kwargs: Any) -> AIMessage:
        """The answer.

        Raises:
            FootnoteError: the question cannot be asked or answered; says why.
        """
        return self._call_with_config(self._answer, input, config, **kwargs)

    async def ainvoke(self, input: ChainInput, config: RunnableConfig | None = None, **kwargs: Any) -> AIMessage:
        """The answer; raises as `invoke`."""
        return await self._acall_with_config(self._aanswer, input, config, **kwargs)

    def stream(
        self, input: ChainInput, config: RunnableConfig | None = None, **kwargs: Any
    ) -> Iterator[AIMessageChunk]:
        """The answer, as it is written; closing it ends the work on it. Raises as `invoke`."""
        parts = self._transform_stream_with_config(iter([input]), self._parts, config, **kwargs)
        return cast("Iterator[AIMessageChunk]", parts)

    async def astream(
        self, input: ChainInput, config: RunnableConfig | None = None, **kwargs: Any
    ) -> AsyncIterator[AIMessageChunk]:
        """The same for asyncio."""

        async def inputs() -> AsyncIterator[ChainInput]:
            yield input

        parts = self._atransform_stream_with_config(inputs(), self._aparts, config, **kwargs)
        async with aclosing(cast("Parts", parts)) as given:
            async for part in given:
                yield part

    def _answer(self, given: ChainInput, **kwargs: Any) -> AIMessage:
        return waited(message(self._chunks(given, **kwargs)))

    async def _aanswer(self, given: ChainInput, **kwargs: Any) -> AIMessage:
        return await started(message(self._chunks(given, **kwargs)))

    def _parts(self, inputs: Iterator[ChainInput], **kwargs: Any) -> Iterator[AIMessageChunk]:
        for given in inputs:
            yield from streamed(self._chunks(given, **kwargs))

    async def _aparts(self, inputs: AsyncIterator[ChainInput], **kwargs: Any) -> AsyncIterator[AIMessageChunk]:
        async for given in inputs:
            async with aclosing(astreamed(self._chunks(given, **kwargs))) as parts:
                async for part in parts:
                    yield part

    def _chunks(self, given: ChainInput, top_k: Any = None, filters: Any = None) -> Parts:
        asked = read(given)
        wanted = next((one for one in (asked.top_k, top_k, self.top_k) if one is not None), None)
        if wanted is not None and not (isinstance(wanted, int) and 1 <= wanted <= _MOST):
            raise QuestionError(f"`top_k` is {wanted!r}: answer from 1 to {_MOST} passages")
        narrowed = self._query_filter(filters if asked.filters is None else asked.filters)
        return chunks(
            self._backend.events(Asking(asked.question, wanted, narrowed, asked.turns)), self._backend.base_url
        )
