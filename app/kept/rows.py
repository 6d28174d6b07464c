"""rows: an answer as it is kept, and a selection of those that are. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from footnote.app.core.types import Answer, Arm, Chunk, Hit, Premise, RefusedBy, Sentence, StageScore, TokenUse

PromptForm = Literal["full", "compact"]


@dataclass(frozen=True, slots=True)
class KeptPassage:
    """A passage as it was sent: of its chunk what a prompt is made of, and where it stood; `context` as of `Chunk`."""

    chunk_id: str
    path: str
    heading_path: tuple[str, ...]
    start_line: int
    end_line: int
    start: int
    end: int
    sha256: str
    text: str
    context: str

    def hit(self, rank: int) -> Hit:
        """A hit that a prompt can be made of; its scores are not known any more."""
        chunk = Chunk(
            id=self.chunk_id,
            path=self.path,
            title="",
            heading_path=self.heading_path,
            start_line=self.start_line,
            end_line=self.end_line,
            start=self.start,
            end=self.end,
            text=self.text,
            sha256=self.sha256,
            context=self.context,
        )
        return Hit(chunk, None, None, StageScore(rank, 0.0))


@dataclass(frozen=True, slots=True)
class KeptCitation:
    """A citation: its number in the answer, its place in the file and its quote, as of `Citation`."""

    number: int
    path: str
    start_line: int
    end_line: int
    start: int
    end: int
    quote: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader said of an answer last; the comment is untrusted text."""

    helpful: bool
    comment: str | None
    given_s: int


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """One answer that was given. What is not said here is as of `Answer`.

    Attributes:
        id: 0 before it is written.
        asked_s: seconds since 1970, UTC.
        prompt: in which form a language model is asked with these settings.
        passages: best first, numbered from 1 as in the prompt; of a refusal by the gate, what would have been sent.
        total_ms: how long it took; of an answer from the cache, when it was first asked.
        from_cache: it was kept in memory, or given to several at once: no model was asked for it.
        arm: which of two language models it was meant for; None where there is one.
    """

    id: int
    asked_s: int
    question: str
    asked_as: str | None
    text: str
    refused: bool
    refused_by: RefusedBy | None
    refusal_reason: str | None
    mode: str
    model: str
    arm: Arm | None
    prompt: PromptForm
    generation: int
    passages: tuple[KeptPassage, ...]
    sentences: tuple[Sentence, ...]
    citations: tuple[KeptCitation, ...]
    dropped: tuple[Sentence, ...]
    premises: tuple[Premise, ...]
    truncated: bool
    notice: str | None
    check_failed: str | None
    tokens: TokenUse | None
    total_ms: float
    from_cache: bool
    feedback: Feedback | None = None

    @property
    def is_supported(self) -> bool:
        """Whether it answers, and all that it states was found in what it cites."""
        verdicts = {sentence.verdict for sentence in self.sentences} - {"not checkable"}
        return not self.refused and verdicts == {"supported"}

    @property
    def is_proven(self) -> bool:
        """Whether nothing speaks against all that was written: a refusal, or sentences of which none was left out."""
        return self.refused or (self.is_supported and not self.dropped)

    def texts(self) -> Iterator[str]:
        """Every text that it holds, for a search."""
        yield from filter(None, (self.question, self.asked_as, self.text, self.refusal_reason, self.notice))
        for passage in self.passages:
            yield from (passage.path, *passage.heading_path, passage.context, passage.text)
        yield from (one.text for group in (self.sentences, self.dropped, self.premises) for one in group)
        yield from (one.reason for group in (self.sentences, self.dropped) for one in group)
        yield from (text for one in self.citations for text in (one.path, one.quote))
        if self.feedback and self.feedback.comment:
            yield self.feedback.comment


@dataclass(frozen=True, slots=True)
class Selection:
    """Which of the kept answers are wanted; what is None does not narrow.

    Attributes:
        since_s: asked then or later, in seconds since 1970, UTC.
        liked: whether a reader's last word on it is that it helped; an answer without a word is neither.
        refused: whether it says that the docs do not say.
        supported: whether all of its sentences are supported, by `KeptAnswer.is_supported`.
        mode, model, arm: as of the answer.
        contains: a text that must stand in any of its texts, whatever the case.
        path: a page that must be among its passages.
    """

    since_s: float = 0
    liked: bool | None = None
    refused: bool | None = None
    supported: bool | None = None
    mode: str | None = None
    model: str | None = None
    arm: Arm | None = None
    contains: str | None = None
    path: str | None = None

    def takes(self, kept: KeptAnswer) -> bool:
        """Whether it is one of them."""
        wanted = self.contains.casefold() if self.contains else None
        return (
            kept.asked_s >= self.since_s
            and (self.liked is None or (kept.feedback is not None and kept.feedback.helpful == self.liked))
            and self.refused in (None, kept.refused)
            and self.supported in (None, kept.is_supported)
            and self.mode in (None, kept.mode)
            and self.model in (None, kept.model)
            and self.arm in (None, kept.arm)
            and (self.path is None or any(one.path == self.path for one in kept.passages))
            and (wanted is None or any(wanted in text.casefold() for text in kept.texts()))
        )


def kept_answer(answer: Answer, asked_s: int, prompt: PromptForm, from_cache: bool) -> KeptAnswer:
    """The answer as it is kept."""
    return KeptAnswer(
        id=0,
        asked_s=asked_s,
        question=answer.question,
        asked_as=answer.asked_as,
        text=answer.text,
        refused=answer.refused,
        refused_by=answer.refused_by,
        refusal_reason=answer.refusal_reason,
        mode=answer.mode,
        model=answer.model,
        arm=answer.arm,
        prompt=prompt,
        generation=answer.generation,
        passages=tuple(map(_passage, answer.hits)),
        sentences=answer.sentences,
        citations=tuple(
            KeptCitation(one.number, one.path, one.start_line, one.end_line, one.start, one.end, one.quote, one.sha256)
            for one in answer.citations
        ),
        dropped=answer.dropped,
        premises=answer.premises,
        truncated=answer.truncated,
        notice=answer.notice,
        check_failed=answer.check_failed,
        tokens=answer.tokens,
        total_ms=answer.timings.total,
        from_cache=from_cache,
    )


def _passage(hit: Hit) -> KeptPassage:
    chunk = hit.chunk
    return KeptPassage(
        chunk.id,
        chunk.path,
        chunk.heading_path,
        chunk.start_line,
        chunk.end_line,
        chunk.start,
        chunk.end,
        chunk.sha256,
        chunk.text,
        chunk.context,
    )
