"""telling: what happens while a question is answered, as the events of the schema."""

from collections.abc import Iterator, Sequence

from footnote.app.answering.slices import slices
from footnote.app.core.events import AskedAs, Event, Said, Sources, Stage
from footnote.app.core.types import Answer, Citation, Sentence
from footnote.app.schemas import events as out
from footnote.app.schemas.answers import AnswerOut, CitationOut, SectionOut
from footnote.app.schemas.search import HitOut


class Teller:
    """Turns the events of one answer into those of the schema: what of it was told once is not told again."""

    def __init__(self) -> None:
        self._text = ""
        self._sentences = self._citations = self._dropped = 0

    def told(self, event: Event) -> Iterator[out.QueryEvent]:
        match event:
            case AskedAs():
                yield out.NoticeEvent(data=out.NoticeOut(kind="asked as", text=event.question))
            case Stage():
                yield out.StageEvent(data=out.StageOut.model_validate(event))
            case Sources():
                hits = [HitOut.model_validate(hit) for hit in event.hits]
                yield out.SourcesEvent(data=out.SourcesOut(hits=hits))
            case Said():
                yield from self._said(event.text, event.sentences, event.citations, event.dropped)
            case Answer():
                yield from self._ended(event)

    def _said(
        self, text: str, sentences: Sequence[Sentence], citations: Sequence[Citation], dropped: Sequence[Sentence]
    ) -> Iterator[out.QueryEvent]:
        for citation in citations:
            yield out.CitationEvent(data=CitationOut.model_validate(citation))
        for part, sentence in slices(text, sentences or [Sentence("", ())] * bool(text)):
            said = out.SaidOut(
                markdown=part,
                text=sentence.text,
                citations=list(sentence.citations),
                verdict=sentence.verdict,
                reason=sentence.reason,
            )
            yield out.SentenceEvent(data=said)
        for one in dropped:
            yield out.NoticeEvent(data=out.NoticeOut(kind="dropped", text=one.text, reason=one.reason))
        self._text += text
        self._sentences += len(sentences)
        self._citations += len(citations)
        self._dropped += len(dropped)

    def _ended(self, answer: Answer) -> Iterator[out.QueryEvent]:
        done = AnswerOut.model_validate(answer)
        if not done.answer.startswith(self._text):
            raise RuntimeError("an answer does not begin with what was streamed of it")
        for premise in answer.premises:
            yield out.NoticeEvent(data=out.NoticeOut(kind="premise", text=premise.text))
        rest = "" if answer.refused else done.answer[len(self._text) :]
        yield from self._said(
            rest,
            answer.sentences[self._sentences :],
            answer.citations[self._citations :],
            answer.dropped[self._dropped :],
        )
        if answer.refused:
            refusal = out.RefusalOut(
                markdown=done.answer,
                refused_by=answer.refused_by,
                reason=answer.refusal_reason,
                nearest=[SectionOut.model_validate(section) for section in answer.nearest],
            )
            yield out.RefusalEvent(data=refusal)
        for kind, text in _notices(answer):
            yield out.NoticeEvent(data=out.NoticeOut(kind=kind, text=text))
        yield out.DoneEvent(data=done)


def _notices(answer: Answer) -> Iterator[tuple[out.NoticeKind, str]]:
    if answer.unknown_markers:
        yield "unknown markers", f"citation markers that named no source were removed: {answer.unknown_markers}"
    if answer.notice:
        yield "model failed", answer.notice
    elif answer.truncated:
        yield "truncated", "the answer was cut off: raise FOOTNOTE_LLM_MAX_TOKENS"
    if answer.check_failed:
        yield "check failed", answer.check_failed
