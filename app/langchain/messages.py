"""messages: an answer as LangChain has it.

events -> chunks, of which each has its text and what of it is cited -> message
"""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import Any, TypeAlias

from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_core.messages.ai import OutputTokenDetails, UsageMetadata, add_ai_message_chunks
from langchain_core.messages.content import Citation

from footnote.app.answering.markers import markers
from footnote.app.reading.addresses import citation_address
from footnote.app.schemas import events
from footnote.app.schemas.answers import AnswerOut, CitationOut, TokensOut

Parts: TypeAlias = AsyncGenerator[AIMessageChunk, None]
# That `content` is LangChain's standard blocks.
_FORMAT = {"output_version": "v1"}


async def chunks(told: AsyncGenerator[events.QueryEvent, None], base_url: str | None) -> Parts:
    """The answer as it is written: a chunk a sentence, and a last one with all that is known of it."""
    writer = _Writer(base_url)
    async with aclosing(told):
        async for event in told:
            for chunk in writer.chunks(event):
                yield chunk


async def message(parts: Parts) -> AIMessage:
    """The parts put together."""
    first, *others = [part async for part in parts]
    whole = add_ai_message_chunks(first, *others)
    return AIMessage(
        content=whole.content, response_metadata=whole.response_metadata, usage_metadata=whole.usage_metadata
    )


class _Writer:
    def __init__(self, base_url: str | None) -> None:
        self._base_url = base_url
        self._citations: dict[int, CitationOut] = {}
        self._chars = 0

    def chunks(self, event: events.QueryEvent) -> Iterator[AIMessageChunk]:
        match event:
            case events.CitationEvent(data=citation):
                self._citations[citation.number] = citation
            case events.SentenceEvent(data=said) if said.markdown:
                yield self._said(said.markdown)
            case events.RefusalEvent(data=refusal):
                yield self._said(refusal.markdown)
            case events.DoneEvent(data=answer):
                yield _ended(answer)

    def _said(self, text: str) -> AIMessageChunk:
        # The index makes of the blocks of all chunks one.
        block: dict[str, Any] = {"type": "text", "text": text, "index": 0}
        annotations = [
            self._cited(self._citations[marker.number], self._chars + marker.start, self._chars + marker.end)
            for marker in markers(text)
            if marker.number in self._citations
        ]
        if annotations:
            block["annotations"] = annotations
        self._chars += len(text)
        return AIMessageChunk(content=[block], response_metadata=_FORMAT)

    def _cited(self, citation: CitationOut, start: int, end: int) -> Citation:
        """`start` and `end` are characters of the answer."""
        cited: Citation = {
            "type": "citation",
            "title": citation.title or citation.path,
            "start_index": start,
            "end_index": end,
            "cited_text": citation.quote,
            "extras": citation.model_dump(mode="json", exclude={"title", "quote", "url"}),
        }
        url = citation_address(citation, self._base_url) if self._base_url else citation.url
        if url:
            cited["url"] = url
        return cited


def _ended(answer: AnswerOut) -> AIMessageChunk:
    return AIMessageChunk(
        content=[],
        response_metadata={
            **_FORMAT,
            "model_name": answer.model,
            "finish_reason": "length" if answer.truncated else "stop",
            "footnote": answer.model_dump(mode="json"),
        },
        usage_metadata=_usage(answer.tokens) if answer.tokens else None,
        chunk_position="last",
    )


def _usage(tokens: TokensOut) -> UsageMetadata:
    return UsageMetadata(
        input_tokens=tokens.prompt,
        output_tokens=tokens.completion,
        total_tokens=tokens.prompt + tokens.completion,
        output_token_details=OutputTokenDetails(reasoning=tokens.reasoning),
    )
