"""LLM: the language model that the settings name, and answers written with it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from footnote.app.answering.answerer import PASSAGES_SILENT, Beside, Draft, Piece, joined, refusal, says_refusal
from footnote.app.answering.citations import cite, located_sentences, resolve_markers
from footnote.app.answering.defang import without_foreign_links
from footnote.app.answering.pieces import pieces
from footnote.app.answering.untrusted import disarmed
from footnote.app.core.errors import LLMError
from footnote.app.core.pages.flavour import PLAIN, Flavour
from footnote.app.core.setting_groups import LLMSettings
from footnote.app.core.stop import Stop, Stopped
from footnote.app.core.types import Citation, Hit, TokenUse
from footnote.app.models.llm.chat import explain, is_local, make_chat_model, resolve_llm
from footnote.app.models.llm.streamed import streamed

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage, AIMessageChunk
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
        self._prompt = prompt_template(compact_prompt)
        self._chat_model = chat_model

    def written(
        self,
        question: str,
        hits: Sequence[Hit],
        generation: int,
        site: Flavour = PLAIN,
        beside: Beside | None = None,
        stop: Stop | None = None,
    ) -> Iterator[Piece | Draft]:
        """The pieces of the answer as the model writes them, then all of it."""
        reply = Reply()
        sources = [cite(number, hit.chunk, None, generation) for number, hit in enumerate(hits, 1)]
        said: list[Piece] = []
        for text in pieces(reply.tokens(self._chunks(question, hits, stop or Stop()))):
            said.append(piece_of(text, sources))
            yield said[-1]
        if not said:
            raise LLMError(f"{self.model} returned no text: raise FOOTNOTE_LLM_MAX_TOKENS or try another model")
        yield _draft(said, sources, reply)

    def answer(
        self,
        question: str,
        hits: Sequence[Hit],
        generation: int,
        site: Flavour = PLAIN,
        beside: Beside | None = None,
    ) -> Draft:
        """The draft alone."""
        *_, draft = self.written(question, hits, generation, site, beside)
        assert isinstance(draft, Draft)
        return draft

    def _chunks(self, question: str, hits: Sequence[Hit], stop: Stop) -> "Iterator[AIMessageChunk]":
        messages = self._prompt.invoke({"sources": self._format_sources(hits), "question": disarmed(question)})
        try:
            yield from streamed(self._chat_model, messages, stop)
        except Stopped:
            raise
        except Exception as error:  # every provider has exceptions of its own
            raise LLMError(explain(self.model, error, self._api_key)) from error


class Reply:
    """What a model says of a reply beside its text."""

    tokens_used: TokenUse | None = None
    is_cut_off = False

    def tokens(self, chunks: "Iterator[AIMessageChunk]") -> Iterator[str]:
        for chunk in chunks:
            used = token_use(chunk)
            self.tokens_used = self.tokens_used + used if self.tokens_used and used else used or self.tokens_used
            self.is_cut_off = self.is_cut_off or was_cut_off(chunk)
            yield chunk.text


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


def piece_of(written: str, sources: Sequence[Citation]) -> Piece:
    """The piece with its markers checked, and without what a document may have talked the model into.

    It is read without its indentation, or else what stands below a list item would be taken for code.
    """
    text = written.strip()
    indent = written[: len(written) - len(written.lstrip())]
    gap = written[len(indent) + len(text) :]
    resolved = resolve_markers(text, sources)
    # What cites nothing may link to whatever the model has read.
    cited = [source.quote for source in resolved.citations or sources]
    defanged = resolve_markers(without_foreign_links(resolved.text, cited), sources)
    said = indent + defanged.text if defanged.text else ""
    return Piece(said, gap, defanged.sentences, resolved.unknown + defanged.unknown)


def _draft(said: Sequence[Piece], sources: Sequence[Citation], reply: Reply) -> Draft:
    unknown = sum(piece.unknown for piece in said)
    text, _ = joined((piece.text, piece.gap) for piece in said)
    sentences = tuple(one.sentence for one in located_sentences(text))
    if says_refusal(sentences):
        return refusal("model", PASSAGES_SILENT, unknown, reply.tokens_used)
    cited = {number for sentence in sentences for number in sentence.citations}
    citations = tuple(source for source in sources if source.number in cited)
    return Draft(text, sentences, citations, unknown, reply.tokens_used, truncated=reply.is_cut_off)


def was_cut_off(message: "AIMessage") -> bool:
    """Whether the limit on tokens ended the answer; providers name that in two ways."""
    said = message.response_metadata
    return said.get("finish_reason") == "length" or said.get("stop_reason") == "max_tokens"
