"""LLM: the language model that the settings name, and answers written with it."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from footnote.app.answering.answerer import (
    PASSAGES_SILENT,
    Beside,
    Draft,
    Piece,
    draft_of,
    joined,
    refusal,
    says_refusal,
)
from footnote.app.answering.citations import cite, located_sentences, resolve_markers
from footnote.app.answering.defang import without_foreign_links
from footnote.app.answering.pieces import pieces
from footnote.app.answering.untrusted import visible
from footnote.app.core.errors import LLMError
from footnote.app.core.pages.flavour import PLAIN, Flavour
from footnote.app.core.setting_groups import LLMSettings
from footnote.app.core.stop import Stop, Stopped
from footnote.app.core.types import Citation, Hit, TokenUse
from footnote.app.models.llm.chat import is_local, label_of, make_chat_model, resolve_llm
from footnote.app.models.llm.failures import failure
from footnote.app.models.llm.families import thinks
from footnote.app.models.llm.lineup.known import Price
from footnote.app.models.llm.lineup.pricing import Prices
from footnote.app.models.llm.reasoning import REASONS_APART, without_reasoning
from footnote.app.models.llm.streamed import streamed

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage, AIMessageChunk

    from footnote.app.answering.links import Linking

_MAX_REFUSAL = 200
# More than a reply of so many tokens has of each: a token is one chunk or less, and four characters of prose.
_MAX_CHUNKS, _FEWEST_CHUNKS = 2, 200
_MAX_CHARS = 12
# How providers say that a filter, not the model, ended the reply.
_FILTERED = {"content_filter", "refusal", "SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "RECITATION"}


class LLMAnswerer:
    """Writes answers with a chat model: prompt | model, then markers to citations."""

    mode = "llm"

    def __init__(self, chat_model: "BaseChatModel", llm: LLMSettings, compact_prompt: bool) -> None:
        from footnote.app.answering.prompt import (  # imports LangChain's runnables: 0.3 s
            filled,
            prompt_template,
        )

        self._llm = llm
        self._prices = Prices(llm)
        self._filled = filled
        self._prompt = prompt_template(compact_prompt)
        self._chat_model = chat_model

    @property
    def model(self) -> str:
        """The model's name; of one that `auto` chooses, what it is now."""
        return label_of(self._chat_model, self._llm)

    def written(
        self,
        question: str,
        hits: Sequence[Hit],
        generation: int,
        site: Flavour = PLAIN,
        beside: Beside | None = None,
        stop: Stop | None = None,
        links: "Linking | None" = None,
    ) -> Iterator[Piece | Draft]:
        """The pieces of the answer as the model writes them, then all of it.

        Where the model breaks off behind the first piece, the draft has what was written, and says so.
        """
        reply = Reply(self._llm, lambda: self.model, self._prices)
        sources = [cite(number, hit.chunk, None, generation) for number, hit in enumerate(hits, 1)]
        said: list[Piece] = []
        failed: LLMError | None = None
        try:
            for text in pieces(reply.tokens(self._chunks(question, hits, stop or Stop()))):
                said.append(piece_of(text, sources))
                yield said[-1]
        except LLMError as error:
            failed = error
        if not said:
            raise failed or LLMError(_nothing_said(self.model, reply))
        yield _draft(said, sources, reply, str(failed) if failed else reply.problem)

    def answer(
        self,
        question: str,
        hits: Sequence[Hit],
        generation: int,
        site: Flavour = PLAIN,
        beside: Beside | None = None,
    ) -> Draft:
        """The draft alone."""
        return draft_of(self.written(question, hits, generation, site, beside))

    def _chunks(self, question: str, hits: Sequence[Hit], stop: Stop) -> "Iterator[AIMessageChunk]":
        messages = self._filled(self._prompt, question, hits)
        try:
            yield from streamed(self._chat_model, messages, stop)
        except (Stopped, LLMError):
            raise
        except Exception as error:  # every provider has exceptions of its own
            failed = failure(self.model, error, self._llm)
            raise failed from failed.__cause__


class Reply:
    """What a model says of a reply beside its text.

    The name of the model is asked behind the request, as `auto` may choose another model with it.
    """

    def __init__(self, llm: LLMSettings, model: Callable[[], str], prices: Prices) -> None:
        self.tokens_used: TokenUse | None = None
        self.is_cut_off = False
        self.is_filtered = False
        self.refusal = ""
        self._model, self._prices = model, prices
        self._max_tokens, self._most_tokens = llm.max_tokens, llm.max_tokens + llm.reasoning_tokens
        self._has_metadata = self._has_ended = self._reasons_apart = False

    def tokens(self, chunks: "Iterator[AIMessageChunk]") -> Iterator[str]:
        """The parts of its text, without reasoning."""
        chars = 0
        for text in without_reasoning(self._texts(chunks), lambda: thinks(self._model()) and not self._reasons_apart):
            chars += len(text)
            if chars > _MAX_CHARS * self._max_tokens:
                self.is_cut_off = self._has_ended = True
                return
            yield text

    @property
    def problem(self) -> str | None:
        """Why the text is not all that there should be; None where it is, or a limit ended it."""
        if self.is_filtered:
            return f"the content filter of the provider ended what {self._model()} wrote"
        if self._has_metadata and not self._has_ended:
            return f"{self._model()} stopped in the middle of its reply: try again, or see its logs"
        return None

    def _texts(self, chunks: "Iterator[AIMessageChunk]") -> Iterator[str]:
        chars = 0
        for count, chunk in enumerate(chunks):
            chars += len(chunk.text)
            # A server that knows no limit may go on for ever.
            if count > _FEWEST_CHUNKS + _MAX_CHUNKS * self._most_tokens or chars > _MAX_CHARS * self._most_tokens:
                self.is_cut_off = self._has_ended = True
                return
            self._has_metadata |= bool(chunk.response_metadata)
            self._has_ended |= _ended_by(chunk) is not None
            self._reasons_apart |= bool(chunk.additional_kwargs.get(REASONS_APART))
            used = token_use(chunk, self._prices.of(self._model())) if chunk.usage_metadata else None
            self.tokens_used = self.tokens_used + used if self.tokens_used and used else used or self.tokens_used
            self.is_cut_off = self.is_cut_off or was_cut_off(chunk)
            self.is_filtered = self.is_filtered or _ended_by(chunk) in _FILTERED
            self.refusal += str(chunk.additional_kwargs.get("refusal") or "")
            yield chunk.text


def make_llm_answerer(llm: LLMSettings, threads: int = 0) -> LLMAnswerer:
    """The answerer for `resolve_llm(llm)`, which must not be "extractive"; `threads` as for `make_chat_model`.

    Raises:
        SettingsError, LLMError: see `make_chat_model`.
    """
    return LLMAnswerer(make_chat_model(llm, threads), llm, has_compact_prompt(llm))


def has_compact_prompt(llm: LLMSettings) -> bool:
    """Whether a language model with these settings gets the short instructions with worked examples."""
    return is_local(resolve_llm(llm)) if llm.prompt == "auto" else llm.prompt == "compact"


def token_use(message: "AIMessage", price: Price | None) -> TokenUse | None:
    """What the reply took and, at this price, cost; None where the provider does not say."""
    use = message.usage_metadata
    if not use:
        return None
    prompt, completion = use["input_tokens"], use["output_tokens"]
    cached = use.get("input_token_details", {}).get("cache_read", 0)
    reasoning = use.get("output_token_details", {}).get("reasoning", 0)
    return TokenUse(prompt, completion, reasoning, price.of(prompt, completion, cached) if price else None)


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


def _draft(said: Sequence[Piece], sources: Sequence[Citation], reply: Reply, broken_off: str | None) -> Draft:
    unknown = sum(piece.unknown for piece in said)
    text, _ = joined((piece.text, piece.gap) for piece in said)
    sentences = tuple(one.sentence for one in located_sentences(text))
    if says_refusal(sentences):
        return refusal("model", PASSAGES_SILENT, unknown, reply.tokens_used)
    cited = {number for sentence in sentences for number in sentence.citations}
    citations = tuple(source for source in sources if source.number in cited)
    cut_off = reply.is_cut_off or broken_off is not None
    return Draft(text, sentences, citations, unknown, reply.tokens_used, truncated=cut_off, broken_off=broken_off)


def was_cut_off(message: "AIMessage") -> bool:
    """Whether the limit on tokens ended the answer."""
    return _ended_by(message) in ("length", "max_tokens", "MAX_TOKENS", "model_length")


def _ended_by(message: "AIMessage") -> str | None:
    """Why the model wrote no more; providers name that in several ways."""
    said = message.response_metadata
    return said.get("finish_reason") or said.get("stop_reason") or said.get("done_reason")


def _nothing_said(model: str, reply: Reply) -> str:
    if reply.refusal:
        return f"{model} refused to answer: {' '.join(visible(reply.refusal[:_MAX_REFUSAL]).split())}"
    if reply.is_filtered:
        return f"the content filter of the provider kept back what {model} wrote: ask in other words"
    if reply.is_cut_off:
        return (
            f"{model} returned no text before its limit on tokens: raise FOOTNOTE_LLM_MAX_TOKENS, or, if it reasons, "
            "FOOTNOTE_LLM_REASONING_TOKENS"
        )
    return f"{model} returned no text: raise FOOTNOTE_LLM_MAX_TOKENS or try another model"
